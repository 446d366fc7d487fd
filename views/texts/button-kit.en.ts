/** Owns the English words of the page of the login button. */
import type { buttonKitInVietnamese } from './button-kit.vi.ts';

export const buttonKitInEnglish: typeof buttonKitInVietnamese = {
  title: 'The Liên Thông login button',
  lead: 'The button is a plain link, or a form, to the agency’s own login address. No JavaScript, nothing to install.',
  begin: 'To begin',
  beginText: 'Put this line into the head of the page, then use one of the forms of the button below.',
  hash: 'The file at this address never changes. Should a single byte differ, browsers refuse it; the button is still a link that works.',
  living: 'Without integrity, use /button/v1/button.css: the address does not change, and the drawing may be improved.',
  forms: 'Forms of the button',
  form: {
    link: {
      title: 'Link',
      text: 'The form to prefer. Each language of the page has its own words, with the lang attribute.',
    },
    form: {
      title: 'Button in a form',
      text: 'Where signing in begins with a POST. Add your site’s own token against forgery (CSRF).',
    },
    sizes: { title: 'Three sizes', text: 'Small 40 px, medium 48 px, large 56 px. They grow with the visitor’s text.' },
    dark: { title: 'On a dark page', text: 'The light button, for pages that are always dark.' },
    auto: {
      title: 'As the visitor chose, light or dark',
      text: 'Only where the page itself follows that choice, too.',
    },
    long: { title: 'Long words', text: 'They wrap and are never cut. Keep the name Liên Thông in them.' },
    image: {
      title: 'SVG image',
      text: 'Only where CSS cannot be used. The words stand in alt. It scales by width and height, not with the visitor’s text; for dark pages: vi-dark.svg, en-dark.svg.',
    },
  },
  own: 'A copy of your own',
  ownText:
    'Download button.css and mark.svg and put them side by side on your own server. Your page then asks nothing of Liên Thông before somebody presses the button.',
  files: 'The files and their hashes (SHA-384)',
  policy: 'Content security policy (CSP)',
  policyText: 'With the files of Liên Thông:',
  ownPolicyText: 'With a copy of your own:',
  policyForm:
    'The form-action part is only for the button in a form: Chromium counts the redirects after the form as well.',
  dos: 'Do',
  doList: [
    'Put the button where people look for ways to sign in, beside the other ways.',
    'Lead to your own login address; it makes a new state, nonce and PKCE at each press.',
    'Use these words, in the language of the page.',
    'Leave at least 8 px free around the button.',
  ],
  donts: 'Do not',
  dontList: [
    'No mark without words: the kit has no such form.',
    'No other colours, no redrawn mark, no other name.',
    'No ready-made address that leads straight to /authorize.',
    'No frame (iframe) and no pop-up window.',
  ],
  access: 'Accessibility',
  accessList: [
    'Works by keyboard: a link takes Enter, a button takes Enter and the space bar.',
    'A double ring shows the focus, at more than 3:1 on any ground; the words have more than 12:1.',
    'Medium and large are targets of more than 44 px; small is 40 px high, for narrow places.',
    'With text at 200 % on a screen of 320 px no word is lost.',
    'Where the system forces its colours (high contrast) the button has the system’s border and words.',
    'Screen readers read the words; the mark is decoration.',
  ],
};

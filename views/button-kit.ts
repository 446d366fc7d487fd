/**
 * Owns the markup of the login button as agencies copy it: one function writes what the page of the button shows alive and
 * what it offers as code, so that neither can differ from the other in anything but its addresses.
 */
import type { ReleasedFile } from './assets.ts';
import type { Language } from './pages.ts';

export const WORDS = { vi: 'Đăng nhập bằng Liên Thông', en: 'Sign in with Liên Thông' } as const;
/** Words of a button whose page asks for more than a name; they need more than one line on a narrow screen. */
const LONG_WORDS = {
  vi: 'Đăng nhập bằng Liên Thông để nộp và theo dõi hồ sơ cấp phiếu lý lịch tư pháp',
  en: 'Sign in with Liên Thông to apply for a criminal record certificate and follow your application',
} as const;

/** Where a button leads: at the agency, or nowhere, on the page that only shows it. */
interface Target {
  readonly link: string;
  readonly form: string;
  readonly pictures: string;
}

/** A form of the button; each has its heading and its words in the texts. */
export const BUTTON_FORMS = ['link', 'form', 'sizes', 'dark', 'auto', 'long', 'image'] as const;
export type ButtonForm = (typeof BUTTON_FORMS)[number];

export interface ButtonSample {
  readonly form: ButtonForm;
  /** HTML of the hub's own making. */
  readonly live: string;
  /** The text to copy. */
  readonly code: string;
  /** Whether it is meant for a dark page. */
  readonly onDark: boolean;
}

export interface ButtonKit {
  readonly samples: readonly ButtonSample[];
  /** The style sheet from the hub, with the hash of its bytes. */
  readonly styleSheet: string;
  /** The same from the agency's own site. */
  readonly ownStyleSheet: string;
  /** Lines of a Content-Security-Policy, for the hub's copy and for an own one. */
  readonly policy: string;
  readonly ownPolicy: string;
  readonly files: readonly ReleasedFile[];
}

const otherThan = (language: Language): Language => (language === 'vi' ? 'en' : 'vi');

const anchor = (to: string, language: Language, words: string, variant = '') =>
  `<a class="lien-thong-button${variant && ` lien-thong-button--${variant}`}" href="${to}" lang="${language}">${words}</a>`;

function markup(form: ButtonForm, language: Language, { link, form: target, pictures }: Target): string {
  const button = (variant?: string) => anchor(link, language, WORDS[language], variant);
  switch (form) {
    case 'link':
      return [language, otherThan(language)].map((each) => anchor(link, each, WORDS[each])).join('\n');
    case 'form':
      return `<form ${target}>\n<button class="lien-thong-button" type="submit" lang="${language}">${WORDS[language]}</button>\n</form>`;
    case 'sizes':
      return [button('small'), button(), button('large')].join('\n');
    case 'dark':
      return button('dark');
    case 'auto':
      return button('auto');
    case 'long':
      return anchor(link, language, LONG_WORDS[language]);
    case 'image':
      return `<a href="${link}"><img src="${pictures}/${language}-light.svg" width="300" height="48" alt="${WORDS[language]}" lang="${language}"></a>`;
  }
}

/** Everything the page of the button shows. `hub` is the origin at which agencies reach it. */
export function buttonKit(hub: string, language: Language, files: readonly ReleasedFile[]): ButtonKit {
  const style = files.find(({ file }) => file === 'button.css')!;
  const folder = style.path.slice(0, style.path.lastIndexOf('/'));
  const here = { link: '/button', form: 'method="get" action="/button"', pictures: folder };
  const atAgency = { link: '/login', form: 'method="post" action="/login"', pictures: `${hub}${folder}` };
  return {
    samples: BUTTON_FORMS.map((form) => ({
      form,
      live: markup(form, language, here),
      code: markup(form, language, atAgency),
      onDark: form === 'dark',
    })),
    styleSheet: `<link rel="stylesheet" href="${hub}${style.path}" integrity="${style.integrity}" crossorigin="anonymous">`,
    ownStyleSheet: '<link rel="stylesheet" href="/lien-thong/button.css">',
    policy: `style-src ${hub}; img-src ${hub}; form-action 'self' ${hub}`,
    ownPolicy: `style-src 'self'; img-src 'self'; form-action 'self' ${hub}`,
    files,
  };
}

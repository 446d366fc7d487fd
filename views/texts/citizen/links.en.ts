/** Owns the English words of the pages that act by a link of a letter. */
import type { notMeInVietnamese, stopInVietnamese } from './links.vi.ts';

export const notMeInEnglish: typeof notMeInVietnamese = {
  title: 'Was this sign-in not you?',
  lead: 'Please look closely at the sign-in below. Nothing has been changed by opening this page.',
  signIn: 'The sign-in',
  at: 'When',
  agency: 'Agency',
  source: 'Way to sign in',
  device: 'Device',
  was: 'It was you? Just close this page.',
  button: 'When you press the button',
  steps: (source) => [
    `${source} is suspended for this account: nobody can sign in that way.`,
    'Every session on every device ends, and the agencies are told.',
    'A case is opened, and somebody in charge looks at it.',
  ],
  never: 'This page asks for no password, PIN or one-time code.',
  deny: 'It was not me, stop it',
  done: 'Stopped',
  doneText: (source) => `${source} is suspended, and every session has ended.`,
  case: 'Case number',
  next: 'What to do next',
  nextSteps: [
    'Change the password where that account is from.',
    'Sign in to My page by another way to see the case and your history.',
    'If you need somebody at once, call the hotline and read out the case number.',
  ],
  page: 'To My page',
};

export const stopInEnglish: typeof stopInVietnamese = {
  title: 'Stop the change that is waiting?',
  lead: 'The change below was asked for on My page and has not been made yet.',
  waiting: 'Change',
  requested: 'Asked for at',
  due: 'Will be made at',
  was: 'You asked for it? Just close this page.',
  never: 'This page asks for no password, PIN or one-time code.',
  stop: 'Stop this change',
  done: 'Stopped',
  doneText: 'This change will not be made.',
  next: 'It was not you who asked?',
  nextText:
    'Somebody else may have got into My page. Change the password where the account is from, and look through your history.',
  page: 'To My page',
};

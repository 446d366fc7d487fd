/** Owns the English words of "please sign in once more". */
import type { signInAgainInVietnamese } from './sign-in-again.vi.ts';

export const signInAgainInEnglish: typeof signInAgainInVietnamese = {
  title: 'Please sign in again',
  recent: 'To keep you safe, this needs a sign-in that is not older than 15 minutes.',
  strongest: (level) =>
    `So that nobody who knows only a password can change anything, this needs a sign-in just now, with the strongest way you have linked (${level}).`,
  signIn: 'Sign in again',
  wait: 'Cannot use that way?',
  waitText:
    'You can wait 7 days instead. Every contact is told, and can stop the change by a link. After 7 days it is made.',
  waitAction: 'Wait 7 days',
  back: 'Change nothing',
};

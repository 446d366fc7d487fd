/** Owns the English words of asking for a better sign-in. */
import type { signInAgainInVietnamese } from './sign-in-again.vi.ts';

export const signInAgainInEnglish: typeof signInAgainInVietnamese = {
  title: 'A stronger sign-in is needed',
  lead: 'This asks for a sign-in of the last 15 minutes at level 3 or higher: MobileID, electronic identity, or a digital signature.',
  signIn: 'Sign in again',
};

/** Owns the English words of the letter that invites somebody to an agency. */
import type { invitationLetterInVietnamese } from './invitation-letter.vi.ts';

export const invitationLetterInEnglish: typeof invitationLetterInVietnamese = {
  subject: 'Invitation to the Liên Thông developer console',
  role: { reader: 'a reader', developer: 'a developer', owner: 'an owner' },
  says: (agency, role, day) =>
    `Somebody of an agency that calls itself “${agency}” invites you to become ${role} of it at Liên Thông. Open the link below and sign in to see the invitation; the link is good once, until ${day}. If you do not expect this, there is nothing to do.`,
  closing: (hotline) =>
    `Liên Thông never asks for your password, PIN or one-time code. If you need help, call ${hotline}. This letter was sent automatically; please do not reply.`,
};

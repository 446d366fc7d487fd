/** Owns the English words of the page on which an invitation is accepted. */
import type { invitationInVietnamese } from './invitation.vi.ts';

export const invitationInEnglish: typeof invitationInVietnamese = {
  title: 'Invitation to an agency',
  lead: (agency, role) => `The agency that calls itself “${agency}” invites you as ${role.toLowerCase()}.`,
  agency: 'Agency',
  role: 'Role',
  may: 'What that allows',
  ends: 'Good until',
  member: 'You belong to this agency already. The invitation is still good for somebody else.',
  open: 'Open the agency',
  goOn: 'Save and go on',
  joinAs: (name) => `You will join as ${name}. Colleagues see your name and work address.`,
  join: (role) => `Join as ${role.toLowerCase()}`,
  notNow: 'Not now',
};

/** Owns the English words of the changes that wait. */
import type { changesInVietnamese } from './changes.vi.ts';

export const changesInEnglish: typeof changesInVietnamese = {
  title: 'Changes that wait',
  lead: 'These changes wait 7 days before they are made. A sign-in by any way is enough to stop them, and every contact has been told.',
  none: 'No change is waiting.',
  allNew: 'Ways not linked yet',
  requested: 'Asked for',
  due: 'Will be made',
  stop: 'Stop it',
  notMe: 'You did not ask for it? Stop it, then look at your sessions and ways to sign in.',
};

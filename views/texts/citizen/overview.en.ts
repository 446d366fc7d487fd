/** Owns the English words of the overview. */
import type { overviewInVietnamese } from './overview.vi.ts';

export const overviewInEnglish: typeof overviewInVietnamese = {
  title: 'My page',
  lead: 'What Liên Thông knows, who received what, and how to stop it at any time.',
  attention: 'Please look at this',
  nothingToDo: 'Nothing needs your attention.',
  identity: 'Liên Thông says you are',
  from: {
    population_register: 'From the national population register; kept for this session only.',
    source: 'The population register did not answer, so this is what your way to sign in said.',
  },
  confirmed: 'Last confirmed by the population register',
  signedIn: 'This session',
  source: 'Way to sign in',
  level: 'Assurance level',
  since: 'When',
  correct: 'Something is wrong? Ask for a correction',
  wants: {
    source_suspended: (source) => `${source} is suspended, because somebody said a sign-in was not theirs.`,
    link_frozen: (source) => `${source} is frozen: the holder of the account there has changed.`,
    change_waits: (change, due) => `${change}: will be made on ${due}, unless you stop it.`,
    case_open: (number, due) => `Case ${number} is being worked on, to be answered by the end of ${due}.`,
    no_contact: 'There is no contact yet that could be told of an unknown sign-in.',
    one_way_only: 'There is only one way to sign in. Link another one in case you lose it.',
  },
  look: 'Look',
};

/** Owns the English words of the agencies' room. */
import type { agenciesInVietnamese, agencyInVietnamese } from './agencies.vi.ts';

export const agenciesInEnglish: typeof agenciesInVietnamese = {
  title: 'Agencies',
  lead: 'The services that may receive information through Liên Thông: what, what for, and until when.',
  nobody: 'No agency has received anything through Liên Thông yet.',
  inForce: 'In force',
  ended: {
    withdrawn: 'Withdrawn',
    replaced: 'Replaced by a newer consent',
    expired: 'Expired',
    ended: 'Ended',
  },
  purpose: 'Purpose',
  basis: 'Legal basis',
  basisOf: { consent: 'Your consent, which you may withdraw at any time', law: 'The law' },
  granted: 'May receive',
  grantedNothing: 'Nothing personal, only a code of its own by which it knows you again',
  leftOut: 'May not receive',
  since: 'Since',
  until: 'Until',
  lastUsed: 'Last used',
  neverUsed: 'Never used',
};

/** Of the page of one agency. */
export const agencyInEnglish: typeof agencyInVietnamese = {
  what: 'What it was allowed',
  state: 'State',
  minimum: 'Weakest sign-in it takes',
  withdraw: 'Withdraw your consent?',
  withdrawText:
    'The agency will receive nothing more, and your session there ends. It keeps what it has already received.',
  withdrawAction: 'Withdraw',
  byLaw: 'This cannot be withdrawn',
  byLawText: 'This agency receives the information because the law says so. If you do not agree, you can object.',
  object: 'Object',
  over: 'It has ended',
  overAt: (how, moment) => `${how} on ${moment}. The agency receives nothing more.`,
  logout: {
    told: 'The agency was told to end its session.',
    waiting: 'The agency is being told to end its session. If it cannot be reached, the hub tries again.',
    given_up: 'The agency could not be told. If you are still signed in there, please sign out yourself.',
    own: 'This agency cannot be told. If you are still signed in there, please sign out yourself.',
    nothing: 'No session was running at this agency at that time.',
  },
  receipt: 'Receipt',
  receiptText:
    'A receipt signed by Liên Thông that says what you agreed to, and with whom. Anybody can verify it without asking.',
  receiptAction: 'Download the receipt',
  ask: 'Ask the agency',
  askText: 'What the agency has received, only the agency can show, correct or delete.',
  home: 'Open the agency’s site',
  history: 'See the history with this agency',
  earlier: 'Earlier consents',
  back: 'All agencies',
};

/** Owns the English words of the page of personal API tokens. */
import type { tokensInVietnamese } from './tokens.vi.ts';

export const tokensInEnglish: typeof tokensInVietnamese = {
  title: 'My API tokens',
  lead: 'With an API token your scripts act for you. It can do what you choose and no more, never more than you may, and it ends by itself.',
  made: (name) => `The token “${name}” is made`,
  once: (ends) => `Copy it now: it is not shown again. It is good until ${ends}.`,
  use: 'Send it in the header Authorization of each call. Keep it out of source repositories.',
  yourToken: 'lt_pat_…',
  own: 'Tokens there are',
  none: 'There is none yet.',
  scopes: 'What it may do',
  scope: {
    read: { name: 'Look', allows: 'See your agencies, services and their trails.' },
    write: { name: 'Change', allows: 'Bring in agencies and services, write drafts, bring them into the sandbox.' },
    secrets: { name: 'Keys', allows: 'Add and end secrets and keys of services.' },
    members: { name: 'Members', allows: 'Invite members, change their roles, remove them.' },
  },
  created: 'Made',
  ends: 'Ends',
  used: 'Last used',
  never: 'never',
  end: 'End it',
  make: 'Make a token',
  makeHint:
    'Choose the least it may do and the fewest days that will do. Decisions about production always ask for you to sign in yourself.',
  introduce: 'Introduce yourself first: colleagues need to know who did what.',
  introduceLink: 'Introduce myself',
  name: 'A name you will know it by',
  days: 'Good for',
  forDays: (days) => `${days} days`,
  makeButton: 'Make it',
};

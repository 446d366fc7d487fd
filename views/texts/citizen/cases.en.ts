/** Owns the English words of the rooms of cases. */
import type { caseInVietnamese, casesInVietnamese } from './cases.vi.ts';

export const casesInEnglish: typeof casesInVietnamese = {
  title: 'My cases',
  lead: 'Everything you asked for, by when it is answered, and what became of it.',
  none: 'Nothing was asked for yet.',
  look: (number) => `See case ${number}`,
  rights: 'My rights',
  kind: {
    inform: 'Information',
    access: 'Access',
    correct: 'Correction',
    withdraw: 'Withdrawal of consent',
    restrict: 'Restriction of processing',
    object: 'Objection',
    erase: 'Erasure',
    complain: 'Complaint',
    not_me: 'A sign-in that was not me',
  },
  state: {
    open: 'Sent',
    acknowledged: 'Acknowledged',
    forwarded: 'Passed on to whoever keeps it',
    answered: 'Answered',
  },
  answerBy: (day) => `Answered by the end of ${day}.`,
};

export const caseInEnglish: typeof caseInVietnamese = {
  title: 'Case',
  number: 'Case number',
  keep: 'Read this number out when you call the hotline.',
  clock: 'Dates',
  opened: 'Sent',
  acknowledgeBy: 'Acknowledged by',
  endOf: (day) => `end of ${day}`,
  acknowledged: 'Acknowledged',
  answerBy: 'Answered by',
  answered: 'Answered',
  about: 'What it is about',
  service: 'About',
  source: 'Way to sign in',
  attribute: 'Attribute',
  shouldBe: 'Should be',
  said: 'You wrote',
  answer: 'Answer',
  noAnswer: 'There is no answer yet.',
  erasure: 'Your data will be deleted when the wait is over.',
  seeErasure: 'See the erasure',
  all: 'All cases',
};

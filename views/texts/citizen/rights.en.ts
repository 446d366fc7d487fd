/** Owns the English words of the rooms in which somebody uses their rights. */
import type { AnswerDays } from '../../citizen/rights.ts';
import type { correctInVietnamese, openCaseInVietnamese, rightsInVietnamese } from './rights.vi.ts';

const daysOf = ({ alone, withProcessors }: AnswerDays) =>
  alone === withProcessors ? `${alone} days` : `${alone} days, or ${withProcessors} where another body has to act, too`;

export const rightsInEnglish: typeof rightsInVietnamese = {
  title: 'My rights',
  lead: 'The Law on Personal Data Protection (91/2025/QH15) and Decree 356/2025/NĐ-CP give everybody these rights.',
  right: {
    inform: {
      name: 'To be informed',
      what: 'Ask which data Liên Thông processes, what for and on what basis.',
      use: 'Ask',
    },
    access: {
      name: 'To access',
      what: 'Download all data Liên Thông holds, signed so that it can be verified.',
      use: 'Download my data',
    },
    correct: {
      name: 'To correct',
      what: 'Have something wrong corrected where it is kept.',
      use: 'Ask for a correction',
    },
    withdraw: {
      name: 'To withdraw consent',
      what: 'Stop sharing data with an agency, at once.',
      use: 'See agencies',
    },
    restrict: {
      name: 'To restrict processing',
      what: 'Have processing paused, for instance while a correction is pending.',
      use: 'Ask for it',
    },
    object: {
      name: 'To object',
      what: 'Disagree with some processing and say why.',
      use: 'Object',
    },
    erase: {
      name: 'To erase',
      what: 'Delete everything Liên Thông holds, after 7 days in which you can change your mind.',
      use: 'See before erasing',
    },
    complain: {
      name: 'To complain',
      what: 'Complain about how Liên Thông or an agency handled data.',
      use: 'Complain',
    },
  },
  atOnce: 'Done at once.',
  answered: (days) => `Answered within ${daysOf(days)}.`,
  acknowledged: (days) => `Every request is acknowledged within ${days} working days.`,
  cases: 'My cases',
  noCases: 'Nothing was asked for yet.',
  someCases: (open, all) => `${all} in all, ${open} being worked on.`,
  seeCases: 'See cases',
};

export const openCaseInEnglish: typeof openCaseInVietnamese = {
  title: 'Send a request',
  lead: 'Write in your own words. You get a case number and the date by which it is answered.',
  kind: 'Request',
  service: 'About',
  hubItself: 'Liên Thông, no particular agency',
  text: 'What it is about',
  textHint: '2,000 characters at most. Your name or number is not needed.',
  send: 'Send',
};

export const correctInEnglish: typeof correctInVietnamese = {
  title: 'Ask for a correction',
  lead: 'Liên Thông corrects nothing itself: what it shows comes from whoever keeps it. Your request goes there.',
  attribute: 'What is wrong',
  now: (name, value) => `${name}: ${value}`,
  shouldBe: 'What it should be',
  text: 'Anything to add (optional)',
  textHint: 'For instance: as in birth certificate no. …',
  keepers: 'Who corrects it',
  keeper: {
    population_register: 'The national population register gets the request from Liên Thông, and answers here.',
    tax_authority:
      'The tax code is kept by the tax authority. Our staff pass the request on; you may also ask your tax office.',
  },
  send: 'Send request',
  answered: rightsInEnglish.answered,
};

/** Owns the English words that all rooms of the citizen's page share; each room has its own beside. */

import { agenciesInEnglish, agencyInEnglish } from './citizen/agencies.en.ts';
import { caseInEnglish, casesInEnglish } from './citizen/cases.en.ts';
import { changesInEnglish } from './citizen/changes.en.ts';
import { contactCodeInEnglish, contactsInEnglish } from './citizen/contacts.en.ts';
import { eraseInEnglish } from './citizen/erase.en.ts';
import { eventInEnglish, historyInEnglish } from './citizen/history.en.ts';
import { notMeInEnglish, stopInEnglish } from './citizen/links.en.ts';
import { overviewInEnglish } from './citizen/overview.en.ts';
import { correctInEnglish, openCaseInEnglish, rightsInEnglish } from './citizen/rights.en.ts';
import { sessionsInEnglish } from './citizen/sessions.en.ts';
import { signInAgainInEnglish } from './citizen/sign-in-again.en.ts';
import { waysInEnglish } from './citizen/ways.en.ts';
import type { CitizenTexts } from './citizen.vi.ts';

export const citizenInEnglish: CitizenTexts = {
  name: 'My page',
  rooms: 'Sections',
  room: {
    '/citizen': 'Overview',
    '/citizen/ways': 'Ways to sign in',
    '/citizen/agencies': 'Agencies',
    '/citizen/history': 'History',
    '/citizen/sessions': 'Devices and sessions',
    '/citizen/contacts': 'Contacts',
    '/citizen/rights': 'My rights',
  },
  signedInAs: 'Signed in:',
  signOut: 'Sign out',
  back: 'Back',
  level: {
    loa1: 'Level 1: password',
    loa2: 'Level 2: password and one-time code',
    loa3: 'Level 3: key and PIN in the SIM or app',
    loa4: 'Level 4: signing card or token',
  },
  device: ({ browser, system, form, shared }) => {
    const where = { desktop: 'computer', mobile: 'phone', tablet: 'tablet', unknown: 'device' }[form];
    const named = [browser, system && `on ${system}`].filter(Boolean).join(' ');
    return `${named || 'Unknown browser'} (${shared ? 'shared ' : ''}${where})`;
  },
  unknownDevice: 'Unknown device',
  change: {
    unlink: 'Remove a way to sign in',
    block: 'Block a way to sign in',
    unblock: 'Unblock a way to sign in',
    contact: 'Change a contact',
    contact_removal: 'Remove a contact',
    erasure: 'Erase all data',
  },
  contactKind: { mail: 'Mail', phone: 'Phone' },
  gender: { male: 'Male', female: 'Female' },
  overview: overviewInEnglish,
  agencies: agenciesInEnglish,
  agency: agencyInEnglish,
  history: historyInEnglish,
  event: eventInEnglish,
  contacts: contactsInEnglish,
  'contact-code': contactCodeInEnglish,
  'not-me': notMeInEnglish,
  stop: stopInEnglish,
  ways: waysInEnglish,
  sessions: sessionsInEnglish,
  changes: changesInEnglish,
  'sign-in-again': signInAgainInEnglish,
  rights: rightsInEnglish,
  'rights-open': openCaseInEnglish,
  'rights-correct': correctInEnglish,
  cases: casesInEnglish,
  case: caseInEnglish,
  erase: eraseInEnglish,
};

/** Owns the English words that all pages of the developer console share; each page has its own beside. */
import { agencyInEnglish } from './developer/agency.en.ts';
import { faultsInEnglish } from './developer/faults.en.ts';
import { invitationInEnglish } from './developer/invitation.en.ts';
import { overviewInEnglish } from './developer/overview.en.ts';
import { piecesInEnglish } from './developer/pieces.en.ts';
import { previewInEnglish } from './developer/preview.en.ts';
import { productionInEnglish, submissionsInEnglish, trailInEnglish } from './developer/production.en.ts';
import { referenceInEnglish } from './developer/reference.en.ts';
import { serviceInEnglish, servicesInEnglish } from './developer/services.en.ts';
import { credentialsInEnglish, settingsInEnglish } from './developer/settings.en.ts';
import { sightingsInEnglish } from './developer/sightings.en.ts';
import { signInAgainInEnglish } from './developer/sign-in-again.en.ts';
import { signInsInEnglish } from './developer/sign-ins.en.ts';
import { simulatorInEnglish } from './developer/simulator.en.ts';
import { testPeopleInEnglish } from './developer/test-people.en.ts';
import { tokensInEnglish } from './developer/tokens.en.ts';
import { tryItInEnglish } from './developer/try-it.en.ts';
import type { DeveloperTexts } from './developer.vi.ts';

export const developerInEnglish: DeveloperTexts = {
  name: 'Developer console',
  rooms: 'Sections',
  room: {
    '/developer': 'My agencies',
    '/developer/services': 'Services',
    '/developer/test-people': 'Test people',
    '/developer/tokens': 'API tokens',
    '/developer/reference': 'API reference',
    '/developer/submissions': 'To be decided',
  },
  signedInAs: 'Signed in:',
  nobody: 'not introduced yet',
  signOut: 'Sign out',
  back: 'Back',
  wrong: (count) => (count === 1 ? 'One thing has to be mended' : `${count} things have to be mended`),
  /** Fields of forms, as the contract calls them. */
  field: {
    name: 'Name',
    'name.vi': 'Name in Vietnamese',
    'name.en': 'Name in English',
    mail: 'Mail',
    'contact.mail': 'Contact mail',
    'contact.phone': 'Contact telephone',
    sector: 'Field',
    id: 'Id',
    jwk: 'Key',
    days: 'Days',
    scopes: 'Rights',
    reason: 'Reason',
    confirm: 'Confirmation',
    content: 'Picture',
    fault: 'Fault',
    role: 'Role',
  },
  role: { reader: 'Reader', developer: 'Developer', owner: 'Owner', registrar: 'Registrar of the hub' },
  environment: { sandbox: 'Sandbox', production: 'Production' },
  sector: {
    administration: 'Administration',
    taxation: 'Taxation',
    social_security: 'Social security',
    health: 'Health',
    education: 'Education',
    transport: 'Transport',
    justice: 'Justice',
    land: 'Land',
    labour: 'Labour',
    business: 'Business',
    culture: 'Culture',
    other: 'Other',
  },
  overview: overviewInEnglish,
  reference: referenceInEnglish,
  agency: agencyInEnglish,
  invitation: invitationInEnglish,
  tokens: tokensInEnglish,
  services: servicesInEnglish,
  service: serviceInEnglish,
  settings: settingsInEnglish,
  credentials: credentialsInEnglish,
  production: productionInEnglish,
  submissions: submissionsInEnglish,
  trail: trailInEnglish,
  'sign-in-again': signInAgainInEnglish,
  faults: faultsInEnglish,
  pieces: piecesInEnglish,
  preview: previewInEnglish,
  sightings: sightingsInEnglish,
  'sign-ins': signInsInEnglish,
  simulator: simulatorInEnglish,
  'test-people': testPeopleInEnglish,
  'try-it': tryItInEnglish,
};

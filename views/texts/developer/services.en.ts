/** Owns the English words of the pages of services: the list, and one service. */
import type { serviceInVietnamese, servicesInVietnamese } from './services.vi.ts';

export const servicesInEnglish: typeof servicesInVietnamese = {
  title: 'Services',
  lead: 'Each service is a web site or an app that citizens sign in to.',
  find: 'Find a service',
  search: 'Name, id or agency',
  searchHint: 'With or without marks on the letters.',
  agency: 'Agency',
  every: 'All my agencies',
  all: 'Of every agency (registrars)',
  apply: 'Find',
  clear: 'Clear',
  nothing: 'No service matches.',
  none: 'There is no service yet. Add the first one below.',
  next: 'The services that follow',
  create: 'Add a service',
  createHint: 'It can be tried in the sandbox at once; nobody has to agree.',
  noAgency: 'First there has to be an agency in which you are a developer or an owner.',
  toAgencies: 'Add an agency',
  nameVi: 'Name in Vietnamese',
  nameEn: 'Name in English',
  id: 'Id of the service (optional)',
  idHint: 'Small letters without marks, digits and hyphens. Left empty, it is made from the name. It never changes.',
  createButton: 'Add the service',
  state: { none: 'Not live', live: 'Live', suspended: 'Suspended', retired: 'Retired' },
  submission: {
    open: 'Waiting for a decision',
    live: 'Agreed to',
    changes_asked: 'Changes asked for',
    refused: 'Refused',
    withdrawn: 'Withdrawn',
  },
};

export const serviceInEnglish: typeof serviceInVietnamese = {
  title: 'Service',
  of: (agency) => `A service of ${agency}`,
  nextTitle: 'What to do next',
  next: {
    settings: {
      text: 'Say what the service is called, where it is, and what it asks citizens for. Whatever is missing is told beside its field.',
      button: 'Fill in the settings',
    },
    credentials: {
      text: 'The settings are complete. The service still needs a secret or a key, by which it proves that it is itself.',
      button: 'Add a secret or a key',
    },
    publish: {
      text: 'Nothing is missing. One press, and the service is live in the sandbox, with made-up people.',
      button: 'Use it in the sandbox',
    },
    try: {
      text: 'The service is live in the sandbox. Sign in to it, and see request, answer and tokens side by side.',
      button: 'Try a sign-in',
    },
    production: {
      text: 'There is a draft for production. Hand it in, for another owner and a registrar to look at.',
      button: 'Go on to hand it in',
    },
    mend: {
      text: 'Changes were asked for, with reasons. Change the draft and hand it in again.',
      button: 'See the reasons',
    },
    wait: {
      text: 'What was handed in waits for others to agree. See who has decided, and who has yet to.',
      button: 'Follow the decision',
    },
    suspended: {
      text: 'The service is suspended: nobody can sign in to it, and its tokens are worth nothing.',
      button: 'See why, and how it comes back',
    },
    nothing: { text: 'There is nothing to do at the moment.', button: '' },
  },
  environments: 'Both environments',
  sandboxHint: 'Sources for trying and made-up people only. Nobody has to agree.',
  productionHint: 'Real citizens. Two people have to agree to a change.',
  clientId: 'Client (client_id)',
  issuer: 'Issuer',
  version: 'Version that is live',
  noVersion: 'none yet',
  credentials: 'Secrets and keys that have not ended',
  counts: (secrets, keys) =>
    `${secrets} ${secrets === 1 ? 'secret' : 'secrets'}, ${keys} ${keys === 1 ? 'key' : 'keys'}`,
  ends: (day) => `the first ends ${day}`,
  submission: 'Last handed in',
  missing: 'Still missing',
  complete: 'The draft lacks nothing.',
  unbegun: 'There is no draft yet. It begins with what is live in the sandbox.',
  settings: 'Settings',
  manageCredentials: 'Secrets and keys',
  signIns: 'Sign-ins',
  more: 'More about this service',
  pages: {
    preview: 'Preview of the consent screen',
    try: 'Try a sign-in',
    simulator: 'Fault simulator',
    pieces: 'Ready pieces',
    production: 'Production, versions, suspension',
    trail: 'Trail of changes',
  },
};

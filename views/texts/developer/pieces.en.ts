/** Owns the English words of the page of ready pieces. */
import type { piecesInVietnamese } from './pieces.vi.ts';

export const piecesInEnglish: typeof piecesInVietnamese = {
  title: 'Ready pieces',
  lead: 'The whole login, written for this very service in three libraries. Keys and secrets are not in it: they stay on your server.',
  from: {
    live: 'Written from what is live.',
    draft: 'Written from the draft: the code runs once these settings are published.',
  },
  environment: 'Environment',
  show: 'Show',
  client: 'The service',
  clientId: 'client_id',
  issuer: 'Issuer',
  none: 'There is no redirect address yet, so nothing can be written.',
  toSettings: 'Fill in the settings',
  unfit: 'Not for this service:',
  download: (name) => `Download: ${name} (zip)`,
  more: 'What comes next',
  button: 'The login button: forms, sizes, how to use it',
  simulator: 'The fault simulator: whether your code refuses',
  accounts: 'You have accounts of your own?',
  accountsText:
    'Ask for personal_number once, to find the record you have; then keep iss and sub, and know people by these two from then on. Never match by e-mail, name or phone.',
};

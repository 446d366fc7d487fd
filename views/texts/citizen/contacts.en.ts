/** Owns the English words of the room of contacts. */
import type { contactCodeInVietnamese, contactsInVietnamese } from './contacts.vi.ts';

export const contactsInEnglish: typeof contactsInVietnamese = {
  title: 'Contacts',
  lead: 'Where Liên Thông tells you of unknown sign-ins and important changes. Used for nothing else, sent to no agency.',
  own: 'Your contacts',
  none: 'None yet. There is nowhere to tell you of an unknown sign-in.',
  since: 'Confirmed at',
  language: 'Language',
  languages: { vi: 'Vietnamese', en: 'English' },
  remove: { mail: 'Remove this mail address', phone: 'Remove this telephone number' },
  last: 'This is the only contact. Without it there is nowhere left to tell you anything.',
  add: { mail: 'Add a mail address', phone: 'Add a telephone number' },
  replace: { mail: 'Change the mail address', phone: 'Change the telephone number' },
  label: { mail: 'Mail address', phone: 'Mobile telephone number' },
  hint: {
    mail: 'For example: name@example.vn. A code of 6 digits will be sent there.',
    phone: 'For example: 0912 345 678. A code of 6 digits will be sent there.',
  },
  send: 'Send the code',
  closed: 'No contact can be added here at the moment. Please call the hotline.',
};

export const contactCodeInEnglish: typeof contactCodeInVietnamese = {
  title: 'Type the code that was sent',
  lead: (address) => `A code of 6 digits is on its way to ${address}.`,
  label: 'Code of 6 digits',
  hint: (until) => `Works once, until ${until}.`,
  confirm: 'Confirm this contact',
  late: 'No code after some minutes?',
  lateText: 'Look among unwanted mail, check the address, or try again in an hour.',
  back: 'Use another address',
};

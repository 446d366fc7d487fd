/** Owns the English words of the console's first page. */
import type { overviewInVietnamese } from './overview.vi.ts';

export const overviewInEnglish: typeof overviewInVietnamese = {
  title: 'Developer console',
  lead: 'Register your agency’s services, try them at once with made-up people, and bring them into production after a review.',
  introduce: 'Introduce yourself',
  introduceHint: 'Colleagues need to know who did what. Only people of your agency and the hub’s registrar see it.',
  name: 'Full name',
  mail: 'Work address',
  save: 'Save',
  agencies: 'My agencies',
  none: 'You belong to no agency yet. Bring yours in below, or open the invitation you received.',
  services: (count) => (count === 1 ? 'one service' : `${count} services`),
  create: 'Bring an agency in',
  createHint: 'You will be its first owner. You can try everything at once; nobody has to agree.',
  nameVi: 'Name in Vietnamese',
  nameEn: 'Name in English',
  sector: 'Field',
  contactMail: 'Where the agency is reached',
  createButton: 'Bring it in',
  self: 'Myself',
  account: 'Account',
};

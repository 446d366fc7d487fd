/** Owns the English words above a consent screen that is only looked at. */
import type { previewInVietnamese } from './preview.vi.ts';

export const previewInEnglish: typeof previewInVietnamese = {
  title: 'Preview: nothing is shared',
  lead: (service) => `Below is the real screen that citizens will see on their way to ${service}.`,
  from: { draft: 'Of the draft.', live: 'Of what is live.' },
  environment: 'Environment',
  person: 'Made-up person',
  show: 'Show',
  source: (source) => `As after a sign-in by ${source}.`,
  phone: 'On the phone’s display (MobileID), in Vietnamese',
  phoneInEnglish: 'In English',
  phoneHint: 'The short name of the service, as far as a SIM can show it.',
  size: 'Change the language at the top. Narrow the window to see it as on a phone; the buttons only lead back here.',
  back: 'To the page of the service',
};

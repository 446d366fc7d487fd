/** Owns the English words of the room in which somebody can have everything deleted. */
import type { eraseInVietnamese } from './erase.vi.ts';

export const eraseInEnglish: typeof eraseInVietnamese = {
  title: 'Erase all data',
  lead: 'Please read this first. What was erased cannot be brought back.',
  waits: 'Erasure was asked for',
  waitsText: (due) => `The data will be deleted on ${due}. Until then it can be stopped.`,
  stop: 'Stop the erasure',
  seeCase: (number) => `Case ${number}`,
  deleted: 'What is deleted',
  deletedList: [
    'Your personal number, linked ways to sign in, and those you blocked.',
    'Every consent, contact, device and case.',
    'What ties history to you: the journal stays, but names nobody.',
    'Every open session; agencies are told to sign you out.',
  ],
  kept: 'What is not deleted',
  keptText: 'Agencies keep what they received. To have it deleted there, ask each of them.',
  noAgency: 'No agency has received anything through Liên Thông.',
  afterwards: 'Afterwards',
  afterwardsText:
    'You can sign in again as somebody new: agencies will know you by another code, and may not recognise your old account.',
  takeFirst: 'Take your data first',
  take: 'Download my data',
  ask: 'Ask for erasure',
  askText: (days) => `It waits ${days} days. Every contact is told, and any of them can stop it meanwhile.`,
  held: 'Not possible now: a way to sign in is frozen, or a case is still open. Please ask again when that is settled.',
  action: 'Ask to erase all data',
};

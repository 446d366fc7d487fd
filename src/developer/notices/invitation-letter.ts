/**
 * Owns the letter that invites somebody to an agency. It is told in both languages, because nobody knows which they read,
 * and names nobody: what an agency calls itself has been looked at by nobody yet.
 */
import { DATES } from '../../../views/moments.ts';
import { invitationLetterInEnglish } from '../../../views/texts/developer/invitation-letter.en.ts';
import { invitationLetterInVietnamese } from '../../../views/texts/developer/invitation-letter.vi.ts';
import type { Letter } from '../../messaging/messaging.ts';
import type { Agency, Role } from '../ports.ts';

export interface Invited {
  readonly agency: Pick<Agency, 'name'>;
  readonly role: Role;
  readonly link: string;
  /** Milliseconds since the epoch. */
  readonly ends: number;
}

/** The letter, with its one link. */
export function invitationLetter({ agency, role, link, ends }: Invited, hotline: string): Letter {
  const [vi, en] = [invitationLetterInVietnamese, invitationLetterInEnglish];
  const says = [
    vi.says(onOneLine(agency.name.vi), vi.role[role], DATES.vi.format(ends)),
    en.says(onOneLine(agency.name.en), en.role[role], DATES.en.format(ends)),
  ];
  const closing = [vi.closing(hotline), en.closing(hotline)];
  return { subject: `${vi.subject} · ${en.subject}`, text: [...says, link, ...closing].join('\n\n') };
}

/** A name that could end its line, or turn the reading direction, could say something in the hub's name. */
const onOneLine = (name: string) => name.replace(/[\p{Cc}\p{Bidi_Control}\p{Z}]+/gu, ' ').trim();

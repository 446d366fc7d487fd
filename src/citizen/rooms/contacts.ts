/**
 * Owns the room of contacts: where a person is told of sign-ins they may not know of, and of changes that wait. Whoever
 * could change these could make everything else unseen; so the address that goes is always told, too.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ContactCodePage, ContactsPage } from '../../../views/citizen/contacts.ts';
import { LANGUAGES } from '../../../views/pages.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import type { Acr } from '../../identity/assertion.ts';
import { readPhoneNumber } from '../../identity/phone-numbers.ts';
import { entry } from '../../journal/events.ts';
import { isMailAddress } from '../../messaging/mail-address.ts';
import type { Store } from '../../store.ts';
import type { ChangeMaker, ChangeMakers } from '../changes.ts';
import { noticeMessage } from '../notices/notices.ts';
import type { Contact, ContactKind } from '../ports.ts';
import { nothing, type Rooms } from '../rooms.ts';
import { seesAll, shortenedAddress } from '../shortened.ts';
import type { ContactCodes } from './contact-codes.ts';

const PATH = '/contacts';
/** RFC 5321, 4.5.3.1; a telephone number with all that people put between its digits is shorter. */
const LONGEST = 254;

export interface ContactsParts {
  readonly store: Store;
  readonly codes: ContactCodes;
  /** The kinds of which this hub can write to. */
  readonly reachable: readonly ContactKind[];
  /** Registered level of a source. */
  readonly levelOf: (source: string) => Acr | undefined;
  readonly clock: () => number;
}

const kind = z.enum(['mail', 'phone']);
const language = z.enum(LANGUAGES);
const proposed = z.strictObject({ kind, address: z.string().max(LONGEST), language: language.default('vi') });
const id = z.string().regex(/^[\w-]{32}$/);
const confirmed = z.object({ kind, address: z.string(), language });
const removed = z.object({ contact: z.string() });

export function contactsRoom(rooms: Rooms, { store, codes, reachable, levelOf }: ContactsParts): void {
  rooms.show(PATH, nothing, async ({ person, authentication }): Promise<ContactsPage> => {
    const [contacts, links] = await Promise.all([store.own.contacts.of(person), store.people.linksOf(person)]);
    const all = seesAll(authentication, links, levelOf);
    const shown = contacts.map(({ confirmedAt, address, ...contact }) => ({
      ...contact,
      address: all ? address : shortenedAddress(contact.kind, address),
      since: moment(confirmedAt),
    }));
    return { page: 'citizen/contacts', contacts: shown, offered: reachable };
  });

  rooms.change(`${PATH}/propose`, 'recent', proposed, async ({ person }, typed) => {
    const address = addressIn(typed.kind, typed.address);
    if (address === undefined || !reachable.includes(typed.kind)) throw new Refusal('contact_invalid');
    const proposal = await codes.send(person, { ...typed, address });
    return { see: `${PATH}/code/${proposal}`, result: { proposal } };
  });

  rooms.show(
    `${PATH}/code/:proposal`,
    z.strictObject({ proposal: id }),
    async ({ person }, { proposal }): Promise<ContactCodePage> => {
      const { language: _language, until, ...address } = await codes.find(person, proposal);
      return { page: 'citizen/contact-code', proposal, ...address, until: moment(until) };
    },
  );

  // People copy a code with the spaces of the letter around it.
  const typedCode = z
    .string()
    .max(20)
    .transform((code) => code.replace(/\s/g, ''));
  rooms.deferrable(
    `${PATH}/code`,
    z.strictObject({ proposal: id, code: typedCode }),
    async ({ person }, { proposal, code }) => {
      const detail = { ...(await codes.open(person, proposal, code)) };
      return { kind: 'contact', detail, see: PATH, claim: () => codes.claim(proposal) };
    },
  );

  rooms.deferrable(`${PATH}/remove`, z.strictObject({ contact: z.string().max(100) }), async (_visit, detail) => {
    return { kind: 'contact_removal', detail, see: PATH };
  });
}

/** How contacts are added, replaced and removed, at once or after the wait. */
export function contactChanges(parts: ContactsParts): Pick<ChangeMakers, 'contact' | 'contact_removal'> {
  return { contact: putting(parts), contact_removal: removing(parts) };
}

function putting({ store, reachable, clock }: ContactsParts): ChangeMaker {
  const { contacts } = store.own;
  return {
    async check(_person, detail) {
      if (!reachable.includes(confirmed.parse(detail).kind)) throw new Refusal('contact_invalid');
    },
    async make(person, detail, requestedAt) {
      const wanted = confirmed.parse(detail);
      const former = (await contacts.of(person)).find((one) => one.kind === wanted.kind);
      const isOther = former?.address !== wanted.address;
      if (!isOther && former?.language === wanted.language) return;
      const now = clock();
      const confirmedAt = requestedAt ?? now;
      if (former !== undefined && former.confirmedAt > confirmedAt) throw new Refusal('change_gone');
      const contact: Contact = { id: randomUUID(), ...wanted, confirmedAt };
      const isReplaced = former !== undefined;
      const change = isReplaced ? 'replaced' : 'added';
      await contacts.put(person, contact, {
        entries: [entry(now, { type: 'contact_added', kind: wanted.kind, replaced: isReplaced }, person)],
        messages: [
          noticeMessage(
            person,
            { type: 'contact_changed', kind: wanted.kind, change },
            former && isOther ? [former] : [],
          ),
        ],
      });
    },
  };
}

function removing({ store, clock }: ContactsParts): ChangeMaker {
  const { contacts } = store.own;
  const find = async (person: string, contact: string) => (await contacts.of(person)).find((one) => one.id === contact);
  return {
    async check(person, detail) {
      if ((await find(person, removed.parse(detail).contact)) === undefined) throw new Refusal('not_found');
    },
    async make(person, detail) {
      const { contact } = removed.parse(detail);
      const former = await find(person, contact);
      // Made before, or replaced by another meanwhile: either way it is not there.
      if (former === undefined) return;
      const { kind: gone } = former;
      await contacts.remove(person, contact, {
        entries: [entry(clock(), { type: 'contact_removed', kind: gone }, person)],
        messages: [noticeMessage(person, { type: 'contact_changed', kind: gone, change: 'removed' }, [former])],
      });
    },
  };
}

/** An address in the one form in which it is kept; nothing for what is none. */
function addressIn(of: ContactKind, typed: string): string | undefined {
  if (of === 'phone') return readPhoneNumber(typed);
  const [, local, domain] = /^([^@]+)@([^@]+\.[^@]+)$/.exec(typed.trim()) ?? [];
  const address = local && domain && `${local}@${domain.toLowerCase()}`;
  return address && isMailAddress(address) ? address : undefined;
}

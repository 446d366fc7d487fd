/**
 * Owns how somebody shows that an address is theirs: a code is sent there and comes back, once, within ten minutes and five
 * tries. Whether anybody else has the address is looked up nowhere, so no answer can tell.
 */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Language } from '../../../views/pages.ts';
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { mailMessage, smsMessage } from '../../messaging/carriers.ts';
import type { Json, Kept, ProtocolState, Store } from '../../store.ts';
import { writeCode } from '../notices/letters.ts';
import type { ContactKind } from '../ports.ts';

const KIND = 'ContactCode';
const COUNTED = 'ContactCodes';

/** Seconds for which a code is good. */
export const CODE_LIFETIME = 10 * 60;
/** Seconds for which it is known that there was one. */
const REMEMBERED = 60 * 60;
const MOST_TRIES = 5;
/** Codes in an hour: for one person, to one address. */
const MOST_CODES = 5;
const HOUR = 60 * 60;

/** An address that somebody says is theirs. */
export interface Proposal {
  readonly kind: ContactKind;
  readonly address: string;
  readonly language: Language;
}

interface KeptCode extends Proposal {
  readonly person: PersonId;
  readonly code: string;
  readonly tries: number;
  /** Milliseconds since the epoch, here and below. */
  readonly until: number;
  readonly forgottenAt: number;
}

export interface ContactCodesParts {
  readonly store: Store;
  readonly hotline: string;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly clock: () => number;
}

export class ContactCodes {
  readonly #parts: ContactCodesParts;

  constructor(parts: ContactCodesParts) {
    this.#parts = parts;
  }

  /**
   * Sends a code to the address; returns by what the proposal is named from now on. Throws `Refusal` `contact_code_limit`
   * where the person has had too many. An address that gets too many gets no more, and nobody but its holder notices.
   */
  async send(person: PersonId, proposal: Proposal): Promise<string> {
    const { store, hotline, wake, clock } = this.#parts;
    const { kind, address, language } = proposal;
    if (!(await this.#isWithin(countedFor(person)))) throw new Refusal('contact_code_limit');
    const mayBeSent = await this.#isWithin(`${kind} ${address}`);
    const id = randomBytes(24).toString('base64url');
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const now = clock();
    const kept: KeptCode = {
      ...proposal,
      person,
      code,
      tries: 0,
      until: now + CODE_LIFETIME * 1000,
      forgottenAt: now + REMEMBERED * 1000,
    };
    await store.state.put(KIND, id, kept as unknown as Json, REMEMBERED, groupOf(person));
    const { letter, sms } = writeCode(code, language, hotline);
    const message = kind === 'mail' ? mailMessage(address, letter) : smsMessage(address, sms);
    await store.outbox.enqueue(mayBeSent ? [message] : [], CODE_LIFETIME);
    wake();
    return id;
  }

  /** What was proposed, and until when its code is good. Throws `Refusal` `not_found`, `contact_code_expired`. */
  async find(person: PersonId, id: string): Promise<Proposal & { readonly until: number }> {
    const { kind, address, language, until } = (await this.#usable(person, id)).code;
    return { kind, address, language, until };
  }

  /**
   * Looks whether this is the code; that counts as one of its tries unless it is. Throws `Refusal` `not_found`,
   * `contact_code_expired`, `contact_code_wrong`.
   */
  async open(person: PersonId, id: string, given: string): Promise<Proposal> {
    for (;;) {
      const { code, version } = await this.#usable(person, id);
      const tried = { ...code, tries: code.tries + 1 };
      // The try is taken before it is looked at: of many at once not one more is answered.
      if (!(await this.#rewrite(id, version, tried))) continue;
      if (!isSame(code.code, given)) throw new Refusal('contact_code_wrong');
      await this.#rewrite(id, version + 1, code);
      const { kind, address, language } = code;
      return { kind, address, language };
    }
  }

  /** Uses the code up. Throws `Refusal` `contact_code_expired` for all callers but one. */
  async claim(id: string): Promise<void> {
    if (!(await this.#parts.store.state.consume(KIND, id))) throw new Refusal('contact_code_expired');
  }

  async #usable(person: PersonId, id: string): Promise<{ readonly code: KeptCode; readonly version: number }> {
    const { store, clock } = this.#parts;
    const kept: Kept | undefined = await store.state.get(KIND, id);
    const code = kept?.value as unknown as KeptCode | undefined;
    if (kept === undefined || code?.person !== person) throw new Refusal('not_found');
    if (kept.consumedAt !== undefined || code.tries >= MOST_TRIES || code.until <= clock())
      throw new Refusal('contact_code_expired');
    return { code, version: kept.version };
  }

  #rewrite(id: string, version: number, code: KeptCode): Promise<boolean> {
    const { store, clock } = this.#parts;
    const left = Math.max(1, Math.ceil((code.forgottenAt - clock()) / 1000));
    return store.state.replace(KIND, id, version, code as unknown as Json, left);
  }

  /** Counts one more of something in its hour; `false` when there were too many already. */
  async #isWithin(what: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    for (;;) {
      const kept = await store.state.get(COUNTED, what);
      if (kept === undefined) {
        const first = { count: 1, until: clock() + HOUR * 1000 };
        if (await store.state.putIfAbsent(COUNTED, what, first, HOUR)) return true;
        continue;
      }
      const { count, until } = kept.value as { count: number; until: number };
      if (count >= MOST_CODES) return false;
      const left = Math.max(1, Math.ceil((until - clock()) / 1000));
      if (await store.state.replace(COUNTED, what, kept.version, { count: count + 1, until }, left)) return true;
    }
  }
}

/** Forgets every code a person was sent, and how many there were. */
export async function forgetCodesOf(person: PersonId, state: ProtocolState): Promise<void> {
  await state.deleteGroup(groupOf(person), REMEMBERED);
  await state.delete(COUNTED, countedFor(person));
}

const groupOf = (person: PersonId) => `contact codes of ${person}`;
const countedFor = (person: PersonId) => `person ${person}`;

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

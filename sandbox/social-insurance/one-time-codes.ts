/** Owns one-time codes: six digits to the phone on record, once, for three minutes, with few tries and few sendings. */
import { randomInt } from 'node:crypto';
import type { Phones } from './phones.ts';

/** Milliseconds for which a code is good. */
const LIFETIME = 3 * 60_000;
/** Wrong codes after which a sign-in ends, however many codes were sent in it. */
const MOST_WRONG = 5;
/** Sendings in one sign-in: the first, and three more. */
const MOST_SENT = 4;
/** Milliseconds after which a sign-in is forgotten; the provider's own end comes sooner. */
const FORGOTTEN = 15 * 60_000;

export type Outcome = 'right' | 'wrong_code' | 'code_expired' | 'too_many_wrong_codes';

interface Pending {
  subject: string;
  phone: string;
  /** Absent once it was used. */
  code: string | undefined;
  sentAt: number;
  /** Of the whole sign-in: neither another code nor another account gives new tries. */
  wrong: number;
  sent: number;
}

/** The second step of the sign-ins under way, by their id. */
export class OneTimeCodes {
  readonly #pending = new Map<string, Pending>();
  readonly #phones: Phones;
  readonly #clock: () => number;

  constructor(phones: Phones, clock: () => number) {
    this.#phones = phones;
    this.#clock = clock;
  }

  /** Sends the first code. Whoever goes back and types the password again meets the code already sent. */
  begin(uid: string, { subject, phone }: { readonly subject: string; readonly phone: string }): void {
    this.#forgetOld();
    const before = this.#pending.get(uid);
    if (before?.subject === subject) return;
    const counted = { wrong: before?.wrong ?? 0, sent: before?.sent ?? 0 };
    this.#pending.set(uid, { subject, phone, code: undefined, sentAt: this.#clock(), ...counted });
    this.resend(uid);
  }

  /** Whose code is awaited, and where it went; nothing when none is. */
  awaited(uid: string): { readonly subject: string; readonly phone: string; readonly ended: boolean } | undefined {
    const pending = this.#pending.get(uid);
    return pending && { subject: pending.subject, phone: pending.phone, ended: pending.wrong >= MOST_WRONG };
  }

  /** Sends another code and makes the former one worthless; `false` when there were enough. */
  resend(uid: string): boolean {
    const pending = this.#pending.get(uid);
    if (pending === undefined || pending.sent >= MOST_SENT || pending.wrong >= MOST_WRONG) return false;
    pending.code = String(randomInt(1_000_000)).padStart(6, '0');
    pending.sentAt = this.#clock();
    pending.sent += 1;
    this.#phones.receive(pending.phone, { code: pending.code, at: pending.sentAt });
    return true;
  }

  /** Tries what was typed or pasted. A right code is used up, and so is the step. */
  try(uid: string, typed: string): Outcome {
    const pending = this.#pending.get(uid);
    if (pending === undefined) return 'code_expired';
    if (pending.wrong >= MOST_WRONG) return 'too_many_wrong_codes';
    const inTime = this.#clock() - pending.sentAt < LIFETIME;
    if (typed.replace(/\D/g, '') === pending.code) {
      if (!inTime) return 'code_expired';
      this.#pending.delete(uid);
      return 'right';
    }
    pending.wrong += 1;
    return pending.wrong >= MOST_WRONG ? 'too_many_wrong_codes' : 'wrong_code';
  }

  clear(): void {
    this.#pending.clear();
  }

  #forgetOld(): void {
    for (const [uid, { sentAt }] of this.#pending) if (this.#clock() - sentAt > FORGOTTEN) this.#pending.delete(uid);
  }
}

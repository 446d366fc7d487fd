/**
 * Owns the phone as a source: a challenge is made and its code shown, then pushed, then polled, and what the SIM signed
 * becomes an assertion. It remembers nothing between these steps; `attempts.ts` does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { Acr, Assertion, SourceId } from '../../src/identity/assertion.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';
import { LANGUAGES, type Language } from '../../views/pages.ts';
import { type AuthoritySettings, readAuthorities } from '../digital-signature/authorities.ts';
import { issuerOf } from '../digital-signature/certificate.ts';
import { displayTextFor } from './display-text.ts';
import { type PhoneCertificates, readHolder } from './holder.ts';
import { createOperator, type Operator, type OperatorSettings, type SessionStatus } from './operator.ts';
import { REFUSAL_OF_RESULT } from './results.ts';
import { signedPreimage } from './signature.ts';
import type { Subscriber } from './subscriber.ts';
import { verificationCode } from './verification-code.ts';

export interface MobileIdSettings extends OperatorSettings {
  readonly id: SourceId;
  /** The registered level. */
  readonly acr: Acr;
  /** Whose certificates are believed; each says where it writes the personal number. */
  readonly authorities: readonly AuthoritySettings[];
  /** Policies of keys in a SIM, as object identifiers. */
  readonly policies: readonly string[];
}

export interface MobileIdParts {
  readonly settings: MobileIdSettings;
  readonly outgoing: Pick<Outgoing, 'fetch'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Who is to confirm a sign-in, to what by the name that the phone shows, in which language. */
export type SignInOrder = Subscriber & { readonly displayName: string; readonly language: Language };

/** One question to one phone, as it is kept between the steps; all of it is text. */
export const challenge = z.strictObject({
  phone: z.string(),
  personalNumber: z.string(),
  displayName: z.string(),
  language: z.enum(LANGUAGES),
  /** Base64 of random bytes that nobody outside the hub ever sees. */
  preimage: z.base64(),
  /** Base64 of their hash: all that the operator and the SIM get. */
  hash: z.base64(),
  /** Four digits; the browser shows them before the phone is asked. */
  code: z.string(),
});
export type Challenge = z.infer<typeof challenge>;

const HASH_TYPE = 'SHA256';
const PREIMAGE_BYTES = 32;
/** ISO 639-2, as the interface writes languages. */
const ISO_639_2 = { vi: 'VIE', en: 'ENG' } as const satisfies Record<Language, string>;

const RUNNING = { state: 'RUNNING' } as const satisfies SessionStatus;

export class MobileId {
  readonly id: SourceId;
  readonly acr: Acr;
  readonly #operator: Operator;
  readonly #certificates: PhoneCertificates;
  readonly #clock: () => number;
  /** Polls under way, by session: however many tabs wait, the operator is asked once. */
  readonly #polls = new Map<string, Promise<SessionStatus>>();

  /** Throws when a configured certificate cannot be read. */
  constructor({ settings, outgoing, clock }: MobileIdParts) {
    this.id = settings.id;
    this.acr = settings.acr;
    this.#operator = createOperator(settings, outgoing);
    this.#certificates = { authorities: readAuthorities(settings.authorities), policies: settings.policies };
    this.#clock = clock;
  }

  /** A fresh challenge and its code; nothing has left the hub yet. */
  begin(order: SignInOrder): Challenge {
    const preimage = randomBytes(PREIMAGE_BYTES);
    const hash = createHash(HASH_TYPE).update(preimage).digest();
    const { phone, personalNumber, displayName, language } = order;
    return {
      phone,
      personalNumber,
      displayName,
      language,
      preimage: preimage.toString('base64'),
      hash: hash.toString('base64'),
      code: verificationCode(hash),
    };
  }

  /** Sends the challenge to the phone; returns the operator's session. Throws `Refusal` `source_unavailable`. */
  async push({ phone, personalNumber, displayName, language, hash }: Challenge): Promise<string> {
    return this.#operator.authenticate({
      phone,
      personalNumber,
      hash: Buffer.from(hash, 'base64'),
      hashType: HASH_TYPE,
      language: ISO_639_2[language],
      ...displayTextFor(displayName, language),
    });
  }

  /**
   * Waits about two seconds for the session's end. Whoever stops waiting earlier learns that it is still running, whatever
   * becomes of the call. Throws `Refusal` `source_unavailable`.
   */
  async poll(session: string, signal: AbortSignal): Promise<SessionStatus> {
    if (signal.aborted) return RUNNING;
    const { promise: stopped, resolve } = Promise.withResolvers<SessionStatus>();
    const stop = () => resolve(RUNNING);
    signal.addEventListener('abort', stop);
    try {
      return await Promise.race([stopped, this.#status(session)]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * What a completed session proves: the SIM signed this challenge, and its certificate names the number that was asked
   * for. Throws `Refusal` with the result's own reason, one of {@link readHolder}'s, or `signature_invalid`.
   */
  finish(asked: Challenge, answer: Exclude<SessionStatus, typeof RUNNING>): Assertion {
    if (answer.result !== 'OK') throw new Refusal(REFUSAL_OF_RESULT[answer.result]);
    const now = this.#clock();
    const { certificate, name, personalNumber } = readHolder(
      answer.certificate,
      asked.personalNumber,
      this.#certificates,
      now,
    );
    const preimage = Buffer.from(asked.preimage, 'base64');
    if (!signedPreimage(certificate.x509.publicKey, preimage, HASH_TYPE, answer.signature)) {
      throw new Refusal('signature_invalid');
    }
    const authTime = Math.floor(now / 1000);
    return {
      source: this.id,
      subject: asked.phone,
      holder: 'person',
      attributes: { personalNumber, ...(name === undefined ? {} : { name }) },
      acr: this.acr,
      // RFC 8176: a key in the SIM, its PIN, over another channel than the browser's.
      amr: ['hwk', 'pin', 'mca'],
      authTime,
      evidence: {
        type: 'electronic_signature',
        signature: 'mobile_id',
        issuer: issuerOf(certificate),
        serialNumber: certificate.x509.serialNumber,
        time: authTime,
      },
    };
  }

  #status(session: string): Promise<SessionStatus> {
    const underWay = this.#polls.get(session);
    if (underWay !== undefined) return underWay;
    const poll = this.#operator.status(session).finally(() => this.#polls.delete(session));
    // Everybody may have stopped waiting by the time it fails.
    poll.catch(() => undefined);
    this.#polls.set(session, poll);
    return poll;
  }
}

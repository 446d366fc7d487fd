/**
 * Owns the Mobile-ID REST interface as SK ID Solutions publishes it, from the relying party's side: a push is asked for,
 * its session is polled. What an operator says beyond the interface is ignored; what it says against it is an incident.
 */
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import { type Outgoing, OutgoingRefused } from '../../src/web/outgoing.ts';
import type { DisplayText } from './display-text.ts';
import { FAILED_RESULTS, type FailedResult } from './results.ts';
import type { Subscriber } from './subscriber.ts';

export interface OperatorSettings {
  /** Where the interface begins, as `https://operator.example/mid-api`. */
  readonly url: string;
  /** As the operator registered the hub. */
  readonly relyingParty: { readonly uuid: string; readonly name: string };
}

/** One push: who is asked to sign which hash, and what the phone shows. */
export interface PushOrder extends Subscriber, DisplayText {
  readonly hash: Uint8Array;
  readonly hashType: 'SHA256' | 'SHA384' | 'SHA512';
  /** ISO 639-2, of the words around the display text. */
  readonly language: 'VIE' | 'ENG';
}

/** What a session says. A signature is not yet verified, a certificate not yet believed. */
export type SessionStatus =
  | { readonly state: 'RUNNING' }
  | { readonly state: 'COMPLETE'; readonly result: FailedResult }
  | {
      readonly state: 'COMPLETE';
      readonly result: 'OK';
      readonly signature: { readonly value: Uint8Array; readonly algorithm: string };
      readonly certificate: Uint8Array;
    };

export interface Operator {
  /** `POST /authentication`: the session of the push. Throws `Refusal` `source_unavailable`, see {@link wasNotSent}. */
  authenticate(order: PushOrder): Promise<string>;
  /** `GET /authentication/session/:id`: waits a little for its end. Throws `Refusal` `source_unavailable`. */
  status(session: string): Promise<SessionStatus>;
}

/** Milliseconds the operator may hold a poll: above the interface's least (1 s), below the outgoing client's 3 s. */
const LONG_POLL = 2_000;

/** An answer that cannot be used. Names neither the citizen nor anything the operator wrote. */
class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
  readonly status: number;

  constructor(status: number) {
    super(`the mobile operator's answer (${status}) cannot be used`);
    this.status = status;
  }
}

/** Base64 of at most so many characters, as bytes. */
const bytes = (most: number) =>
  z
    .base64()
    .min(1)
    .max(most)
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

const started = z.object({ sessionID: z.string().regex(/^[\w-]{1,100}$/) });
const running = z.object({ state: z.literal('RUNNING') });
const failed = z.object({ state: z.literal('COMPLETE'), result: z.enum(FAILED_RESULTS) });
const signed = z.object({
  state: z.literal('COMPLETE'),
  result: z.literal('OK'),
  signature: z.object({ value: bytes(4_000), algorithm: z.string().max(100) }),
  cert: bytes(16_000),
});

/** The operator at an address, as the hub registered with it. */
export function createOperator({ url, relyingParty }: OperatorSettings, outgoing: Pick<Outgoing, 'fetch'>): Operator {
  const authentication = `${url.replace(/\/$/, '')}/authentication`;

  async function call<T>(form: z.ZodType<T>, address: string, post?: object): Promise<T> {
    try {
      const response = await outgoing.fetch(address, {
        headers: { accept: 'application/json', ...(post && { 'content-type': 'application/json' }) },
        ...(post && { method: 'POST', body: JSON.stringify(post) }),
      });
      const { status } = response;
      if (status !== 200) throw new UnusableAnswer(status);
      const answer = await response.json().catch(() => undefined);
      const read = form.safeParse(answer);
      if (!read.success) throw new UnusableAnswer(status);
      return read.data;
    } catch (cause) {
      throw new Refusal('source_unavailable', {}, { cause });
    }
  }

  return {
    async authenticate({ phone, personalNumber, hash, ...order }) {
      const { sessionID } = await call(started, authentication, {
        relyingPartyUUID: relyingParty.uuid,
        relyingPartyName: relyingParty.name,
        phoneNumber: phone,
        nationalIdentityNumber: personalNumber,
        hash: Buffer.from(hash).toString('base64'),
        ...order,
      });
      return sessionID;
    },
    async status(session) {
      const address = `${authentication}/session/${encodeURIComponent(session)}?timeoutMs=${LONG_POLL}`;
      const answer = await call(z.union([running, failed, signed]), address);
      if (!('cert' in answer)) return answer;
      const { cert, ...rest } = answer;
      return { ...rest, certificate: cert };
    },
  };
}

/** The system's words for a connection that was never made. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Whether a failed {@link Operator.authenticate} surely sent nothing to the phone: no connection, or an outright refusal
 * (RFC 9110: 4xx, 503). After anything else, a time-out above all, the phone may be ringing.
 */
export function wasNotSent(error: unknown): boolean {
  const cause = error instanceof Refusal ? error.cause : undefined;
  if (cause instanceof UnusableAnswer) return (cause.status >= 400 && cause.status < 500) || cause.status === 503;
  return cause instanceof OutgoingRefused && NEVER_CONNECTED.includes(cause.detail ?? '');
}

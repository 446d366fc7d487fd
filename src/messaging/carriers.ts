/**
 * Owns how what is written to citizens waits in the outbox and leaves it. Whom it is for is sealed with what it says: the
 * part of a message that is readable at rest only says which way it goes.
 */
import { randomUUID } from 'node:crypto';
import type { Carried, Carrier } from '../background/delivery.ts';
import type { Message } from '../store.ts';
import type { Letter, MailCarrier, Sent, SmsCarrier } from './messaging.ts';

/** The kinds of these messages in the outbox, and their targets. */
export const MAIL = 'mail';
export const SMS = 'sms';

/** Seconds for which it is worth trying: after that an alert alarms more than it helps. */
export const MESSAGE_LIFETIME = 3 * 24 * 60 * 60;

/** A letter as the outbox takes it in. */
export function mailMessage(to: string, { subject, text, html }: Letter): Message {
  return { kind: MAIL, target: MAIL, key: randomUUID(), payload: { to, letter: { subject, text, html } } };
}

/** A text message as the outbox takes it in. */
export function smsMessage(to: string, text: string): Message {
  return { kind: SMS, target: SMS, key: randomUUID(), payload: { to, text } };
}

export interface MessagePorts {
  readonly mail: MailCarrier | undefined;
  readonly sms: SmsCarrier | undefined;
}

/**
 * The carriers of these kinds. Of a way that is not there (any more) they take nothing: what waits for it goes when it is
 * back, or its time over.
 */
export function messageCarriers({ mail, sms }: MessagePorts): ReadonlyMap<string, Carrier> {
  return new Map<string, Carrier>([
    [
      MAIL,
      {
        async carry({ payload }, signal) {
          const { to, letter } = payload as unknown as { to: string; letter: Letter };
          return carried(await mail?.send(to, letter, signal));
        },
      },
    ],
    [
      SMS,
      {
        async carry({ payload }, signal) {
          const { to, text } = payload as { to: string; text: string };
          return carried(await sms?.send(to, text, signal));
        },
      },
    ],
  ]);
}

const carried = (sent: Sent = 'not_taken'): Carried => (sent === 'refused' ? 'pointless' : sent);

/** Owns handing text messages to an HTTP gateway. Neither numbers nor texts are ever told to the log. */
import type { Log } from '../web/log.ts';
import { type Outgoing, OutgoingRefused } from '../web/outgoing.ts';
import type { Sent, SmsCarrier } from './messaging.ts';

export interface SmsSettings {
  /** Takes `POST {"to","text"}`. */
  readonly url: string;
  /** The hub's bearer key there. */
  readonly key: string;
}

export interface SmsParts {
  readonly outgoing: Outgoing;
  readonly log: Log;
}

/** Of the errors that are the caller's: those that are about the hub, not about the number, or that time heals. */
const NOT_ABOUT_THE_NUMBER: readonly number[] = [401, 403, 408, 429];

/** A carrier over one gateway. */
export function openSmsCarrier({ url, key }: SmsSettings, { outgoing, log }: SmsParts): SmsCarrier {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return {
    async send(to, text, signal) {
      try {
        const body = JSON.stringify({ to, text });
        const { status } = await outgoing.fetch(url, { method: 'POST', headers, body, signal });
        const sent = meaningOf(status);
        if (sent === 'not_taken') log('sms_not_taken', { status });
        return sent;
      } catch (error) {
        if (!signal.aborted) log('sms_not_taken', { error: error instanceof OutgoingRefused ? error.code : 'failed' });
        return 'not_taken';
      }
    },
  };
}

function meaningOf(status: number): Sent {
  if (status >= 200 && status < 300) return 'taken';
  return status >= 400 && status < 500 && !NOT_ABOUT_THE_NUMBER.includes(status) ? 'refused' : 'not_taken';
}

/** Owns the ports through which the hub writes to citizens: by mail and by SMS. How it gets there is a carrier's own. */

export interface Letter {
  readonly subject: string;
  readonly text: string;
  /** The same once more, for programs that show it. */
  readonly html?: string;
}

/**
 * What became of one try: `taken`, by a server that answers for the rest of the way; `not_taken`, this time; `refused`,
 * because the address can never be reached.
 */
export type Sent = 'taken' | 'not_taken' | 'refused';

export interface MailCarrier {
  /** Tries once, for less than ten seconds. Never rejects. */
  send(to: string, letter: Letter, signal: AbortSignal): Promise<Sent>;
}

export interface SmsCarrier {
  /** Tries once, for less than ten seconds. Never rejects. `to` as +84… */
  send(to: string, text: string, signal: AbortSignal): Promise<Sent>;
}

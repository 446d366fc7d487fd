/** Owns what was written to the people of the country: the last messages, newest first, until somebody empties it. */

export interface ReceivedMessage {
  readonly channel: 'mail' | 'sms';
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** Of a mail, as its reader would see it. */
  readonly from?: string;
  readonly subject?: string;
  readonly html?: string;
  /** Of a mail, by name in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
}

const MOST = 200;

export class Mailbox {
  #messages: readonly ReceivedMessage[] = [];

  receive(message: ReceivedMessage): void {
    this.#messages = [message, ...this.#messages].slice(0, MOST);
  }

  /** Those of one recipient, or all. */
  messages(to?: string): readonly ReceivedMessage[] {
    return to === undefined ? this.#messages : this.#messages.filter((message) => message.to === to);
  }

  /** Whoever was written to, in the order of the last message. */
  recipients(): readonly string[] {
    return [...new Set(this.#messages.map(({ to }) => to))];
  }

  clear(): void {
    this.#messages = [];
  }
}

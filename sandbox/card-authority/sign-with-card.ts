/** Owns putting a card into the sandbox's reader from a program: what the extension does for a person. */
import type { Token } from './card-reader.ts';

export interface CardOrder {
  readonly serial: string;
  readonly pin: string;
  /** As the page shows it. */
  readonly nonce: string;
  /** Of the page that asks, as browsers write it. */
  readonly origin: string;
}

/** The card's token. Rejects when the reader has no such card or the PIN is wrong. */
export async function signWithCard(reader: string, order: CardOrder): Promise<Token> {
  const answer = await fetch(`${reader}/sign`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(10_000),
  });
  const told = (await answer.json()) as Token & { error?: string };
  if (!answer.ok) throw new Error(`the card reader answered ${told.error}`);
  return told;
}

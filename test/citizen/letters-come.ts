/** Owns how tests read what the hub writes to people, and give it an address to write to. */
import type { ReceivedMessage } from '../../sandbox/messages/mailbox.ts';
import type { Page, Visitor } from '../../sandbox/visitor.ts';
import type { TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';

export const AN_MAIL = 'an.nguyen@example.vn';
export const AN_MOBILE = '+84912000011';

/** Milliseconds of real time; a try at a server that is slow takes nine seconds. */
const PATIENCE = 12_000;

/** What came for somebody, newest first, once nothing is on its way any more. */
export async function lettersFor(
  country: Pick<TestCountry, 'messages' | 'runningHub'>,
  to?: string,
): Promise<readonly ReceivedMessage[]> {
  await until(async () => (await country.runningHub().store.outbox.lengths()).size === 0, PATIENCE);
  return country.messages.received(to);
}

/** The only link of a letter into the hub. */
export function linkIn({ hub }: Pick<TestCountry, 'hub'>, { text }: Pick<ReceivedMessage, 'text'>): URL {
  const found = text.match(/https?:\/\/\S+/g) ?? [];
  if (found.length !== 1 || !found[0]!.startsWith(`${hub}/`)) throw new Error(`links: ${found.join(' ')}`);
  return new URL(found[0]!);
}

export const codeIn = ({ text }: Pick<ReceivedMessage, 'text'>): string => /\b\d{6}\b/.exec(text)![0];

/** Asks for a code on the page of contacts. */
export async function proposeContact(
  country: Pick<TestCountry, 'hub'>,
  visitor: Visitor,
  address: string,
): Promise<Page> {
  await visitor.open(`${country.hub}/citizen/contacts`);
  const form = `section[aria-labelledby=give-${address.includes('@') ? 'mail' : 'phone'}]`;
  return visitor.post(`${country.hub}/citizen/contacts/propose`, { ...fieldsOf(visitor.page, form), address });
}

/** The whole way on the pages: propose, read the code, type it. */
export async function giveContact(country: TestCountry, visitor: Visitor, address: string): Promise<Page> {
  await proposeContact(country, visitor, address);
  const [letter] = await lettersFor(country, address);
  return visitor.fill({ code: codeIn(letter!) }).press('button.primary');
}

function fieldsOf({ $ }: Page, within: string): Record<string, string> {
  const hidden = $(`${within} input[type=hidden]`).toArray();
  return Object.fromEntries(hidden.map((field) => [$(field).attr('name')!, $(field).attr('value') ?? '']));
}

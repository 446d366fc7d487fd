/** Owns how a test asks the hub for a sign-in by hand, one parameter right or wrong, and reads what came of it. */
import { createHash } from 'node:crypto';
import { Visitor } from '../../sandbox/visitor.ts';
import type { TestCountry } from '../country.ts';

/** The verifier behind the challenge of every request below. */
export const VERIFIER = 'a-verifier-that-only-tests-know-0123456789abcdef';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** Parameters by name; `undefined` takes a usual one away, a list sends it more than once. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A well-formed authorization request of a test service, with what the test changes of it. */
export function parametersOf(country: TestCountry, id: string, changes: Changes = {}): URLSearchParams {
  const wished: Changes = {
    client_id: id,
    redirect_uri: country.callback.url,
    response_type: 'code',
    scope: 'openid',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const entries = Object.entries(wished).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, one] as [string, string]),
  );
  return new URLSearchParams(entries);
}

export function addressOf(country: TestCountry, id: string, changes: Changes = {}): URL {
  return new URL(`/authorize?${parametersOf(country, id, changes)}`, country.hub);
}

/** The hub's first answer to an authorization request of a new browser: nothing is followed. */
export async function ask(country: TestCountry, id: string, changes: Changes = {}): Promise<Response> {
  return fetch(addressOf(country, id, changes), { redirect: 'manual', headers: { accept: 'text/html' } });
}

/** Where an answer sends the browser. */
export function destinationOf(answer: Response, country: TestCountry): URL {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no redirect but ${answer.status}`);
  return new URL(location, country.hub);
}

/** The parameters an agency receives at once, without the citizen having seen anything. */
export async function refusalOf(
  country: TestCountry,
  id: string,
  changes: Changes = {},
): Promise<Readonly<Record<string, string>>> {
  const destination = destinationOf(await ask(country, id, changes), country);
  if (destination.href.split(/[?#]/)[0] !== country.callback.url) throw new Error(`went to ${destination.pathname}`);
  return Object.fromEntries(destination.searchParams);
}

/** What the agency was told when a browser opened an address; throws when a page was shown instead. */
export async function answerAfter(
  country: TestCountry,
  visitor: Visitor,
  address: string | URL,
): Promise<Readonly<Record<string, string>>> {
  const page = await visitor.open(address);
  if (page.code !== 'test_callback') throw new Error(`a page was shown: ${page.code ?? page.status}`);
  return Object.fromEntries(country.callback.answers.at(-1)!.parameters);
}

/** A browser in which nobody has signed in yet. */
export const newBrowser = () => new Visitor();

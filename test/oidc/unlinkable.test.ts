/**
 * What two agencies could find out by laying everything side by side that they were ever sent: whether they met the same
 * person. They must not, beyond what the claims themselves say and that some things happened at the same time.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  AN,
  AN_NUMBER,
  HOA,
  openTestCountry,
  pressButton,
  relyingParty,
  signIn,
  type TestCountry,
} from '../country.ts';

/** Longer texts than these are not equal by chance, and shorter ones say little. */
const LONG_ENOUGH = 8;

let country: TestCountry;
const heard = new Map<string, string[]>();
const ears = new Map<string, { readonly url: string; close(): void }>();

async function openEar(id: string): Promise<string> {
  heard.set(id, []);
  const server = createServer(async (message, response) => {
    heard.get(id)!.push(await text(message), JSON.stringify(message.headers));
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const url = `http://localhost:${(server.address() as AddressInfo).port}/hears`;
  ears.set(id, { url, close });
  return url;
}

beforeAll(async () => {
  const one = await openEar('one');
  const other = await openEar('other');
  country = await openTestCountry([
    { client_id: 'one', backchannel_logout_uri: one },
    { client_id: 'other', backchannel_logout_uri: other },
  ]);
});
afterAll(async () => {
  await country?.close();
  for (const { close } of ears.values()) close();
});

/** Everything an agency is sent in one sign-in and its end, as it came. */
async function received(id: string, visitor: Visitor, account: typeof AN | typeof HOA): Promise<string[]> {
  const party = await relyingParty(country, id);
  const pressed = await pressButton(party, country, { scope: 'openid profile' });
  const answer = await signIn(country, pressed, { visitor, account });
  const raw: string[] = [answer.href];
  party[client.customFetch] = async (address, options) => {
    const got = await fetch(address, options as RequestInit);
    raw.push(await got.clone().text(), JSON.stringify([...got.headers]));
    return got;
  };
  const tokens = await client.authorizationCodeGrant(party, answer, { ...pressed.checks, idTokenExpected: true });
  await client.fetchUserInfo(party, tokens.access_token, tokens.claims()!.sub);
  return raw;
}

/** All texts and numbers in what was received, with what is encoded in them, however deep. */
function atoms(values: readonly string[]): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'number') found.add(String(value));
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
    if (typeof value !== 'string') return;
    for (const inner of insideOf(value)) look(inner);
    // Of what is made of parts, the parts are looked at: all of it is equal when only times are in it.
    if (/^[[{]/.test(value)) return;
    found.add(value);
    // Also parts that stand alone: an id in the middle of a longer one.
    for (const part of value.split(/[^A-Za-z0-9_-]+|~|\./)) found.add(part);
  };
  values.forEach(look);
  return found;
}

function insideOf(value: string): unknown[] {
  const inside: unknown[] = [];
  if (/^[[{]/.test(value)) inside.push(JSON.parse(value));
  if (/^https?:/.test(value)) inside.push(...new URL(value).searchParams.values());
  if (/^\w+=/.test(value)) inside.push(...new URLSearchParams(value).values());
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(value) && value.startsWith('ey')) {
    const [header, payload, signature] = value.split('.') as [string, string, string];
    inside.push(...[header, payload].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString())), signature);
  }
  return inside;
}

/** Whether a text is a moment of these minutes, or too short to say anything. */
const saysNothing = (atom: string) =>
  atom.length < LONG_ENOUGH || /^1[789]\d{8}$/.test(atom) || /GMT$/.test(atom) || /^\w{3}, \d\d /.test(atom);

test('D19 two agencies that compare everything they received cannot tell that they met the same person', async () => {
  const everything = async (account: typeof AN | typeof HOA) => {
    for (const list of heard.values()) list.length = 0;
    const visitor = new Visitor();
    const one = await received('one', visitor, account);
    const other = await received('other', visitor, account);
    // Both are told that the session ended.
    await visitor.open(new URL('/session/end', country.hub));
    await visitor.press('logout=yes');
    while ([...heard.values()].some((list) => list.length === 0)) await pause(10);
    return { one: [...one, ...heard.get('one')!], other: [...other, ...heard.get('other')!] };
  };
  const an = await everything(AN);
  const hoa = await everything(HOA);
  // Whatever everybody gets says nothing of anybody.
  const common = new Set([...atoms(hoa.one), ...atoms(hoa.other)]);
  const claims = new Set([...atoms([...an.one]).values()].filter((atom) => isClaim(atom)));
  const other = atoms(an.other);
  const shared = [...atoms(an.one)].filter((atom) => other.has(atom) && !common.has(atom));
  expect(shared.filter((atom) => !saysNothing(atom) && !claims.has(atom))).toEqual([]);
  // The comparison is one: it finds what they may both know.
  expect(shared.some((atom) => atom === 'Nguyễn Văn An')).toBe(true);
  expect([...atoms(an.one)].some((atom) => atom.includes(AN_NUMBER))).toBe(false);
});

/** What `profile` tells of Nguyễn Văn An. */
function isClaim(atom: string): boolean {
  return ['Nguyễn Văn An', 'Nguyễn', 'Văn', 'An', 'male'].some(
    (word) => atom === word || 'Nguyễn Văn An'.includes(atom),
  );
}

test('D19 what an agency sees of the addresses a browser passes names nobody and no session of the hub', async () => {
  const visitor = new Visitor();
  await received('one', visitor, AN);
  const first = visitor.trail.map(String);
  visitor.trail.length = 0;
  await received('other', visitor, AN);
  const parts = (trail: readonly string[]) =>
    new Set(trail.flatMap((address) => address.split(/[^A-Za-z0-9_-]+/)).filter((part) => part.length >= 16));
  const shared = [...parts(first)].filter((part) => parts(visitor.trail.map(String)).has(part));
  // Names of parameters are the same for everybody.
  expect(shared.filter((part) => !/^[a-z_]+$/.test(part))).toEqual([]);
});

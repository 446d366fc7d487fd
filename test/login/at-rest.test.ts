/** Owns the tests that nobody is readable in what the hub leaves behind: its store, its log, the addresses it makes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, relyingParty, signIn, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { bytesOfStore } from '../store-copy.ts';

const kept = keepLog();
let directory: string;
let country: TestCountry;
/** What must be nowhere: who people are, and what opens something. */
const personal = new Set<string>();
const secret = new Set<string>();
const subjects = new Set<string>();
const trail: URL[] = [];
let whileOpen: Haystack;
let whenClosed: Haystack;

/** Accounts that sign in, that are refused after the hub has learnt who they are, and that are refused before. */
const SIGNING_IN = ['8000000011', '8000000212', '8000000318', '8000000910', '097083000101'];
const REFUSED = ['8000001110', '8000001914', '0100233488', '8000002315'];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'at-rest-'));
  country = await openTestCountry([{ client_id: 'one' }, { client_id: 'other' }], { directory, log: kept.log });
  for (const service of ['one', 'other']) for (const taxCode of SIGNING_IN) await signInAt(service, taxCode);
  for (const taxCode of REFUSED) await comeAway(taxCode);
  country.populationRegister.faults.set('garbage');
  await comeAway('8000000519');
  country.populationRegister.faults.set('none');
  for (const forgery of ['signature', 'response_state', 'userinfo_subject'] as const) {
    country.taxAuthority.forge(forgery);
    await comeAway('8000000519');
  }
  country.taxAuthority.forge(undefined);
  rememberPeople();

  const { dataDirectory } = country.configuration;
  whileOpen = new Haystack(await bytesOfStore(dataDirectory));
  await country.close();
  whenClosed = new Haystack(await bytesOfStore(dataDirectory));
});
afterAll(() => rm(directory, { recursive: true }));

const account = (taxCode: string) => ({ taxCode, password: country.registers.find('tax-code', taxCode)!.password });

/** A whole sign-in of which every secret is remembered. */
async function signInAt(service: string, taxCode: string): Promise<void> {
  const configuration = await relyingParty(country, service);
  const scope = 'openid profile birth personal_number tax_code verified_claims';
  const pressed = await pressButton(configuration, country, { scope });
  const visitor = new Visitor();
  const answer = await signIn(country, pressed, { visitor, account: account(taxCode) });
  const tokens = await client.authorizationCodeGrant(configuration, answer, pressed.checks);
  const { sub } = tokens.claims()!;
  await client.fetchUserInfo(configuration, tokens.access_token, sub);
  subjects.add(sub);
  const { pkceCodeVerifier, expectedState, expectedNonce } = pressed.checks;
  for (const one of [tokens.access_token, tokens.id_token!, pkceCodeVerifier, expectedState, expectedNonce])
    secret.add(one);
  await remember(visitor);
}

/** A sign-in that ends at a refusal. */
async function comeAway(taxCode: string): Promise<void> {
  const { address } = await pressButton(await relyingParty(country, 'one'), country);
  const visitor = new Visitor();
  await visitor.open(address);
  await visitor.press('source=tax-code');
  const { password } = account(taxCode);
  const page = await visitor.fill({ tax_code: taxCode, password }).press('decision=sign_in');
  expect(['consent', 'test_callback']).not.toContain(page.code);
  await remember(visitor);
}

/** Every cookie, and every code, state, nonce and id that stood in an address. */
async function remember(visitor: Visitor): Promise<void> {
  trail.push(...visitor.trail);
  for (const { href, pathname, searchParams } of visitor.trail) {
    for (const value of Object.values(await visitor.cookies(href))) if (value.length > 8) secret.add(value);
    for (const name of ['code', 'state', 'nonce']) secret.add(searchParams.get(name) ?? '');
    secret.add(/^\/(?:sign-in|authorize)\/([\w-]{20,})/.exec(pathname)?.[1] ?? '');
  }
  secret.delete('');
}

/** Everybody in the registers, whether or not they came: nobody of them may be in the store. */
function rememberPeople(): void {
  for (const { name, personalNumber, formerNumbers, birthDate } of country.registers.all('population'))
    for (const each of [name, personalNumber, ...formerNumbers, birthDate]) if (each) personal.add(each);
  for (const { name, taxCode, idNumber, birthDate, password } of country.registers.all('tax-code'))
    for (const each of [name, taxCode, idNumber, birthDate, password]) if (each) personal.add(each);
}

/** A name as other programs might write it: in capitals, in small letters, without its marks. */
function spellings(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  const all = [text, plain].flatMap((each) => [
    each,
    each.toUpperCase(),
    each.toLowerCase(),
    each.replaceAll(' ', '+'),
  ]);
  return [...new Set(all)];
}

const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

/** The ways in which a text might stand in a file. Base64 looks different at each of three offsets. */
function traces(text: string): Buffer[] {
  const texts = [
    text,
    text.normalize('NFD'),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    formEncoded(text),
  ];
  const escaped = text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const bytes = [...new Set([...texts, escaped])].map((each) => Buffer.from(each));
  const wide = Buffer.from(text, 'utf16le');
  const based = [...bytes, wide].flatMap((each) =>
    [0, 1, 2].flatMap((offset) => {
      const padded = Buffer.concat([Buffer.alloc(offset), each]);
      const first = Math.ceil((offset * 8) / 6);
      const last = Math.floor((padded.length * 8) / 6);
      return (['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(first, last));
    }),
  );
  const hex = bytes.map((each) => each.toString('hex')).flatMap((each) => [each, each.toUpperCase()]);
  return [
    ...bytes,
    wide,
    Buffer.from(text, 'utf16le').swap16(),
    ...[...based, ...hex].map((each) => Buffer.from(each)),
  ];
}

/** Bytes to be searched for very many things that are not there: what has an unknown part need not be looked for. */
class Haystack {
  readonly #bytes: Buffer;
  /** One bit for each three bytes that follow each other somewhere. */
  readonly #threes = new Uint8Array(2 ** 21);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    for (const three of threesOf(bytes)) this.#threes[three >> 3]! |= 1 << (three & 7);
  }

  /** Which of these texts stand here, in whatever form; `spelt` says how else each might be written. */
  find(texts: Iterable<string>, spelt: (text: string) => readonly string[] = (text) => [text]): string[] {
    return [...texts].filter((text) =>
      spelt(text)
        .flatMap(traces)
        .some((trace) => this.#includes(trace)),
    );
  }

  #includes(trace: Buffer): boolean {
    for (const three of threesOf(trace)) if ((this.#threes[three >> 3]! & (1 << (three & 7))) === 0) return false;
    return this.#bytes.includes(trace);
  }
}

function* threesOf(bytes: Buffer): Generator<number> {
  for (let at = 2; at < bytes.length; at += 1) yield (bytes[at - 2]! << 16) | (bytes[at - 1]! << 8) | bytes[at]!;
}

describe('the search itself', () => {
  const filling = Buffer.from('Đây là một tệp khác. ');
  test.each([
    ['as it is', (text: string) => Buffer.from(text)],
    ['decomposed', (text: string) => Buffer.from(text.normalize('NFD'))],
    ['in capitals without marks', () => Buffer.from('TRAN THI HOA')],
    ['in UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
    ['in JSON', (text: string) => Buffer.from(JSON.stringify({ text }))],
    ['in an address', (text: string) => Buffer.from(new URLSearchParams({ text }).toString())],
    ['in hex', (text: string) => Buffer.from(Buffer.from(text).toString('hex'))],
    ['in base64', (text: string) => Buffer.from(Buffer.from(JSON.stringify({ a: text, b: 1 })).toString('base64'))],
    ['in a token', (text: string) => Buffer.from(Buffer.from(JSON.stringify({ ab: text })).toString('base64url'))],
    [
      'in a token, moved',
      (text: string) => Buffer.from(Buffer.from(JSON.stringify({ abc: text })).toString('base64url')),
    ],
  ])('finds a name %s', (_how, write) => {
    const name = 'Trần Thị Hoà';
    const haystack = new Haystack(Buffer.concat([filling, write(name), filling]));
    expect(haystack.find([name, 'Lê Văn Khác'], spellings)).toEqual([name]);
  });
});

describe('the store', () => {
  test('A20 was written to, and holds what it may hold', () => {
    expect(personal.size).toBeGreaterThan(100);
    expect(secret.size).toBeGreaterThan(100);
    expect(subjects.size).toBe(2 * SIGNING_IN.length);
    for (const dump of [whileOpen, whenClosed]) {
      expect(dump.find(subjects)).toEqual([...subjects]);
      expect(dump.find(['consent_given', 'tokens_issued'])).toHaveLength(2);
    }
  });

  test.each([
    ['while the hub runs', () => whileOpen],
    ['after it ended', () => whenClosed],
  ])('A20 a dump %s contains no name, number, birth date or password', (_when, dump) => {
    expect(dump().find(personal, spellings)).toEqual([]);
  });

  test.each([
    ['while the hub runs', () => whileOpen],
    ['after it ended', () => whenClosed],
  ])('A20 a dump %s contains no token, code, cookie, state or id of a sign-in', (_when, dump) => {
    expect(dump().find(secret)).toEqual([]);
  });
});

test('A20 the log at its most talkative contains no person, no subject, no token', () => {
  const log = new Haystack(Buffer.from(kept.lines.join('')));
  expect(kept.entries('request').length).toBeGreaterThan(50);
  for (const code of ['source_answer_invalid', 'identity_mismatch', 'not_a_person', 'register_unavailable'])
    expect(kept.entries(code)).not.toHaveLength(0);
  expect(log.find(personal, spellings)).toEqual([]);
  expect(log.find(secret)).toEqual([]);
  expect(log.find(subjects)).toEqual([]);
});

test('A20 an error that quotes a person is logged by its name and place only', () => {
  const name = 'Trần Thị Hoà';
  const { log, lines } = keepLog();
  log('internal_error', { cause: new Error(name, { cause: new SyntaxError(`Unexpected token in "${name}"`) }) });
  expect(JSON.parse(lines[0]!).cause).toMatchObject([{ name: 'Error' }, { name: 'SyntaxError' }]);
  expect(new Haystack(Buffer.from(lines.join(''))).find([name], spellings)).toEqual([]);
});

test('A20 no address a browser was sent to contains a person', () => {
  const addresses = new Haystack(Buffer.from(trail.map(({ href }) => href).join('\n')));
  expect(trail.length).toBeGreaterThan(100);
  expect(addresses.find(personal, spellings)).toEqual([]);
  expect(addresses.find(subjects)).toEqual([]);
});

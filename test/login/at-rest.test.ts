/** Owns the tests that nobody is readable in what the hub leaves behind: its store, its log, the addresses it makes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, relyingParty, signIn, type TestCountry } from '../country.ts';
import { Haystack, spellings } from '../haystack.ts';
import { keepLog } from '../kept-log.ts';
import { bytesOfStore } from '../store-copy.ts';
import { Unreadable } from '../unreadable.ts';

const kept = keepLog();
let directory: string;
let country: TestCountry;
const unreadable = new Unreadable();
const { personal, secret, subjects, trail } = unreadable;
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
  unreadable.everybodyIn(country.registers);

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
  unreadable.atAgency(pressed, tokens, sub);
  await unreadable.inBrowser(visitor);
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
  await unreadable.inBrowser(visitor);
}

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

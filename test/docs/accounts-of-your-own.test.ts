/** What the page for services with accounts of their own tells them to do, done as it is written there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  AN_NUMBER,
  HOA,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
} from '../country.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/accounts-of-your-own.md'), 'utf8');
/** The page's blocks of one language, in order, without the indentation of their lists. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, block]) => block!);

let country: TestCountry;
let site: client.Configuration;
beforeAll(async () => {
  const scopes = ['openid' as const, 'profile' as const, 'personal_number' as const];
  country = await openTestCountry([{ client_id: 'has-accounts', scopes }]);
  site = await relyingParty(country, 'has-accounts');
});
afterAll(() => country?.close());

/** One round to the hub in a visitor's browser; what the hub's own pages asked on the way. */
async function round(visitor: Visitor, parameters: Record<string, string>, account?: typeof HOA) {
  const pressed = await pressButton(site, country, parameters);
  const asked: (string | undefined)[] = [];
  let now = await visitor.open(pressed.address);
  if (now.code === 'choose_source') now = await proveByTaxCode(visitor, account);
  if (now.code === 'consent') {
    asked.push(now.text('main'));
    await visitor.tickAll().press('decision=agree');
  }
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(site, answer, { ...pressed.checks, idTokenExpected: true });
  const { sub } = tokens.claims()!;
  return { asked, tokens, sub, userinfo: await client.fetchUserInfo(site, tokens.access_token, sub) };
}

const linkingRequest = (idToken: string): Record<string, string> => {
  const [written] = blocks('json').map((block) => JSON.parse(block));
  return { ...written, id_token_hint: idToken };
};

test('E10 guide: the number is asked for once, of the same citizen, who only has to agree', async () => {
  const visitor = new Visitor();
  const first = await round(visitor, { scope: 'openid profile' });
  expect(first.userinfo).not.toHaveProperty('personal_number');
  const linking = await round(visitor, linkingRequest(first.tokens.id_token!));
  expect(linking.asked).toHaveLength(1);
  expect([linking.sub, linking.userinfo.personal_number]).toEqual([first.sub, AN_NUMBER]);
  const later = await round(visitor, { scope: 'openid profile' });
  expect([later.sub, later.asked]).toEqual([first.sub, []]);
  expect(later.userinfo).not.toHaveProperty('personal_number');
});

test('E10 guide: another citizen in the same browser does not answer for the first', async () => {
  const visitor = new Visitor();
  const first = await round(visitor, { scope: 'openid profile' });
  await visitor.open(`${country.hub}/session/end?id_token_hint=${first.tokens.id_token}`);
  await round(visitor, { scope: 'openid profile' }, HOA);
  const pressed = await pressButton(site, country, linkingRequest(first.tokens.id_token!));
  // The hub asks for the first one, and the second proves who they are.
  await visitor.open(pressed.address);
  await proveByTaxCode(visitor, HOA);
  expect(country.callback.answers.at(-1)!.parameters.get('error')).toBe('login_required');
});

/** The page's tables with four accounts: one as it should be, one typed in, two with the same number. */
function openAccounts() {
  const database = new DatabaseSync(':memory:');
  const [tables, link] = blocks('sql') as [string, string];
  database.exec(`PRAGMA foreign_keys = ON; ${tables}`);
  const account = database.prepare('INSERT INTO account VALUES (?, ?, ?)');
  for (const row of [
    [1, '001', '2026-01-01'],
    [2, '002', null],
    [3, '003', '2026-01-01'],
    [4, '003', '2026-01-01'],
  ] as const)
    account.run(...row);
  const statement = database.prepare(link);
  return {
    link: (sub: string, number: string) =>
      Number(statement.run({ iss: 'https://hub.example', sub, personal_number: number }).changes),
    linked: () => database.prepare('SELECT sub, account_id FROM citizen_link').all(),
  };
}

test('E10 guide: the statement links a verified number to the one account that has it', () => {
  const { link, linked } = openAccounts();
  expect([link('typed-in', '002'), link('two-accounts', '003'), link('nobody', '009')]).toEqual([0, 0, 0]);
  expect(link('citizen', '001')).toBe(1);
  expect(linked()).toEqual([{ sub: 'citizen', account_id: 1 }]);
});

test('E10 guide: neither an account nor a citizen is linked twice', () => {
  const { link, linked } = openAccounts();
  link('citizen', '001');
  expect(() => link('citizen', '001')).toThrow(/UNIQUE/);
  expect(() => link('erased-and-come-again', '001')).toThrow(/UNIQUE/);
  expect(linked()).toEqual([{ sub: 'citizen', account_id: 1 }]);
});

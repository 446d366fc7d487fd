/** Every kind of key takes the place of another while citizens sign in; the hub is restarted at each step. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { type Keys, readKeys } from '../../src/vault/keys.ts';
import { activateKey, addKey, KEY_KINDS, type KeyKind, listKeys, retireKey } from '../../src/vault/rotation.ts';
import { AN, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { askStore } from '../store-copy.ts';
import { addressOf, answerAfter } from './asking.ts';
import { get, tokensOf, userinfo } from './redeeming.ts';

const ALGORITHMS = { one: 'ES256', rsa: 'RS256', pss: 'PS256' } as const;
const SERVICES = Object.keys(ALGORITHMS) as (keyof typeof ALGORITHMS)[];

let country: TestCountry;
beforeAll(async () => {
  const wishes = SERVICES.map((id) => ({ client_id: id, id_token_signed_response_alg: ALGORITHMS[id] }));
  const configure = <C extends object>(configuration: C) => ({ ...configuration, renewalInterval: 50 });
  country = await openTestCountry(wishes, { configure });
});
afterAll(() => country?.close());

const fileOf = () => path.join(country.directory, 'keys.json');
const subjectsStored = () =>
  askStore(country.configuration.dataDirectory, (rows) => rows('SELECT * FROM pairwise ORDER BY sub'));

/** The hub after its key file changed, kind by kind. */
async function restartWith(change: (keys: Keys, kind: KeyKind) => Keys, kinds: readonly KeyKind[] = KEY_KINDS) {
  const changed = kinds.reduce(change, readKeys(fileOf()));
  writeFileSync(fileOf(), JSON.stringify(changed), { mode: 0o600 });
  await country.restartHub();
}
const idsOf = (state: 'active' | 'accepted') => (kind: string) =>
  listKeys(readKeys(fileOf())).find((one) => one.kind === kind && one.state === state)!.id;

/** An id token of each algorithm, of a new sign-in. */
async function idTokens(): Promise<string[]> {
  const tokens: string[] = [];
  for (const id of SERVICES) tokens.push((await tokensOf(country, id)).answer.body.id_token);
  return tokens;
}
const kidsOf = (tokens: readonly string[]) => tokens.map((token) => decodeProtectedHeader(token).kid);
async function expectVerified(tokens: readonly string[]): Promise<void> {
  const published = createLocalJWKSet((await get(country, '/jwks')).body as JSONWebKeySet);
  for (const token of tokens) await jwtVerify(token, published, { issuer: country.hub });
}

/** Somebody in the midst of a sign-in: at the source, or at the choice. */
async function begun(where: 'choice' | 'source'): Promise<Visitor> {
  const visitor = new Visitor();
  expect((await visitor.open(addressOf(country, 'one'))).code).toBe('choose_source');
  if (where === 'source') await visitor.press('source=tax-code');
  return visitor;
}
async function expectEnds(visitor: Visitor, { taxCode, password }: typeof AN | typeof HOA): Promise<void> {
  if (visitor.page.code === 'choose_source') await visitor.press('source=tax-code');
  visitor.fill({ tax_code: taxCode, password });
  let page = await visitor.press('decision=sign_in');
  if (page.code === 'consent') page = await visitor.tickAll().press('decision=agree');
  expect(page.code).toBe('test_callback');
  expect(Object.fromEntries(page.url.searchParams)).toHaveProperty('code');
}

test('C7 key rotation: no sign-in, session or token fails at any step, `sub`s unchanged', async () => {
  const visitor = new Visitor();
  const first = await tokensOf(country, 'one', {}, { visitor });
  const hoas = await tokensOf(country, 'one', {}, { account: HOA });
  const ofBefore = await idTokens();
  const subjects = await subjectsStored();

  async function restartAmongCitizens(...change: Parameters<typeof restartWith>): Promise<void> {
    const [chooses, proves] = [await begun('choice'), await begun('source')];
    await restartWith(...change);
    await expectEnds(chooses, AN);
    await expectEnds(proves, HOA);
    expect((await userinfo(country, first.access)).status).toBe(200);
    // Whoever had to sign in again would see a page.
    expect(await answerAfter(country, visitor, addressOf(country, 'one', { prompt: 'none' }))).toHaveProperty('code');
    await expectVerified(ofBefore);
    expect((await tokensOf(country, 'one')).id.sub).toBe(first.id.sub);
    expect((await tokensOf(country, 'one', {}, { account: HOA })).id.sub).toBe(hoas.id.sub);
  }

  await restartAmongCitizens((keys, kind) => addKey(keys, kind).keys);
  const whileAdded = await idTokens();
  expect(kidsOf(whileAdded)).toEqual(kidsOf(ofBefore));
  const fresh = Object.fromEntries(KEY_KINDS.map((kind) => [kind, idsOf('accepted')(kind)]));
  const { body: published } = await get(country, '/jwks');
  for (const kind of ['signing-ec', 'signing-rsa']) expect(JSON.stringify(published)).toContain(fresh[kind]!);

  await restartAmongCitizens((keys, kind) => activateKey(keys, kind, fresh[kind]!));
  const whileActive = await idTokens();
  expect(kidsOf(whileActive)).toEqual([fresh['signing-ec'], fresh['signing-rsa'], fresh['signing-rsa']]);
  await expectVerified([...whileAdded, ...whileActive]);

  const { renewal } = country.runningHub().store;
  while (Object.values(await renewal.left()).flat().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  // What sessions, tokens and agencies rest on goes when they have ended: the others at once.
  await restartAmongCitizens((keys, kind) => retireKey(keys, kind, '1'), ['index', 'wrapping']);
  expect(await subjectsStored()).toEqual(subjects);

  await restartWith(
    (keys, kind) => retireKey(keys, kind, idsOf('accepted')(kind)),
    ['signing-ec', 'signing-rsa', 'cookies', 'state'],
  );
  expect((await tokensOf(country, 'one')).id.sub).toBe(first.id.sub);
  expect(kidsOf(await idTokens())).toEqual(kidsOf(whileActive));
  expect(await subjectsStored()).toEqual(subjects);
}, 60_000);

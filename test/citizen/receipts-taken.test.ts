/** Receipts as citizens take them: over HTTP, verified without the hub, for longer than the key that signed them is in use. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JSONWebKeySet } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { verifyReceipt } from '../../src/citizen/documents/receipts.ts';
import { readKeys } from '../../src/vault/keys.ts';
import { activateKey, addKey, listKeys, retireKey } from '../../src/vault/rotation.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { get, tokensOf } from '../oidc/redeeming.ts';
import { callApi, signInToPage } from './citizen.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'tax-returns', optional_items: ['gender'] },
    { client_id: 'library-cards' },
  ]);
});
afterAll(() => country?.close());

const scope = 'openid profile';
const published = async () => (await get(country, '/record-keys')).body as JSONWebKeySet;

/** Somebody at the page, with what an agency knows them by. */
async function atThePage(client = 'tax-returns') {
  const visitor = new Visitor();
  const { id } = await tokensOf(country, client, { scope }, { visitor });
  await signInToPage(country, visitor);
  const { body } = await callApi(country, visitor, `/agencies/${client}`);
  return { visitor, sub: id.sub, consent: body.consent as { id: string; receipt: string } };
}

async function rotate(): Promise<void> {
  const file = path.join(country.directory, 'keys.json');
  const before = readKeys(file);
  const added = addKey(before, 'signing-ec');
  const former = listKeys(before).find(({ kind, state }) => kind === 'signing-ec' && state === 'active')!;
  const after = retireKey(activateKey(added.keys, 'signing-ec', added.id), 'signing-ec', former.id);
  writeFileSync(file, JSON.stringify(after), { mode: 0o600 });
  await country.restartHub();
}

test('D13 a receipt from the page verifies with nothing but the published keys, and says what was agreed to', async () => {
  const { visitor, sub, consent } = await atThePage();
  const page = await visitor.open(new URL('/citizen/agencies/tax-returns', country.hub));
  expect(page.has(`a[href="${consent.receipt}"]`)).toBe(true);
  const file = await visitor.newTab().open(new URL(consent.receipt, country.hub));
  expect(file.headers.get('content-type')).toBe('application/jose');
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="tax-returns-[\w.-]+\.jws"$/);
  expect(file.headers.get('cache-control')).toBe('no-store');
  const { receipt } = await verifyReceipt(file.body, await published());
  expect(receipt).toMatchObject({ issuer: country.hub, record_id: consent.id, pii_principal_id: sub });
  const [purpose] = receipt.pii_processing.purposes;
  expect(purpose).toMatchObject({
    purpose: { vi: 'Để thử.' },
    lawful_basis: 'consent',
    services: [{ id: 'tax-returns' }],
  });
  expect(purpose!.withdrawal_method).toBe(`${country.hub}/citizen/agencies`);
  const optional = purpose!.pii_information.map(({ pii_type, pii_optional }) => [pii_type, pii_optional]);
  expect(optional).toEqual([
    ['name', false],
    ['gender', true],
  ]);
  const { body } = await callApi(country, visitor, `/receipts/${consent.id}`);
  expect((await verifyReceipt(body, await published())).receipt.record_id).toBe(consent.id);
  const { body: history } = await callApi(country, visitor, '/history?group=requests');
  expect(history.entries[0]).toMatchObject({ kind: 'receipt_taken', client: 'tax-returns' });
});

test('D13 two agencies cannot join two receipts: each names the person as that agency knows them', async () => {
  const [one, other] = [await atThePage('tax-returns'), await atThePage('library-cards')];
  const keys = await published();
  const of = async ({ visitor, consent }: typeof one) =>
    (await verifyReceipt((await callApi(country, visitor, `/receipts/${consent.id}`)).body, keys)).receipt;
  const [first, second] = [await of(one), await of(other)];
  expect(first.pii_principal_id).toBe(one.sub);
  expect(second.pii_principal_id).toBe(other.sub);
  expect(one.sub).not.toBe(other.sub);
});

test('D13 a receipt outlives its key: rotated away and retired, it still verifies, and so does the next one', async () => {
  const { visitor, consent } = await atThePage();
  const { body: before } = await callApi(country, visitor, `/receipts/${consent.id}`);
  await rotate();
  const keys = await published();
  const { kid: former } = await verifyReceipt(before, keys);
  expect((await get(country, '/jwks')).body.keys.map(({ kid }: { kid: string }) => kid)).not.toContain(former);
  const { body: after } = await callApi(country, visitor, `/receipts/${consent.id}`);
  const { kid } = await verifyReceipt(after, keys);
  expect(kid).not.toBe(former);
});

test('D13 the published keys are for everybody, hold nothing private and nothing but signing keys', async () => {
  const answer = await fetch(new URL('/record-keys', country.hub), {
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  expect(answer.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/);
  const { keys } = (await answer.json()) as JSONWebKeySet;
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  for (const method of ['POST', 'DELETE']) {
    const refused = await fetch(new URL('/record-keys', country.hub), { method });
    expect(refused.status).toBe(405);
  }
});

test('D13 the command that everybody can run verifies it against the running hub', async () => {
  const { visitor, consent } = await atThePage();
  const file = path.join(country.directory, 'receipt.jws');
  writeFileSync(file, (await callApi(country, visitor, `/receipts/${consent.id}`)).body);
  const script = path.join(import.meta.dirname, '../../scripts/verify.ts');
  const verify = () => promisify(execFile)(process.execPath, [script, file, '--keys', `${country.hub}/record-keys`]);
  expect((await verify()).stdout).toContain('VERIFIED: a consent receipt');
  const [header, payload, signature] = readFileSync(file, 'utf8').split('.');
  writeFileSync(file, [header, payload!.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')), signature].join('.'));
  await expect(verify()).rejects.toThrow('NOT VERIFIED');
});

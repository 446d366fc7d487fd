/** D11: what citizens take along is all that the hub holds about them, signed, and theirs only. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JSONWebKeySet } from 'jose';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import { verifyArchive } from '../../src/citizen/documents/archive.ts';
import { unpackEntries } from '../../src/citizen/documents/archive-entries.ts';
import type { PersonalData } from '../../src/citizen/documents/personal-data.ts';
import { entry } from '../../src/journal/events.ts';
import { AN_NUMBER, HOA, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { get } from '../oidc/redeeming.ts';
import { askStore, journalIn } from '../store-copy.ts';
import { ageSignIns, byTaxCode, callApi, signInToPage } from './citizen.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land-office' }, { client_id: 'one' }]);
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const NOTHING = { entries: [] };

async function atThePage(account?: Parameters<typeof byTaxCode>[0]): Promise<Visitor> {
  const visitor = new Visitor({ language: 'en' });
  await signInToPage(country, visitor, byTaxCode(account));
  return visitor;
}

async function take(visitor: Visitor, path = '/citizen/data?language=en') {
  const address = new URL(path, country.hub);
  const cookie = Object.entries(await visitor.cookies(address))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  const { statusCode, headers, body } = await request(address, { headers: { cookie } });
  return { status: statusCode, headers, bytes: new Uint8Array(await body.arrayBuffer()) };
}
const published = async () => (await get(country, '/record-keys')).body as JSONWebKeySet;
const dataIn = (bytes: Uint8Array) =>
  JSON.parse(Buffer.from(unpackEntries(bytes).get('data.json')!).toString()) as PersonalData;

/** Something in every table that has rows of persons. */
async function fill(person: string): Promise<void> {
  const { people, own, reviews, developer } = store();
  const now = Date.now();
  const mail = { id: 'm', kind: 'mail', address: 'an@example.vn', language: 'vi', confirmedAt: now } as const;
  await own.contacts.put(person, mail, NOTHING);
  const account = { id: 'account', person, name: 'An', mail: 'an@agency.example', language: 'vi', since: now } as const;
  await developer.accounts.put(account);
  const token = {
    id: 't',
    account: 'account',
    source: 'tax-code',
    name: 'CI',
    scopes: [],
    createdAt: now,
    endsAt: now,
  } as const;
  await developer.tokens.add(token, 'hash', { trail: [] });
  await own.blocks.block(person, '*', NOTHING);
  const dates = { openedAt: now, acknowledgeBy: now, answerBy: now, deleteAfter: now };
  await own.cases.open({ number: 'KHQ7-2M9P', person, kind: 'complain', content: { said: 'x' }, ...dates }, NOTHING);
  const change = {
    id: 'w',
    person,
    kind: 'unlink',
    detail: { link: 'l' },
    requestedAt: now,
    dueAt: now + 1e9,
  } as const;
  await own.waiting.request(change, 'stop', NOTHING);
  const { source, subject } = (await people.linksOf(person))[0]!;
  const alert = {
    id: 'alert-1',
    person,
    kind: 'device',
    at: now,
    client: 'one',
    source,
    expiresAt: now + 1e9,
  } as const;
  await people.commit([{ type: 'person.confirmed', person }], [], [], { alert: { ...alert, token: 'token' } });
  const doubt = { kind: 'account_changed', person, source, subject, evidence: { secret: 'of somebody else' } } as const;
  await people.commit([{ type: 'link.frozen', person, source, subject }], [], [doubt]);
  await reviews.decide((await reviews.open())[0]!.id, 'keep-former', 'an operator', []);
}

test('D11 every row that names the person is in it, whichever table it stands in', async () => {
  const party = await relyingParty(country, 'land-office');
  await tokensFor(country, party);
  await tokensFor(country, await relyingParty(country, 'one'));
  // Another citizen’s rows are in the same tables.
  await tokensFor(country, party, {}, { account: HOA });
  const person = (await store().people.findHolder(AN_NUMBER))!;
  await fill(person);
  const visitor = await atThePage();
  const taken = await take(visitor);
  expect([taken.status, taken.headers['content-type'], taken.headers['cache-control']]).toEqual([
    200,
    'application/zip',
    'no-store',
  ]);
  const data = dataIn(taken.bytes);
  const names = { id: ({ id }: { id: string }) => id };
  /** Of each table: by what a row is known in the data, and by what in the table. */
  const represented: Readonly<Record<string, readonly [column: string, inData: readonly string[]]>> = {
    alert: ['id', data.alerts.map(names.id)],
    case: ['number', data.cases.map(({ number }) => number)],
    consent: ['id', data.consents.map(names.id)],
    device: ['id', data.devices.map(names.id)],
    event_subject: ['event', data.history.map(names.id)],
    pairwise: ['sub', data.subjects.map(({ sub }) => sub)],
    review: ['id', data.reviews.map(names.id)],
    source_block: ['source', data.blocks.map(({ source }) => source)],
    waiting_change: ['id', data.waiting_changes.map(names.id)],
    link: ['source', data.ways.map(({ source }) => source)],
    contact: ['kind', data.contacts.map(({ kind }) => kind)],
    anchor: ['kind', data.who.personal_numbers!.map(() => 'personal_number')],
    developer_account: ['account', data.developer_accounts.map(({ account }) => account)],
  };
  await askStore(country.configuration.dataDirectory, (rows) => {
    const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
    const ofPersons = tables.filter((table) =>
      rows(`PRAGMA table_info("${table}")`).some(({ name }) => name === 'person'),
    );
    expect(ofPersons.sort()).toEqual(Object.keys(represented).sort());
    for (const [table, [column, inData]] of Object.entries(represented)) {
      const there = rows(`SELECT "${column}" AS known FROM "${table}" WHERE person = '${person}'`);
      expect([table, there.map(({ known }) => known).sort()]).toEqual([table, [...inData].sort()]);
      expect([table, there.length]).not.toEqual([table, 0]);
    }
  });
  // What is sealed there is readable here.
  expect(data.who).toMatchObject({ personal_numbers: [AN_NUMBER], attributes: { name: 'Nguyễn Văn An' } });
  expect(data.ways[0]).toMatchObject({ account: expect.any(String), level: 'loa1' });
  expect(data.contacts[0]!.address).toBe('an@example.vn');
  expect(data.cases[0]!.content).toEqual({ said: 'x' });
  expect(data.developer_accounts).toMatchObject([
    { name: 'An', address: 'an@agency.example', tokens: [{ name: 'CI' }] },
  ]);
  expect(data.sessions).toContainEqual(expect.objectContaining({ current: true, source: 'tax-code' }));
  expect(data.consents.every(({ receipt }) => receipt !== undefined)).toBe(true);
  // What a source said of somebody else is theirs.
  expect(JSON.stringify(data)).not.toContain('of somebody else');
  expect(data.history.map(({ kind }) => kind)).toContain('data_taken');
  const isValid = new Ajv2020().compile(
    JSON.parse(Buffer.from(unpackEntries(taken.bytes).get('data.schema.json')!).toString()),
  );
  isValid(data);
  expect(isValid.errors).toBeNull();
});

test('D11 signature verifies with the published keys, one changed byte does not', async () => {
  const { bytes } = await take(await atThePage());
  expect(await verifyArchive(bytes, await published())).toMatchObject({ ok: true, manifest: { issuer: country.hub } });
  const changed = bytes.slice();
  changed[changed.length >> 1]! ^= 1;
  expect((await verifyArchive(changed, await published())).ok).toBe(false);
});

test('D11 it is the same by the API, and nobody else’s', async () => {
  await take(await atThePage());
  const hoa = await atThePage(HOA);
  const { status, bytes } = await take(hoa, '/citizen/api/data');
  expect(status).toBe(200);
  const text = JSON.stringify(dataIn(bytes));
  expect(text).not.toContain(AN_NUMBER);
  expect(text).not.toContain('Nguyễn Văn An');
  expect((await take(hoa, '/citizen/data?person=x')).status).toBe(400);
});

test('D11 it is taken a few times an hour, however fast it is asked for, and each time it is told', async () => {
  const visitor = await atThePage();
  const taken = await Promise.all(Array.from({ length: 9 }, () => take(visitor, '/citizen/api/data')));
  expect(taken.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429]);
  const told = await journalIn(country.configuration.dataDirectory);
  expect(told.filter(({ type }) => type === 'data_taken')).toHaveLength(5);
  // Another citizen has an hour of their own.
  expect((await take(await atThePage(HOA))).status).toBe(200);
});

test('D11 who signed in too long ago, or not at all, gets none', async () => {
  const visitor = await atThePage();
  await ageSignIns(country, 16 * 60);
  expect((await callApi(country, visitor, '/data')).body.error).toBe('sign_in_needed');
  expect((await visitor.open(new URL('/citizen/data', country.hub))).code).toBe('citizen_sign_in_again');
  expect((await callApi(country, new Visitor(), '/data')).status).toBe(401);
});

test('D11 ten thousand events are in it, too, and it takes no long time', async () => {
  const visitor = await atThePage();
  const person = (await store().people.findHolder(AN_NUMBER))!;
  const client = 'land-office';
  for (let at = 0; at < 10_000; at += 500) {
    const event = { type: 'claims_released', client, claims: ['name', 'birthdate'], purpose: 'To test.' } as const;
    await store().journal.record(
      Array.from({ length: 500 }, (_, each) => entry(1_700_000_000_000 + ((at + each) >> 3), event, person)),
    );
  }
  const began = performance.now();
  const { bytes } = await take(visitor);
  const took = performance.now() - began;
  expect(dataIn(bytes).history.filter(({ kind }) => kind === 'claims_released')).toHaveLength(10_000);
  expect((await verifyArchive(bytes, await published())).ok).toBe(true);
  expect(bytes.length).toBeLessThan(20_000_000);
  // Some hundred milliseconds where nothing else is going on.
  expect(took).toBeLessThan(10_000);
});

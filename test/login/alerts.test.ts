/** Owns the tests of whom the hub tells of a sign-in: who was there before, in a browser or by a way that is new to them. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { NOTICE, type NoticePayload } from '../../src/citizen/notices/notices.ts';
import type { DeviceLabel } from '../../src/citizen/ports.ts';
import type { Beside, People } from '../../src/store.ts';
import {
  AN,
  HOA,
  openTestCountry,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  type TestCountry,
} from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { addressOf } from '../oidc/asking.ts';
import { askStore, bytesOfStore, journalIn } from '../store-copy.ts';

const DAY = 24 * 60 * 60 * 1000;

const kept = keepLog();
let country: TestCountry;
let written: Beside[];
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land' }, { client_id: 'health' }], {
    log: kept.log,
    logLevel: 'debug',
  });
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  written = [];
  const { people } = country.runningHub().store;
  const commit = people.commit.bind(people);
  jest.spyOn(people, 'commit').mockImplementation(async (...given: Parameters<People['commit']>) => {
    if (given[3]) written.push(given[3]);
    return commit(...given);
  });
});
afterEach(() => void jest.restoreAllMocks());

const person = async () => (await country.runningHub().store.people.findLink('tax-code', AN.taxCode))!.person;
const devices = async () => country.runningHub().store.own.devices.of(await person());
const deviceCookie = async (visitor: Visitor) => (await visitor.cookies(country.hub)).lt_device;
const identified = async () =>
  (await journalIn(country.configuration.dataDirectory)).filter(({ type }) => type === 'person_identified');

/** Starts anew in this browser, whether or not it has a session, to whatever comes after the proof. */
async function signIn(
  visitor: Visitor,
  prove: (visitor: Visitor) => Promise<unknown> = proveByTaxCode,
  { client = 'land', shared = false }: { readonly client?: string; readonly shared?: boolean } = {},
): Promise<void> {
  await visitor.open(addressOf(country, client, { prompt: 'login' }));
  if (shared) visitor.fill({ shared_computer: ['yes'] });
  await prove(visitor);
  if (visitor.page.code === 'consent') await visitor.press('decision=agree');
  expect(visitor.page.code).toBe('test_callback');
  await makeReachable();
}

/** Gives everybody who has signed in by tax code an address, or nobody could be told of anything. */
async function makeReachable(): Promise<void> {
  const { people, own } = country.runningHub().store;
  for (const { taxCode } of [AN, HOA]) {
    const link = await people.findLink('tax-code', taxCode);
    if (link === undefined || (await own.contacts.of(link.person)).length > 0) continue;
    const contact = {
      id: randomUUID(),
      kind: 'mail',
      address: 'a@example.vn',
      language: 'vi',
      confirmedAt: 1,
    } as const;
    await own.contacts.put(link.person, contact, { entries: [] });
  }
}

/** What stands in the store of alerts. */
const alerts = () =>
  askStore(country.configuration.dataDirectory, (rows) =>
    rows('SELECT kind, source, client, device, expires_at - at AS lifetime, used_at FROM alert ORDER BY at, rowid'),
  );

const noticed = () =>
  written.flatMap(({ messages = [] }) =>
    messages.map(({ kind, payload }) => {
      expect(kind).toBe(NOTICE);
      return (payload as unknown as NoticePayload).notice;
    }),
  );

describe('D7 an alert', () => {
  test('none on the first sign-in ever, which makes the browser a known one', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    expect(await alerts()).toEqual([]);
    expect(noticed()).toEqual([]);
    expect(await deviceCookie(visitor)).toMatch(/^[\w-]{43}$/);
    expect(await devices()).toMatchObject([{ known: true }]);
    expect(await identified()).toMatchObject([{ first: true, new_device: true, acr: 'loa1' }]);
  });

  test('none in a known browser, at whatever service, also after its session has ended', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    const cookie = await deviceCookie(visitor);
    await signIn(visitor, proveByTaxCode, { client: 'health' });
    const later = new Visitor();
    await later.keep([`lt_device=${cookie}; Path=/`], country.hub);
    await signIn(later);
    expect(await deviceCookie(later)).toBe(cookie);
    expect(await alerts()).toEqual([]);
    expect(await devices()).toHaveLength(1);
    expect((await identified()).map(({ new_device: isNew }) => isNew)).toEqual([true, undefined, undefined]);
  });

  test('one in a new browser, with what is told of it and a link that is good for ten days', async () => {
    await signIn(new Visitor());
    await signIn(new Visitor(), proveByTaxCode, { client: 'health' });
    const [known] = await devices();
    expect(await alerts()).toEqual([
      { kind: 'device', source: 'tax-code', client: 'health', device: known!.id, lifetime: 10 * DAY, used_at: null },
    ]);
    const [notice] = noticed();
    const label: DeviceLabel = { form: 'unknown' };
    expect(notice).toMatchObject({
      type: 'new_sign_in',
      kind: 'device',
      source: 'tax-code',
      client: 'health',
      device: label,
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    const { token } = notice as { token: string };
    const found = await country.runningHub().store.own.alerts.find(token, Date.now());
    expect(found).toMatchObject({ person: await person(), kind: 'device', client: 'health', device: known!.id });
  });

  test('none where nobody can be told: then it is in the history alone', async () => {
    await signIn(new Visitor());
    const { contacts } = country.runningHub().store.own;
    for (const { id } of await contacts.of(await person())) await contacts.remove(await person(), id, { entries: [] });
    await signIn(new Visitor());
    expect(await alerts()).toEqual([]);
    expect(noticed()).toEqual([]);
    expect((await identified()).at(-1)).toMatchObject({ new_device: true });
  });

  test('one for a new source, in a known browser too; one alone where both are new', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    await signIn(visitor, proveBySocialInsurance);
    await signIn(visitor, proveBySocialInsurance);
    await signIn(new Visitor(), (other) => proveByNationalEid(other, { level: '2' }));
    expect(await alerts()).toMatchObject([
      { kind: 'source', source: 'social-insurance' },
      { kind: 'source', source: 'national-eid' },
    ]);
    expect(noticed().map((notice) => notice.type)).toEqual(['new_sign_in', 'new_sign_in']);
  });

  test('one each time at a shared computer, which keeps nothing and knows nobody again', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    const cookie = await deviceCookie(visitor);
    await signIn(visitor, proveByTaxCode, { shared: true });
    expect(await deviceCookie(visitor)).toBe(cookie);
    const library = new Visitor();
    for (let times = 0; times < 2; times += 1) {
      await signIn(library, proveByTaxCode, { shared: true });
      expect(await deviceCookie(library)).toBeUndefined();
    }
    expect(await alerts()).toHaveLength(3);
    expect(noticed()).toMatchObject(Array(3).fill({ kind: 'device', device: { shared: true } }));
    expect((await devices()).filter(({ label, known }) => label.shared && !known)).toHaveLength(3);
  });

  test('a browser that two citizens use is known to each of them by itself', async () => {
    const visitor = new Visitor();
    await signIn(new Visitor(), (other) => proveByTaxCode(other, HOA));
    await signIn(visitor);
    await signIn(visitor, (other) => proveByTaxCode(other, HOA));
    await signIn(visitor);
    await signIn(visitor, (other) => proveByTaxCode(other, HOA));
    expect(await alerts()).toHaveLength(1);
    expect(await devices()).toHaveLength(1);
  });

  test('one in a browser that its owner had the hub forget', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    const [known] = await devices();
    expect(await country.runningHub().store.own.devices.forget(await person(), known!.id, { entries: [] })).toBe(true);
    await signIn(visitor);
    expect(await alerts()).toMatchObject([{ kind: 'device' }]);
  });

  test('none for who was refused, nor a cookie', async () => {
    await signIn(new Visitor());
    await country.runningHub().store.people.lock(await person(), []);
    const visitor = new Visitor();
    await visitor.open(addressOf(country, 'land'));
    expect((await proveByTaxCode(visitor)).code).toBe('person_locked');
    expect(await alerts()).toEqual([]);
    expect(await deviceCookie(visitor)).toBeUndefined();
  });

  test('a stronger proof in a running session says so', async () => {
    const visitor = new Visitor();
    await signIn(visitor);
    await visitor.open(addressOf(country, 'land', { acr_values: 'loa2' }));
    await proveBySocialInsurance(visitor);
    expect((await identified()).at(-1)).toMatchObject({ step_up: true, acr: 'loa2', first: false });
    expect((await identified())[0]).not.toHaveProperty('step_up');
  });
});

test('D7 neither link nor cookie stands in a log or, readable, in the store', async () => {
  const visitor = new Visitor();
  await signIn(visitor);
  await signIn(new Visitor());
  const secrets = [(await deviceCookie(visitor))!, (noticed()[0] as { token: string }).token];
  const bytes = await bytesOfStore(country.configuration.dataDirectory);
  for (const secret of secrets) {
    expect(kept.lines.join('')).not.toContain(secret);
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes(Buffer.from(secret, 'base64url'))).toBe(false);
  }
  expect(kept.lines.join('')).not.toContain(await person());
});

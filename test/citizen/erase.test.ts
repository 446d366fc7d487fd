/**
 * Whoever wants to be gone is gone after the wait, and nothing that is left anywhere names them: D12. Nobody asks for it in
 * another's name: D10.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { decodeJwt, type JWTPayload } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { sessionsOf } from '../../src/oidc/own-sessions.ts';
import { groupOf } from '../../src/oidc/session.ts';
import { AN_NUMBER, openTestCountry, proveByTaxCode, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { until } from '../engines/until.ts';
import { askStore, journalIn } from '../store-copy.ts';
import { ageSignIns, byMobileId, byTaxCode, callApi, formTokenOf, signInAnew, signInToPage } from './citizen.ts';

const MAIL = 'an@example.vn';
const DAY = 24 * 60 * 60 * 1000;

/** An agency's ear: what it heard of sessions that ended, and what it says to it. */
const heard: JWTPayload[] = [];
let answer = 200;
const ear = createServer(async (request, response) => {
  heard.push(decodeJwt(new URLSearchParams(await text(request)).get('logout_token') ?? ''));
  response.writeHead(answer).end();
});

let country: TestCountry;
beforeAll(async () => {
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve));
  const backchannel_logout_uri = `http://localhost:${(ear.address() as AddressInfo).port}/hears`;
  country = await openTestCountry(
    [{ client_id: 'land-office' }, { client_id: 'deaf-office', backchannel_logout_uri }],
    {
      configure: (configuration) => ({ ...configuration, changeInterval: 50, deliveryPauses: [50] }),
    },
  );
});
afterAll(async () => {
  await country?.close();
  ear.close();
  ear.closeAllConnections();
});
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const an = async () => (await store().people.findHolder(AN_NUMBER))!;

async function atErase(): Promise<Visitor> {
  const visitor = new Visitor({ language: 'en' });
  expect((await signInToPage(country, visitor, byTaxCode(), '/citizen/erase')).code).toBe('citizen_erase');
  return visitor;
}

const withMail = async () =>
  store().own.contacts.put(
    await an(),
    { id: 'mail-of-an', kind: 'mail', address: MAIL, language: 'vi', confirmedAt: Date.now() },
    { entries: [] },
  );
const wishErasure = (visitor: Visitor, body: object = {}) =>
  callApi(country, visitor, '/erase', { method: 'POST', body });
const waiting = async () => store().own.waiting.of(await an());

/** The wait is over. */
async function letTimePass(): Promise<void> {
  for (const { id } of await waiting()) await store().own.waiting.postpone(id, Date.now() - 1);
}
const isGone = () => until(async () => (await store().people.findHolder(AN_NUMBER)) === undefined, 10_000);

/** Everything that stands in the tables, as text; bytes in hexadecimal. */
const dump = () =>
  askStore(country.configuration.dataDirectory, (rows) => {
    const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
    const written = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : `${value}`);
    return tables
      .flatMap((table) => rows(`SELECT * FROM "${table}"`).map((row) => Object.values(row).map(written).join('\t')))
      .join('\n');
  });
const indexes = () =>
  askStore(country.configuration.dataDirectory, (rows) =>
    [...rows('SELECT subject_index AS i FROM link'), ...rows('SELECT value_index AS i FROM anchor')].map(({ i }) =>
      Buffer.from(i as Uint8Array).toString('hex'),
    ),
  );

test('D12 what was asked for waits seven days, is told to every contact, and has a case with a clock', async () => {
  const visitor = await atErase();
  await withMail();
  expect((await visitor.press('form[action="/citizen/erase"] button')).code).toBe('citizen_changes');
  const page = await visitor.open(new URL('/citizen/erase', country.hub));
  const [change] = await waiting();
  expect(change!.dueAt - change!.requestedAt).toBe(7 * DAY);
  const { body } = await callApi(country, visitor, '/erase');
  const { number, kind, state } = (await callApi(country, visitor, `/cases/${body.waits.case}`)).body;
  expect([number, kind, state]).toEqual([body.waits.case, 'erase', 'acknowledged']);
  expect(page.text('main')).toContain(number);
  await until(async () => country.messages.received(MAIL).length > 0, 10_000);
  // Asked once more it is the same.
  const again = await wishErasure(visitor);
  expect([again.status, again.body.waits.id]).toEqual([202, change!.id]);
  expect(await waiting()).toHaveLength(1);
  expect((await callApi(country, visitor, '/cases')).body.cases).toHaveLength(1);
});

test('D12 however often the button is pressed at once, it is one request', async () => {
  const visitor = await atErase();
  const formToken = await formTokenOf(country, visitor);
  const sent = await Promise.all(
    Array.from({ length: 12 }, () => callApi(country, visitor, '/erase', { method: 'POST', body: {}, formToken })),
  );
  expect(sent.map(({ status }) => status)).toEqual(Array(12).fill(202));
  expect(new Set(sent.map(({ body }) => body.waits.id)).size).toBe(1);
  expect((await store().own.cases.of(await an())).map(({ kind }) => kind)).toEqual(['erase']);
});

test('D12 when the wait is over nothing is left that names the person, and a new sign-in is somebody new', async () => {
  const visitor = new Visitor({ language: 'en' });
  const party = await relyingParty(country, 'land-office');
  const before = (await tokensFor(country, party, {}, { visitor })).claims()!.sub;
  await visitor.open(`${country.songHong.url}/login`);
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor);
  if (visitor.page.code === 'continue_as') await visitor.press('decision=continue');
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  await signInToPage(country, visitor, byTaxCode(), '/citizen/erase');
  expect(visitor.page.has('[data-client="land-office"]')).toBe(true);
  await withMail();
  await store().own.blocks.block(await an(), '*', { entries: [] });
  await (await callApi(country, visitor, '/data')).body;
  const person = await an();
  const { own, people, consents, state } = store();
  const named = [
    person,
    ...(await people.subjectsOf(person)).values(),
    ...(await people.linksOf(person)).map(({ id }) => id),
    ...(await consents.of(person)).map(({ id }) => id),
    ...(await own.devices.of(person)).map(({ id }) => id),
    ...(await indexes()),
  ];
  expect(named.length).toBeGreaterThan(8);
  expect(await dump()).toContain(before);
  expect((await wishErasure(visitor)).status).toBe(202);
  const history = await store().journal.historyOf({ person, most: 100 });
  await letTimePass();
  await isGone();
  // To the address there was, and to the agency that had a session.
  await until(async () => country.messages.received(MAIL).length === 2, 10_000);
  await until(async () => (await store().outbox.lengths()).size === 0, 10_000);

  const rows = await dump();
  expect(named.filter((one) => rows.includes(one))).toEqual([]);
  expect(await state.inGroup(groupOf(person))).toEqual([]);
  expect(await sessionsOf(state, person)).toEqual([]);
  expect((await callApi(country, visitor, '/')).status).toBe(401);
  const told = await journalIn(country.configuration.dataDirectory);
  expect(told.filter(({ type }) => type === 'person_erased')).toHaveLength(1);
  expect(told).toContainEqual(expect.objectContaining({ type: 'logout_sent', client: 'song-hong-portal' }));
  // What happened stays as it was, and is nobody's.
  expect(told.length).toBeGreaterThanOrEqual(history.length);
  for (const { id } of history) expect(rows).toContain(id);
  expect(await store().journal.historyOf({ person, most: 100 })).toEqual([]);

  const after = (await tokensFor(country, party)).claims()!.sub;
  expect(after).not.toBe(before);
  expect(await an()).not.toBe(person);
});

test('D12 an agency that was down is told by the name of the session when nobody is left whom it could be told of', async () => {
  const visitor = new Visitor({ language: 'en' });
  const claims = (await tokensFor(country, await relyingParty(country, 'deaf-office'), {}, { visitor })).claims()!;
  await signInToPage(country, visitor, byTaxCode(), '/citizen/erase');
  answer = 503;
  expect((await wishErasure(visitor)).status).toBe(202);
  await letTimePass();
  await isGone();
  const before = heard.length;
  await until(async () => heard.length > before, 10_000);
  answer = 200;
  await until(async () => (await store().outbox.lengths()).size === 0, 10_000);
  expect(heard.at(-1)).toMatchObject({ aud: 'deaf-office', sid: claims.sid, events: expect.anything() });
  expect(heard.at(-1)).not.toHaveProperty('sub');
  expect(new Set(heard.map(({ jti }) => jti)).size).toBe(heard.length);
});

test('D12 it is not possible while a case is open, and is again when that is answered', async () => {
  const visitor = await atErase();
  const opened = await callApi(country, visitor, '/rights/open', {
    method: 'POST',
    body: { kind: 'complain', text: 'x' },
  });
  expect(opened.status).toBe(200);
  const refused = await wishErasure(visitor);
  expect([refused.status, refused.body.error]).toEqual([409, 'erasure_held']);
  expect((await visitor.reload()).has('[data-held]')).toBe(true);
  const { cases } = store().own;
  await cases.advance(opened.body.number, { state: 'answered', at: Date.now(), answer: 'y' }, { entries: [] });
  expect((await wishErasure(visitor)).status).toBe(202);
});

test.each([
  [
    'the person is locked',
    async (person: string) => {
      await store().people.lock(person, []);
      return () => store().people.unlock(person, []);
    },
  ],
  [
    'a link is frozen',
    async (person: string) => {
      const { people } = store();
      const { source, subject } = (await people.linksOf(person))[0]!;
      const doubt = { kind: 'account_changed', person, source, subject, evidence: {} } as const;
      await people.commit([{ type: 'link.frozen', person, source, subject }], [], [doubt]);
      return async () => {
        const { reviews } = store();
        await reviews.decide((await reviews.open())[0]!.id, 'keep-former', 'an operator', []);
      };
    },
  ],
  [
    'a case is open',
    async (person: string) => {
      const { cases } = store().own;
      const number = 'KHQ7-2M9P';
      const now = Date.now();
      const dates = { openedAt: now, acknowledgeBy: now, answerBy: now, deleteAfter: now };
      await cases.open({ number, person, kind: 'complain', content: {}, ...dates }, { entries: [] });
      return () => cases.advance(number, { state: 'answered', at: now }, { entries: [] });
    },
  ],
])('D12 while %s an erasure that is due waits another day', async (_what, hold) => {
  const visitor = await atErase();
  expect((await wishErasure(visitor)).status).toBe(202);
  const person = await an();
  const release = await hold(person);
  await letTimePass();
  await until(async () => (await waiting())[0]!.dueAt > Date.now() + DAY / 2, 10_000);
  expect(await an()).toBe(person);
  await release();
  await letTimePass();
  await isGone();
});

test('D12 stopped in time nothing happens, and its case is answered', async () => {
  const visitor = await atErase();
  const { waits } = (await wishErasure(visitor)).body;
  const stopped = await callApi(country, visitor, '/changes/stop', { method: 'POST', body: { change: waits.id } });
  expect(stopped.status).toBe(200);
  expect(await waiting()).toEqual([]);
  const [asked] = (await callApi(country, visitor, '/cases')).body.cases;
  expect(asked).toMatchObject({ kind: 'erase', state: 'answered' });
  expect((await callApi(country, visitor, '/erase')).body).not.toHaveProperty('waits');
  expect((await wishErasure(visitor)).status).toBe(202);
});

test('D12 who has only a weak password of somebody waits in sight of every contact, or not at all', async () => {
  const strong = new Visitor();
  await signInToPage(country, strong, byMobileId(country));
  const visitor = await atErase();
  expect((await wishErasure(visitor)).body).toMatchObject({ error: 'stronger_sign_in_needed', acr_values: 'loa3' });
  // There is nobody who could stop it.
  expect((await wishErasure(visitor, { wait: 'yes' })).body.error).toBe('no_contact');
  expect((await visitor.press('form[action="/citizen/erase"] button')).has('button[name=wait]')).toBe(false);
  expect(await waiting()).toEqual([]);
  await withMail();
  await visitor.open(new URL('/citizen/erase', country.hub));
  await visitor.press('form[action="/citizen/erase"] button');
  expect((await visitor.press('wait=yes')).code).toBe('citizen_changes');
  expect(await waiting()).toHaveLength(1);
});

test('D12 the strongest sign-in needs no contact, and waits all the same', async () => {
  const visitor = new Visitor();
  await signInToPage(country, visitor, byMobileId(country));
  await signInAnew(country, visitor, byMobileId(country), '/citizen/erase');
  expect((await visitor.press('form[action="/citizen/erase"] button')).code).toBe('citizen_changes');
  expect(await waiting()).toHaveLength(1);
});

test('D10 nobody asks for it without a form of the visit, from another site, or signed in too long ago', async () => {
  const visitor = await atErase();
  const post = (call: object) => callApi(country, visitor, '/erase', { method: 'POST', body: {}, ...call });
  expect((await post({ formToken: undefined })).body.error).toBe('form_outdated');
  expect((await post({ formToken: 'QUJD' })).body.error).toBe('form_outdated');
  const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await post({ headers: elsewhere })).body.error).toBe('cross_site_request');
  expect((await post({ body: { person: 'somebody' } })).status).toBe(400);
  await ageSignIns(country, 6 * 60);
  expect((await post({})).body.error).toBe('stronger_sign_in_needed');
  expect((await visitor.press('form[action="/citizen/erase"] button')).code).toBe('citizen_sign_in_again');
  expect(await waiting()).toEqual([]);
});

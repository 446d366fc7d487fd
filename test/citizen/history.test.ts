/** History: everything that happened, in words, found again, at the same price however long it is. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { SHOWN_EVENT_TYPES } from '../../src/citizen/rooms/history-kinds.ts';
import { type Event, entry } from '../../src/journal/events.ts';
import type { Log } from '../../src/web/log.ts';
import { AN, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { tokensOf, userinfo } from '../oidc/redeeming.ts';
import { byTaxCode, callApi, signInToPage } from './citizen.ts';

interface Account {
  readonly taxCode: string;
  readonly password: string;
}
/** Two whose history only the tests of its length write. */
const DUC: Account = { taxCode: '8000000318', password: 'Thue@2026' };

const TUAN: Account = { taxCode: '8000000519', password: 'Thue@2026' };
/** Somebody whose way to sign in a test closes. */
const MAI: Account = { taxCode: '8000000910', password: 'Thue@2026' };

const DAY = 24 * 60 * 60 * 1000;
const scope = 'openid profile birth';
/** The hub's lines on requests: where, and how often the store was asked. */
const requests: { readonly route: string; readonly trips: number }[] = [];
const log = ((code: string, facts: { route: string; trips: number }) => {
  if (code === 'request') requests.push(facts);
}) as Log;

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry(
    [
      { client_id: 'tax-returns' },
      {
        client_id: 'library-cards',
        agency: { id: 'national-library', name: { vi: 'Thư viện Quốc gia', en: 'National library' } },
        service: { vi: 'Thẻ bạn đọc', en: 'Library card' },
      },
      { client_id: 'strong-only', minimum_acr: 'loa4' },
    ],
    { log },
  );
});
afterAll(() => country?.close());

async function atThePage(account: Account = AN): Promise<Visitor> {
  const visitor = new Visitor({ language: 'en' });
  await signInToPage(country, visitor, byTaxCode(account));
  expect(visitor.page.code).toBe('citizen_overview');
  return visitor;
}
const personOf = async ({ taxCode }: Account) =>
  (await country.runningHub().store.people.findLink('tax-code', taxCode))!.person;
const record = async (account: Account, events: readonly (readonly [number, Event])[]) => {
  const person = await personOf(account);
  await country.runningHub().store.journal.record(events.map(([at, event]) => entry(at, event, person)));
};
interface Row {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly client?: string;
  readonly claims?: readonly string[];
  readonly source?: { readonly id: string };
}
async function rows(visitor: Visitor, query: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> {
  const { status, body } = await callApi(country, visitor, `/history?${new URLSearchParams(query)}`);
  expect(status).toBe(200);
  return body.entries;
}
/** All of it, page by page. */
async function everything(visitor: Visitor, query: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let path = `/history?${new URLSearchParams(query)}`; ; ) {
    const { body } = await callApi(country, visitor, path);
    found.push(...body.entries);
    if (body.older === undefined) return found;
    path = body.older.replace('/citizen', '');
  }
}

describe('D1 what an agency received', () => {
  test('D1 is there at once, under exactly the names of what it got', async () => {
    const visitor = new Visitor({ language: 'en' });
    const { access } = await tokensOf(country, 'tax-returns', { scope }, { visitor });
    const { sub: _sub, ...received } = (await userinfo(country, access)).body;
    const names = Object.keys(received).sort();
    expect(names.length).toBeGreaterThan(2);
    await signInToPage(country, visitor);
    const released = async () =>
      (await rows(visitor, { agency: 'agency-of-tax-returns' })).find(({ kind }) => kind === 'claims_released');
    const deadline = Date.now() + 2_000;
    while ((await released()) === undefined && Date.now() < deadline) await pause(20);
    const row = (await released())!;
    expect([...row.claims!].sort()).toEqual(names);
    expect(row).toMatchObject({
      client: 'tax-returns',
      service: { agency: { en: 'Test agency' } },
      source: { id: 'tax-code' },
      purpose: { vi: 'Để thử.', en: 'To test.' },
    });
    const page = await visitor.open(new URL(`/citizen/history/${row.id}`, country.hub));
    const shown = page.$('[data-name]').toArray();
    expect(shown.map((one) => page.$(one).attr('data-name')).sort()).toEqual(names);
    expect(page.text('main')).toContain('Date of birth');
  });

  test('D1 the sign-in itself says where, how, how strong and in which browser', async () => {
    const visitor = await atThePage();
    const [signIn] = (await rows(visitor, { group: 'sign_ins' })).filter(({ kind }) => kind === 'person_identified');
    expect(signIn).toMatchObject({
      client: 'citizen-page',
      source: { id: 'tax-code', name: { en: expect.any(String) } },
      level: 'loa1',
      device: { form: expect.any(String) },
    });
    const page = await visitor.open(new URL(`/citizen/history/${signIn!.id}`, country.hub));
    expect(page.heading).toBe('Signed in');
    expect(page.text('main')).toContain('Level 1');
    expect((await callApi(country, visitor, `/history/${signIn!.id}`)).body).toMatchObject({ deniable: true });
  });

  test('D1 every kind of event has its words, and none of them is empty', async () => {
    const at = Date.parse('2019-05-05T05:00:00Z');
    const events = SHOWN_EVENT_TYPES.map((type): [number, Event] => [at, eventOf(type)]);
    await atThePage(HOA);
    await record(HOA, events);
    const visitor = await atThePage(HOA);
    const page = await visitor.open(new URL('/citizen/history?from=2019-05-05&until=2019-05-05', country.hub));
    const listed = page.$('[data-kind]').toArray();
    expect(new Set(listed.map((one) => page.$(one).attr('data-kind')))).toEqual(new Set(SHOWN_EVENT_TYPES));
    for (const one of listed) expect(page.$(one).find('h2').text().trim()).not.toBe('');
    expect(page.body).not.toMatch(/undefined|\[object|NaN/);
    for (const one of listed) {
      const own = await visitor.open(new URL(`/citizen/history/${page.$(one).attr('data-event')}`, country.hub));
      expect(own.status).toBe(200);
      expect(own.body).not.toMatch(/undefined|\[object|NaN/);
    }
  });
});

/** One event of a type, with every field any type may have: those of others are ignored. */
function eventOf(type: string): Event {
  return {
    type,
    ...(/^(link|source|review)_/.test(type) ? { source: 'tax-code' } : { client: 'library-cards' }),
    reason: 'too_weak',
    acr: 'loa1',
    first: false,
    items: ['name'],
    claims: ['name'],
    purpose: 'Để thử.',
    until: Date.now(),
    due: Date.now(),
    clients: 2,
    change: 'unlink',
    possible: false,
    kind: type.startsWith('contact') ? 'mail' : 'access',
    state: 'answered',
    decision: 'dismiss',
  } as unknown as Event;
}

describe('finding something again', () => {
  const YEAR = Date.parse('2018-03-01T00:00:00+07:00');
  const EVENTS: readonly (readonly [number, Event])[] = [
    [YEAR, { type: 'signed_out', clients: 1 }],
    [YEAR + DAY - 1, { type: 'consent_refused', client: 'library-cards' }],
    [YEAR + DAY, { type: 'claims_released', client: 'library-cards', claims: ['birthdate'] }],
    [YEAR + 2 * DAY, { type: 'claims_released', client: 'tax-returns', claims: ['name'] }],
    [YEAR + 3 * DAY, { type: 'link_added', source: 'social-insurance', how: 'number' }],
    [YEAR + 4 * DAY, { type: 'sign_in_refused', client: 'gone-service', reason: 'too_weak', incident: 'x' }],
    [YEAR + 4 * DAY, { type: 'request_started', client: 'library-cards', required: 'loa1' }],
  ];
  const WHOLE = { from: '2018-03-01', until: '2018-03-31' };
  let visitor: Visitor;
  beforeAll(async () => {
    await atThePage();
    await record(AN, EVENTS);
    visitor = await atThePage();
  });
  const kinds = async (query: Readonly<Record<string, string>>) =>
    (await rows(visitor, { ...WHOLE, ...query })).map(({ kind }) => kind);

  test('everything but the steps of a sign-in is there, newest first', async () => {
    const all = [
      'sign_in_refused',
      'link_added',
      'claims_released',
      'claims_released',
      'consent_refused',
      'signed_out',
    ];
    expect(await kinds({})).toEqual(all);
    // A form that was not filled in asks for everything.
    expect(await kinds({ group: '', agency: '', source: '', search: '' })).toEqual(all);
  });

  test('by kind, agency, source, and by days as Viet Nam has them', async () => {
    expect(await kinds({ group: 'sharing' })).toEqual(['claims_released', 'claims_released']);
    expect(await kinds({ group: 'refusals' })).toEqual(['sign_in_refused', 'consent_refused']);
    expect(await kinds({ agency: 'national-library' })).toEqual(['claims_released', 'consent_refused']);
    expect(await kinds({ agency: 'nobody' })).toEqual([]);
    expect(await kinds({ source: 'social-insurance' })).toEqual(['link_added']);
    expect(await kinds({ from: '2018-03-01', until: '2018-03-01' })).toEqual(['consent_refused', 'signed_out']);
    expect(await kinds({ from: '2018-03-02', until: '2018-03-02' })).toEqual(['claims_released']);
    expect(await kinds({ group: 'sharing', agency: 'national-library' })).toEqual(['claims_released']);
  });

  test.each([
    ['thu vien quoc gia', ['claims_released', 'consent_refused']],
    ['THƯ VIỆN', ['claims_released', 'consent_refused']],
    ['National Library', ['claims_released', 'consent_refused']],
    ['bạn đọc', ['claims_released', 'consent_refused']],
    ['ngay sinh', ['claims_released']],
    ['date of birth', ['claims_released']],
    ['birthdate', ['claims_released']],
    ['Signed out', ['signed_out']],
    ['đăng xuất', ['signed_out']],
    ['bảo hiểm', ['link_added']],
    ['Social insurance', ['link_added']],
    ['bị từ chối', ['sign_in_refused']],
    ['no such thing', []],
    [`%' OR 1=1 --`, []],
    ['%', []],
    ['_', []],
  ])('a search for %s', async (search, found) => {
    expect(await kinds({ search })).toEqual(found);
  });

  test('a search together with filters is both', async () => {
    expect(await kinds({ search: 'thu vien', group: 'refusals' })).toEqual(['consent_refused']);
    expect(await kinds({ search: 'ngay sinh', agency: 'agency-of-tax-returns' })).toEqual([]);
    expect(await kinds({ search: 'dang xuat', source: 'tax-code' })).toEqual([]);
  });

  test('the form says again what was asked for, and its link keeps it', async () => {
    const page = await visitor.open(new URL('/citizen/history?group=sharing&search=thu+vien', country.hub));
    expect(page.$('input[name=search]').attr('value')).toBe('thu vien');
    expect(page.$('option[selected]').attr('value')).toBe('sharing');
    visitor.fill({ search: 'bi tu choi', group: '' });
    await visitor.press('.filters button');
    expect(visitor.page.url.searchParams.get('search')).toBe('bi tu choi');
    expect(visitor.page.$('[data-kind=sign_in_refused]')).toHaveLength(1);
  });

  test('whatever is in the address, it is refused or means nothing, and never fails', async () => {
    const hostile = [
      'group=everything',
      'group=sharing&group=changes',
      'agency=%00',
      `agency=${'a'.repeat(101)}`,
      'agency[]=x',
      'agency[$ne]=x',
      'source=%27%3B--',
      'source=%25',
      'from=2018-02-31',
      'from=yesterday',
      'until=99999-01-01',
      'until=-000001-01-01',
      `search=${'a'.repeat(101)}`,
      'search=%00%FF',
      'search=%F0%9F%92%A9',
      'search=(%3F%3Da%2B%2B)',
      'after=1',
      'after=99999999999999999.x',
      'after=1.%27--',
      'after=999999999999999.zzz',
      'after=0.a',
      '__proto__=x',
      'constructor[prototype]=x',
      'person=somebody',
      'page=citizen%2Foverview',
      'from=2030-01-01&until=2020-01-01',
    ];
    for (const query of hostile) {
      const page = await visitor.open(`${country.hub}/citizen/history?${query}`);
      expect([query, [200, 400].includes(page.status)]).toEqual([query, true]);
      const { status } = await callApi(country, visitor, `/history?${query}`);
      expect([query, status]).toEqual([query, page.status]);
    }
    expect((await visitor.open(`${country.hub}/citizen/history?search=%3Cscript%3Ealert(1)%3C/script%3E`)).status).toBe(
      200,
    );
    expect(visitor.page.$('main script')).toHaveLength(0);
  });
});

describe('D9 nobody else’s history', () => {
  test('D9 an event of somebody else is not there, whatever is tried with its id', async () => {
    const [owner, stranger] = [await atThePage(AN), await atThePage(HOA)];
    const [row] = await rows(owner, { group: 'sign_ins' });
    const id = row!.id;
    const before = (await country.runningHub().store.own.cases.of(await personOf(HOA))).length;
    const form_token = stranger.page.$('input[name=form_token]').attr('value')!;
    for (const guess of [
      id,
      id.toUpperCase(),
      `${id}%00`,
      `${id}%2F`,
      `%2E%2E%2F${id}`,
      `${id}'--`,
      '%25',
      randomUUID(),
    ]) {
      const page = await stranger.open(`${country.hub}/citizen/history/${guess}`);
      expect([guess, page.status, page.code]).toEqual([guess, 404, 'not_found']);
      expect((await callApi(country, stranger, `/history/${guess}`)).status).toBe(404);
      const event = decodeURIComponent(guess);
      const said = await stranger.post(new URL('/citizen/history/not-me', country.hub), { event, form_token });
      expect([guess, said.status]).toEqual([guess, 404]);
      const asked = await callApi(country, stranger, '/history/not-me', { method: 'POST', body: { event } });
      expect(asked).toMatchObject({ status: 404, body: { error: 'not_found' } });
    }
    expect((await callApi(country, owner, `/history/${id.toUpperCase()}`)).status).toBe(404);
    expect((await callApi(country, owner, `/history/${id}/`)).status).not.toBe(500);
    expect(await country.runningHub().store.own.cases.of(await personOf(HOA))).toHaveLength(before);
    const hers = await everything(stranger);
    expect(hers.some((one) => one.id === id)).toBe(false);
  });

  test('D9 another person’s id in the address changes nothing', async () => {
    await atThePage(AN);
    const visitor = await atThePage(HOA);
    const other = await personOf(AN);
    expect((await callApi(country, visitor, `/history?person=${other}`)).status).toBe(400);
  });
});

test('"this was not me" about a row opens one case and shows its number, also to whom it signed out', async () => {
  const visitor = await atThePage(MAI);
  const [row] = await rows(visitor, { group: 'sign_ins' });
  await visitor.open(new URL(`/citizen/history/${row!.id}`, country.hub));
  await visitor.press(`event=${row!.id}`);
  const number = visitor.page.$('[data-case]').attr('data-case')!;
  expect(visitor.page.text('main')).toContain(number);
  const cases = await country.runningHub().store.own.cases.of(await personOf(MAI));
  expect(cases.map((one) => one.number)).toEqual([number]);
  // It was their own way in that they closed.
  expect((await callApi(country, visitor, '/history')).status).toBe(401);
});

test('"this was not me" can be said of a sign-in only', async () => {
  const visitor = await atThePage();
  await record(AN, [[Date.now(), { type: 'device_forgotten' }]]);
  const [row] = await rows(visitor, { group: 'changes' });
  expect((await callApi(country, visitor, `/history/${row!.id}`)).body.deniable).toBe(false);
  const said = await callApi(country, visitor, '/history/not-me', { method: 'POST', body: { event: row!.id } });
  expect(said.status).toBe(404);
});

describe('D16 the length of a history', () => {
  const QUERIES = ['', '?group=sharing', '?agency=national-library', '?search=thu+vien', '?search=ngay+sinh'];
  const ROUNDS = 9;

  /** What a page costs: calls to the store, and milliseconds. */
  async function costOf(visitor: Visitor, query: string) {
    requests.length = 0;
    const begun = performance.now();
    await visitor.open(new URL(`/citizen/history${query}`, country.hub));
    const time = performance.now() - begun;
    expect(visitor.page.code).toBe('citizen_history');
    return { time, trips: requests.find(({ route }) => route === '/citizen')!.trips };
  }
  /** So many rows, of minutes that follow one another. */
  async function write(account: Account, from: number, to: number): Promise<void> {
    const newest = Date.parse('2020-01-01T00:00:00Z');
    const events = Array.from({ length: to - from }, (_, at): [number, Event] => [
      newest - (from + at) * 60_000,
      (from + at) % 3 === 0
        ? { type: 'claims_released', client: 'library-cards', claims: ['name', 'birthdate'], source: 'tax-code' }
        : { type: 'person_identified', client: 'tax-returns', source: 'tax-code', first: false, acr: 'loa1' },
    ]);
    for (let at = 0; at < events.length; at += 1_000) await record(account, events.slice(at, at + 1_000));
  }

  test('D16 ten thousand rows cost as many questions as ten, and not much more time than a page of them', async () => {
    const [short, long] = [await atThePage(TUAN), await atThePage(DUC)];
    await write(TUAN, 0, 10);
    await write(DUC, 0, 10_000);
    const few = new Map<string, number>();
    for (const query of QUERIES) few.set(query, (await costOf(short, query)).trips);
    await write(TUAN, 10, 160);
    for (const query of QUERIES) {
      const times: { short: number; long: number } = {
        short: Number.POSITIVE_INFINITY,
        long: Number.POSITIVE_INFINITY,
      };
      // In turn, so that whatever else the machine does is no difference between them.
      for (let round = 0; round < ROUNDS; round += 1) {
        const [one, other] = [await costOf(short, query), await costOf(long, query)];
        expect([query, one.trips, other.trips]).toEqual([query, few.get(query), few.get(query)]);
        times.short = Math.min(times.short, one.time);
        times.long = Math.min(times.long, other.time);
      }
      const [brief, all] = [times.short.toFixed(1), times.long.toFixed(1)];
      process.stdout.write(
        `D16 history${query}: ${few.get(query)} questions; ${brief} ms of 160 rows, ${all} ms of 10,000\n`,
      );
      expect([query, times.long / times.short < 5]).toEqual([query, true]);
    }
  }, 120_000);

  test('D16 page by page, each row comes once and none is missing', async () => {
    const account: Account = HOA;
    await atThePage(account);
    const at = Date.parse('2017-07-07T00:00:00Z');
    // Many in the same moment: where a page ends must not depend on the clock.
    await record(
      account,
      Array.from({ length: 230 }, (_, number) => [
        at + Math.floor(number / 60),
        number % 2
          ? { type: 'claims_released', client: 'library-cards', claims: number % 10 === 1 ? ['birthdate'] : ['name'] }
          : { type: 'logout_sent', client: 'tax-returns', tries: 1 },
      ]),
    );
    const visitor = await atThePage(account);
    const days = { from: '2017-07-07', until: '2017-07-07' };
    const all = await everything(visitor, days);
    expect(all).toHaveLength(230);
    expect(new Set(all.map(({ id }) => id)).size).toBe(230);
    expect(all.map(({ at: moment }) => moment)).toEqual(
      all
        .map(({ at: moment }) => moment)
        .toSorted()
        .toReversed(),
    );
    expect(await everything(visitor, { ...days, agency: 'national-library' })).toHaveLength(115);
    expect(await everything(visitor, { ...days, search: 'thu vien' })).toHaveLength(115);
    expect(await everything(visitor, { ...days, search: 'ngay sinh' })).toHaveLength(23);
    const page = await visitor.open(new URL('/citizen/history?from=2017-07-07&until=2017-07-07', country.hub));
    expect(page.$('[data-event]')).toHaveLength(50);
    await visitor.follow('a[rel=next]');
    expect(visitor.page.$('[data-event]')).toHaveLength(50);
    expect(visitor.page.$('[data-event]').first().attr('data-event')).toBe(all[50]!.id);
  });
});

/**
 * Attacks on the citizen's page: by who has only the weakest password, by who reads the letters, by many browsers, by links
 * that lead there, and by changes that meet.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import { MOST_OPEN } from '../../src/citizen/cases/cases.ts';
import { unpackEntries } from '../../src/citizen/documents/archive-entries.ts';
import type { PersonalData } from '../../src/citizen/documents/personal-data.ts';
import { writeNotice } from '../../src/citizen/notices/letters.ts';
import { type ChangeKind, type Contact, MOST_ALERTS_IN_AN_HOUR, MOST_KNOWN } from '../../src/citizen/ports.ts';
import { shortenedAddress } from '../../src/citizen/shortened.ts';
import { authenticationOf } from '../../src/identity/authentication.ts';
import type { PersonId } from '../../src/identity/person.ts';
import { entry } from '../../src/journal/events.ts';
import { labelOf } from '../../src/login/device.ts';
import { sessionsOf } from '../../src/oidc/own-sessions.ts';
import { groupOf } from '../../src/oidc/session.ts';
import { CITIZEN } from '../../src/own-pages/own-page.ts';
import { Visits } from '../../src/own-pages/visit.ts';
import type { Json } from '../../src/store.ts';
import { AN, AN_INSURED, AN_NUMBER, HOA, openTestCountry, type TestCountry } from '../country.ts';
import {
  byCard,
  byMobileId,
  bySocialInsurance,
  byTaxCode,
  callApi,
  formTokenOf,
  hasLookedForDue,
  type Proof,
  signInAnew,
  signInToPage,
} from './citizen.ts';
import { AN_MAIL, lettersFor } from './letters-come.ts';

const AN_PHONE = '+84912000011';
const MINUTE = 60_000;

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([], { configure: (configuration) => ({ ...configuration, changeInterval: 20 }) });
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const an = async (): Promise<PersonId> => (await store().people.findHolder(AN_NUMBER))!;

async function at(prove: Proof = byTaxCode(), visitor = new Visitor()): Promise<Visitor> {
  expect((await signInToPage(country, visitor, prove)).code).toBe('citizen_overview');
  return visitor;
}

const post = (visitor: Visitor, path: string, body: object = {}) =>
  callApi(country, visitor, path, { method: 'POST', body });

async function giveAn(address = AN_MAIL, confirmedAt = Date.now()): Promise<void> {
  const contact: Contact = { id: 'a-contact', kind: 'mail', address, language: 'vi', confirmedAt };
  await store().own.contacts.put(await an(), contact, { entries: [] });
}

/** An's phone is linked; the thief has the tax password, and has signed in by it just now. */
async function thief(): Promise<Visitor> {
  await at(byMobileId(country));
  return at(byTaxCode());
}

/** What a thief would like to do, and the kind of it. */
async function wishes(): Promise<readonly (readonly [string, object])[]> {
  const links = await store().people.linksOf(await an());
  const link = links.find(({ source }) => source === 'mobile-id')!.id;
  return [
    ['/ways/unlink', { link }],
    ['/ways/block', { source: 'mobile-id' }],
    ['/ways/block', { source: '*' }],
    ['/erase', {}],
  ];
}

describe('D10 who has only the weakest password', () => {
  test('D10 cannot lower what counts as the strongest, whatever becomes of the strong way', async () => {
    const visitor = await thief();
    const person = await an();
    const refusals = async () => {
      const answers: unknown[] = [];
      for (const [path, body] of await wishes()) {
        const { error, acr_values: level } = (await post(visitor, path, body)).body;
        answers.push(`${error} ${level}`);
        answers.push((await post(visitor, path, { ...body, wait: 'yes' })).body.error);
      }
      return new Set(answers);
    };
    const refused = new Set(['stronger_sign_in_needed loa3', 'no_contact']);
    expect(await refusals()).toEqual(refused);

    // Said of every sign-in by phone that it was somebody else.
    const rows = await store().journal.historyOf({ person, types: ['person_identified'], most: 50 });
    for (const { id } of rows) await post(visitor, '/history/not-me', { event: id });
    const again = await at(bySocialInsurance());
    expect(await store().own.blocks.of(person)).toMatchObject([{ source: 'tax-code', reason: 'not_me' }]);
    expect((await post(again, '/ways/restore', { source: 'mobile-id' })).status).toBe(404);
    expect((await post(again, '/ways/block', { source: 'mobile-id' })).body.acr_values).toBe('loa3');
  });

  test('D10 nor by a link that froze, nor by one that is suspended or blocked', async () => {
    const visitor = await thief();
    const person = await an();
    const strongest = async () => (await post(visitor, '/ways/block', { source: '*' })).body.acr_values;
    await store().own.blocks.block(person, 'mobile-id', { entries: [] });
    expect(await strongest()).toBe('loa3');
    const { subject } = (await store().people.linksOf(person)).find(({ source }) => source === 'mobile-id')!;
    const frozen = { type: 'link.frozen', person, source: 'mobile-id', subject } as const;
    await store().people.commit([frozen], []);
    expect(await strongest()).toBe('loa3');
  });

  test('D10 asks for a strong level and proves a weak one: weak is what it is', async () => {
    const visitor = await thief();
    await visitor.open(`${country.hub}/citizen/sign-in?${new URLSearchParams({ fresh: 'yes', level: 'loa3' })}`);
    // The choice does not even offer it.
    expect(visitor.page.$('button[name=source][value=tax-code]:not([disabled])')).toHaveLength(0);
    expect((await post(visitor, '/ways/block', { source: '*' })).body.error).toBe('stronger_sign_in_needed');
  });

  test('D10 opens no more cases by alarms than by anything else, and one for a row however often at once', async () => {
    const visitor = await thief();
    const person = await an();
    const event = { type: 'person_identified', client: 'citizen-page', source: 'mobile-id', first: false } as const;
    const rows = Array.from({ length: MOST_OPEN + 3 }, (_, before) =>
      entry(Date.now() - before * MINUTE, { ...event, acr: 'loa3' }, person),
    );
    await store().journal.record(rows);
    const [first, ...others] = rows;
    const once = await Promise.all(
      Array.from({ length: 10 }, () => post(visitor, '/history/not-me', { event: first!.id })),
    );
    expect(new Set(once.map(({ status, body }) => `${status} ${body.case}`)).size).toBe(1);
    expect(await store().own.cases.of(person)).toHaveLength(1);
    const answers: string[] = [];
    for (const { id } of others)
      answers.push((await post(visitor, '/history/not-me', { event: id })).body.error ?? 'ok');
    expect(answers.filter((one) => one === 'ok')).toHaveLength(MOST_OPEN - 1);
    expect(answers.slice(MOST_OPEN)).toEqual(['too_many_cases', 'too_many_cases']);
    expect(await store().own.cases.of(person)).toHaveLength(MOST_OPEN);
  });

  test('D11 D14 learns no account or address by which the other ways could be attacked', async () => {
    const visitor = await thief();
    await at(bySocialInsurance());
    await giveAn();
    const detail = { kind: 'phone', address: AN_PHONE, language: 'vi' };
    const now = Date.now();
    const change = {
      id: 'c-1',
      person: await an(),
      kind: 'contact',
      detail,
      requestedAt: now,
      dueAt: now + 1e9,
    } as const;
    await store().own.waiting.request(change, 'token', { entries: [] });
    const seen = async (by: Visitor) => {
      const pages: string[] = [];
      for (const path of ['', '/ways', '/contacts', '/changes', '/sessions', '/history', '/rights/correct'])
        pages.push((await by.open(`${country.hub}/citizen${path}`)).body);
      const { data, entries } = await takeData(by);
      return { data, all: [...pages, ...entries].join('\n') };
    };
    const known = await seen(visitor);
    for (const secret of [AN_PHONE, AN_PHONE.slice(3), AN_INSURED.socialInsuranceNumber, AN_MAIL])
      expect(known.all.split('\n').filter((line) => line.includes(secret))).toEqual([]);
    expect(known.data.who).toMatchObject({ shortened: true, personal_numbers: [AN_NUMBER] });
    expect(known.all).toContain('chỉ ghi một phần');
    const accounts = Object.fromEntries(known.data.ways.map(({ source, account }) => [source, account]));
    expect(accounts).toEqual({ 'tax-code': AN.taxCode, 'mobile-id': '…11', 'social-insurance': '…11' });
    expect(known.data.contacts[0]!.address).toBe('a…@example.vn');
    expect(known.data.waiting_changes[0]!.detail).toEqual({ ...detail, address: '…11' });

    const owner = await seen(await at(byMobileId(country)));
    for (const own of [AN_PHONE, AN_INSURED.socialInsuranceNumber, AN_MAIL]) expect(owner.all).toContain(own);
    expect(owner.data.who).not.toHaveProperty('shortened');
    expect((await (await at(byMobileId(country))).open(`${country.hub}/citizen/contacts`)).body).toContain(AN_MAIL);
  });

  test('D10 waits for nothing where the only address is one that this hub cannot write to', async () => {
    const deaf = await openTestCountry([], {
      configure: ({ mail: _mail, sms: _sms, ...configuration }) => configuration,
    });
    try {
      await signInToPage(deaf, new Visitor(), byMobileId(deaf));
      const visitor = new Visitor();
      await signInToPage(deaf, visitor, byTaxCode());
      const { people, own } = deaf.runningHub().store;
      const contact: Contact = { id: 'c-1', kind: 'mail', address: AN_MAIL, language: 'vi', confirmedAt: Date.now() };
      await own.contacts.put((await people.findHolder(AN_NUMBER))!, contact, { entries: [] });
      const body = { source: '*', wait: 'yes' };
      expect((await callApi(deaf, visitor, '/ways/block', { method: 'POST', body })).body.error).toBe('no_contact');
      const fields = { source: '*', form_token: await formTokenOf(deaf, visitor) };
      const page = await visitor.post(`${deaf.hub}/citizen/ways/block`, fields);
      expect([page.code, page.has('button[name=wait]')]).toEqual(['citizen_sign_in_again', false]);
    } finally {
      await deaf.close();
    }
  });

  test('what is shortened does not tell it by its length', () => {
    expect(shortenedAddress('mail', 'x@y.vn')).toBe('x…@y.vn');
    expect(shortenedAddress('mail', 'a-very-long-name@y.vn')).toBe('a…@y.vn');
    expect(shortenedAddress('phone', '+84912345678')).toBe('…78');
  });
});

async function takeData(visitor: Visitor) {
  const cookies = Object.entries(await visitor.cookies(country.hub)).map(([name, value]) => `${name}=${value}`);
  const { statusCode, body } = await request(`${country.hub}/citizen/api/data`, {
    headers: { cookie: cookies.join('; ') },
  });
  expect(statusCode).toBe(200);
  const files = unpackEntries(new Uint8Array(await body.arrayBuffer()));
  const entries = [...files]
    .filter(([name]) => !name.endsWith('.jws'))
    .map(([, bytes]) => Buffer.from(bytes).toString());
  const data: PersonalData = JSON.parse(Buffer.from(files.get('data.json')!).toString());
  return { data, entries };
}

describe('D14 a change that has waited', () => {
  /** As somebody with a weak password asked for it some minutes ago. */
  async function waits(kind: ChangeKind, detail: Json, ago: number): Promise<void> {
    const now = Date.now();
    const change = { id: `w-${kind}`, person: await an(), kind, detail, requestedAt: now - ago, dueAt: now - 1 };
    await store().own.waiting.request(change, `token of ${kind}`, { entries: [] });
  }
  const carriedOut = async () => {
    await hasLookedForDue(country, await an());
    const types = ['change_carried_out'] as const;
    const rows = await store().journal.historyOf({ person: await an(), types, most: 50 });
    return rows.flatMap(({ event }) => {
      if (event.type !== 'change_carried_out' || event.change === 'unblock') return [];
      return [[event.change, event.possible]];
    });
  };

  test('D14 does not undo what its owner has decided since', async () => {
    await at(byMobileId(country));
    await giveAn('new@example.vn', Date.now() - MINUTE);
    await waits('contact', { kind: 'mail', address: 'thief@example.vn', language: 'vi' }, 2 * MINUTE);
    expect(await carriedOut()).toEqual([['contact', false]]);
    expect((await store().own.contacts.of(await an())).map(({ address }) => address)).toEqual(['new@example.vn']);
  });

  test('D14 of two that waited the later counts, also where a process began the first once more', async () => {
    await at(byMobileId(country));
    await giveAn('old@example.vn', Date.now() - 9 * MINUTE);
    await waits('contact', { kind: 'mail', address: 'first@example.vn', language: 'vi' }, 3 * MINUTE);
    expect(await carriedOut()).toEqual([['contact', true]]);
    await waits('contact', { kind: 'mail', address: 'second@example.vn', language: 'vi' }, 2 * MINUTE);
    expect(await carriedOut()).toEqual([
      ['contact', true],
      ['contact', true],
    ]);
    await waits('contact', { kind: 'mail', address: 'first@example.vn', language: 'vi' }, 3 * MINUTE);
    expect((await carriedOut())[0]).toEqual(['contact', false]);
    expect((await store().own.contacts.of(await an())).map(({ address }) => address)).toEqual(['second@example.vn']);
  });

  test('D14 neither an account that was linked anew since, nor a block that was', async () => {
    await at(byMobileId(country));
    await at(byTaxCode());
    const person = await an();
    const { id: link } = (await store().people.linksOf(person)).find(({ source }) => source === 'mobile-id')!;
    await waits('unlink', { link }, MINUTE);
    expect(await carriedOut()).toEqual([['unlink', false]]);
    await store().own.blocks.block(person, '*', { entries: [] });
    await waits('unblock', { source: '*' }, MINUTE);
    await hasLookedForDue(country, person);
    expect(await store().own.blocks.of(person)).toMatchObject([{ source: '*' }]);
  });

  test('D14 that cannot even be tried keeps nobody else’s from being made', async () => {
    await at(byTaxCode());
    await at(byMobileId(country));
    await waits('block', { nonsense: true }, 9 * MINUTE);
    await waits('contact', { kind: 'mail', address: 'an@example.vn', language: 'vi' }, MINUTE);
    await hasLookedForDue(country, await an());
    expect(await store().own.contacts.of(await an())).toHaveLength(1);
    await store().own.waiting.done('w-block', { entries: [] });
  });
});

describe('D9 by many browsers', () => {
  const signIns = async (times: number, prove: Proof) => {
    for (let each = 0; each < times; each += 1) await at(prove);
  };

  test('D7 a mailbox is not flooded by sign-ins; a new way is told all the same, and the history has all', async () => {
    const visitor = await at(byTaxCode());
    await giveAn();
    await lettersFor(country);
    country.messages.reset();
    await signIns(MOST_ALERTS_IN_AN_HOUR + 3, byTaxCode());
    await at(bySocialInsurance());
    const letters = await lettersFor(country, AN_MAIL);
    expect(letters).toHaveLength(MOST_ALERTS_IN_AN_HOUR + 1);
    expect(await store().own.alerts.of(await an())).toHaveLength(MOST_ALERTS_IN_AN_HOUR + 1);
    const { body } = await callApi(country, visitor, '/history');
    expect(JSON.stringify(body).match(/"newDevice":true/g)).toHaveLength(MOST_ALERTS_IN_AN_HOUR + 3 + 2);
  });

  test('D9 the list of devices ends somewhere, and what is used again stays in it', async () => {
    const visitor = await at(byTaxCode());
    await signInAnew(country, visitor, byTaxCode(), '/citizen');
    const person = await an();
    const others = Array.from({ length: MOST_KNOWN + 10 }, (_, each) => each);
    for (const each of others) {
      const device = { person, id: `d-${each}`, secret: `s-${each}`, label: { form: 'desktop' }, isNew: true } as const;
      await store().people.commit([], [], [], { device });
    }
    const { body } = await callApi(country, visitor, '/sessions');
    expect(body.devices).toHaveLength(MOST_KNOWN);
    expect(body.devices.filter(({ isThis }: { isThis: boolean }) => isThis)).toHaveLength(1);
    expect((await visitor.open(`${country.hub}/citizen/sessions`)).$('[data-device]')).toHaveLength(MOST_KNOWN);
    expect(await store().own.devices.of(person)).toHaveLength(MOST_KNOWN + 11);
  });

  test('D9 so does the list of sessions, which says how many more there are and ends them all', async () => {
    const visitor = await at(byTaxCode());
    const person = await an();
    const [session] = await sessionsOf(store().state, person);
    for (let each = 0; each < 70; each += 1) {
      const copy = { ...session, uid: `u-${each}`, ids: [], loginTs: session!.loginTs! - 1 } as unknown as Json;
      await store().state.put('Session', `u-${each}`, copy, 600, groupOf(person));
    }
    const { body } = await callApi(country, visitor, '/sessions');
    expect([body.sessions.length, body.notShown, body.sessions[0].isThis]).toEqual([50, 21, true]);
    expect((await visitor.open(`${country.hub}/citizen/sessions`)).text('[data-not-shown]')).toContain('21');
    expect((await post(visitor, '/sessions/end-others')).body).toEqual({ ended: 70 });
    expect(await sessionsOf(store().state, person)).toHaveLength(1);
  });
});

describe('D10 from elsewhere', () => {
  test('D10 nobody is signed in to somebody else’s page: an answer goes to the browser that asked', async () => {
    const attacker = new Visitor({ stopsBefore: ({ pathname }) => pathname === '/citizen/callback' });
    await signInToPage(country, attacker, byTaxCode(HOA));
    const answer = new URL(attacker.page.headers.get('location')!, country.hub);
    const victim = await at(byTaxCode());
    const before = await victim.cookies(country.hub);
    expect((await victim.open(answer)).code).toBe('other_browser');
    expect(await victim.cookies(country.hub)).toEqual(before);
    expect((await victim.open(`${country.hub}/citizen`)).text('main')).toContain('Nguyễn Văn An');
  });

  test('D10 over https a neighbour of the hub cannot put another page’s cookie in its place', () => {
    const response = {
      headers: [] as string[],
      appendHeader: (_: string, value: string) => response.headers.push(value),
    };
    const parts = { secure: true, page: CITIZEN } as unknown as ConstructorParameters<typeof Visits>[0];
    new Visits(parts).end(response as unknown as Parameters<Visits['end']>[0]);
    expect(response.headers).toEqual([expect.stringMatching(/^__Host-lt_citizen=; Path=\/; .*; Secure$/)]);
    expect(response.headers[0]).not.toContain('Domain');
  });

  test('D10 the token of a form ends with the visit that it was made for', async () => {
    const visitor = await at(byTaxCode());
    const formToken = await formTokenOf(country, visitor);
    const hoa = await at(byTaxCode(HOA));
    const wish = { method: 'POST', body: { source: '*' }, formToken } as const;
    expect((await callApi(country, hoa, '/ways/block', wish)).body.error).toBe('form_outdated');
    await signInAnew(country, visitor, byTaxCode());
    expect((await callApi(country, visitor, '/ways/block', wish)).body.error).toBe('form_outdated');
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/citizen//../../\\evil.example',
    '/citizen/../..//evil.example/',
    '/citizen\n/x',
    '/citizen@evil.example',
    'javascript:alert(1)',
  ])('D10 a sign-in leads back to the hub, never to %j', async (back) => {
    const visitor = await at(byTaxCode());
    const page = await visitor.open(`${country.hub}/citizen/sign-in?${new URLSearchParams({ back })}`);
    expect(page.url.origin).toBe(country.hub);
  });

  test('D10 no page or file of it is kept, framed or told to other sites', async () => {
    const visitor = await at(byTaxCode());
    const cookies = Object.entries(await visitor.cookies(country.hub)).map(([name, value]) => `${name}=${value}`);
    for (const path of [
      '',
      '/ways',
      '/contacts',
      '/history',
      '/data',
      '/api',
      '/api/history',
      '/api/data',
      '/nowhere',
    ]) {
      const { headers, body } = await request(`${country.hub}/citizen${path}`, {
        headers: { cookie: cookies.join('; ') },
      });
      await body.dump();
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('D10 a source’s clock that is ahead of ours makes no sign-in fresher than it is', () => {
    const now = Math.floor(Date.now() / 1000);
    const assertion = { authTime: now + 60, attributes: {} } as unknown as Parameters<typeof authenticationOf>[2];
    expect(authenticationOf('a', 'p', assertion, null, now).authTime).toBe(now);
    expect(authenticationOf('a', 'p', { ...assertion, authTime: now - 9 }, null, now).authTime).toBe(now - 9);
  });
});

describe('D8 what others put into letters', () => {
  test.each([
    'www.evil.example/1.0 x',
    'Call 0900-123-456 now/1.0 (x; Linux)',
    'evil.example/1.0 (a)',
  ])('D8 a browser that calls itself %j is called nothing', (userAgent) =>
    expect(labelOf(userAgent)).not.toHaveProperty('browser'));

  test('D8 an agency’s name stays on its line', () => {
    const evil = 'Cục Thuế\r\nBcc: x@evil.example\n\nKhông phải bạn? \u202ehttps://evil.example';
    const at = Date.now();
    const notice = { type: 'new_sign_in', kind: 'device', at, client: 'c', source: 's', token: 'T' } as const;
    const name = { vi: evil, en: evil };
    const parts = { issuer: 'https://hub.example', hotline: '1900', agencyOf: () => name, sourceOf: () => name };
    for (const { letter, sms } of Object.values(writeNotice(notice, parts))) {
      const usual = writeNotice(notice, { ...parts, agencyOf: () => undefined, sourceOf: () => undefined });
      expect(letter.text.split('\n')).toHaveLength(usual.vi.letter.text.split('\n').length);
      expect(`${letter.subject}${sms}`).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
      expect(letter.text).not.toMatch(/\p{Bidi_Control}/u);
    }
  });
});

describe('D6 D12 at the same moment', () => {
  test('D6 however many ways are closed at once, by whatever means, one is left', async () => {
    for (const prove of [byTaxCode(), bySocialInsurance(), byMobileId(country)]) await at(prove);
    const visitor = await at(byCard(country));
    const links = await store().people.linksOf(await an());
    const wanted = links.flatMap(({ id, source }) => [
      ['/ways/unlink', { link: id, end_session: 'yes' }] as const,
      ['/ways/block', { source, end_session: 'yes' }] as const,
    ]);
    const formToken = await formTokenOf(country, visitor);
    await Promise.all(
      wanted.map(([path, body]) => callApi(country, visitor, path, { method: 'POST', body, formToken })),
    );
    const blocks = await store().own.blocks.of(await an());
    const left = (await store().people.linksOf(await an())).filter(
      ({ state, source }) => state === 'active' && blocks.every((block) => block.source !== source),
    );
    expect(left.length).toBeGreaterThan(0);
  });

  test('D12 who signs in while they are being erased is somebody new, and nothing of theirs goes', async () => {
    await at(byTaxCode());
    const before = await an();
    const now = Date.now();
    const erasure = { id: 'e-1', person: before, kind: 'erasure', detail: { case: 'KHQ7-2M9P' } } as const;
    await store().own.waiting.request({ ...erasure, requestedAt: now, dueAt: now - 1 }, 'token', { entries: [] });
    const isNew = async () => ![before, undefined].includes((await store().people.findHolder(AN_NUMBER)) ?? undefined);
    const visitor = new Visitor();
    for (let tries = 0; tries < 50 && !(await isNew()); tries += 1) {
      await signInToPage(country, visitor, byTaxCode()).catch(() => {});
      await visitor.open(`${country.hub}/citizen`);
    }
    expect(await isNew()).toBe(true);
    const after = await an();
    await giveAn();
    // The same once more, as by a process that has not heard of its end.
    expect(await store().own.waiting.begin('e-1')).toBe(false);
    expect(await store().people.erase(before, { entries: [] })).toBe('erased');
    expect(await an()).toBe(after);
    expect(await store().own.contacts.of(after)).toHaveLength(1);
    expect((await signInToPage(country, visitor, byTaxCode())).code).toBe('citizen_overview');
    expect(await store().people.stateOf(before)).toBeUndefined();
  });
});

/** "This was not me": one press, without a password, by nobody but the reader of the letter, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import type { Case } from '../../src/citizen/ports.ts';
import { AN_NUMBER, HOA, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { until } from '../engines/until.ts';
import { atSecond, DAY } from '../oidc/time.ts';
import { journalIn } from '../store-copy.ts';
import { byMobileId, bySocialInsurance, byTaxCode, callApi, signInToPage } from './citizen.ts';
import { AN_MAIL, codeIn, giveContact, lettersFor, linkIn, proposeContact } from './letters-come.ts';

const HOA_MAIL = 'hoa@example.vn';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const personOf = async (number = AN_NUMBER) => (await store().people.findHolder(number))!;
const blocks = async () => store().own.blocks.of(await personOf());
const cases = async (): Promise<readonly Case[]> => store().own.cases.of(await personOf());
const atThePage = async (prove = byTaxCode()) => {
  const visitor = new Visitor();
  expect((await signInToPage(country, visitor, prove)).code).toBe('citizen_overview');
  return visitor;
};

/** An with an address and a session, somebody else in another browser, and the link of the letter that came of it. */
async function alarmed() {
  const visitor = await atThePage();
  await giveContact(country, visitor, AN_MAIL);
  await lettersFor(country);
  country.messages.reset();
  const stranger = new Visitor();
  await tokensFor(country, await relyingParty(country, 'stock'), {}, { visitor: stranger });
  const [letter] = await lettersFor(country, AN_MAIL);
  country.messages.reset();
  return { visitor, stranger, link: linkIn(country, letter!) };
}

describe('D8 by the link of a letter', () => {
  test('D8 looking changes nothing, however often and by whatever program', async () => {
    const { link } = await alarmed();
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS', 'PUT', 'DELETE'] as const)
      await request(link, { method }).then(({ body }) => body.dump());
    const page = await new Visitor().open(link);
    expect(page.code).toBe('citizen_not_me');
    expect(page.text('main')).toContain('Cơ quan thử');
    expect(page.text('main')).toContain('Mã số thuế');
    expect(page.text('main')).not.toContain('Nguyễn');
    expect(page.has('input[type=password], input[type=text]')).toBe(false);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.$('meta[name=robots]').attr('content')).toBe('noindex');
    expect(await blocks()).toEqual([]);
    expect(await cases()).toEqual([]);
  });

  test('D8 one press closes the way, ends every session, opens a case, tells the contacts; other ways lead in', async () => {
    const { visitor, stranger, link } = await alarmed();
    const reader = new Visitor();
    await reader.open(link);
    const done = await reader.press('button.primary');
    expect(done.status).toBe(200);
    expect(done.heading).toBe('Đã dừng lại');
    const number = done.$('[data-case]').attr('data-case')!;

    expect(await blocks()).toEqual([{ source: 'tax-code', reason: 'not_me', at: expect.any(Number), case: number }]);
    const [opened] = await cases();
    const alert = { at: expect.any(Number), client: 'stock', source: 'tax-code', device: expect.any(String) };
    expect(opened).toMatchObject({ number, kind: 'not_me', state: 'open', content: { alert } });
    expect(opened!.answerBy).toBeGreaterThan(opened!.acknowledgeBy);
    const [letter] = await lettersFor(country, AN_MAIL);
    expect(letter!.text).toContain(number);

    expect((await visitor.open(`${country.hub}/citizen`)).code).toBe('choose_source');
    expect((await callApi(country, stranger, '/')).status).toBe(401);
    expect((await signInToPage(country, new Visitor(), byTaxCode())).code).toBe('source_suspended');
    const other = new Visitor();
    expect((await signInToPage(country, other, bySocialInsurance())).code).toBe('citizen_overview');
    expect(other.page.text('.attention')).toContain(number);

    const events = await journalIn(country.configuration.dataDirectory);
    expect(events.filter(({ type }) => type === 'source_suspended')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'case_opened')).toHaveLength(1);
  });

  test('D8 agencies are told that their sessions have ended', async () => {
    const { stranger, link } = await alarmed();
    await stranger.open(`${country.songHong.url}/login`);
    if (stranger.page.code === 'continue_as') await stranger.press('decision=continue');
    if (stranger.page.code === 'consent') await stranger.tickAll().press('decision=agree');
    expect(stranger.page.code).toBe('hello');
    const reader = new Visitor();
    await reader.open(link);
    await reader.press('button.primary');
    const agency = stranger.newTab();
    await until(async () => (await agency.open(country.songHong.url)).code === 'home', 5_000);
  });

  test('D8 of twenty presses at once one does it; whoever comes later is told that it was done', async () => {
    const { link } = await alarmed();
    const pressed = await Promise.all(
      Array.from({ length: 20 }, () =>
        request(link, { method: 'POST' }).then(async ({ statusCode, body }) => [statusCode, await body.text()]),
      ),
    );
    expect(pressed.map(([status]) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 410)]);
    expect(await cases()).toHaveLength(1);
    expect((await lettersFor(country, AN_MAIL)).length).toBe(1);
    const reader = new Visitor();
    expect((await reader.open(link)).code).toBe('link_used');
    expect((await reader.post(link, {})).status).toBe(410);
  });

  test('D8 no form of another site, no other token, none after its time', async () => {
    const { link } = await alarmed();
    const from = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const forged = await request(link, { method: 'POST', headers: from });
    await forged.body.dump();
    expect(forged.statusCode).toBe(403);
    const visitor = new Visitor();
    for (const token of ['A'.repeat(43), 'x', '%00', '..%2f..', `${link.pathname.split('/').at(-1)}A`])
      for (const page of [
        await visitor.open(`${country.hub}/citizen/not-me/${token}`),
        await visitor.post(`${country.hub}/citizen/not-me/${token}`, {}),
      ])
        expect(page.code).toBe('not_found');
    await atSecond(10 * DAY + 60, async () => {
      expect((await visitor.open(link)).code).toBe('not_found');
      expect((await visitor.post(link, {})).code).toBe('not_found');
    });
    expect(await blocks()).toEqual([]);
    expect((await visitor.open(link)).code).toBe('citizen_not_me');
  });

  test('D8 a link works on its own sign-in only, whoever is signed in where it is pressed', async () => {
    const { link } = await alarmed();
    const hoa = await atThePage(byTaxCode(HOA));
    await giveContact(country, hoa, HOA_MAIL);
    await hoa.open(link);
    await hoa.press('button.primary');
    expect(await blocks()).toHaveLength(1);
    const other = (await store().people.findLink('tax-code', HOA.taxCode))!.person;
    expect(await store().own.blocks.of(other)).toEqual([]);
    expect((await hoa.open(`${country.hub}/citizen`)).code).toBe('citizen_overview');
  });
});

describe('D8 about a row of the history', () => {
  const rowOf = async (source: string) => {
    const types = ['person_identified'] as const;
    const rows = await store().journal.historyOf({ person: await personOf(), types, most: 50 });
    return rows.find(({ event }) => (event as { source?: string }).source === source)!.id;
  };
  const deny = (visitor: Visitor, event: string) =>
    callApi(country, visitor, '/history/not-me', { method: 'POST', body: { event } });

  test('D8 whoever came by a way as strong closes it, and their own session stays', async () => {
    await atThePage(byTaxCode());
    const visitor = await atThePage(byMobileId(country));
    const row = await rowOf('tax-code');
    const { status, body } = await deny(visitor, row);
    expect(status).toBe(200);
    expect(await blocks()).toMatchObject([{ source: 'tax-code', reason: 'not_me', case: body.case }]);
    // Once more is the same case.
    expect((await deny(visitor, row)).body.case).toBe(body.case);
    expect(await cases()).toHaveLength(1);
    expect((await callApi(country, visitor, '/')).status).toBe(200);
  });

  test('D8 whoever has only the weakest way closes no stronger one: the others end, an operator looks', async () => {
    const strong = await atThePage(byMobileId(country));
    const weak = await atThePage(byTaxCode());
    const { status, body } = await deny(weak, await rowOf('mobile-id'));
    expect(status).toBe(200);
    expect(await blocks()).toEqual([]);
    expect(await cases()).toMatchObject([{ number: body.case, kind: 'not_me', content: { suspended: false } }]);
    expect((await callApi(country, strong, '/')).status).toBe(401);
    expect((await callApi(country, weak, '/')).status).toBe(200);
  });

  test("D8 somebody else's row is not there", async () => {
    await atThePage(byTaxCode());
    const row = await rowOf('tax-code');
    const hoa = await atThePage(byTaxCode(HOA));
    expect((await deny(hoa, row)).status).toBe(404);
    expect(await blocks()).toEqual([]);
  });
});

describe('a change that waits', () => {
  /** An weak session asks for another address and waits; the link that the contact is sent. */
  async function waiting() {
    const visitor = await atThePage(byTaxCode());
    await giveContact(country, visitor, AN_MAIL);
    await atThePage(byMobileId(country));
    await lettersFor(country);
    country.messages.reset();
    await proposeContact(country, visitor, 'thief@example.vn');
    const [letter] = await lettersFor(country, 'thief@example.vn');
    await visitor.fill({ code: codeIn(letter!) }).press('button.primary');
    expect(visitor.page.code).toBe('citizen_sign_in_again');
    await visitor.press('wait=yes');
    const [told] = await lettersFor(country, AN_MAIL);
    country.messages.reset();
    return { visitor, link: linkIn(country, told!) };
  }

  test('D14 is told to the contacts, and stopped by the link, once', async () => {
    const { visitor, link } = await waiting();
    expect(link.pathname).toMatch(/^\/citizen\/stop\/[\w-]{43}$/);
    expect(await store().own.waiting.of(await personOf())).toHaveLength(1);
    for (const method of ['GET', 'HEAD'] as const) await request(link, { method }).then(({ body }) => body.dump());
    const reader = new Visitor();
    expect((await reader.open(link)).code).toBe('citizen_stop');
    expect(reader.page.text('main')).toContain('Đổi địa chỉ liên hệ');
    expect(await store().own.waiting.of(await personOf())).toHaveLength(1);
    expect((await reader.press('button.primary')).heading).toBe('Đã dừng');
    expect(await store().own.waiting.of(await personOf())).toEqual([]);
    expect((await reader.open(link)).code).toBe('change_gone');
    expect((await reader.post(link, {})).status).toBe(409);
    expect((await lettersFor(country, AN_MAIL)).map(({ subject }) => subject)).toContain('Đã dừng một thay đổi');
    expect((await visitor.open(`${country.hub}/citizen/contacts`)).text('main')).not.toContain('thief@');
  });

  test('D14 of twenty who stop it at once one does', async () => {
    const { link } = await waiting();
    const pressed = await Promise.all(
      Array.from({ length: 20 }, () =>
        request(link, { method: 'POST' }).then(async ({ statusCode, body }) => {
          await body.dump();
          return statusCode;
        }),
      ),
    );
    expect(pressed.sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  });

  test('D14 by no form of another site and no other token', async () => {
    const { link } = await waiting();
    const { statusCode, body } = await request(link, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    await body.dump();
    expect(statusCode).toBe(403);
    const visitor = new Visitor();
    await visitor.open(country.hub);
    expect((await visitor.post(`${country.hub}/citizen/stop/${'A'.repeat(43)}`, {})).code).toBe('change_gone');
    expect((await visitor.post(`${country.hub}/citizen/stop/x`, {})).code).toBe('not_found');
    expect(await store().own.waiting.of(await personOf())).toHaveLength(1);
  });
});

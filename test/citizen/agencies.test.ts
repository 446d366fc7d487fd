/** Agencies: who may receive what, taking it back so that nothing goes on, and whether the agency heard of it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { Withdrawals } from '../../src/citizen/rooms/withdrawal.ts';
import type { ProtocolState, Store } from '../../src/store.ts';
import { AN, AN_NUMBER, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { addressOf } from '../oidc/asking.ts';
import { ARCHIVE, codeFor, introspect, redeem, tokensOf, userinfo } from '../oidc/redeeming.ts';
import { journalIn } from '../store-copy.ts';
import { byTaxCode, callApi, signInToPage } from './citizen.ts';

/** An agency's ear: what it heard, and what it says to it. */
const heard: string[] = [];
let answer = 200;
const ear = createServer(async (request, response) => {
  heard.push(new URLSearchParams(await text(request)).get('logout_token') ?? '');
  response.writeHead(answer).end();
});

let country: TestCountry;
beforeAll(async () => {
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve));
  const backchannel_logout_uri = `http://localhost:${(ear.address() as AddressInfo).port}/hears`;
  country = await openTestCountry(
    [
      { client_id: 'tax-returns', backchannel_logout_uri, optional_items: ['gender'] },
      { client_id: 'library-cards', minimum_acr: 'loa1' },
      { client_id: 'land-register', backchannel_logout_uri, basis: 'law' },
      ARCHIVE,
    ],
    { configure: (configuration) => ({ ...configuration, deliveryPauses: [40] }) },
  );
});
afterAll(async () => {
  await country?.close();
  ear.close();
  ear.closeAllConnections();
});
afterEach(async () => {
  answer = 200;
  await eventually(async () => (await country.runningHub().store.outbox.nextDue([])) === undefined, true);
  heard.length = 0;
});

async function eventually<T>(look: () => T | Promise<T>, wanted: T): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline && JSON.stringify(await look()) !== JSON.stringify(wanted)) await pause(20);
  expect(await look()).toEqual(wanted);
}

const ENGLISH = { language: 'en' } as const;
const isActive = async (token: string) => (await introspect(country, ARCHIVE.client_id, token)).body.active;
const openAgency = (visitor: Visitor, client: string) =>
  visitor.open(new URL(`/citizen/agencies/${client}`, country.hub));
const scope = 'openid profile birth';

/** Signs in at both agencies and then at the page, in one browser. */
async function everywhere(account: typeof AN | typeof HOA = AN) {
  const visitor = new Visitor(ENGLISH);
  const taxes = await tokensOf(country, 'tax-returns', { scope }, { visitor, account });
  const library = await tokensOf(country, 'library-cards', { scope }, { visitor, account });
  await signInToPage(country, visitor, byTaxCode(account));
  expect(visitor.page.code).toBe('citizen_overview');
  return { visitor, taxes, library };
}

describe('what is shown', () => {
  test('every agency with exactly what was agreed to, those in force first, and never the page itself', async () => {
    const { visitor } = await everywhere();
    const page = await visitor.open(new URL('/citizen/agencies', country.hub));
    const listed = page.$('[data-client]').toArray();
    const clients = listed.map((one) => page.$(one).attr('data-client'));
    expect(clients).toEqual(expect.arrayContaining(['tax-returns', 'library-cards']));
    expect(clients).not.toContain('citizen-page');
    const over = listed.map((one) => page.$(one).attr('data-state') !== 'in_force');
    expect(over).toEqual(over.toSorted());
    expect(page.text('[data-client=tax-returns]')).toContain('Test service');
    const { body } = await callApi(country, visitor, '/agencies/tax-returns');
    expect(body).toMatchObject({
      client: 'tax-returns',
      service: { agency: { en: 'Test agency' }, name: { en: 'Test service' } },
      withdrawal: 'possible',
      minimum: 'loa1',
      home: `${country.callback.origin}/`,
      consent: { basis: 'consent', purpose: { vi: 'Để thử.', en: 'To test.' }, lastUsed: expect.any(String) },
    });
    const offered = ['birthdate', 'gender', 'name', 'nationality', 'place_of_birth'];
    expect([...body.consent.granted, ...body.consent.leftOut].toSorted()).toEqual(offered);
    const { body: list } = await callApi(country, visitor, '/agencies');
    expect(list.agencies.find((one: { client: string }) => one.client === 'tax-returns').consent).toEqual(body.consent);
    const shown = await openAgency(visitor, 'tax-returns');
    expect(shown.heading).toBe('Test service');
    expect(shown.has(`a[href="${country.callback.origin}/"]`)).toBe(true);
    expect(shown.$('.primary')).toHaveLength(1);
  });

  test('where the law asks for it there is the way to object, and nothing to withdraw, on the page and by the API', async () => {
    const visitor = new Visitor(ENGLISH);
    const { access } = await tokensOf(country, 'land-register', { scope }, { visitor });
    await signInToPage(country, visitor);
    const page = await openAgency(visitor, 'land-register');
    expect(page.has('form[action="/citizen/agencies/withdraw"]')).toBe(false);
    expect((await visitor.follow('a[href^="/citizen/rights/"]')).code).toBe('citizen_rights_open');
    const forced = await callApi(country, visitor, '/agencies/withdraw', {
      method: 'POST',
      body: { client: 'land-register' },
    });
    expect(forced).toMatchObject({ status: 409, body: { error: 'withdrawal_not_possible' } });
    expect((await userinfo(country, access)).status).toBe(200);
  });
});

describe('D2 withdrawing', () => {
  const ways: [string, (visitor: Visitor) => Promise<void>][] = [
    [
      'on the page',
      async (visitor) => {
        await openAgency(visitor, 'tax-returns');
        await visitor.press('client=tax-returns');
        expect(visitor.page.code).toBe('citizen_agency');
        expect(visitor.page.has('[data-state=withdrawn]')).toBe(true);
        expect(visitor.page.has('form[action="/citizen/agencies/withdraw"]')).toBe(false);
      },
    ],
    [
      'by the API',
      async (visitor) => {
        const body = { client: 'tax-returns' };
        expect((await callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body })).status).toBe(200);
        const { body: after } = await callApi(country, visitor, '/agencies/tax-returns');
        expect(after).toMatchObject({ withdrawal: 'over', consent: { ended: 'withdrawn' } });
      },
    ],
  ];
  test.each(
    ways,
  )('D2 %s: tokens and codes of that agency are dead at once, no other is touched', async (_how, withdraw) => {
    const { visitor, taxes, library } = await everywhere();
    const inFlight = await codeFor(country, 'tax-returns', { scope }, { visitor: visitor.newTab() });
    const second = await tokensOf(country, 'tax-returns', { scope }, { visitor: visitor.newTab() });
    for (const { access } of [taxes, second, library]) expect(await isActive(access)).toBe(true);

    await withdraw(visitor);

    for (const { access } of [taxes, second]) {
      expect((await userinfo(country, access)).status).toBe(401);
      expect(await isActive(access)).toBe(false);
    }
    const refused = await redeem(country, 'tax-returns', inFlight);
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
    expect((await userinfo(country, library.access)).status).toBe(200);
    expect(await isActive(library.access)).toBe(true);
    expect((await callApi(country, visitor, '/')).status).toBe(200);
    await eventually(() => heard.map((token) => decodeJwt(token).sid).includes(taxes.id.sid), true);
  });

  test('D2 without a form of the visit, from elsewhere or by somebody who is not there, nothing is withdrawn', async () => {
    const { visitor, taxes } = await everywhere();
    const body = { client: 'tax-returns' };
    const attempts = [
      await callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body, formToken: 'guessed' }),
      await callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body, formToken: undefined }),
      await callApi(country, visitor, '/agencies/withdraw', {
        method: 'POST',
        body,
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      }),
      await callApi(country, new Visitor(), '/agencies/withdraw', { method: 'POST', body, formToken: 'x' }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 401]);
    expect(await isActive(taxes.access)).toBe(true);
  });

  test('D2 pressed in many tabs at once, it happens once', async () => {
    const { visitor } = await everywhere(HOA);
    const form = await openAgency(visitor, 'tax-returns');
    const form_token = form.$('input[name=form_token]').attr('value')!;
    const before = await timesWithdrawn();
    const tabs = Array.from({ length: 6 }, () => visitor.newTab());
    const pages = await Promise.all(
      tabs.map(async (tab) => {
        await openAgency(tab, 'tax-returns');
        return tab.post(new URL('/citizen/agencies/withdraw', country.hub), { client: 'tax-returns', form_token });
      }),
    );
    expect(pages.map(({ code }) => code)).toEqual(tabs.map(() => 'citizen_agency'));
    expect((await timesWithdrawn()) - before).toBe(1);
  });
});

const timesWithdrawn = async () =>
  (await journalIn(country.configuration.dataDirectory)).filter(
    ({ type, reason, client }) => type === 'consent_ended' && reason === 'withdrawn' && client === 'tax-returns',
  ).length;

test('D3 an agency that is down is told when it is up again, and the page says how far that is', async () => {
  const { visitor, taxes } = await everywhere();
  answer = 503;
  await openAgency(visitor, 'tax-returns');
  await visitor.press('client=tax-returns');
  expect(visitor.page.$('[data-logout]').attr('data-logout')).toBe('waiting');
  await eventually(() => heard.length >= 3, true);
  expect((await callApi(country, visitor, '/agencies/tax-returns')).body.logout).toBe('waiting');

  answer = 200;
  await eventually(async () => (await visitor.reload()).$('[data-logout]').attr('data-logout'), 'told');
  expect((await callApi(country, visitor, '/agencies/tax-returns')).body.logout).toBe('told');
  const tokens = heard.map((token) => decodeJwt(token));
  // Other sessions of the person at this agency, of earlier tests, hear of it, too.
  expect(tokens.map(({ sid }) => sid)).toContain(taxes.id.sid);
  expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(tokens.length);
  expect(tokens.every(({ sub }) => sub === taxes.id.sub)).toBe(true);
});

test('D3 what was to be told outlives the hub', async () => {
  const { visitor, taxes } = await everywhere();
  answer = 503;
  await openAgency(visitor, 'tax-returns');
  await visitor.press('client=tax-returns');
  await country.restartHub();
  expect((await userinfo(country, taxes.access)).status).toBe(401);
  answer = 200;
  await eventually(
    async () => (await openAgency(visitor, 'tax-returns')).$('[data-logout]').attr('data-logout'),
    'told',
  );
});

test('D3 a hub that dies in the midst of a withdrawal has ended the consent and tells the agency all the same', async () => {
  const { visitor, taxes } = await everywhere();
  const { store } = country.runningHub();
  const person = (await store.people.findHolder(AN_NUMBER))!;
  const state = { ...store.state, inGroup: firstOnly(store.state) };
  const dying = new Proxy(store, { get: (whole, name: keyof Store) => (name === 'state' ? state : whole[name]) });
  const logout = {
    messages: (who: string, left: readonly { client: string; sid: string }[]) =>
      left.map(({ client, sid }) => ({ kind: 'logout', target: client, key: sid, payload: { person: who, sid } })),
    tell: async () => 0,
  };
  const withdrawals = new Withdrawals({ store: dying, logout, wake: () => {}, clock: Date.now });
  await expect(withdrawals.withdraw(person, 'tax-returns')).rejects.toThrow('died');
  expect((await userinfo(country, taxes.access)).status).toBe(401);
  expect(heard).toEqual([]);

  await country.restartHub();
  await eventually(() => heard.map((token) => decodeJwt(token).sid).includes(taxes.id.sid), true);
  // Pressed once more, the rest is done; there is no second end of it.
  const before = await timesWithdrawn();
  const again = await callApi(country, visitor, '/agencies/withdraw', {
    method: 'POST',
    body: { client: 'tax-returns' },
  });
  expect(again.status).toBe(200);
  expect(await timesWithdrawn()).toBe(before);
});

/** Sessions can be looked for once, and then nothing answers any more. */
function firstOnly(state: ProtocolState): ProtocolState['inGroup'] {
  let looks = 0;
  return async (group) => {
    looks += 1;
    if (looks > 1) throw new Error('died');
    return state.inGroup(group);
  };
}

test('D3 an agency without an address for it is not said to be told', async () => {
  const { visitor } = await everywhere();
  await openAgency(visitor, 'library-cards');
  await visitor.press('client=library-cards');
  expect(visitor.page.$('[data-logout]').attr('data-logout')).toBe('own');
});

test('D4 the next sign-in at the agency asks again, as for the first time, and only then is anything given', async () => {
  const { visitor } = await everywhere();
  await openAgency(visitor, 'tax-returns');
  await visitor.press('client=tax-returns');
  const tab = visitor.newTab();
  await tab.open(addressOf(country, 'tax-returns', { scope, prompt: 'none' }));
  expect(tab.page.url.searchParams.get('code')).toBeNull();
  expect(tab.page.url.searchParams.get('error')).toMatch(/_required$/);
  await tab.open(addressOf(country, 'tax-returns', { scope }));
  if (tab.page.code === 'continue_as') await tab.press('decision=continue');
  expect(tab.page.code).toBe('consent');
  await tab.press('decision=refuse');
  expect((await callApi(country, visitor, '/agencies/tax-returns')).body.withdrawal).toBe('over');

  const again = await tokensOf(country, 'tax-returns', { scope }, { visitor: visitor.newTab() });
  expect(await isActive(again.access)).toBe(true);
  const { body } = await callApi(country, visitor, '/agencies/tax-returns');
  expect(body.withdrawal).toBe('possible');
  expect(body.earlier[0].ended).toBe('withdrawn');
});

test('D4 a withdrawal and a redemption at the same moment: whoever is first, nothing is left open', async () => {
  for (let round = 0; round < 4; round += 1) {
    const { visitor } = await everywhere();
    const code = await codeFor(country, 'tax-returns', { scope }, { visitor: visitor.newTab() });
    const body = { client: 'tax-returns' };
    const [redeemed, withdrawn] = await Promise.all([
      redeem(country, 'tax-returns', code),
      callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body }),
    ]);
    expect(withdrawn.status).toBe(200);
    if (redeemed.status === 200) expect((await userinfo(country, redeemed.body.access_token)).status).toBe(401);
    else expect(redeemed.body.error).toBe('invalid_grant');
  }
});

describe('D9 what is somebody else’s is not there', () => {
  test('D9 agencies, consents and receipts, whatever is tried with their ids', async () => {
    const owner = await everywhere(AN);
    const stranger = new Visitor(ENGLISH);
    await tokensOf(country, 'library-cards', { scope }, { visitor: stranger, account: HOA });
    await signInToPage(country, stranger, byTaxCode(HOA));
    const { body } = await callApi(country, owner.visitor, '/agencies/tax-returns');
    const id: string = body.consent.id;
    const { people } = country.runningHub().store;
    const person = (await people.findHolder(AN_NUMBER))!;
    const guesses = [id, id.toUpperCase(), `${id}%00`, `${id}%2F`, `%2E%2E%2F${id}`, `${id}'--`, person, '*', '0'];
    for (const guess of guesses) {
      const page = await stranger.open(`${country.hub}/citizen/receipts/${guess}`);
      expect([guess, page.status, page.code]).toEqual([guess, 404, 'not_found']);
      expect((await callApi(country, stranger, `/receipts/${guess}`)).status).toBe(404);
    }
    for (const own of [id.toUpperCase(), `${id}%20`, `${id}%00`])
      expect((await callApi(country, owner.visitor, `/receipts/${own}`)).status).toBe(404);

    // HOA may have been at the tax office before in this file: a client nobody but AN knows is AN's alone.
    await tokensOf(country, 'land-register', { scope }, { visitor: owner.visitor.newTab() });
    const names = ['land-register', 'LAND-REGISTER', 'citizen-page', 'archive', 'nobody', 'a%2Fb', 'x%00', '__proto__'];
    const form = await stranger.open(new URL('/citizen/agencies', country.hub));
    const form_token = form.$('input[name=form_token]').attr('value')!;
    for (const name of names) {
      expect([name, (await openAgency(stranger, name)).status]).toEqual([name, 404]);
      expect((await callApi(country, stranger, `/agencies/${name}`)).status).toBe(404);
      const client = decodeURIComponent(name);
      const posted = await stranger.post(new URL('/citizen/agencies/withdraw', country.hub), { client, form_token });
      expect([name, posted.status]).toEqual([name, 404]);
      const asked = await callApi(country, stranger, '/agencies/withdraw', { method: 'POST', body: { client } });
      expect(asked).toMatchObject({ status: 404, body: { error: 'not_found' } });
    }
    const more = { client: 'library-cards', person };
    const swapped = await callApi(country, stranger, '/agencies/withdraw', { method: 'POST', body: more });
    expect(swapped.status).toBe(400);
    expect((await callApi(country, owner.visitor, '/agencies/land-register')).body.withdrawal).toBe('law');
    for (const hostile of [{ client: ['library-cards'] }, { client: { $ne: '' } }, { client: null }, {}, []])
      expect((await callApi(country, stranger, '/agencies/withdraw', { method: 'POST', body: hostile })).status).toBe(
        400,
      );
  });
});

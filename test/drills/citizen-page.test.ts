/**
 * Owns the drill that the citizen's page is one page in every process: what somebody decides in one is so in the others
 * within two seconds, what is told is told once whoever carries it, and nothing is lost with a process that dies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt, type JSONWebKeySet } from 'jose';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import { verifyReceipt } from '../../src/citizen/documents/receipts.ts';
import { MOST_ALERTS_IN_AN_HOUR } from '../../src/citizen/ports.ts';
import { readKeys } from '../../src/vault/keys.ts';
import { activateKey, addKey, listKeys, retireKey } from '../../src/vault/rotation.ts';
import { byNationalEid, byTaxCode, callApi, formTokenOf, signInToPage } from '../citizen/citizen.ts';
import { codeIn, linkIn, proposeContact } from '../citizen/letters-come.ts';
import { proveByTaxCode, type TestCountry } from '../country.ts';
import { dumpOfPostgresql, dumpOfRedis } from '../engines/dumps.ts';
import { until } from '../engines/until.ts';
import { addressOf } from '../oidc/asking.ts';
import { ARCHIVE, codeFor, get, introspect, redeem, tokensOf, userinfo } from '../oidc/redeeming.ts';
import type { Account } from './newcomers.ts';
import { openStage } from './stage.ts';

/** Milliseconds: within which every process knows, for which a letter or a message is waited. */
const EVERYWHERE = 2_000;
const DELIVERY = 20_000;
const PLACES = [0, 1] as const;
type Place = (typeof PLACES)[number];
const PATIENCE = 40_000;

/** An agency's ear: what it heard, and what it says to it. */
const heard: string[] = [];
let answer = 200;
const ear = createServer(async (message, response) => {
  heard.push(new URLSearchParams(await text(message)).get('logout_token') ?? '');
  response.writeHead(answer).end();
});
await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve));
const backchannel_logout_uri = `http://localhost:${(ear.address() as AddressInfo).port}/hears`;
afterAll(() => {
  ear.close();
  ear.closeAllConnections();
});

const stage = openStage({
  machines: PLACES.length,
  newcomers: 8,
  moreClients: [
    { client_id: 'taxes', secret: 'basic', backchannel_logout_uri },
    { client_id: 'library-cards', secret: 'basic' },
    ARCHIVE,
  ],
});
const scope = 'openid profile';

let next = 0;
let account: Account;
beforeAll(() => {
  account = stage.newcomers.accounts[next]!;
});
afterEach(async () => {
  const { country, engines } = stage;
  country.balancer.prefer();
  answer = 200;
  if (country.workerPids().length < PLACES.length) {
    // What the dead one held for itself would pass on in minutes only.
    await engines.empty();
    await country.restartHub();
  }
  next += 1;
  account = stage.newcomers.accounts[next]!;
});

/** One process alone, past the balancer. Browsers send their cookies there, too: they know of no ports. */
const at = (place: Place): TestCountry => {
  const { port } = new URL(stage.country.machines[place]!.url);
  return { ...stage.country, hub: `http://localhost:${port}` };
};
/** What every process says. */
const everywhere = <T>(ask: (country: TestCountry) => Promise<T>): Promise<T[]> =>
  Promise.all(PLACES.map((place) => ask(at(place))));
const statuses = (asked: Promise<readonly { readonly status: number }[]>) =>
  asked.then((answers) => answers.map(({ status }) => status));

const tokens = (client: string, visitor: Visitor) => tokensOf(stage.country, client, { scope }, { visitor, account });
/** What becomes of a token in each process: at userinfo, and for a resource server that asks. */
const fate = (token: string) =>
  everywhere(async (country) => [
    (await userinfo(country, token)).status,
    (await introspect(country, ARCHIVE.client_id, token)).body.active,
  ]);
const ALIVE = PLACES.map(() => [200, true]);
const DEAD = PLACES.map(() => [401, false]);
const withdraw = (country: TestCountry, visitor: Visitor, client: string) =>
  callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body: { client } });

/** Signed in at both agencies and then at the page, in one browser. */
async function signedInEverywhere() {
  const visitor = new Visitor();
  const [taxes, library] = [await tokens('taxes', visitor), await tokens('library-cards', visitor)];
  expect((await signInToPage(stage.country, visitor, byTaxCode(account))).code).toBe('citizen_overview');
  return { visitor, taxes, library };
}

/** Nothing is on its way to anybody any more. */
const quiet = () =>
  until(async () => (await stage.engines.rows('select 1 from outbox limit 1')).length === 0, DELIVERY);
const mails = (to: string) => stage.country.messages.received(to);

/** The whole way on the pages, until everybody was told of it. */
async function giveMail(visitor: Visitor, mail: string): Promise<void> {
  await proposeContact(stage.country, visitor, mail);
  await until(async () => mails(mail).length === 1, DELIVERY);
  await visitor.fill({ code: codeIn(mails(mail)[0]!) }).press('button.primary');
  await quiet();
  stage.country.messages.reset();
}

/** Who an agency knows by this subject. */
async function personBehind(sub: unknown): Promise<string> {
  const [row] = await stage.engines.rows(`select person from pairwise where sub = '${sub}'`);
  return String(row!.person);
}

test(
  'D2 what is withdrawn on the page is dead in every process within two seconds, and nothing else is',
  async () => {
    const { country } = stage;
    const { visitor, taxes, library } = await signedInEverywhere();
    const codes: string[] = [];
    for (const _ of PLACES)
      codes.push(await codeFor(country, 'taxes', { scope }, { visitor: visitor.newTab(), account }));
    expect([await fate(taxes.access), await fate(library.access)]).toEqual([ALIVE, ALIVE]);

    await visitor.open(`${country.hub}/citizen/agencies/taxes`);
    country.balancer.prefer(0);
    const begun = performance.now();
    await visitor.press('client=taxes');
    expect(visitor.page.has('[data-state=withdrawn]')).toBe(true);
    expect(country.balancer.answeredBy.at(-1)).toBe(0);
    expect(await fate(taxes.access)).toEqual(DEAD);
    const refused = await Promise.all(PLACES.map((place) => redeem(at(place), 'taxes', codes[place]!)));
    expect(refused.map(({ status, body }) => [status, body.error])).toEqual(PLACES.map(() => [400, 'invalid_grant']));
    expect(performance.now() - begun).toBeLessThan(EVERYWHERE);
    expect(await fate(library.access)).toEqual(ALIVE);
    expect(await statuses(everywhere((country) => callApi(country, visitor, '/')))).toEqual([200, 200]);
  },
  PATIENCE,
);

test(
  'D5 a way that is closed in one process ends a sign-in under way in another, and every session by it',
  async () => {
    const { country } = stage;
    const { visitor, taxes } = await signedInEverywhere();
    const strong = new Visitor();
    await signInToPage(country, strong, byNationalEid(account.taxCode));
    expect(strong.page.code).toBe('citizen_overview');

    country.balancer.prefer(1);
    const [before, amid] = [new Visitor(), new Visitor()];
    await before.open(addressOf(country, 'taxes', { scope }));
    await before.press('source=tax-code');
    // At what is asked between the proof and the code.
    await amid.open(addressOf(country, 'taxes', { scope: 'openid profile birth' }));
    await proveByTaxCode(amid, account);
    expect(amid.page.code).toBe('consent');

    const body = { source: 'tax-code' };
    const blocked = await callApi(at(0), strong, '/ways/block', { method: 'POST', body });
    expect(blocked.status).toBe(200);
    before.fill({ tax_code: account.taxCode, password: account.password });
    expect((await before.press('decision=sign_in')).code).toBe('source_blocked');
    await amid.press('decision=agree');
    expect(country.balancer.answeredBy.at(-1)).toBe(1);
    // Who is sent on all the same has nothing of it.
    const refused = await redeem(at(1), 'taxes', amid.page.url.searchParams.get('code') ?? 'none');
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
    const page = await amid.newTab().open(addressOf(country, 'library-cards', { scope, prompt: 'none' }));
    expect(page.url.searchParams.get('error')).toBe('login_required');

    expect(await fate(taxes.access)).toEqual(DEAD);
    expect(await statuses(everywhere((country) => callApi(country, visitor, '/')))).toEqual([401, 401]);
    expect(await statuses(everywhere((country) => callApi(country, strong, '/')))).toEqual([200, 200]);
  },
  PATIENCE,
);

test(
  'D7 D8 each alert is one letter although both processes carry, and of twenty presses in both one counts',
  async () => {
    const { country, engines } = stage;
    const MAIL = 'canh-bao@example.vn';
    const { visitor, taxes } = await signedInEverywhere();
    await giveMail(visitor, MAIL);

    // Half of them in each process, all at once: whatever one has queued the other is about to look for.
    const strangers = Array.from({ length: MOST_ALERTS_IN_AN_HOUR }, () => new Visitor());
    await Promise.all(strangers.map((stranger) => tokens('taxes', stranger)));
    await until(async () => mails(MAIL).length === strangers.length, DELIVERY);
    await quiet();
    const letters = mails(MAIL);
    const links = new Set(letters.map((letter) => linkIn(country, letter).pathname));
    expect([letters.length, links.size]).toEqual([strangers.length, strangers.length]);
    country.messages.reset();

    const [link] = links;
    const pressed = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { statusCode, body } = await request(new URL(link!, at(n % 2 ? 1 : 0).hub), { method: 'POST' });
        await body.dump();
        return statusCode;
      }),
    );
    expect(pressed.sort()).toEqual([200, ...Array.from({ length: 19 }, () => 410)]);
    await quiet();
    expect(mails(MAIL)).toHaveLength(1);
    const person = await personBehind(taxes.id.sub);
    const [told] = await engines.rows(
      `select (select count(*) from "case" where person = '${person}')::int as cases,
      (select count(*) from source_block where person = '${person}')::int as blocks,
      (select count(*) from event join event_subject on event = id
        where person = '${person}' and type = 'source_suspended')::int as events`,
    );
    expect(told).toEqual({ cases: 1, blocks: 1, events: 1 });
    expect(await fate(taxes.access)).toEqual(DEAD);
    for (const one of [visitor, ...strangers.slice(0, 1)])
      expect(await statuses(everywhere((country) => callApi(country, one, '/')))).toEqual([401, 401]);
  },
  PATIENCE,
);

/** Everything that says whose a row is, and where it must stand no more once its person is gone. */
async function namesOf(person: string): Promise<readonly (string | Uint8Array)[]> {
  const columns = {
    pairwise: ['sub'],
    consent: ['id'],
    contact: ['id'],
    device: ['id', 'cookie_hash'],
    alert: ['id', 'token_hash'],
    case: ['number'],
    waiting_change: ['id', 'stop_hash'],
    link: ['subject_index', 'sealed_subject'],
    anchor: ['value_index', 'sealed_value'],
    event_subject: ['salt'],
  };
  const found: (string | Uint8Array)[] = [person];
  for (const [table, names] of Object.entries(columns)) {
    const rows = await stage.engines.rows(`select ${names.join()} from "${table}" where person = '${person}'`);
    expect([table, rows.length > 0]).toEqual([table, true]);
    for (const row of rows) found.push(...(Object.values(row).filter((one) => one !== null) as string[]));
  }
  return found;
}

/** What both engines hold, once deleted rows are swept up as PostgreSQL does by and by. */
async function dumpOfBoth(): Promise<Buffer> {
  const { engines } = stage;
  await engines.rows('vacuum full');
  return Buffer.concat([await dumpOfPostgresql(engines), await dumpOfRedis(engines)]);
}

/** Another key signs, and the one that did is gone from every process. */
async function rotateSigningKey(): Promise<void> {
  const file = path.join(stage.country.directory, 'keys.json');
  const before = readKeys(file);
  const { keys, id } = addKey(before, 'signing-ec');
  const former = listKeys(before).find(({ kind, state }) => kind === 'signing-ec' && state === 'active')!;
  const after = retireKey(activateKey(keys, 'signing-ec', id), 'signing-ec', former.id);
  writeFileSync(file, JSON.stringify(after), { mode: 0o600 });
  expect(readFileSync(file, 'utf8')).not.toContain(former.id);
  await stage.country.restartHub();
}

test(
  'D12 D13 after the wait one process erases, nothing is left in any engine; a receipt outlives it and its key',
  async () => {
    const { country, engines } = stage;
    const MAIL = 'ra-di@example.vn';
    const { visitor, taxes } = await signedInEverywhere();
    await giveMail(visitor, MAIL);
    await tokens('taxes', new Visitor());
    const call = (path: string, body: object) => callApi(country, visitor, path, { method: 'POST', body });
    expect((await call('/ways/block', { source: '*' })).status).toBe(200);
    const { consent } = (await callApi(at(0), visitor, '/agencies/taxes')).body;
    const receipt = (await callApi(at(0), visitor, `/receipts/${consent.id}`)).body as string;
    expect((await call('/erase', {})).status).toBe(202);
    await quiet();

    const person = await personBehind(taxes.id.sub);
    const names = await namesOf(person);
    const standing = (dump: Buffer) => names.filter((name) => dump.includes(name));
    expect(standing(await dumpOfBoth())).toEqual(names);
    const happened = await engines.rows(`select event from event_subject where person = '${person}'`);
    const counted = async (type: string) =>
      Number((await engines.rows(`select count(*) as n from event where type = '${type}'`))[0]!.n);
    country.messages.reset();

    await engines.rows(`update waiting_change set due_at = 0 where person = '${person}'`);
    await rotateSigningKey();
    await until(async () => (await counted('change_carried_out')) > 0, DELIVERY);
    await quiet();
    expect([await counted('person_erased'), await counted('change_carried_out')]).toEqual([1, 1]);
    expect(mails(MAIL)).toHaveLength(1);
    const dump = await dumpOfBoth();
    expect(standing(dump)).toEqual([]);
    expect(dump.includes(MAIL)).toBe(false);
    const ids = happened.map(({ event }) => String(event));
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !dump.includes(id))).toEqual([]);
    expect(await fate(taxes.access)).toEqual(DEAD);
    expect(await statuses(everywhere((country) => callApi(country, visitor, '/')))).toEqual([401, 401]);

    const { id } = await tokens('taxes', new Visitor());
    expect(id.sub).not.toBe(taxes.id.sub);
    const [one, other] = (await everywhere((country) => get(country, '/record-keys'))).map(
      ({ body }) => body as JSONWebKeySet,
    );
    expect(other).toEqual(one);
    const former = await verifyReceipt(receipt, other!);
    expect(former.receipt.pii_principal_id).toBe(taxes.id.sub);
    expect((await get(at(1), '/jwks')).text).not.toContain(former.kid);
  },
  PATIENCE,
);

test(
  'D3 A6 a process dies that has queued a sign-out: another tells the agency, and the page goes on in it',
  async () => {
    const { country } = stage;
    const { visitor, taxes } = await signedInEverywhere();
    const formToken = await formTokenOf(country, visitor);
    await quiet();
    heard.length = 0;
    answer = 503;
    expect((await withdraw(at(0), visitor, 'taxes')).status).toBe(200);
    await until(async () => heard.length > 0, DELIVERY);
    const [pid] = country.machines[0]!.pids();
    country.kill(pid!);
    await country.machines[0]!.program.ended;

    const logout = () => visitor.page.$('[data-logout]').attr('data-logout');
    const before = visitor.trail.length;
    await visitor.open(`${country.hub}/citizen/agencies/taxes`);
    expect([visitor.page.code, logout()]).toEqual(['citizen_agency', 'waiting']);
    // The form of before its death, too.
    const body = { client: 'library-cards' };
    const other = await callApi(country, visitor, '/agencies/withdraw', { method: 'POST', body, formToken });
    expect(other.status).toBe(200);
    expect(visitor.trail.slice(before).map(({ pathname }) => pathname)).toEqual(['/citizen/agencies/taxes']);

    answer = 200;
    await until(async () => {
      await visitor.reload();
      return logout() === 'told';
    }, DELIVERY);
    const told = heard.map((token) => decodeJwt(token));
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told.map(({ jti }) => jti)).size).toBe(told.length);
    expect(told.map(({ sid, sub }) => [sid, sub])).toEqual(told.map(() => [taxes.id.sid, taxes.id.sub]));
  },
  PATIENCE,
);

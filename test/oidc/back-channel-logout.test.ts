/** Back-channel logout: every agency of a session hears of its end, however it ends and however long that takes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { LogoutTokens } from '../../sandbox/agencies/logout-tokens.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { HOA, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { journalIn } from '../store-copy.ts';
import { tokensOf } from './redeeming.ts';

/** An agency's ear: what it heard, and what it says to it. */
interface Ear {
  readonly url: string;
  readonly heard: string[];
  /** A status, or silence. */
  answer: number | 'nothing';
  close(): void;
}

async function openEar(): Promise<Ear> {
  const ear = { url: '', heard: [] as string[], answer: 200 as Ear['answer'], close: () => {} };
  const server = createServer(async (request, response) => {
    ear.heard.push(new URLSearchParams(await text(request)).get('logout_token') ?? '');
    if (ear.answer !== 'nothing') response.writeHead(ear.answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ear.url = `http://localhost:${(server.address() as AddressInfo).port}/hears`;
  ear.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return ear;
}

/** A tax code that signs in without further ado. */
const TOAN = '8000000318';

let country: TestCountry;
let one: Ear;
let other: Ear;
/** The hub's pauses between tries, which a test may make longer before it restarts the hub. */
const pauses = [40];
beforeAll(async () => {
  [one, other] = await Promise.all([openEar(), openEar()]);
  country = await openTestCountry(
    [
      { client_id: 'one', backchannel_logout_uri: one.url },
      { client_id: 'other', backchannel_logout_uri: other.url, id_token_signed_response_alg: 'RS256' },
      { client_id: 'deaf' },
    ],
    { configure: (configuration) => ({ ...configuration, deliveryPauses: pauses }) },
  );
});
afterAll(async () => {
  await country?.close();
  one.close();
  other.close();
});
// What one test leaves to be told must not be heard in the next.
afterEach(async () => {
  for (const ear of [one, other]) ear.answer = 200;
  await eventually(async () => (await country.runningHub().store.outbox.nextDue([])) === undefined, true);
});
beforeEach(() => {
  for (const ear of [one, other]) {
    ear.answer = 200;
    ear.heard.length = 0;
  }
});

/** Waits until something is so; fails with what is so instead. */
async function eventually<T>(look: () => T | Promise<T>, wanted: T): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline && JSON.stringify(await look()) !== JSON.stringify(wanted)) await pause(20);
  expect(await look()).toEqual(wanted);
}

const sidsHeard = (ear: Ear) => ear.heard.map((token) => decodeJwt(token).sid);
const signOut = (visitor: Visitor, idToken: string) =>
  visitor.open(`${country.hub}/session/end?id_token_hint=${idToken}`);

/** Signs in at test services, one after the other in one browser; id tokens as the services read them. */
async function signedInAt(visitor: Visitor, ...services: string[]): Promise<{ claims: JWTPayload[]; idToken: string }> {
  const claims: JWTPayload[] = [];
  let idToken = '';
  for (const service of services) {
    const { id, answer } = await tokensOf(country, service, {}, { visitor });
    claims.push(id);
    idToken = answer.body.id_token;
  }
  return { claims, idToken };
}

describe('every agency', () => {
  /** Signs in at both sample agencies with one proof. */
  async function atBothAgencies(visitor: Visitor): Promise<void> {
    await visitor.open(`${country.songHong.url}/login`);
    await proveByTaxCode(visitor);
    if (visitor.page.code === 'consent') await visitor.press('decision=agree');
    await visitor.open(`${country.library.url}/login`);
    if (visitor.page.code === 'continue_as') await visitor.press('decision=continue');
    if (visitor.page.code === 'consent') await visitor.press('decision=agree');
    if (visitor.page.code === 'form_post') await visitor.press('button');
    expect(visitor.page.code).toBe('hello');
  }
  const pageAt = async (visitor: Visitor, agency: { readonly url: string }) =>
    (await visitor.newTab().open(`${agency.url}/hello`)).code;

  test('B18 logout at one reaches the other', async () => {
    const visitor = new Visitor();
    await atBothAgencies(visitor);
    expect(await pageAt(visitor, country.songHong)).toBe('hello');
    await visitor.open(`${country.library.url}/logout`);
    expect(visitor.page.code).toBe('signed_out_at_agency');
    await eventually(() => pageAt(visitor, country.songHong), 'home');
    expect(await pageAt(visitor, country.library)).toBe('home');
  });

  test('B18 logout at the hub reaches both, and its page tells them by name', async () => {
    const visitor = new Visitor({ language: 'en' });
    await atBothAgencies(visitor);
    await visitor.open(`${country.hub}/session/end`);
    await visitor.press('logout=yes');
    expect(visitor.page.code).toBe('signed_out');
    expect(visitor.page.text('main li')).toContain('City of Sông Hồng (sample)');
    expect(visitor.page.text('main li')).toContain('Electronic library (sample)');
    await eventually(() => pageAt(visitor, country.songHong), 'home');
    await eventually(() => pageAt(visitor, country.library), 'home');
    await visitor.reload();
    expect(visitor.page.$('main li[data-told=told]').length).toBe(2);
  });

  test('B18 a sample agency takes no token twice, none of another agency and no id token', async () => {
    const visitor = new Visitor();
    const { claims, idToken } = await signedInAt(visitor, 'one');
    await signOut(visitor, idToken);
    await eventually(() => one.heard.length, 1);
    for (const logout_token of [one.heard[0]!, idToken, 'nonsense']) {
      const body = new URLSearchParams({ logout_token });
      expect((await fetch(`${country.songHong.url}/backchannel-logout`, { method: 'POST', body })).status).toBe(400);
    }
    const check = new LogoutTokens(new URL(`${country.hub}/jwks`), country.hub, 'one');
    expect(await check.sessionIn(one.heard[0]!)).toBe(claims[0]!.sid);
    await expect(check.sessionIn(one.heard[0]!)).rejects.toThrow('was here before');
  });
});

describe('a logout token', () => {
  test('B18 is signed, typed, for one client, short-lived and about the session its id token named', async () => {
    const visitor = new Visitor();
    const { claims, idToken } = await signedInAt(visitor, 'one', 'other');
    expect(claims[0]!.sid).not.toBe(claims[1]!.sid);
    await signOut(visitor, idToken);
    await eventually(() => [one.heard.length, other.heard.length], [1, 1]);
    const keys = createRemoteJWKSet(new URL(`${country.hub}/jwks`));
    for (const [index, [ear, audience, alg]] of (
      [
        [one, 'one', 'ES256'],
        [other, 'other', 'RS256'],
      ] as const
    ).entries()) {
      const expected = { issuer: country.hub, audience, typ: 'logout+jwt', algorithms: [alg] };
      const { payload } = await jwtVerify(ear.heard[0]!, keys, expected);
      expect(payload).toEqual({
        iss: country.hub,
        aud: audience,
        sub: claims[index]!.sub,
        sid: claims[index]!.sid,
        iat: expect.any(Number),
        exp: payload.iat! + 120,
        jti: expect.any(String),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
    }
  });

  test('B18 goes to both of two agencies that were signed in to in two tabs at once', async () => {
    const visitor = new Visitor();
    await signedInAt(visitor, 'deaf');
    const both = await Promise.all(
      ['one', 'other', 'one'].map((id) => tokensOf(country, id, {}, { visitor: visitor.newTab() })),
    );
    expect(both[0]!.id.sid).toBe(both[2]!.id.sid);
    await signOut(visitor, both[1]!.answer.body.id_token);
    await eventually(() => [sidsHeard(one), sidsHeard(other)], [[both[0]!.id.sid], [both[1]!.id.sid]]);
  });

  test('B18 goes to the agency that asked when the citizen stays signed in at the hub', async () => {
    const visitor = new Visitor();
    const { claims } = await signedInAt(visitor, 'one', 'other');
    await visitor.open(`${country.hub}/session/end?client_id=one`);
    await visitor.press('main form button:not([name])');
    await eventually(() => sidsHeard(one), [claims[0]!.sid]);
    expect(other.heard).toEqual([]);
  });

  test('B18 goes out when another citizen takes over the browser, and only to where the first one had come', async () => {
    const visitor = new Visitor();
    // With this consent in force, the request below begins in the first citizen's session.
    await signedInAt(new Visitor(), 'other');
    const { claims } = await signedInAt(visitor, 'one');
    await tokensOf(country, 'other', { prompt: 'login' }, { visitor, account: HOA });
    await eventually(() => sidsHeard(one), [claims[0]!.sid]);
    expect(other.heard).toEqual([]);
  });
});

describe('an agency that does not answer', () => {
  test('B18 is told when it is back, each time with another token; the others do not wait', async () => {
    const visitor = new Visitor();
    const { claims, idToken } = await signedInAt(visitor, 'one', 'other', 'deaf');
    one.answer = 503;
    await signOut(visitor, idToken);
    expect(visitor.page.code).toBe('signed_out');
    await eventually(() => sidsHeard(other), [claims[1]!.sid]);
    await eventually(() => one.heard.length >= 3, true);
    await visitor.reload();
    const told = visitor.page
      .$('main li')
      .toArray()
      .map((each) => visitor.page.$(each).attr('data-told'));
    expect(told.sort()).toEqual(['own', 'told', 'waiting']);
    one.answer = 200;
    await eventually(async () => (await visitor.reload()).has('main li[data-told=waiting]'), false);
    const tries = one.heard.map((token) => decodeJwt(token));
    expect(new Set(tries.map(({ jti }) => jti)).size).toBe(tries.length);
    expect(new Set(tries.map(({ sid }) => sid))).toEqual(new Set([claims[0]!.sid]));
    const journal = await journalIn(country.configuration.dataDirectory);
    const sent = journal.filter(({ type }) => type === 'logout_sent').slice(-2);
    expect(sent).toEqual([
      { type: 'logout_sent', client: 'other', tries: 1 },
      { type: 'logout_sent', client: 'one', tries: tries.length },
    ]);
  });

  test('B18 is told after a restart of the hub, even one in the middle of a try', async () => {
    const visitor = new Visitor();
    const { claims, idToken } = await signedInAt(visitor, 'one', 'other');
    one.answer = 'nothing';
    await signOut(visitor, idToken);
    await eventually(() => [one.heard.length, other.heard.length], [1, 1]);
    await country.restartHub();
    one.answer = 204;
    await eventually(() => one.heard.length >= 2, true);
    expect(new Set(sidsHeard(one))).toEqual(new Set([claims[0]!.sid]));
    expect(new Set(sidsHeard(other))).toEqual(new Set([claims[1]!.sid]));
  });
});

describe('signing out everywhere', () => {
  const pressed = async (visitor: Visitor, button: string) => {
    await visitor.open(`${country.hub}/session/end`);
    return visitor.press(button);
  };
  const silently = async (visitor: Visitor) => {
    const answer = await visitor.newTab().open(`${country.songHong.url}/login?prompt=none`);
    return answer.error ?? answer.code;
  };

  test('B18 ends the other browser’s session, and nobody else’s', async () => {
    const [here, there, stranger] = [new Visitor(), new Visitor(), new Visitor()];
    // A citizen whom no other test has signed in somewhere.
    const account = { taxCode: TOAN, password: country.registers.find('tax-code', TOAN)!.password };
    await tokensOf(country, 'one', {}, { visitor: here, account });
    await tokensOf(country, 'one', {}, { visitor: there, account });
    const { id } = await tokensOf(country, 'other', {}, { visitor: there, account });
    await tokensOf(country, 'one', {}, { visitor: stranger, account: HOA });
    const page = await pressed(here, 'logout=everywhere');
    expect(page.code).toBe('signed_out');
    expect(page.$('main li').length).toBe(2);
    await eventually(() => [one.heard.length, sidsHeard(other)], [2, [id.sid]]);
    expect(await silently(there)).toBe('login_required');
    expect(await silently(here)).toBe('login_required');
    // Who is not signed in would be asked to sign in, not to agree.
    expect(await silently(stranger)).toBe('consent_required');
  });

  test('B18 the other button leaves the other browser alone, and so does a forged one', async () => {
    const [here, there] = [new Visitor(), new Visitor()];
    await signedInAt(here, 'one');
    await signedInAt(there, 'other');
    await here.open(`${country.hub}/session/end`);
    const forged = await here.newTab().post(`${country.hub}/session/end/confirm`, { logout: 'everywhere', xsrf: 'x' });
    expect(forged.code).not.toBe('signed_out');
    await here.newTab().open(`${country.hub}/session/end?logout=everywhere`);
    await pressed(here, 'logout=yes');
    expect(other.heard).toEqual([]);
    expect(await silently(there)).not.toBe('login_required');
  });
});

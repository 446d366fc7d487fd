/** Owns the tests of the sandbox's tax authority, driven by a stock OpenID client and a visitor. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { FORGERIES } from '../../sandbox/authority/forgeries.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { type Authorities, beginSignIn, CALLBACK, clientOf, leave, openAuthorities, typeIn } from './authorities.ts';

const AN = '8000000011';
const PASSWORD = 'Thue@2026';

let authorities: Authorities;
let hub: client.Configuration;

beforeAll(async () => {
  authorities = await openAuthorities();
  hub = await clientOf(authorities);
});
afterAll(() => authorities.close());

async function signIn(taxCode = AN) {
  const attempt = await beginSignIn(hub);
  const answer = await typeIn(attempt, taxCode, PASSWORD);
  const tokens = await client.authorizationCodeGrant(hub, answer, { ...attempt.checks, idTokenExpected: true });
  return { tokens, claims: tokens.claims()! };
}

describe('a sign-in', () => {
  test('ends with an id token and the claims of the register', async () => {
    const { tokens, claims } = await signIn();
    expect(claims).toMatchObject({ sub: AN, acr: 'urn:sandbox:tax:password', amr: ['pwd'], aud: 'lien-thong' });
    expect(Math.abs(Number(claims.auth_time) - Date.now() / 1000)).toBeLessThan(5);
    expect(await client.fetchUserInfo(hub, tokens.access_token, AN)).toEqual({
      sub: AN,
      tax_code: AN,
      name: 'NGUYEN VAN AN',
      birthdate: '1990-03-14',
      id_number: '097090000011',
      taxpayer_kind: 'individual',
      status: 'active',
    });
  });

  test('of a company says so; what the register lacks is left out', async () => {
    const { tokens } = await signIn('0100233488');
    const told = await client.fetchUserInfo(hub, tokens.access_token, '0100233488');
    expect(told).toMatchObject({ taxpayer_kind: 'company' });
    expect(told).not.toHaveProperty('birthdate');
    expect(told).not.toHaveProperty('id_number');
  });

  test('answers from the running register', async () => {
    authorities.registers.change('tax-code', AN, { name: 'NGUYEN VAN BINH' });
    const { tokens } = await signIn();
    expect(await client.fetchUserInfo(hub, tokens.access_token, AN)).toMatchObject({ name: 'NGUYEN VAN BINH' });
    authorities.registers.restore();
  });

  test('asks for the password again in the same browser, also for somebody else', async () => {
    const visitor = new Visitor();
    for (const taxCode of [AN, '8000000212', AN]) {
      const attempt = await beginSignIn(hub, {}, visitor);
      expect(visitor.page.code).toBe('tax_sign_in');
      const answer = await typeIn(attempt, taxCode, PASSWORD);
      const tokens = await client.authorizationCodeGrant(hub, answer, attempt.checks);
      expect(tokens.claims()?.sub).toBe(taxCode);
    }
    const quiet = await beginSignIn(hub, { prompt: 'login' }, visitor);
    expect(quiet.visitor.page.code).toBe('tax_sign_in');
    expect(Object.keys(await visitor.cookies(authorities.taxAuthority.issuer))).not.toContain('tax_session');
  });

  test('works in two tabs at once', async () => {
    const first = await beginSignIn(hub);
    const second = await beginSignIn(hub, {}, first.visitor.newTab());
    for (const attempt of [second, first]) {
      const answer = await typeIn(attempt, AN, PASSWORD);
      await client.authorizationCodeGrant(hub, answer, attempt.checks);
    }
  });
});

describe('who may not pass', () => {
  test('a wrong password and an unknown tax code get the same answer', async () => {
    const bodies: string[] = [];
    for (const [taxCode, password] of [
      [AN, 'wrong'],
      ['8000099999', PASSWORD],
    ] as const) {
      const attempt = await beginSignIn(hub);
      await typeIn(attempt, taxCode, password);
      const { page } = attempt.visitor;
      expect([page.status, page.code, page.reason]).toEqual([401, 'tax_sign_in', 'wrong_credentials']);
      bodies.push(page.body.replaceAll(taxCode, '').replace(/sign-in\/[\w.-]+/g, ''));
    }
    expect(bodies[0]).toBe(bodies[1]);
  });

  test('the next try with the right password succeeds', async () => {
    const attempt = await beginSignIn(hub);
    await typeIn(attempt, AN, 'wrong');
    const answer = await typeIn(attempt, ` ${AN} `, PASSWORD);
    expect(answer.searchParams.has('code')).toBe(true);
  });

  test('cancelling and a locked account go back with access_denied', async () => {
    const cancelled = await beginSignIn(hub);
    const answer = await leave(cancelled.visitor, 'decision=cancel');
    expect(answer.href.startsWith(CALLBACK)).toBe(true);
    expect(Object.fromEntries(answer.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'cancelled',
      state: cancelled.checks.expectedState,
      iss: authorities.taxAuthority.issuer,
    });
    authorities.registers.change('tax-code', AN, { status: 'locked' });
    const locked = await typeIn(await beginSignIn(hub), AN, PASSWORD);
    expect(locked.searchParams.get('error_description')).toBe('account_locked');
    authorities.registers.restore();
  });

  test('a request without PKCE goes back with an error', async () => {
    const visitor = new Visitor();
    const address = client.buildAuthorizationUrl(hub, { redirect_uri: CALLBACK, scope: 'openid', state: 'a-state' });
    await expect(visitor.open(address)).rejects.toThrow('ECONNREFUSED');
    expect(visitor.trail.at(-1)?.searchParams.get('error')).toBe('invalid_request');
  });

  test("a sign-in page of another browser, or of this browser's other tab, asks to start again", async () => {
    const { visitor } = await beginSignIn(hub);
    const stranger = new Visitor();
    await stranger.open(visitor.page.url);
    expect([stranger.page.status, stranger.page.code, stranger.page.error]).toEqual([400, 'tax_error', 'expired']);
    await visitor.open(`${authorities.taxAuthority.issuer}/sign-in/another`);
    expect(visitor.page.code).toBe('tax_error');
  });
});

test('speaks English when asked, and lets one switch', async () => {
  const { visitor } = await beginSignIn(hub, { ui_locales: 'en vi' });
  expect([visitor.page.language, visitor.page.heading]).toEqual(['en', 'Sign in to your tax account']);
  await visitor.follow('Tiếng Việt');
  expect(visitor.page.language).toBe('vi');
});

// Stock clients let these pass; the hub does not (test/login/source-answer.test.ts).
const unnoticed: readonly string[] = ['authentication_to_come', 'second_audience_authorized'];
const noticed = FORGERIES.filter((forgery) => !unnoticed.includes(forgery));

test.each(noticed)('forgery %s is one that a stock client notices', async (forgery) => {
  const { taxAuthority } = authorities;
  taxAuthority.forge(forgery);
  try {
    const attempt = await beginSignIn(hub);
    const answer = await typeIn(attempt, AN, PASSWORD);
    const redeem = async () => {
      const tokens = await client.authorizationCodeGrant(hub, answer, { ...attempt.checks, maxAge: 60 });
      await client.fetchUserInfo(hub, tokens.access_token, tokens.claims()!.sub);
    };
    await expect(redeem()).rejects.toThrow();
  } finally {
    taxAuthority.forge(undefined);
  }
});

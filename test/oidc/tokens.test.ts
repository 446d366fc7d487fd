/** Access and id tokens: how they are shown, how long they live, who may ask about them, and what ends them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { HOA, openTestCountry, type TestCountry } from '../country.ts';
import { ARCHIVE, get, introspect, post, proofOf, redeem, together, tokensOf, userinfo } from './redeeming.ts';
import { atSecond } from './time.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'portal' },
    { client_id: 'other' },
    { client_id: 'rsa', id_token_signed_response_alg: 'RS256' },
    { client_id: 'pss', id_token_signed_response_alg: 'PS256' },
    ARCHIVE,
  ]);
});
afterAll(() => country.close());

const inactive = { active: false };

describe('how a token is shown', () => {
  test('A11 in the query it is refused', async () => {
    const { access } = await tokensOf(country, 'portal');
    const { status, body, headers } = await get(country, `/userinfo?access_token=${access}`);
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' });
    expect(headers.get('cache-control')).toBe('no-store');
    // Nor beside the right way, where a log would keep it all the same.
    expect((await get(country, `/userinfo?access_token=${access}`, { authorization: `Bearer ${access}` })).status).toBe(
      400,
    );
  });

  test('A11 in the header or a form it is taken', async () => {
    const { access } = await tokensOf(country, 'portal');
    expect((await userinfo(country, access)).status).toBe(200);
    expect((await userinfo(country, access, 'bearer')).status).toBe(200);
    expect((await post(country, '/userinfo', { fields: { access_token: access } })).status).toBe(200);
  });

  test.each(['Basic', 'Token', 'DPoP', ''])('A11 with the scheme "%s" it is refused', async (scheme) => {
    const { access } = await tokensOf(country, 'portal');
    expect((await userinfo(country, access, scheme)).status).toBe(400);
  });

  test('A11 none, one nobody issued, an id token, a code: refused with a challenge', async () => {
    const { answer } = await tokensOf(country, 'portal');
    for (const token of ['never-issued-0123456789', answer.body.id_token]) {
      const { status, body, headers } = await userinfo(country, token);
      expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_token' });
      expect(headers.get('www-authenticate')).toContain('Bearer');
    }
    const { status, headers } = await get(country, '/userinfo');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });
});

describe('how long it lives', () => {
  test('A9 an access token for ten minutes', async () => {
    const { access } = await tokensOf(country, 'portal');
    const { body } = await introspect(country, 'archive', access);
    expect(body.exp - body.iat).toBe(600);
    expect((await atSecond(595, () => userinfo(country, access))).status).toBe(200);
    expect((await atSecond(601, () => introspect(country, 'archive', access))).body).toEqual(inactive);
    expect((await atSecond(611, () => userinfo(country, access))).status).toBe(401);
  });

  test.each([
    ['portal', 'ES256'],
    ['rsa', 'RS256'],
    ['pss', 'PS256'],
  ])('A9 an id token for five minutes, for one client, signed as it chose: %s %s', async (id, alg) => {
    const { answer } = await tokensOf(country, id, { nonce: 'once' });
    const keys = createRemoteJWKSet(new URL(`${country.hub}/jwks`));
    const expected = { issuer: country.hub, audience: id, algorithms: [alg] };
    const { payload } = await jwtVerify(answer.body.id_token, keys, expected);
    const now = Math.floor(Date.now() / 1000);
    expect(payload).toMatchObject({ aud: id, nonce: 'once', acr: 'loa1', amr: ['pwd'] });
    expect(payload.exp! - payload.iat!).toBe(300);
    expect(Math.abs(now - (payload.auth_time as number))).toBeLessThan(10);
  });

  test('A8 the time of the sign-in stays what it was while the session lasts', async () => {
    const visitor = new Visitor();
    const first = await tokensOf(country, 'portal', {}, { visitor });
    const later = await atSecond(120, () => tokensOf(country, 'portal', {}, { visitor }));
    expect(later.id.auth_time).toBe(first.id.auth_time);
    expect(later.id.iat! - first.id.iat!).toBeGreaterThanOrEqual(119);
  });
});

describe('introspection', () => {
  test('A11 tells a registered resource server, and nobody else', async () => {
    const { access, id } = await tokensOf(country, 'portal', { scope: 'openid profile' });
    const told = await introspect(country, 'archive', access);
    expect(told.headers.get('cache-control')).toBe('no-store');
    expect(told.body).toMatchObject({
      active: true,
      client_id: 'portal',
      iss: country.hub,
      scope: 'openid profile',
      sub: id.sub,
      token_type: 'Bearer',
    });
    for (const service of ['portal', 'other'])
      expect((await introspect(country, service, access)).body).toEqual(inactive);
  });

  test('A11 asks who wants to know', async () => {
    const { access } = await tokensOf(country, 'portal');
    expect((await post(country, '/introspect', { fields: { token: access } })).status).toBe(400);
    const anonymous = { fields: { token: access, client_id: 'archive' } };
    expect((await post(country, '/introspect', anonymous)).status).toBe(401);
  });

  test('A11 knows nothing of what is no access token', async () => {
    const { answer } = await tokensOf(country, 'portal');
    for (const token of ['never-issued-0123456789', 'x', '../../etc/passwd'])
      expect((await introspect(country, 'archive', token)).body).toEqual(inactive);
    expect((await introspect(country, 'archive', answer.body.id_token)).body.active).not.toBe(true);
  });

  test('A11 a resource server signs nobody in', async () => {
    const address = `${country.hub}/authorize?client_id=archive&response_type=code&scope=openid`;
    const page = await new Visitor().open(`${address}&redirect_uri=${encodeURIComponent(country.callback.url)}`);
    expect(page.status).toBe(400);
    expect(page.url.origin).toBe(country.hub);
  });
});

describe('revocation', () => {
  const revoke = async (as: string, token: string) =>
    post(country, '/revoke', together(await proofOf(country, as), { fields: { token } }));

  test('A11 a revoked token fails at userinfo and introspection', async () => {
    const { access } = await tokensOf(country, 'portal');
    expect((await revoke('portal', access)).status).toBe(200);
    expect((await userinfo(country, access)).status).toBe(401);
    expect((await introspect(country, 'archive', access)).body).toEqual(inactive);
    expect((await revoke('portal', access)).status).toBe(200);
  });

  test("A11 nobody revokes another client's token", async () => {
    const { access } = await tokensOf(country, 'portal');
    for (const service of ['other', 'archive']) await revoke(service, access);
    expect((await post(country, '/revoke', { fields: { token: access, client_id: 'portal' } })).status).toBe(401);
    expect((await userinfo(country, access)).status).toBe(200);
  });

  test('A11 revoking one token leaves the others of the session', async () => {
    const visitor = new Visitor();
    const [one, two] = [
      await tokensOf(country, 'portal', {}, { visitor }),
      await tokensOf(country, 'portal', {}, { visitor }),
    ];
    await revoke('portal', one.access);
    expect((await userinfo(country, two.access)).status).toBe(200);
  });
});

describe('the end of a session', () => {
  test('A23 ends all its tokens, at every agency, and those of no other browser', async () => {
    const [here, elsewhere] = [new Visitor(), new Visitor()];
    const tokens = [
      await tokensOf(country, 'portal', {}, { visitor: here }),
      await tokensOf(country, 'other', {}, { visitor: here }),
    ];
    const kept = await tokensOf(country, 'portal', {}, { visitor: elsewhere });
    await here.open(`${country.hub}/session/end?id_token_hint=${tokens[0]!.answer.body.id_token}`);
    expect(here.page.code).toBe('signed_out');
    for (const { access } of tokens) {
      expect((await userinfo(country, access)).status).toBe(401);
      expect((await introspect(country, 'archive', access)).body).toEqual(inactive);
    }
    expect((await userinfo(country, kept.access)).status).toBe(200);
  });

  test('A23 another citizen signing in at the same browser ends it too', async () => {
    const visitor = new Visitor();
    const first = await tokensOf(country, 'portal', {}, { visitor });
    const second = await tokensOf(country, 'portal', { prompt: 'login' }, { visitor, account: HOA });
    expect(second.id.sub).not.toBe(first.id.sub);
    expect((await userinfo(country, first.access)).status).toBe(401);
    expect((await userinfo(country, second.access)).body.sub).toBe(second.id.sub);
  });

  test('A24 a restart of the hub does not', async () => {
    const { access } = await tokensOf(country, 'portal');
    await country.restartHub();
    expect((await userinfo(country, access)).status).toBe(200);
  });
});

test('A9 what the token endpoint does not know it refuses, unstored', async () => {
  const attempts = [
    { grant_type: 'refresh_token', refresh_token: 'any' },
    { grant_type: 'client_credentials' },
    { grant_type: 'password', username: 'any', password: 'any' },
    { grant_type: 'authorization_code' },
  ];
  for (const fields of attempts) {
    const answer = await post(country, '/token', together({ fields }, await proofOf(country, 'portal')));
    expect(answer.status).toBe(400);
    expect(answer.body).not.toHaveProperty('access_token');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  expect((await redeem(country, 'portal', 'x', { fields: { code: '' } })).status).toBe(400);
});

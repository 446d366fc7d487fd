/** Owns answers no honest authority gives: each wrong in exactly one place, to try whether the hub notices. */
import { decodeJwt, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type Provider from 'oidc-provider';
import { publicHalf } from '../secrets.ts';

export const FORGERIES = [
  'response_state',
  'response_issuer',
  'response_issuer_missing',
  'nonce',
  'nonce_missing',
  'issuer',
  'audience',
  'second_audience',
  'second_audience_authorized',
  'expired',
  'authentication_long_ago',
  'authentication_to_come',
  'signature',
  'algorithm_none',
  'algorithm_rs256',
  'algorithm_hs256',
  'userinfo_subject',
] as const;
export type Forgery = (typeof FORGERIES)[number];

const ELSEWHERE = 'https://elsewhere.example';

/** The id token's content with one thing changed. */
function forgedPayload(forgery: Forgery, { nonce, ...payload }: JWTPayload): JWTPayload {
  switch (forgery) {
    case 'nonce':
      return { ...payload, nonce: 'another-nonce' };
    case 'nonce_missing':
      return payload;
    case 'issuer':
      return { ...payload, nonce, iss: ELSEWHERE };
    case 'audience':
      return { ...payload, nonce, aud: 'another-client' };
    case 'second_audience':
      return { ...payload, nonce, aud: [String(payload.aud), 'another-client'] };
    case 'second_audience_authorized':
      return { ...payload, nonce, aud: [String(payload.aud), 'another-client'], azp: payload.aud };
    case 'expired':
      return { ...payload, nonce, iat: 1_000_000_000, exp: 1_000_000_300 };
    case 'authentication_long_ago':
      return { ...payload, nonce, auth_time: Number(payload.auth_time ?? payload.iat) - 3_600 };
    case 'authentication_to_come':
      return { ...payload, nonce, auth_time: Number(payload.auth_time ?? payload.iat) + 3_600 };
    default:
      return { ...payload, nonce };
  }
}

const named = ({ kid }: JWK) => (kid === undefined ? {} : { kid });

const rsaKey = async () => (await generateKeyPair('RS256')).privateKey;

async function forgedToken(forgery: Forgery, idToken: string, key: JWK): Promise<string> {
  const payload = forgedPayload(forgery, decodeJwt(idToken));
  if (forgery === 'algorithm_none') {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(payload)}.`;
  }
  if (forgery === 'algorithm_rs256')
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256' }).sign(await rsaKey());
  if (forgery === 'algorithm_hs256') {
    // The old trick: the public key, which everybody has, used as if it were a shared secret.
    const known = new TextEncoder().encode(JSON.stringify(publicHalf(key)));
    return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...named(key) }).sign(known);
  }
  const strangers =
    forgery === 'signature' ? await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey) : key;
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', ...named(key) })
    .sign(await importJWK(strangers, 'ES256'));
}

function forgedRedirect(forgery: Forgery, location: string): string {
  const address = new URL(location);
  if (forgery === 'response_state') address.searchParams.set('state', 'another-state');
  if (forgery === 'response_issuer') address.searchParams.set('iss', ELSEWHERE);
  if (forgery === 'response_issuer_missing') address.searchParams.delete('iss');
  return address.href;
}

/** Lets a provider lie while `current()` names a forgery. */
export function forgeAnswers(provider: Provider, key: JWK, current: () => Forgery | undefined): void {
  provider.use(async (ctx, next) => {
    await next();
    const forgery = current();
    if (forgery === undefined) return;
    const body = ctx.body as { id_token?: string; sub?: string } | undefined;
    if (ctx.path === '/token' && body?.id_token) body.id_token = await forgedToken(forgery, body.id_token, key);
    if (ctx.path === '/me' && body?.sub && forgery === 'userinfo_subject') body.sub = '8000009999';
    const location = String(ctx.response.headers.location ?? '');
    if (location.includes('code=')) ctx.set('location', forgedRedirect(forgery, location));
  });
}

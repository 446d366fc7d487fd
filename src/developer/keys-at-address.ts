/**
 * Owns looking at the keys that a service keeps at an address, once, before its settings go live: fetched as they will be at
 * a sign-in, through the guarded client of the hub that will do it, and never when a draft is merely saved.
 */
import { canEncrypt, isAlive, weaknessOf } from '../client-keys.ts';
import { fetchKeySet } from '../oidc/keys-by-address.ts';
import { type Outgoing, type OutgoingCode, OutgoingRefused } from '../web/outgoing.ts';
import { jwkOf } from './problems.ts';
import type { Objection } from './refusals.ts';
import type { JwksCode } from './rules/codes.ts';
import { canSign } from './rules/keys.ts';
import type { ServiceSettings } from './settings.ts';

/**
 * What the agency is told. Whether a name leads into a private network, or nowhere, is told by one word: who may give an
 * address would learn from two which names there are inside.
 */
const CODES: Readonly<Partial<Record<OutgoingCode, JwksCode>>> = {
  redirect_refused: 'jwks_redirected',
  encoding_refused: 'jwks_malformed',
  malformed_answer: 'jwks_malformed',
  too_large: 'jwks_too_large',
  too_slow: 'jwks_too_slow',
};

type KeySettings = Pick<
  ServiceSettings,
  'jwks_uri' | 'token_endpoint_auth_method' | 'id_token_encrypted_response_alg' | 'userinfo_encrypted_response_alg'
>;

/** What is wrong with the keys at the address in the settings; nothing where there is no address. `now` in milliseconds. */
export async function keysAtAddress(
  settings: KeySettings,
  outgoing: Pick<Outgoing, 'fetch'>,
  now: number,
): Promise<readonly Objection[]> {
  const code = settings.jwks_uri === undefined ? undefined : await codeOf(settings.jwks_uri, settings, outgoing, now);
  return code === undefined ? [] : [{ field: 'jwks_uri', code }];
}

async function codeOf(
  address: string,
  settings: KeySettings,
  outgoing: Pick<Outgoing, 'fetch'>,
  now: number,
): Promise<JwksCode | undefined> {
  let keys: Awaited<ReturnType<typeof fetchKeySet>>;
  try {
    keys = await fetchKeySet(address, outgoing);
  } catch (error) {
    if (error instanceof OutgoingRefused) return CODES[error.code] ?? 'jwks_unreachable';
    return error instanceof Error && error.message.startsWith('the address of keys answers')
      ? 'jwks_unreachable'
      : 'jwks_malformed';
  }
  const weaknesses = keys.map(weaknessOf);
  if (weaknesses.includes('is a public key')) return 'jwks_private';
  if (weaknesses.some((one) => one !== undefined)) return 'jwks_weak';
  // Others may stand among them, for somebody else or of kinds that are not known here (RFC 7517 5).
  const alive = keys.filter((key) => isAlive(key, now));
  const known = alive.flatMap((key) => jwkOf(key) ?? []);
  const { token_endpoint_auth_method: method, ...settled } = settings;
  const wanted = [settled.id_token_encrypted_response_alg, settled.userinfo_encrypted_response_alg];
  const lacksKey =
    (method === 'private_key_jwt' && !known.some(canSign)) ||
    wanted.some((algorithm) => algorithm !== undefined && !alive.some((key) => canEncrypt(key, algorithm)));
  return lacksKey ? 'jwks_without_key' : undefined;
}

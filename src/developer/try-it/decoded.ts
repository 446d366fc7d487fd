/** Owns reading what came back from a tried sign-in: tokens decoded for people, and each check of a careful service. Pure. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import type { ShownValue, TrialCheck, TrialResult } from '../../../views/developer/try-it.ts';
import { moment } from '../../calendar.ts';
import { ACR_LADDER, type Acr } from '../../identity/assertion.ts';
import type { Heard } from './relying-party.ts';

/** Claims and parameters that are seconds since the epoch. */
const MOMENTS = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);
/** Good for something, until they are used or revoked: only so much of them is shown, in characters. */
const SECRET = new Map([
  ['code', 8],
  ['access_token', 8],
  ['id_token', 24],
]);
/** Seconds by which clocks may differ. */
const TOLERANCE = 30;

/** Everything by name, as it was sent. */
export function shownValues(values: Readonly<Record<string, unknown>>): readonly ShownValue[] {
  return Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const most = SECRET.get(name);
    const at = MOMENTS.has(name) && typeof value === 'number' ? { moment: moment(value * 1000) } : {};
    return { name, value: most === undefined ? text : shortened(text, most), ...at };
  });
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** Header and claims of an id token; nothing of what is none. */
export function decodedIdToken(token: unknown): { header: object; claims: object } | undefined {
  try {
    const jwt = String(token);
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) };
  } catch {
    return undefined;
  }
}

/** What a sign-in was begun with, and what its answer is held against. */
export interface Expected {
  readonly issuer: string;
  readonly client: string;
  readonly state: string;
  readonly nonce: string;
  readonly algorithm: string;
  readonly minimum: Acr;
  readonly maxAge?: number | undefined;
}

export interface Came {
  readonly answer: URLSearchParams;
  readonly heard: Heard;
  readonly userinfo?: Readonly<Record<string, unknown>> | undefined;
}

/** Every check there was something for, one by one, whatever a library has said. `now` in milliseconds. */
export async function checksOf(expected: Expected, { answer, heard, userinfo }: Came, now: number) {
  const checks: { check: TrialCheck; passed: boolean }[] = [
    { check: 'state', passed: answer.get('state') === expected.state },
    { check: 'answer_issuer', passed: answer.get('iss') === expected.issuer },
  ];
  const token = heard.tokens?.body.id_token;
  const decoded = token === undefined ? undefined : decodedIdToken(token);
  if (decoded === undefined) return checks satisfies TrialResult['checks'];
  const header = decoded.header as Readonly<Record<string, unknown>>;
  const claims = decoded.claims as Readonly<Record<string, unknown>>;
  const seconds = now / 1000;
  const audience = [claims.aud].flat();
  const add = (check: TrialCheck, passed: boolean) => checks.push({ check, passed });
  add('algorithm', header.alg === expected.algorithm);
  add('signature', await isSignedBy(String(token), heard.jwks, expected.algorithm));
  add('issuer', claims.iss === expected.issuer);
  add('audience', audience.length === 1 && audience[0] === expected.client);
  add('nonce', claims.nonce === expected.nonce);
  add('expiry', Number(claims.exp) > seconds - TOLERANCE);
  add('issued', Number(claims.iat) <= seconds + TOLERANCE);
  add('level', ACR_LADDER.indexOf(claims.acr as Acr) >= ACR_LADDER.indexOf(expected.minimum));
  if (expected.maxAge !== undefined)
    add('age', Number(claims.auth_time) + expected.maxAge + TOLERANCE >= Number(claims.iat));
  if (userinfo !== undefined) add('subject', userinfo.sub === claims.sub);
  return checks satisfies TrialResult['checks'];
}

async function isSignedBy(token: string, jwks: Heard['jwks'], algorithm: string): Promise<boolean> {
  if (jwks === undefined) return false;
  return compactVerify(token, createLocalJWKSet(jwks as unknown as JSONWebKeySet), { algorithms: [algorithm] }).then(
    () => true,
    () => false,
  );
}

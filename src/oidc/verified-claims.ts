/** Owns `verified_claims`: reading what was asked and answering it (OpenID Connect for Identity Assurance 1.0). */
import { z } from 'zod';
import type { Authentication } from '../identity/authentication.ts';

/** Our trust framework: registers of Vietnamese authorities, matched by the rules of ARCHITECTURE's Identity part. */
export const TRUST_FRAMEWORK = 'vn_lien_thong';

const wish = z.union([z.null(), z.looseObject({})]);
const request = z.looseObject({
  verification: z.looseObject({ trust_framework: wish }),
  claims: z
    .record(z.string().max(64), wish)
    .refine((claims) => Object.keys(claims).length > 0, 'names at least one claim'),
});
export type VerifiedClaimsRequest = z.infer<typeof request>;

/** One form for the object and the array of the standard; the library knows objects only, so an array travels inside one. */
const requests = z.union([
  z.strictObject({ any_of: z.array(request).min(1).max(5) }).transform((wrapped) => wrapped.any_of),
  request.transform((one) => [one]),
]);

/**
 * Brings `verified_claims` of a `claims` parameter into the one form used inside, in place.
 * `false` when it has not the shape of the standard (section 6: the request must be refused).
 */
export function normaliseVerifiedClaims(claims: Record<string, unknown>): boolean {
  for (const target of ['userinfo', 'id_token']) {
    const part = claims[target] as Record<string, unknown> | undefined;
    if (part === undefined || part === null || part.verified_claims === undefined || part.verified_claims === null)
      continue;
    const asked = Array.isArray(part.verified_claims) ? { any_of: part.verified_claims } : part.verified_claims;
    if (!requests.safeParse(asked).success) return false;
    part.verified_claims = asked;
  }
  return true;
}

/** The single requests in a normalised `verified_claims`; none when there is nothing asked. */
export function readVerifiedClaims(asked: unknown): readonly VerifiedClaimsRequest[] {
  const parsed = requests.safeParse(asked);
  return parsed.success ? parsed.data : [];
}

interface Verification {
  trust_framework: string;
  time: string;
  evidence: ElectronicRecord[];
}

interface ElectronicRecord {
  type: 'electronic_record';
  check_details: [{ check_method: 'data' | 'vcrypt' | 'auth' }];
  time: string;
  record: { type: string; source: { name: string; country_code: 'VNM' } };
}

/** Answers `requests` from what was released; `undefined` when no request can be met, never an error (section 5.4). */
export function verifiedClaims(
  authentication: Authentication,
  released: Readonly<Record<string, unknown>>,
  requests: readonly VerifiedClaimsRequest[],
): unknown {
  const verification = verificationOf(authentication);
  const answers = requests.flatMap(({ verification: wished, claims: names }) => {
    if (!meets(verification, wished)) return [];
    const claims = Object.fromEntries(
      Object.keys(names).flatMap((name) => (name in released ? [[name, released[name]]] : [])),
    );
    if (Object.keys(claims).length === 0) return [];
    // Only what was asked of the verification: the framework always, time and evidence when named.
    const told = Object.fromEntries(
      Object.entries(verification).filter(([part]) => part === 'trust_framework' || part in wished),
    );
    return [{ verification: told, claims }];
  });
  return answers.length > 1 ? answers : answers[0];
}

function verificationOf({ evidence, registerConfirmedAt, authTime }: Authentication): Verification {
  const records = [record('auth', evidence.record, evidence.authority, evidence.time)];
  if (registerConfirmedAt !== undefined)
    records.push(record('data', 'population_register', 'Cơ sở dữ liệu quốc gia về dân cư', registerConfirmedAt));
  return { trust_framework: TRUST_FRAMEWORK, time: isoTime(registerConfirmedAt ?? authTime), evidence: records };
}

function record(method: 'data' | 'auth', type: string, name: string, time: number): ElectronicRecord {
  return {
    type: 'electronic_record',
    check_details: [{ check_method: method }],
    time: isoTime(time),
    record: { type, source: { name, country_code: 'VNM' } },
  };
}

const isoTime = (seconds: number) => new Date(seconds * 1000).toISOString();

/** Whether what we verified satisfies the wishes: `value`, `values` and `max_age` of section 6.5. */
function meets(verification: Verification, wished: VerifiedClaimsRequest['verification']): boolean {
  if (!allows(wished.trust_framework, verification.trust_framework)) return false;
  const maxAge = (wished.time as { max_age?: unknown } | null | undefined)?.max_age;
  if (typeof maxAge === 'number' && Date.now() - Date.parse(verification.time) > maxAge * 1000) return false;
  const evidence = wished.evidence;
  if (!Array.isArray(evidence)) return true;
  return evidence.some((wish) => verification.evidence.some((one) => allows(wish?.type ?? null, one.type)));
}

function allows(wish: unknown, actual: string): boolean {
  if (typeof wish !== 'object' || wish === null) return true;
  if ('value' in wish) return wish.value === actual;
  if ('values' in wish && Array.isArray(wish.values)) return wish.values.includes(actual);
  return true;
}

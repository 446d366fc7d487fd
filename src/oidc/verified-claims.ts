/** Owns `verified_claims`: reading what was asked and answering it (OpenID Connect for Identity Assurance 1.0). */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type * as assertion from '../identity/assertion.ts';
import type { Authentication } from '../identity/authentication.ts';

/** Our trust framework: registers of Vietnamese authorities, matched by the rules of ARCHITECTURE's Identity part. */
export const TRUST_FRAMEWORK = 'vn_lien_thong';

/** Words that say something about a wished value; every other word names a part of it (sections 6.1 to 6.3). */
const CONDITIONS = ['essential', 'purpose', 'value', 'values', 'max_age'] as const;
/** Parts without which what they belong to has not the standard's shape. */
const NEVER_LEFT_OUT = ['trust_framework', 'type', 'check_method', 'signature_type', 'issuer', 'serial_number'];

/** What is asked of a value: as it is (`null`), under conditions, in parts, or of a list those like one of these. */
type Wish = null | readonly Wish[] | Wishes;
type Wishes = Conditions & { readonly [part: string]: unknown };
type Conditions = {
  readonly essential?: boolean | undefined;
  readonly purpose?: string | undefined;
  readonly value?: unknown;
  readonly values?: readonly unknown[] | undefined;
  readonly max_age?: number | undefined;
};

const wishes: z.ZodType<Wishes> = z
  .object({
    essential: z.boolean().optional(),
    purpose: z.string().min(3).max(300).optional(),
    value: z.json().optional(),
    values: z.array(z.json()).min(1).max(50).optional(),
    max_age: z.number().min(0).optional(),
  })
  .catchall(z.lazy(() => wish));
const wish: z.ZodType<Wish> = z.union([
  z.null(),
  z
    .array(z.lazy(() => wish))
    .min(1)
    .max(20),
  wishes,
]);

/** An entry asks for evidence of one type (section 6.2), so it names the type; all there is when nothing is named. */
const evidence = z.union([
  z.null(),
  z
    .array(z.object({ type: wish.refine((type) => !Object.hasOwn(type ?? {}, 'values'), 'is one') }).catchall(wish))
    .min(1)
    .max(20),
]);

const request = z.looseObject({
  verification: z.object({ trust_framework: wish, evidence: evidence.optional() }).catchall(wish),
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
  evidence?: (ElectronicRecord | ElectronicSignature)[];
}

interface ElectronicRecord {
  type: 'electronic_record';
  check_details: [{ check_method: 'data' | 'auth'; time: string }];
  record: { type: string; source: { name: string; country_code: 'VNM' } };
}

interface ElectronicSignature {
  type: 'electronic_signature';
  signature_type: string;
  issuer: string;
  serial_number: string;
  created_at: string;
}

/** Answers `requests` from what was released; `undefined` when no request can be met, never an error (section 6.5). */
export function verifiedClaims(
  authentication: Authentication,
  released: Readonly<Record<string, unknown>>,
  requests: readonly VerifiedClaimsRequest[],
): unknown {
  const known = verificationOf(authentication, Object.hasOwn(released, 'personal_number'));
  const answers = requests.flatMap(({ verification: wished, claims: wishedClaims }) => {
    const verification = answerTo(wished as Wishes, known);
    if (verification === undefined) return [];
    const claims = Object.entries(wishedClaims).flatMap(([name, wish]) => {
      const value = Object.hasOwn(released, name) ? answerTo(wish, released[name]) : undefined;
      return value === undefined ? [] : [[name, value]];
    });
    return claims.length === 0 ? [] : [{ verification, claims: Object.fromEntries(claims) }];
  });
  return answers.length > 1 ? answers : answers[0];
}

/**
 * How the claims were verified. A certificate's serial number names its holder as surely as the personal number does, and
 * the standard knows no signature without it: it is told only to who receives that number, so that nobody else can find
 * out with another agency that two subjects are one person.
 */
function verificationOf(
  { evidence, registerConfirmedAt, authTime }: Authentication,
  knowsTheNumber: boolean,
): Verification {
  const all: NonNullable<Verification['evidence']> = [];
  if (evidence.type === 'electronic_record')
    all.push(record('auth', evidence.record, evidence.authority, evidence.time));
  else if (knowsTheNumber) all.push(signature(evidence));
  if (registerConfirmedAt !== undefined)
    all.push(record('data', 'population_register', 'Cơ sở dữ liệu quốc gia về dân cư', registerConfirmedAt));
  return {
    trust_framework: TRUST_FRAMEWORK,
    time: isoTime(registerConfirmedAt ?? authTime),
    ...(all.length > 0 ? { evidence: all } : {}),
  };
}

function signature(made: assertion.ElectronicSignature): ElectronicSignature {
  return {
    type: 'electronic_signature',
    signature_type: made.signature,
    issuer: made.issuer,
    serial_number: made.serialNumber,
    created_at: isoTime(made.time),
  };
}

function record(method: 'data' | 'auth', type: string, name: string, time: number): ElectronicRecord {
  return {
    type: 'electronic_record',
    check_details: [{ check_method: method, time: isoTime(time) }],
    record: { type, source: { name, country_code: 'VNM' } },
  };
}

/** `YYYY-MM-DDThh:mm:ssZ`: the form of the standard has no fractions. */
const isoTime = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/**
 * What of `actual` is told to who wishes so: the parts named, those without which it would be malformed, all of it when
 * none is named. `undefined` when a condition is not met, anywhere: conditions are never ignored (section 6.3).
 */
function answerTo(wish: Wish, actual: unknown): unknown {
  if (wish === null) return actual;
  if (isList(wish)) {
    // Each entry of a list that is like one of those asked for.
    if (!Array.isArray(actual)) return undefined;
    const like = actual.flatMap(
      (one) => wish.map((way) => answerTo(way, one)).find((told) => told !== undefined) ?? [],
    );
    return like.length === 0 ? undefined : like;
  }
  if (!meets(wish, actual)) return undefined;
  const parts = Object.entries(wish).filter(([part]) => !(CONDITIONS as readonly string[]).includes(part));
  if (parts.length === 0 || typeof actual !== 'object' || actual === null || Array.isArray(actual)) return actual;
  const told = Object.entries(actual).filter(([part]) => NEVER_LEFT_OUT.includes(part));
  for (const [part, partWish] of parts as [string, Wish][]) {
    const known = Object.hasOwn(actual, part);
    if (!known && !isConditional(partWish)) continue;
    const answer = known ? answerTo(partWish, actual[part as keyof typeof actual]) : undefined;
    if (answer === undefined) return undefined;
    told.push([part, answer]);
  }
  return Object.fromEntries(told);
}

function meets({ value, values, max_age: maxAge }: Conditions, actual: unknown): boolean {
  if (value !== undefined && !isDeepStrictEqual(value, actual)) return false;
  if (values !== undefined && !values.some((one) => isDeepStrictEqual(one, actual))) return false;
  return maxAge === undefined || Date.now() - lastMoment(actual) <= maxAge * 1000;
}

/** Whether a wish is one that what we do not have cannot meet. */
function isConditional(wish: Wish): boolean {
  if (wish === null) return false;
  if (isList(wish)) return wish.every(isConditional);
  return Object.entries(wish).some(
    ([part, inner]) =>
      ['value', 'values', 'max_age'].includes(part) ||
      (part !== 'essential' && part !== 'purpose' && isConditional(inner as Wish)),
  );
}

/** The last millisecond of a date, to the precision it has, or of a time; `NaN` for what is neither. */
function lastMoment(date: unknown): number {
  if (typeof date !== 'string') return Number.NaN;
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(date) ?? [];
  if (year === undefined) return Date.parse(date);
  if (month === undefined) return Date.UTC(Number(year) + 1, 0) - 1;
  return day === undefined
    ? Date.UTC(Number(year), Number(month)) - 1
    : Date.UTC(Number(year), Number(month) - 1, Number(day) + 1) - 1;
}

const isList = (wish: Wish): wish is readonly Wish[] => Array.isArray(wish);

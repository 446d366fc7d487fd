/** Owns the made-up people with whom services are tried at a sandbox issuer: what each of them shows, and how to be them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Localised } from '../views/pages.ts';
import { isErrorCode } from './errors.ts';
import { ACR_LADDER } from './identity/assertion.ts';

const localised: z.ZodType<Localised> = z.object({ vi: z.string().min(1).max(500), en: z.string().min(1).max(500) });
const short = z.string().min(1).max(200);

/** What a service may receive of somebody, as the population register or one account has it. */
const attributes = z.strictObject({
  name: short.optional(),
  gender: z.enum(['male', 'female']).optional(),
  /** As far as it is known: `1949`, `1990-03-14`. */
  birth_date: z
    .string()
    .regex(/^\d{4}(-\d\d(-\d\d)?)?$/)
    .optional(),
  birth_place: short.optional(),
  nationality: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  personal_number: short.optional(),
  tax_code: short.optional(),
});

/** What is typed, or held in the hand. */
export const CREDENTIALS = [
  'tax_code',
  'social_insurance_number',
  'personal_number',
  'phone',
  'card',
  'account',
  'password',
  'pin',
] as const;

const account = z
  .strictObject({
    /** Id of a source. */
    source: z.string().max(40),
    level: z.enum(ACR_LADDER),
    credentials: z
      .array(z.strictObject({ kind: z.enum(CREDENTIALS), value: short }))
      .min(1)
      .max(6),
    /** `choose_again`: back at the choice of sources, with the reason. */
    outcome: z.enum(['signed_in', 'refused', 'choose_again']),
    /** A code of errors.ts. */
    reason: z.string().refine(isErrorCode, 'is no code of an error').optional(),
    /** What this account attests beyond the register. */
    attributes: attributes.optional(),
  })
  .refine(({ outcome, reason }) => (outcome === 'signed_in') === (reason === undefined), {
    message: 'who is not signed in has a reason, and nobody else',
    path: ['reason'],
  });

const testPerson = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/),
  name: short,
  shows: localised,
  /** Absent where the register knows nobody. */
  attributes: attributes.optional(),
  accounts: z.array(account).min(1).max(12),
});

export type TestPerson = z.infer<typeof testPerson>;
export type TestAttributes = z.infer<typeof attributes>;

/** Most people that a list of them has. */
export const MOST_TEST_PEOPLE = 200;
const testPeople = z.array(testPerson).max(MOST_TEST_PEOPLE);

/** Reads a file of test people; `problems` gets one line for each mistake in it. */
export function readTestPeople(path: string, problems: string[]): readonly TestPerson[] {
  try {
    return parseTestPeople(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const told = error instanceof z.ZodError ? error.issues : [{ path: [], message: 'is no readable JSON file' }];
    problems.push(...told.map((one) => `HUB_TEST_PEOPLE ${[...one.path, one.message].join('.')}`));
    return [];
  }
}

/** Throws `ZodError`. */
export function parseTestPeople(written: unknown): readonly TestPerson[] {
  const people = testPeople.parse(written);
  const ids = new Set(people.map(({ id }) => id));
  if (ids.size < people.length)
    throw new z.ZodError([{ code: 'custom', path: [], message: 'an id is there twice', input: undefined }]);
  return people;
}

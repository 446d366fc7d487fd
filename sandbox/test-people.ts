/** Owns the sandbox's made-up people as developers are told of them: a list of names of entries, filled from the registers. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SourceSettings } from '../src/sources.ts';
import { parseTestPeople, type TestPerson } from '../src/test-people.ts';
import { CARD_PIN } from './card-authority/card-reader.ts';
import { PIN } from './mobile-operator/phone.ts';
import { EID_PASSWORD } from './national-eid/national-eid.ts';
import { type PopulationEntry, RegisterFormError, type RegisterName, type Registers } from './registers.ts';

const FILE = 'test-people.json';

const written = z.strictObject({
  id: z.string(),
  /** In the population register; absent for who is not in it. */
  key: z.string().optional(),
  shows: z.object({ vi: z.string(), en: z.string() }),
  accounts: z.array(
    z.strictObject({
      source: z.string(),
      /** By what the holder is known there. */
      login: z.string(),
      outcome: z.enum(['signed_in', 'refused', 'choose_again']).default('signed_in'),
      reason: z.string().optional(),
    }),
  ),
});
type WrittenAccount = z.infer<typeof written>['accounts'][number];

/** The people that a folder of registers names; nobody where it has no such list. Throws `RegisterFormError`. */
export async function readTestPeople(
  folder: string,
  registers: Registers,
  sources: readonly SourceSettings[],
): Promise<readonly TestPerson[]> {
  const place = path.join(folder, FILE);
  const content = await readFile(place, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  try {
    const people = z.array(written).parse(JSON.parse(content));
    return parseTestPeople(
      people.map(({ id, key, shows, accounts }) => {
        const entry = key === undefined ? undefined : registers.all('population').find((one) => one.key === key);
        if (key !== undefined && entry === undefined) throw new RegisterFormError(`nobody is ${key}`);
        const filled = accounts.map((account) => filledAccount(account, registers, sources));
        const name = entry?.name ?? filled[0]!.name;
        return {
          id,
          name,
          shows,
          ...(entry ? { attributes: attributesOf(entry) } : {}),
          accounts: filled.map(({ name: _name, ...account }) => account),
        };
      }),
    );
  } catch (error) {
    throw new RegisterFormError(`${place}: ${(error as Error).message}`);
  }
}

/** As the register tells it: no part of a date that is not known. */
function attributesOf(entry: PopulationEntry) {
  const { name, gender, birthDate, birthDatePrecision, birthPlace, nationality, personalNumber } = entry;
  return {
    name,
    ...(gender ? { gender } : {}),
    birth_date: birthDate.slice(0, { day: 10, month: 7, year: 4 }[birthDatePrecision]),
    ...(birthPlace ? { birth_place: birthPlace.text } : {}),
    nationality,
    ...(personalNumber ? { personal_number: personalNumber } : {}),
  };
}

/** The account with what has to be typed, and what its agency calls its holder. */
function filledAccount(
  { login, ...account }: WrittenAccount,
  registers: Registers,
  sources: readonly SourceSettings[],
) {
  const { source: id } = account;
  const source = sources.find((one) => one.id === id);
  // Electronic identities stand on the population register itself.
  const register = id === 'national-eid' ? 'population' : (id as RegisterName);
  const entry = registers.find(register, login) as Readonly<Record<string, unknown>> | undefined;
  if (source === undefined || entry === undefined) throw new RegisterFormError(`nobody is ${login} at ${id}`);
  const personal = { kind: 'personal_number', value: String(entry.idNumber) };
  const password = { kind: 'password', value: String(entry.password) };
  const credentials = {
    'tax-code': [{ kind: 'tax_code', value: login }, password],
    'social-insurance': [{ kind: 'social_insurance_number', value: login }, password],
    'national-eid': [
      { kind: 'personal_number', value: login },
      { kind: 'password', value: EID_PASSWORD },
    ],
    'mobile-id': [{ kind: 'phone', value: login }, personal, { kind: 'pin', value: PIN }],
    'digital-signature': [
      { kind: 'card', value: login },
      { kind: 'pin', value: CARD_PIN },
    ],
  }[id];
  return {
    ...account,
    name: String(entry.name),
    level: source.acr,
    credentials,
    ...(id === 'tax-code' && account.outcome === 'signed_in' ? { attributes: { tax_code: login } } : {}),
  };
}

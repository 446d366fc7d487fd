/** Owns what the authorities of the country hold: read from a folder, edited while it runs, restored when asked. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PopulationChanges } from './population-register/changes.ts';

const date = z.iso.date();
/** As an authority's own file has it: only the year, or a day that never was, just as somebody once typed it. */
const dateOnFile = z.string().max(10);

const populationEntry = z.looseObject({
  /** Our name for the person, as expected outcomes use it; the register itself never tells it. */
  key: z.string(),
  personalNumber: z.string().nullable(),
  name: z.string(),
  birthDate: date,
  birthDatePrecision: z.enum(['day', 'month', 'year']),
  gender: z.enum(['male', 'female']).nullable(),
  birthPlace: z.object({ code: z.string(), text: z.string() }).nullable(),
  nationality: z.string(),
  status: z.enum(['alive', 'deceased']),
  formerNumbers: z.array(z.string()),
  formerNames: z.array(z.string()),
  guardian: z.string().optional(),
});

const taxEntry = z.looseObject({
  taxCode: z.string(),
  name: z.string(),
  birthDate: dateOnFile.nullable(),
  idNumber: z.string().nullable(),
  password: z.string(),
  status: z.string(),
  kind: z.literal('company').optional(),
  dependentOf: z.string().optional(),
});

const socialInsuranceEntry = z.looseObject({
  socialInsuranceNumber: z.string(),
  name: z.string(),
  birthDate: dateOnFile.nullable(),
  gender: z.enum(['male', 'female']).nullable(),
  idNumber: z.string().nullable(),
  /** Where one-time codes go; a family may share one. */
  phone: z.string(),
  password: z.string(),
  status: z.string(),
});
const mobileEntry = z.looseObject({
  /** E.164. */
  phone: z.string(),
  idNumber: z.string(),
  name: z.string(),
  /** What the operator answers: `OK` once the phone's holder has confirmed, anything else by itself. */
  result: z.string(),
});
const cardEntry = z.looseObject({
  serial: z.string(),
  idNumber: z.string(),
  name: z.string(),
  /** Who issued it: `public` and `government` are trusted, anybody else is not. */
  ca: z.string(),
  /** What its issuer says of it: `valid`, `revoked`, `suspended`; one that is `expired` says so itself. */
  state: z.string(),
});

export type PopulationEntry = z.infer<typeof populationEntry>;
export type TaxEntry = z.infer<typeof taxEntry>;
export type SocialInsuranceEntry = z.infer<typeof socialInsuranceEntry>;
export type MobileEntry = z.infer<typeof mobileEntry>;
export type CardEntry = z.infer<typeof cardEntry>;

/** Each register: its file, the form of its entries, and which field a holder is known by. */
const FORMS = {
  population: { file: 'population.json', entry: populationEntry, login: 'personalNumber' },
  'tax-code': { file: 'tax.json', entry: taxEntry, login: 'taxCode' },
  'social-insurance': { file: 'social-insurance.json', entry: socialInsuranceEntry, login: 'socialInsuranceNumber' },
  'mobile-id': { file: 'mobile.json', entry: mobileEntry, login: 'phone' },
  'digital-signature': { file: 'cards.json', entry: cardEntry, login: 'serial' },
} as const;

/** A register by the name of the source that stands on it; `population` is nobody's source. */
export type RegisterName = keyof typeof FORMS;
export const REGISTER_NAMES = Object.keys(FORMS) as readonly RegisterName[];
/** The file of each register in a folder of registers. */
export const REGISTER_FILES = Object.fromEntries(REGISTER_NAMES.map((name) => [name, FORMS[name].file])) as Readonly<
  Record<RegisterName, string>
>;

interface Entries {
  population: PopulationEntry[];
  'tax-code': TaxEntry[];
  'social-insurance': SocialInsuranceEntry[];
  'mobile-id': MobileEntry[];
  'digital-signature': CardEntry[];
}
export type Entry = Entries[RegisterName][number];

/** A folder or a change that is not of the registers' form; the message names the place. */
export class RegisterFormError extends Error {
  override readonly name = 'RegisterFormError';
}

async function readRegister(folder: string, name: RegisterName): Promise<unknown> {
  const { file, entry } = FORMS[name];
  const place = path.join(folder, file);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(place, 'utf8'));
  } catch (error) {
    throw new RegisterFormError(`${place}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
  const parsed = z.array(entry).safeParse(content);
  if (!parsed.success) throw new RegisterFormError(`${place}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The running registers of the country. Every service reads the live entries, so a change holds from the next request. */
export class Registers {
  readonly #written: Entries;
  #running: Entries;
  /** What the population register tells of edits to it. */
  readonly populationChanges = new PopulationChanges();

  constructor(entries: Entries) {
    this.#written = entries;
    this.#running = structuredClone(entries);
  }

  /** Reads all registers of a folder; one that is missing or malformed is a {@link RegisterFormError}. */
  static async read(folder: string): Promise<Registers> {
    const pairs = REGISTER_NAMES.map(async (name) => [name, await readRegister(folder, name)] as const);
    return new Registers(Object.fromEntries(await Promise.all(pairs)) as unknown as Entries);
  }

  /** All entries of one register as they are now. */
  all<Name extends RegisterName>(name: Name): Readonly<Entries[Name]> {
    return this.#running[name];
  }

  /** The entry somebody signs in with at a source, or the one a personal number names. */
  find<Name extends RegisterName>(name: Name, login: string): Entries[Name][number] | undefined {
    const field: string = FORMS[name].login;
    return (this.#running[name] as Entry[]).find((entry) => entry[field] === login);
  }

  /** Everyone to whom a number leads today, whether it is their present or a former one. */
  holdersOf(number: string): readonly PopulationEntry[] {
    return this.#running.population.filter(
      (entry) => entry.personalNumber === number || entry.formerNumbers.includes(number),
    );
  }

  /** Edits one running entry and returns it; `undefined` when nobody is known by that login. */
  change(name: RegisterName, login: string, change: Readonly<Record<string, unknown>>): Entry | undefined {
    const entry = this.find(name, login);
    if (entry === undefined) return undefined;
    const changed = FORMS[name].entry.safeParse({ ...entry, ...change });
    if (!changed.success) throw new RegisterFormError(z.prettifyError(changed.error));
    if (name === 'population') this.populationChanges.note(entry as PopulationEntry, changed.data as PopulationEntry);
    return Object.assign(entry, changed.data);
  }

  /** Undoes every change since the registers were read. */
  restore(): void {
    this.#running = structuredClone(this.#written);
    this.populationChanges.forget();
  }
}

/** Owns the sandbox country as these tests need it: its registers in memory, and what its sources attest from them. */
import { readFileSync } from 'node:fs';
import type { Acr, Assertion, AttestedAttributes } from '../../src/identity/assertion.ts';
import { type BirthDatePrecision, knownBirthDate } from '../../src/identity/birth-dates.ts';
import type { PopulationRecord, RegisterAnswer } from '../../src/identity/person.ts';

export interface Resident extends PopulationRecord {
  readonly key: string;
  readonly birthDatePrecision: BirthDatePrecision;
}

/** An entry of a source's register: whatever that source writes, by field. */
export interface SourceEntry {
  [field: string]: string | null;
}

export interface Country {
  readonly population: Resident[];
  readonly tax: (SourceEntry & { taxCode: string })[];
  readonly socialInsurance: SourceEntry[];
  readonly mobile: SourceEntry[];
  readonly cards: SourceEntry[];
}

export interface Step {
  readonly source: string;
  readonly login: string;
  readonly change?: SourceEntry;
  readonly then?: string;
  readonly expect: {
    readonly outcome: string;
    readonly person?: string;
    readonly acr?: string;
    readonly reason?: string;
  };
  readonly claims?: { readonly name?: string; readonly birthdate?: string };
}

export interface Row {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
}

const sandbox = new URL('../../sandbox/', import.meta.url);
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, sandbox), 'utf8'));

export function readCountry(): Country {
  return {
    population: readJson('registers/population.json'),
    tax: readJson('registers/tax.json'),
    socialInsurance: readJson('registers/social-insurance.json'),
    mobile: readJson('registers/mobile.json'),
    cards: readJson('registers/cards.json'),
  };
}

export function readExpectations(): Row[] {
  return readJson('expected/expected.json');
}

/** Answers as the population register does: by a current or former number that leads to exactly one record. */
export function askPopulation(country: Country, number: string): RegisterAnswer {
  const matches = country.population.filter(
    ({ personalNumber, formerNumbers }) => personalNumber === number || formerNumbers.includes(number),
  );
  const [resident] = matches;
  if (resident === undefined) return { kind: 'not_found' };
  if (matches.length > 1) return { kind: 'ambiguous' };
  const birthDate = knownBirthDate(resident.birthDate, resident.birthDatePrecision);
  return { kind: 'found', record: { ...resident, birthDate: birthDate ?? '' } };
}

const SOURCES: Record<string, { register: 'tax' | 'socialInsurance' | 'mobile' | 'cards'; key: string; acr: Acr }> = {
  'tax-code': { register: 'tax', key: 'taxCode', acr: 'loa1' },
  'social-insurance': { register: 'socialInsurance', key: 'socialInsuranceNumber', acr: 'loa2' },
  'mobile-id': { register: 'mobile', key: 'phone', acr: 'loa3' },
  'digital-signature': { register: 'cards', key: 'serial', acr: 'loa4' },
};

/** The entry behind a login, to be read or edited as its authority would. */
export function entryOf(country: Country, source: string, login: string): SourceEntry {
  const { register, key } = SOURCES[source]!;
  const entry = country[register].find((candidate) => candidate[key] === login);
  if (entry === undefined) throw new Error(`No ${login} in ${register}`);
  return entry;
}

/** What a source attests once its holder has proved themselves there. */
export function attest(country: Country, source: string, login: string): Assertion {
  const entry = entryOf(country, source, login);
  const attributes: AttestedAttributes = {
    ...(entry.name ? { name: entry.name } : {}),
    ...(entry.birthDate ? { birthDate: entry.birthDate } : {}),
    ...(entry.idNumber ? { personalNumber: entry.idNumber } : {}),
  };
  return assertionOf({
    source,
    // A certificate names its holder's number, so two cards of one holder from one authority are one account.
    subject: source === 'digital-signature' ? `${entry.ca}:${entry.idNumber}` : login,
    holder: entry.kind === 'company' ? 'organisation' : 'person',
    acr: SOURCES[source]!.acr,
    attributes,
  });
}

/** A whole assertion from the parts that matter to a test. */
export function assertionOf(parts: Partial<Assertion>): Assertion {
  return {
    source: 'social-insurance',
    subject: '9700000011',
    holder: 'person',
    attributes: {},
    acr: 'loa2',
    amr: ['pwd'],
    authTime: 1_790_000_000,
    evidence: {
      type: 'electronic_record',
      record: 'account',
      authority: 'Sandbox',
      country: 'VN',
      time: 1_790_000_000,
    },
    ...parts,
  };
}

/** Owns the drawn country as a folder of registers, of the form that the sandbox reads (SANDBOX_REGISTERS). */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Entry, REGISTER_FILES, type RegisterName } from '../../sandbox/registers.ts';
import { parseTaxCode } from '../../src/identity/numbers.ts';
import type { Account } from './accounts.ts';
import type { Human, Population } from './population.ts';
import type { SourceName } from './rates.ts';

/** One for all: the authorities hash each distinct password once. */
export const PASSWORD = 'Dan-so@2026';

/** Writes all registers into a folder that exists. */
export async function writeRegisters(
  folder: string,
  population: Population,
  accounts: readonly Account[],
): Promise<void> {
  const entriesAt = (source: SourceName) => accounts.filter(({ attested }) => attested.source === source).map(entryOf);
  const entries: Record<RegisterName, readonly Entry[]> = {
    population: [...population.residents.keys()].map((human) => recordOf(population, human)),
    'tax-code': entriesAt('tax-code'),
    'social-insurance': entriesAt('social-insurance'),
    'mobile-id': entriesAt('mobile-id'),
    'digital-signature': entriesAt('digital-signature'),
  };
  for (const name of Object.keys(entries) as RegisterName[])
    await writeFile(path.join(folder, REGISTER_FILES[name]), JSON.stringify(entries[name]));
}

/** What its holder signs in with; it stays when the account goes to somebody else. */
export function loginOf({ attested: { source, subject } }: Account): string {
  const number = Number(subject) % 1_000_000;
  switch (source as SourceName) {
    case 'tax-code':
      return taxCodeOf(number);
    case 'social-insurance':
      return subject;
    case 'mobile-id':
      return `+84912${String(number).padStart(6, '0')}`;
    case 'digital-signature':
      return `CARD-${number}`;
  }
}

/** The account as its register has it. */
export function entryOf(account: Account): Entry {
  const { source, attributes } = account.attested;
  const login = loginOf(account);
  const { name = '', birthDate = null, personalNumber = null } = attributes;
  const kept = { name, birthDate, idNumber: personalNumber, password: PASSWORD, status: 'active' };
  switch (source as SourceName) {
    case 'tax-code':
      return { taxCode: login, ...kept };
    case 'social-insurance':
      return { socialInsuranceNumber: login, gender: null, phone: `+84913${login.slice(-6)}`, ...kept };
    case 'mobile-id':
      return { phone: login, name, idNumber: personalNumber ?? '', result: 'OK' };
    case 'digital-signature':
      return { serial: login, name, idNumber: personalNumber ?? '', ca: 'public', state: 'valid' };
  }
}

function recordOf({ residents }: Population, human: Human): Entry {
  const { personalNumber, birthDate, formerNumbers, ...record } = residents[human]!.record;
  const [year, month = '01', day = '01'] = birthDate.split('-');
  const precision = ({ 4: 'year', 7: 'month', 10: 'day' } as const)[birthDate.length]!;
  return {
    key: String(human),
    ...record,
    personalNumber,
    birthDate: `${year}-${month}-${day}`,
    birthDatePrecision: precision,
    // As the drawn register answers: whoever has no number is found by none.
    formerNumbers: personalNumber === null ? [] : [...formerNumbers],
    formerNames: [...record.formerNames],
  };
}

/** The nine digits before the check digit grow with the number; those for which there is no code are leapt over. */
function taxCodeOf(number: number): string {
  for (let leap = 0; ; leap += 1) {
    const nine = String(800_000_000 + number * 10 + leap);
    const code = Array.from({ length: 10 }, (_, check) => `${nine}${check}`).find((one) => parseTaxCode(one));
    if (code !== undefined) return code;
  }
}

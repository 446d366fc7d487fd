/** Owns citizens whom no hub has seen yet: a folder of registers that holds them besides those of the sandbox. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REGISTERS } from '../../sandbox/country.ts';
import { REGISTER_FILES, REGISTER_NAMES, type RegisterName } from '../../sandbox/registers.ts';

/** How somebody signs in at the tax authority. */
export interface Account {
  readonly taxCode: string;
  readonly password: string;
}

export interface Newcomers {
  /** The folder of registers. */
  readonly folder: string;
  readonly accounts: readonly Account[];
  remove(): Promise<void>;
}

const PASSWORD = 'Thue@2026';

/** Writes registers with so many more citizens, each with a number of their own and a tax account that attests it. */
export async function registerNewcomers(count: number): Promise<Newcomers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'registers-'));
  const numbers = Array.from({ length: count }, (_, n) => `097190${String(700_000 + n)}`);
  const entries: Partial<Record<RegisterName, readonly unknown[]>> = {
    population: numbers.map((personalNumber) => ({
      key: personalNumber,
      personalNumber,
      name: 'Lý Thị Mới',
      birthDate: '1990-07-01',
      birthDatePrecision: 'day',
      gender: 'female',
      birthPlace: null,
      nationality: 'VN',
      status: 'alive',
      formerNumbers: [],
      formerNames: [],
    })),
    'tax-code': numbers.map((number) => ({
      taxCode: number,
      name: 'LY THI MOI',
      birthDate: '1990-07-01',
      idNumber: number,
      password: PASSWORD,
      status: 'active',
    })),
  };
  for (const name of REGISTER_NAMES) {
    const known = JSON.parse(await readFile(path.join(REGISTERS, REGISTER_FILES[name]), 'utf8')) as unknown[];
    await writeFile(path.join(folder, REGISTER_FILES[name]), JSON.stringify([...known, ...(entries[name] ?? [])]));
  }
  return {
    folder,
    accounts: numbers.map((taxCode) => ({ taxCode, password: PASSWORD })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

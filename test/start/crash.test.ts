/** Owns the test that a hub killed in the middle of many sign-ins has told the truth and can be started again. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { parseTaxCode } from '../../src/identity/numbers.ts';
import { proveByTaxCode } from '../country.ts';
import { halvesIn } from '../halves.ts';
import { askStore } from '../store-copy.ts';
import { endAll } from './program.ts';
import { runSandbox } from './sandbox-program.ts';

const PASSWORD = 'Thue@2026';
/** More than will have signed in when the kill comes. */
const TOWN = 200;
const BROWSERS = 6;
const ENOUGH = 12;

let directory: string;
let registers: string;
const taxCodes = validTaxCodes(TOWN);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'crash-'));
  registers = path.join(directory, 'registers');
  await mkdir(registers);
  const write = (file: string, entries: readonly unknown[]) =>
    writeFile(path.join(registers, file), JSON.stringify(entries));
  const number = (n: number) => `0970900${String(n).padStart(5, '0')}`;
  const people = taxCodes.map((taxCode, n) => ({
    taxCode,
    number: number(n),
    birthDate: '1990-01-01',
    name: 'Lê Văn Thử',
  }));
  await write(
    'population.json',
    people.map(({ number, birthDate, name }) => ({
      key: number,
      personalNumber: number,
      name,
      birthDate,
      birthDatePrecision: 'day',
      gender: 'male',
      birthPlace: null,
      nationality: 'VN',
      status: 'alive',
      formerNumbers: [],
      formerNames: [],
    })),
  );
  await write(
    'tax.json',
    people.map(({ taxCode, number, birthDate, name }) => ({
      taxCode,
      name,
      birthDate,
      idNumber: number,
      password: PASSWORD,
      status: 'active',
    })),
  );
  for (const file of ['social-insurance.json', 'mobile.json', 'cards.json']) await write(file, []);
});
afterAll(async () => {
  await endAll();
  await rm(directory, { recursive: true });
});

/** The first so many ten-digit codes with a right check digit. */
function validTaxCodes(count: number): string[] {
  const codes: string[] = [];
  for (let n = 8_000_100_000; codes.length < count; n += 1) if (parseTaxCode(String(n))) codes.push(String(n));
  return codes;
}

/** One sign-in to hello; the subject the agency received. */
async function signIn(agency: string, taxCode: string): Promise<{ subject: string; agreed: boolean }> {
  const visitor = new Visitor();
  await visitor.open(`${agency}/login`);
  const { code } = await proveByTaxCode(visitor, { taxCode, password: PASSWORD });
  if (code === 'consent') await visitor.press('decision=agree');
  expect(visitor.page.code).toBe('hello');
  return { subject: String(visitor.page.claims.sub), agreed: code === 'consent' };
}

/** Signs people in from several browsers until the country dies; who was told that they are in, and as whom. */
async function signInUntilKilled(data: string): Promise<Map<string, string>> {
  const country = await runSandbox(data, { SANDBOX_REGISTERS: registers });
  const promised = new Map<string, string>();
  const waiting = [...taxCodes];
  const browse = async () => {
    for (let taxCode = waiting.pop(); taxCode !== undefined; taxCode = waiting.pop()) {
      promised.set(taxCode, (await signIn(country.at.songHong, taxCode)).subject);
      if (promised.size === ENOUGH) country.send('SIGKILL');
    }
  };
  const browsers = await Promise.allSettled(Array.from({ length: BROWSERS }, browse));
  expect(browsers.map(({ status }) => status)).toEqual(browsers.map(() => 'rejected'));
  expect(await country.ended).toEqual({ code: null, signal: 'SIGKILL' });
  return promised;
}

test('A24 killed in the middle of sign-ins: no cause without its event, and everybody is known again', async () => {
  const data = path.join(directory, 'data');
  const promised = await signInUntilKilled(data);
  expect(promised.size).toBeGreaterThanOrEqual(ENOUGH);

  await askStore(path.join(data, 'hub'), (rows) => {
    expect(rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(rows('PRAGMA foreign_key_check')).toEqual([]);
    expect(halvesIn(rows)).toEqual([]);
    const consents = Number(rows('SELECT count(*) AS n FROM consent')[0]!.n);
    expect(consents).toBeGreaterThanOrEqual(promised.size);
    // Nobody is told as somebody whose tokens nobody recorded.
    const issued = Number(rows("SELECT count(*) AS n FROM event WHERE type = 'tokens_issued'")[0]!.n);
    expect(issued).toBeGreaterThanOrEqual(promised.size);
  });

  const country = await runSandbox(data, { SANDBOX_REGISTERS: registers });
  for (const [taxCode, subject] of [...promised].slice(0, 4))
    expect(await signIn(country.at.songHong, taxCode)).toEqual({ subject, agreed: false });
  const newcomer = taxCodes.find((taxCode) => !promised.has(taxCode))!;
  expect((await signIn(country.at.songHong, newcomer)).agreed).toBe(true);
});

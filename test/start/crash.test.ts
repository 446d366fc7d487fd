/** Owns the test that a hub killed in the middle of many sign-ins has told the truth and can be started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { proveByTaxCode } from '../country.ts';
import { type Account, type Newcomers, registerNewcomers } from '../drills/newcomers.ts';
import { halvesIn } from '../halves.ts';
import { askStore } from '../store-copy.ts';
import { endAll } from './program.ts';
import { runSandbox } from './sandbox-program.ts';

/** More than will have signed in when the kill comes. */
const TOWN = 200;
const BROWSERS = 6;
const ENOUGH = 12;

let directory: string;
let town: Newcomers;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'crash-'));
  town = await registerNewcomers(TOWN);
});
afterAll(async () => {
  await endAll();
  await town.remove();
  await rm(directory, { recursive: true });
});

/** One sign-in to hello; the subject the agency received. */
async function signIn(agency: string, citizen: Account): Promise<{ subject: string; agreed: boolean }> {
  const visitor = new Visitor();
  await visitor.open(`${agency}/login`);
  const { code } = await proveByTaxCode(visitor, citizen);
  if (code === 'consent') await visitor.press('decision=agree');
  expect(visitor.page.code).toBe('hello');
  return { subject: String(visitor.page.claims.sub), agreed: code === 'consent' };
}

/** Signs people in from several browsers until the country dies; who was told that they are in, and as whom. */
async function signInUntilKilled(data: string): Promise<Map<Account, string>> {
  const country = await runSandbox(data, { SANDBOX_REGISTERS: town.folder });
  const promised = new Map<Account, string>();
  const waiting = [...town.accounts];
  const browse = async () => {
    for (let citizen = waiting.pop(); citizen !== undefined; citizen = waiting.pop()) {
      promised.set(citizen, (await signIn(country.at.songHong, citizen)).subject);
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

  const country = await runSandbox(data, { SANDBOX_REGISTERS: town.folder });
  for (const [citizen, subject] of [...promised].slice(0, 4))
    expect(await signIn(country.at.songHong, citizen)).toEqual({ subject, agreed: false });
  const newcomer = town.accounts.find((citizen) => !promised.has(citizen))!;
  expect((await signIn(country.at.songHong, newcomer)).agreed).toBe(true);
});

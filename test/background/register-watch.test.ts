/** Owns the tests of keeping up with the population register: who has died is out before they sign in again. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { WATCH_INTERVAL } from '../../src/background/register-watch.ts';
import { AN_NUMBER, HOA, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { addressOf, answerAfter } from '../oidc/asking.ts';
import { tokensOf, userinfo } from '../oidc/redeeming.ts';
import { journalIn } from '../store-copy.ts';

let country: TestCountry;
beforeAll(async () => {
  const configure = (usual: TestCountry['configuration']) => ({ ...usual, registerInterval: 40 });
  country = await openTestCountry([{ client_id: 'one' }], { configure });
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

/** Edits the register as its own clerks would, through the control. */
async function edit(change: Readonly<Record<string, unknown>>): Promise<void> {
  const { status } = await fetch(`${country.control}/registers/population/${AN_NUMBER}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(status).toBe(200);
}

/** The status of a token's userinfo once it is no longer 200, or after this long. */
async function statusWithin(token: string, milliseconds: number): Promise<number> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const { status } = await userinfo(country, token);
    if (status !== 200 || Date.now() > deadline) return status;
    await pause(20);
  }
}

test('B21 who has died between two sign-ins is out within the interval, others are not', async () => {
  const visitor = new Visitor();
  const { access } = await tokensOf(country, 'one', {}, { visitor });
  const other = await tokensOf(country, 'one', {}, { account: HOA });
  await edit({ status: 'deceased' });
  expect(await statusWithin(access, 5_000)).toBe(401);
  const silently = addressOf(country, 'one', { prompt: 'none' });
  expect(await answerAfter(country, visitor, silently)).toMatchObject({ error: 'login_required' });
  expect((await userinfo(country, other.access)).status).toBe(200);
  await visitor.open(addressOf(country, 'one'));
  expect((await proveByTaxCode(visitor)).code).toBe('person_deceased');
  const told = (await journalIn(country.configuration.dataDirectory)).filter(({ type }) => type === 'person_deceased');
  expect(told).toEqual([{ type: 'person_deceased' }]);
});

test('B21 a register that is down when somebody dies is asked again', async () => {
  const { access } = await tokensOf(country, 'one');
  country.populationRegister.faults.set('down');
  await edit({ status: 'deceased' });
  expect(await statusWithin(access, 300)).toBe(200);
  country.populationRegister.faults.set('none');
  expect(await statusWithin(access, 5_000)).toBe(401);
});

test('B21 a hub that was started anew goes on from where it was', async () => {
  await edit({ name: 'Nguyễn Văn Ân' });
  await edit({ name: 'Nguyễn Văn An' });
  const { access } = await tokensOf(country, 'one');
  // Long enough to have heard of both; neither is a death.
  expect(await statusWithin(access, 200)).toBe(200);
  country.populationRegister.faults.set('down');
  await edit({ status: 'deceased' });
  await country.restartHub();
  expect(await statusWithin(access, 100)).toBe(200);
  country.populationRegister.faults.set('none');
  expect(await statusWithin(access, 5_000)).toBe(401);
});

test('in production the interval is well within a minute', () => {
  expect(WATCH_INTERVAL).toBeLessThanOrEqual(30_000);
});

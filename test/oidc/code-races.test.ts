/** One code redeemed many times at once: one redemption wins, and what it won is taken away, for the code has leaked. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { ARCHIVE, codeFor, introspect, post, redemption, userinfo } from './redeeming.ts';
import { slowStore } from './slow-store.ts';

let country: TestCountry;
const visitor = new Visitor();
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'racer', secret: 'basic' }, ARCHIVE]);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => country.close());

/** Redeems a fresh code so many times at once; every proof is right. */
async function race(runners: number): Promise<void> {
  const code = await codeFor(country, 'racer', {}, { visitor });
  const request = await redemption(country, 'racer', code);
  const answers = await Promise.all(Array.from({ length: runners }, () => post(country, '/token', request)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  for (const { status, body } of answers.filter((answer) => answer !== won[0]))
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
  const token = won[0]!.body.access_token;
  expect((await userinfo(country, token)).status).toBe(401);
  expect((await introspect(country, 'archive', token)).body).toEqual({ active: false });
}

test.each([
  [50, 1],
  [50, 5],
])('A9 of %d uses at once one wins, and its token does not outlive the others (%d times)', async (runners, times) => {
  if (times > 1) slowStore(country);
  for (let time = 0; time < times; time += 1) await race(runners);
});

// Two are harder than fifty: the loser may revoke before the winner's token is written, so that it finds none.
test.each([
  [2, 80],
  [3, 30],
])('A9 of %d uses at once one wins, %d times over', async (runners, times) => {
  slowStore(country);
  for (let time = 0; time < times; time += 1) await race(runners);
});

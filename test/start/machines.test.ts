/** Owns the test that any number of machines are one hub: they share the two engines, and nothing else. */
import { beforeAll, expect, test } from '@jest/globals';
import { relyingParty, tokensFor } from '../country.ts';
import { openStage } from '../drills/stage.ts';
import { until } from '../engines/until.ts';
import type { CountryOfProcesses } from '../many-processes.ts';
import { addressOf } from '../oidc/asking.ts';
import { runCommand } from '../operator/run-command.ts';

const stage = openStage({ machines: 2, moreClients: [{ client_id: 'one' }, { client_id: 'changing' }] });
let country: CountryOfProcesses;
beforeAll(() => {
  ({ country } = stage);
});

test('a citizen signs in, each request at another machine than the one before as often as not', async () => {
  const subjects = new Set<unknown>();
  for (let n = 0; n < 3; n += 1) {
    const tokens = await tokensFor(country, await relyingParty(country, 'one'));
    subjects.add(tokens.claims()?.sub);
  }
  expect(subjects.size).toBe(1);
  expect(new Set(country.balancer.answeredBy)).toEqual(new Set([0, 1]));
});

test('C9 what an operator changes at one machine is live at the other within two seconds', async () => {
  const { pathname, search } = addressOf(country, 'changing');
  const status = async (n: number) => {
    const answer = await fetch(`${country.machines[n]!.url}${pathname}${search}`, { redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  };
  expect([await status(0), await status(1)]).toEqual([303, 303]);
  expect(await runCommand(`${country.directory}/hub-0`, 'clients', ['remove', 'changing'])).toMatchObject({ code: 0 });
  expect(await status(0)).toBe(400);
  await until(async () => (await status(1)) === 400, 2_000);
});

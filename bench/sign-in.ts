/**
 * Owns the measure of a sign-in: store calls, milliseconds and CPU of a first sign-in with consent, a later one without,
 * and single sign-on. Whole country in one process, so CPU is that of hub, source, register and agency together.
 *
 *     npm run bench:sign-in [-- ROUNDS]
 */
import { Visitor } from '../sandbox/visitor.ts';
import type { Store } from '../src/store.ts';
import { AN, openTestCountry, relyingParty, tokensFor } from '../test/country.ts';

const rounds = Number(process.argv[2] ?? 20);
/** One service per round: each meets the citizen for the first time. */
const services = Array.from({ length: rounds + 1 }, (_, round) => ({ client_id: `service-${round}` }));
const country = await openTestCountry(services);
const calls = countCalls(country.runningHub().store);
const parties = await Promise.all(services.map(({ client_id }) => relyingParty(country, client_id)));

const parameters = { scope: 'openid profile' };
const signInAt = (party: number, visitor = new Visitor()) =>
  tokensFor(country, parties[party]!, parameters, { visitor, account: AN });

await signInAt(rounds);
const browser = new Visitor();
const rows = [
  await measure('first sign-in, with consent', (round) => signInAt(round)),
  await measure('later sign-in, no consent page', (round) => signInAt(round)),
  await measure(
    'single sign-on',
    async (round) => void (await signInAt(round, browser)),
    () => signInAt(0, browser),
  ),
];
console.table(rows);
await country.close();

async function measure(name: string, once: (round: number) => Promise<unknown>, before?: () => Promise<unknown>) {
  await before?.();
  calls.clear();
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  for (let round = 0; round < rounds; round += 1) await once(round);
  const { user, system } = process.cpuUsage(cpu);
  const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const writes = [...calls].filter(([call]) => !/\.(get|find|inForce|numbersOf|subjectFor)/.test(call));
  return {
    name,
    'store calls': Math.round((total / rounds) * 10) / 10,
    'of them writes': Math.round((writes.reduce((sum, [, count]) => sum + count, 0) / rounds) * 10) / 10,
    'wall ms': Math.round((performance.now() - wall) / rounds),
    'CPU ms': Math.round((user + system) / 1000 / rounds),
  };
}

/** Counts every call of the store's ports from here on. */
function countCalls(store: Store): Map<string, number> {
  const counted = new Map<string, number>();
  for (const name of ['people', 'consents', 'journal', 'state'] as const) {
    const port = store[name] as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const [method, call] of Object.entries(port)) {
      port[method] = (...args) => {
        const key = `${name}.${method}`;
        counted.set(key, (counted.get(key) ?? 0) + 1);
        return call.apply(port, args);
      };
    }
  }
  return counted;
}

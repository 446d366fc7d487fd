/** Owns the measurement of the embedded store: microseconds a call, and commits a sign-in. Run: `node bench/store.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEmbeddedStore } from '../adapters/store.ts';
import { entry } from '../src/journal/events.ts';
import { generateKeys } from '../src/vault/keys.ts';
import { createVault } from '../src/vault/vault.ts';

const CALLS = 5_000;
const SIGN_INS = 200;

const directory = mkdtempSync(join(tmpdir(), 'lien-thong-bench-'));
let commits = 0;
countCommits();
const store = openEmbeddedStore({ directory, vault: createVault(generateKeys()), clock: Date.now });
const { people, consents, journal, state } = store;

const session = { account: 'p-0', authorizations: { one: { grant: 'g'.repeat(43) } }, filler: 'x'.repeat(600) };
await signIn(0);
await state.put('Session', 's-0', session, 3600);

await measure('findLink (blind index, select)', CALLS, () => people.findLink('tax-code', '8000000000'));
await measure('inForce (select)', CALLS, () => consents.inForce('p-0', 'agency', Date.now()));
await measure('state.get (select, open)', CALLS, () => state.get('Session', 's-0'));
await measure('state.put, one at a time (seal, upsert, commit)', 1_000, () =>
  state.put('Session', 's-0', session, 3600),
);
await measure(
  'state.put, 50 at a time, each',
  100,
  async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => state.put('Session', `s-${i}`, session, 3600)));
  },
  50,
);

commits = 0;
await measure('first sign-in with consent, one after the other', SIGN_INS, (n) => signIn(n + 1));
console.log(`${(commits / SIGN_INS).toFixed(1)} commits a sign-in one after the other`);
commits = 0;
await measure(
  'first sign-in, 20 at once, each',
  10,
  async (n) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => signIn(1_000 + n * 20 + i)));
  },
  20,
);
console.log(`${(commits / 200).toFixed(1)} commits a sign-in, 20 at once`);

await store.close();
rmSync(directory, { recursive: true });

/** The store calls of one first sign-in: each `await` is a moment at which an answer leaves the hub. */
async function signIn(n: number): Promise<void> {
  const person = `p-${n}`;
  const number = String(n).padStart(12, '0');
  const subject = String(8_000_000_000 + n);
  const now = Date.now();
  await Promise.all([
    state.put('Session', `s-${n}`, session, 3600),
    state.put('Interaction', `i-${n}`, session, 3600),
    journal.record([entry(now, { type: 'request_started', client: 'agency', required: 'loa1' })]),
  ]);
  await state.consume('Interaction', `i-${n}`);
  await people.findLink('tax-code', subject);
  await people.findHolder(number);
  await people.commit(
    [
      { type: 'person.created', person },
      { type: 'anchor.added', person, kind: 'personal_number', value: number },
      { type: 'link.added', person, source: 'tax-code', subject, how: 'number' },
    ],
    [entry(now, { type: 'link_added', source: 'tax-code', how: 'number' }, person)],
  );
  const items = ['name', 'birthdate'];
  await consents.give(
    {
      id: `c-${n}`,
      person,
      client: 'agency',
      version: 'v1',
      offered: items,
      granted: items,
      purpose: 'x',
      basis: 'consent',
      from: now,
      to: now + 1_000_000,
    },
    'agency',
    [entry(now, { type: 'consent_given', client: 'agency', items, purpose: 'x', until: now + 1_000_000 }, person)],
  );
  await people.subjectFor(person, 'agency');
  await Promise.all([
    state.put('AuthorizationCode', `a-${n}`, session, 60, `c-${n}`),
    state.put('Session', `s-${n}`, session, 3600),
  ]);
  await state.consume('AuthorizationCode', `a-${n}`);
  await Promise.all([
    state.put('AccessToken', `t-${n}`, session, 600, `c-${n}`),
    journal.record([entry(now, { type: 'tokens_issued', client: 'agency', scope: 'openid' }, person)]),
  ]);
}

async function measure(what: string, calls: number, call: (n: number) => Promise<unknown>, each = 1): Promise<void> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (let n = 0; n < calls; n += 1) await call(n);
  const elapsed = Number(process.hrtime.bigint() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const per = (total: number) => (total / calls / each).toFixed(1).padStart(8);
  console.log(`${per(elapsed)} µs, ${per(user + system)} µs of CPU  ${what}`);
}

/** Statements are prepared once and run many times, so the COMMIT to count is the prepared one. */
function countCommits(): void {
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement) as () => ReturnType<typeof statement.run>;
    statement.run = () => {
      commits += 1;
      return run();
    };
    return statement;
  };
}

/** Bringing rows to new keys while a hub runs: begins by itself, tells the log, ends when told, one process at a time. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KeyRenewal } from '../../src/background/key-renewal.ts';
import type { ProtocolState, Renewal } from '../../src/store.ts';
import { keepLog } from '../kept-log.ts';

const NOTHING = { index: [], wrapping: [] };
const SOME = { index: [{ version: 1, rows: 3 }], wrapping: [] };

/** State in which only the turn is kept: whose it is, if anybody's. */
function turns() {
  return {
    holder: undefined as string | undefined,
    async get() {
      return this.holder === undefined ? undefined : { value: this.holder, version: 1 };
    },
    async putIfAbsent(_kind: string, _id: string, holder: string) {
      this.holder ??= holder;
      return this.holder === holder;
    },
    async replace() {
      return true;
    },
    async delete() {
      this.holder = undefined;
      return true;
    },
  };
}

let state: ReturnType<typeof turns>;
let log: ReturnType<typeof keepLog>;
let running: KeyRenewal[];
beforeEach(() => {
  state = turns();
  log = keepLog();
  running = [];
});
afterEach(() => Promise.all(running.map((one) => one.close())));

function start(renewal: Renewal, interval = 5, soon?: number): KeyRenewal {
  const store = { renewal, state: state as unknown as ProtocolState };
  const one = new KeyRenewal({ store, interval, soon, log: log.log });
  running.push(one);
  one.start();
  return one;
}
const codes = () => log.lines.map((line) => JSON.parse(line).code as string);
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Rows that are brought forward in so many batches. */
function renewalOf(batches: number): Renewal & { left(): Promise<typeof SOME>; looks: number; walked: number } {
  return {
    looks: 0,
    walked: 0,
    async left() {
      this.looks += 1;
      return this.walked < batches ? SOME : NOTHING;
    },
    async *batches() {
      while (this.walked < batches) {
        this.walked += 1;
        yield 1;
      }
    },
  };
}

test('what stands under former keys is brought forward, and the log says when it begins and ends', async () => {
  const renewal = renewalOf(2);
  start(renewal);
  await until(() => codes().includes('keys_renewed'));
  expect(codes()).toEqual(['keys_renewal_started', 'keys_renewed']);
  expect(log.entries('keys_renewed')[0]).toEqual(expect.objectContaining({ ms: expect.any(Number) }));
  const { looks } = renewal;
  await until(() => renewal.looks > looks + 2);
  expect(codes()).toHaveLength(2);
  expect(state.holder).toBeUndefined();
});

test('one process at a time is at it, the next when its turn has ended', async () => {
  state.holder = 'another';
  const renewal = renewalOf(1);
  start(renewal);
  await until(() => renewal.looks > 3);
  expect(renewal.walked).toBe(0);
  state.holder = undefined;
  await until(() => codes().includes('keys_renewed'));
  expect(renewal.walked).toBe(1);
});

test('it looks again soon after its start, and once something was found: who is replaced may have written more', async () => {
  let rows = false;
  let looks = 0;
  const renewal: Renewal = {
    left: async () => {
      looks += 1;
      return rows ? SOME : NOTHING;
    },
    async *batches() {
      rows = false;
      yield 1;
    },
  };
  start(renewal, 1_000_000, 1);
  await until(() => looks === 2);
  rows = true;
  // Before and after it was brought forward, and again.
  await until(() => looks === 2 + 3);
  expect(codes()).toEqual(['keys_renewal_started', 'keys_renewed']);
});

test('rows that do not open are told of, and a store that fails is asked again', async () => {
  let failures = 1;
  start({
    left: async () => SOME,
    async *batches() {
      failures -= 1;
      if (failures >= 0) throw new Error('the disk');
      yield 0;
    },
  });
  await until(() => codes().includes('keys_renewal_incomplete'));
  expect(codes().slice(0, 4)).toEqual([
    'keys_renewal_started',
    'internal_error',
    'keys_renewal_started',
    'keys_renewal_incomplete',
  ]);
});

test('a hub that closes waits for one batch, not for all of them', async () => {
  const renewal = renewalOf(1_000_000);
  const one = start(renewal);
  await until(() => renewal.walked === 1);
  await one.close();
  expect(renewal.walked).toBeLessThan(3);
  expect(state.holder).toBeUndefined();
});

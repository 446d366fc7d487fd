/** Carrying the outbox: pauses that grow, giving up, nobody held up by a slow one, and going on after trouble. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/store.ts';
import { type Carried, type Carrier, Delivery, PAUSES } from '../../src/background/delivery.ts';
import { entry } from '../../src/journal/events.ts';
import type { LeasedMessage } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { until } from '../engines/until.ts';

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const DAY = 24 * 60 * 60;
/** Milliseconds of real time. */
const PATIENCE = 5_000;

let now: number;
let store: EmbeddedStore;
let ended: string[];
let delivery: Delivery | undefined;
beforeEach(() => {
  now = START;
  ended = [];
  store = openEmbeddedStore({ directory: ':memory:', vault: createVault(generateKeys()), clock: () => now });
});
afterEach(async () => {
  await delivery?.close();
  await store.close();
});

/** Carries the messages of one kind, and those of others where they are told. */
function deliver(carry: Carrier['carry'], outbox = store.outbox, others: readonly [string, Carrier][] = []): Delivery {
  const record: Carrier['record'] = ({ target, tries }, end) => {
    ended.push(`${target} ${end} after ${tries}`);
    return [entry(now, { type: `logout_${end}`, client: target, tries })];
  };
  delivery = new Delivery({
    outbox,
    carriers: new Map([['logout', { carry, record }], ...others]),
    clock: () => now,
    log: () => {},
  });
  return delivery;
}
const message = (target: string, key = 'k') => ({ kind: 'logout', target, key, payload: { sid: key } });
const wake = async () => {
  delivery!.wake();
  await settled();
};
const settled = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('B18 pauses grow, and after a day it is given up and said so', async () => {
  const tried: number[] = [];
  deliver(async () => {
    tried.push(now - START);
    return 'not_taken';
  });
  await store.outbox.enqueue([message('office')], DAY);
  await wake();
  for (let next = await store.outbox.nextDue([]); next !== undefined; next = await store.outbox.nextDue([])) {
    now = next;
    await wake();
  }
  const pauses = tried.slice(1).map((at, index) => at - tried[index]!);
  expect(pauses.slice(0, 6)).toEqual([...PAUSES, PAUSES.at(-1)]);
  expect(tried.at(-1)).toBeLessThan(DAY * 1000);
  expect(tried.at(-1)).toBeGreaterThan((DAY - 3600) * 1000 - MINUTE);
  expect(ended).toEqual([`office given_up after ${tried.length}`]);
});

test('what was for several goes on as one message to each; for nobody it is over, and nothing is said', async () => {
  const carried: string[] = [];
  const others: [string, Carrier] = [
    'mail',
    {
      async carry({ target }) {
        carried.push(target);
        return 'taken';
      },
    },
  ];
  const to = (target: string) => ({ kind: 'mail', target, key: target, payload: {} });
  deliver(
    async ({ target }) => ({ messages: target === 'everybody' ? [to('one'), to('another')] : [], lifetime: 60 }),
    store.outbox,
    [others],
  );
  await store.outbox.enqueue([message('everybody'), message('nobody')], DAY);
  await wake();
  await until(async () => (await store.outbox.nextDue([])) === undefined, PATIENCE);
  expect(carried.sort()).toEqual(['another', 'one']);
  expect(ended).toEqual([]);
});

test('B18 what is long past is given up without a try, and so is what nobody can be told of', async () => {
  const carried: string[] = [];
  deliver(async ({ target }): Promise<Carried> => {
    carried.push(target);
    return 'pointless';
  });
  await store.outbox.enqueue([message('late')], 60);
  now += 2 * MINUTE;
  await store.outbox.enqueue([message('gone')], 60);
  await wake();
  expect(carried).toEqual(['gone']);
  expect(ended.sort()).toEqual(['gone given_up after 1', 'late given_up after 1']);
});

test('B18 a slow one holds up nobody, and gets at most a few tries at once', async () => {
  const slow = Promise.withResolvers<Carried>();
  const carried: LeasedMessage[] = [];
  deliver(async (one) => {
    carried.push(one);
    return one.target === 'slow' ? slow.promise : 'taken';
  });
  const many = Array.from({ length: 50 }, (_, n) => [message('slow', `s-${n}`), message('quick', `q-${n}`)]).flat();
  await store.outbox.enqueue(many, DAY);
  delivery!.wake();
  await until(async () => carried.filter(({ target }) => target === 'quick').length === 50, PATIENCE);
  await settled();
  expect(carried.filter(({ target }) => target === 'slow').length).toBe(8);
  slow.resolve('taken');
  await until(async () => ended.length >= 100, PATIENCE);
  expect(new Set(carried.map(({ id }) => id)).size).toBe(100);
  expect(ended.length).toBe(100);
});

test('B18 closing ends a try under way, and the message is due again at once', async () => {
  const started = Promise.withResolvers<void>();
  deliver((_message, signal) => {
    started.resolve();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await store.outbox.enqueue([message('office')], DAY);
  delivery!.wake();
  await started.promise;
  await delivery!.close();
  expect(await store.outbox.nextDue([])).toBe(START);
  deliver(async () => 'taken');
  await wake();
  expect(ended).toEqual(['office sent after 2']);
});

test('B18 a store in trouble is asked again', async () => {
  let trouble = true;
  const outbox = {
    ...store.outbox,
    due: async (wanted: Parameters<typeof store.outbox.due>[0]) => {
      if (trouble) throw new Error('disk full');
      return store.outbox.due(wanted);
    },
  };
  deliver(async () => 'taken', outbox);
  await store.outbox.enqueue([message('office')], DAY);
  await wake();
  trouble = false;
  await wake();
  expect(ended).toEqual(['office sent after 1']);
});

test('B18 each kind has its carrier, and one that records nothing ends quietly', async () => {
  const carried: string[] = [];
  const carrier = (name: string): Carrier => ({
    carry: async ({ target, kind }) => {
      carried.push(`${kind} to ${target} by ${name}`);
      return 'taken';
    },
  });
  deliver(carrier('one').carry, store.outbox, [['letter', carrier('other')]]);
  await store.outbox.enqueue([message('office'), { ...message('office'), kind: 'letter' }], DAY);
  await wake();
  await until(async () => (await store.outbox.lengths()).size === 0, PATIENCE);
  expect(carried.sort()).toEqual(['letter to office by other', 'logout to office by one']);
  expect(ended).toEqual(['office sent after 1']);
});

test('B18 a kind that nobody here knows waits for who does, even past its time', async () => {
  deliver(async () => 'taken');
  await store.outbox.enqueue([{ ...message('office'), kind: 'of tomorrow' }], 60);
  for (let at = 0; at < 5; at += 1) {
    await wake();
    now = (await store.outbox.nextDue([]))!;
  }
  expect(now).toBeGreaterThan(START + MINUTE);
  await delivery!.close();
  const given: string[] = [];
  deliver(async () => 'taken', store.outbox, [
    [
      'of tomorrow',
      {
        carry: async () => 'taken',
        record: ({ kind }, end) => {
          given.push(`${kind} ${end}`);
          return [];
        },
      },
    ],
  ]);
  await wake();
  await until(async () => (await store.outbox.lengths()).size === 0, PATIENCE);
  expect(given).toEqual(['of tomorrow given_up']);
});

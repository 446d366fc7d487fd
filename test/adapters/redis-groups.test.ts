import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Commands, Connection } from '../../adapters/redis/connection.ts';
import { createState } from '../../adapters/redis/state.ts';
import { readStateUrl } from '../../adapters/redis/url.ts';
import type { ProtocolState } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';

const vault = createVault(generateKeys());
const clock = Date.now;

let server: RedisServer;
let connection: Connection;

beforeAll(async () => {
  server = await startRedis();
  connection = await Connection.open(readStateUrl(server.url));
});
afterAll(async () => {
  await connection?.close();
  await server?.remove();
});

type Party = 'writes' | 'deletes';

/** Lets two processes send their commands in one given order; one that is over, or has died, is left out. */
class Turns {
  #order: readonly Party[];
  #waiting: (() => void)[] = [];

  constructor(order: readonly Party[]) {
    this.#order = order;
  }

  /** Commands of a process that dies after so many of them. */
  of(party: Party, together: boolean, commands: number): Commands {
    let left = commands;
    const inTurn = async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
      while (this.#order[0] !== party) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (left === 0) throw new Error('This process has died.');
      left -= 1;
      const reply = await send();
      this.#go(this.#order.slice(1));
      return reply;
    };
    return {
      together,
      get: (key) => inTurn(() => connection.get(key)),
      delete: (key) => inTurn(() => connection.delete(key)),
      run: (script, keys, values) => inTurn(() => connection.run(script, keys, values)),
    };
  }

  over(party: Party): void {
    this.#go(this.#order.filter((one) => one !== party));
  }

  #go(order: readonly Party[]): void {
    this.#order = order;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function interleavings(writes: number, deletes: number): readonly (readonly Party[])[] {
  if (writes === 0) return [Array<Party>(deletes).fill('deletes')];
  if (deletes === 0) return [Array<Party>(writes).fill('writes')];
  return [
    ...interleavings(writes - 1, deletes).map((rest) => ['writes', ...rest] as const),
    ...interleavings(writes, deletes - 1).map((rest) => ['deletes', ...rest] as const),
  ];
}

/** As many commands as either ever sends; who dies after so many dies with nothing left to do. */
const WRITES = [0, 1, 2, 3];
const DELETES = [0, 1, 2];

interface Story {
  readonly id: string;
  readonly group: string;
  /** Of what was there before. */
  readonly version: number;
}

interface Way {
  before?(state: ProtocolState, id: string, group: string): Promise<void>;
  write(state: ProtocolState, story: Story): Promise<unknown>;
}

const WAYS: readonly (readonly [string, Way])[] = [
  ['is put', { write: (state, { id, group }) => state.put('Token', id, 1, 600, group) }],
  ['is put when absent', { write: (state, { id, group }) => state.putIfAbsent('Token', id, 1, 600, group) }],
  [
    'is put again',
    {
      before: (state, id, group) => state.put('Token', id, 0, 60, group),
      write: (state, { id, group }) => state.put('Token', id, 1, 600, group),
    },
  ],
  [
    'comes from another group',
    {
      before: (state, id) => state.put('Token', id, 0, 60, 'another'),
      write: (state, { id, group, version }) => state.replace('Token', id, version, 1, 600, group),
    },
  ],
  [
    'is made to live longer in its own',
    {
      before: (state, id, group) => state.put('Token', id, 0, 60, group),
      write: (state, { id, version }) => state.replace('Token', id, version, 1, 600),
    },
  ],
];

const PLACES = [
  ['on one server', true],
  ['as in a cluster', false],
] as const;

describe('what was written into a group that is being deleted', () => {
  const cases = PLACES.flatMap(([place, together]) => WAYS.map(([name, way]) => [name, place, together, way] as const));

  test.each(cases)('C1 when it %s, %s, does not survive, in whatever order and whoever dies', async (...row) => {
    const [name, place, together, way] = row;
    const undisturbed = createState({ commands: { ...bound(), together }, vault, clock });

    async function left(order: readonly Party[], writes: number, deletes: number, n: number) {
      const id = `${name} ${place} ${n}`;
      const group = `grant of ${id}`;
      await way.before?.(undisturbed, id, group);
      const version = (await undisturbed.get('Token', id))?.version ?? 0;
      const turns = new Turns(order);
      const process = (party: Party, commands: number) =>
        createState({ commands: turns.of(party, together, commands), vault, clock });
      const writing = way.write(process('writes', writes), { id, group, version }).finally(() => turns.over('writes'));
      const deleting = process('deletes', deletes)
        .deleteGroup(group, 60)
        .finally(() => turns.over('deletes'));
      const [, deleted] = await Promise.allSettled([writing, deleting]);
      if (deleted.status === 'rejected') await undisturbed.deleteGroup(group, 60);
      const kept = await undisturbed.get('Token', id);
      // Who died before moving it left it where it was, and nobody deleted that.
      const stayed = way === WAYS[3]![1] && kept?.version === version;
      return (kept && !stayed) || (await undisturbed.inGroup(group)).length > 0 ? [{ order, writes, deletes }] : [];
    }

    const stories = interleavings(WRITES.length - 1, DELETES.length - 1).flatMap((order) =>
      WRITES.flatMap((writes) => DELETES.map((deletes) => [order, writes, deletes] as const)),
    );
    const survivors = await Promise.all(stories.map(([order, writes, deletes], n) => left(order, writes, deletes, n)));
    expect(survivors.flat()).toEqual([]);
  });

  function bound(): Omit<Commands, 'together'> {
    return {
      get: (key) => connection.get(key),
      delete: (key) => connection.delete(key),
      run: (script, keys, values) => connection.run(script, keys, values),
    };
  }
});

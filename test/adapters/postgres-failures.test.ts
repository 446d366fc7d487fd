import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { readPostgresAddress } from '../../adapters/postgres/address.ts';
import { PostgresDatabase } from '../../adapters/postgres/database.ts';
import { openPostgresDatabase, type PostgresStore } from '../../adapters/postgres/store.ts';
import { run, runLast, type Unit, write } from '../../adapters/sql/unit.ts';
import { entry } from '../../src/journal/events.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { type Line, lineTo } from '../engines/line.ts';
import { usePostgresStores } from './postgres-stores.ts';

const vault = createVault(generateKeys());
const stores = usePostgresStores({ settings: ['deadlock_timeout=20ms'] });
const UNAVAILABLE = { code: 'store_unavailable', engine: 'postgresql' };
const known = (person: string) => ({ type: 'person.created', person }) as const;
const query = (text: string, ...values: unknown[]) => ({ compile: () => CompiledQuery.raw(text, values) });

let line: Line;
let store: PostgresStore;
beforeEach(async () => {
  store = await stores.openEmpty(() => 1_000, vault);
  line = await lineTo(stores.server.port);
});
afterEach(async () => {
  await line.close();
  await store.close();
});

const throughLine = () => stores.url.replace(/:\d+\//, `:${line.port}/`);
/** A store at the other end of the line. */
const openFar = (onTrip?: () => void) =>
  openPostgresDatabase({ url: throughLine(), vault, clock: () => 1_000, onTrip });

/** A database at the other end of the line, with less patience than usual. */
function impatient(most = 10): PostgresDatabase {
  const address = readPostgresAddress(throughLine());
  const patience = { connectionTimeoutMillis: 200, query_timeout: 200 };
  return new PostgresDatabase({ most, address: { ...address, client: { ...address.client, ...patience } } });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('what was waited for did not come');
    await new Promise(setImmediate);
  }
}

/** Eight who write as fast as they can, and whom the store promised to have written. */
function keepWriting(name: string): { readonly promised: readonly string[]; stop(): Promise<void> } {
  const promised: string[] = [];
  const problems: unknown[] = [];
  let stopped = false;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; !stopped && n < 100_000; n += 1) {
      const person = `${name}-${writer}-${n}`;
      try {
        await store.people.commit([known(person)], [entry(1, { type: 'person_locked' }, person)]);
        promised.push(person);
      } catch (error) {
        problems.push(error);
        await new Promise(setImmediate);
      }
    }
  });
  const stop = async () => {
    stopped = true;
    await Promise.all(writers);
    for (const problem of problems) expect(problem).toMatchObject(UNAVAILABLE);
  };
  return { promised, stop };
}

/** How long until this succeeds, in milliseconds; tried again and again. */
async function recovery(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  for (;;) {
    try {
      await work();
      return performance.now() - from;
    } catch (error) {
      expect(error).toMatchObject(UNAVAILABLE);
      if (performance.now() - from > 10_000) throw error;
    }
  }
}

describe('a connection to PostgreSQL that breaks', () => {
  test('C5 before the COMMIT has arrived leaves nothing, and is told as trouble', async () => {
    const far = await openFar();
    await far.people.stateOf('p-1');
    line.cutAt('commit', 'client');
    await expect(far.people.commit([known('p-1')], [entry(1, { type: 'person_locked' }, 'p-1')])).rejects.toMatchObject(
      UNAVAILABLE,
    );
    expect(await store.people.stateOf('p-1')).toBeUndefined();
    expect(await far.people.commit([known('p-1')], [])).toBe('committed');
    await far.close();
  });

  test('C5 while the COMMIT is answered is told as trouble, never as success, and nothing is done twice', async () => {
    let trips = 0;
    const far = await openFar(() => {
      trips += 1;
    });
    await far.people.stateOf('p-1');
    trips = 0;
    line.cutAt('COMMIT', 'server');
    const told = entry(1, { type: 'person_locked' }, 'p-1');
    await expect(far.people.commit([known('p-1')], [told])).rejects.toMatchObject(UNAVAILABLE);
    expect(trips).toBe(1);
    // It did happen. Whoever asks again is told so by what stands there.
    expect(await far.people.stateOf('p-1')).toBe('active');
    expect(await far.people.commit([known('p-1')], [told])).toBe('conflict');
    await far.close();
  });

  test('C5 because the server was restarted or crashed is made anew within five seconds, and nothing promised is lost', async () => {
    for (const how of ['restart', 'crash'] as const) {
      const writing = keepWriting(how);
      await until(() => writing.promised.length >= 20);
      await stores.server.stop(how);
      await expect(store.engine.ping()).rejects.toMatchObject(UNAVAILABLE);
      await stores.server.start();
      expect(await recovery(() => store.people.commit([known(`${how}-after`)], []))).toBeLessThan(5_000);
      await writing.stop();
      for (const person of writing.promised) expect(await store.people.stateOf(person)).toBe('active');
    }
  });

  test('C5 is told to whoever listens for changes: anything may have changed', async () => {
    const heard: string[] = [];
    const far = await openFar();
    far.changes.listen((topic) => heard.push(topic));
    const next = async (topic: string) => {
      await until(() => heard.includes(topic));
      heard.length = 0;
    };
    await next('*');
    const change = { id: 'land-office', registration: { client_id: 'land-office' } };
    await store.registrations.save([change], []);
    await next('clients');
    line.letGo();
    await next('*');
    await far.close();
  });
});

describe('a PostgreSQL server that does not answer', () => {
  test('is waited for no longer than patience lasts, when connecting and when asking', async () => {
    line.hold();
    const database = impatient();
    const from = performance.now();
    await expect(database.read(query('select 1'))).rejects.toMatchObject(UNAVAILABLE);
    line.letGo();
    await recovery(() => database.read(query('select 1')));
    line.hold();
    await expect(database.write(() => write(query('select 1')))).rejects.toMatchObject(UNAVAILABLE);
    expect(performance.now() - from).toBeLessThan(3_000);
    line.letGo();
    await recovery(() => database.read(query('select 1')));
    await database.close();
  });

  test('has so many waiting for it and no more', async () => {
    line.hold();
    const database = impatient(1);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, () => database.write(() => write(query('select 1')))),
    );
    const reasons = outcomes.map((one) => one.status === 'rejected' && String(one.reason.cause.message));
    expect(reasons.filter((reason) => reason === 'Too many wait for a connection.')).toHaveLength(200);
    await database.close();
  });

  test('that is not there at all is told at once', async () => {
    const nowhere = throughLine();
    await line.close();
    await expect(openPostgresDatabase({ url: nowhere, vault, clock: Date.now })).rejects.toMatchObject(UNAVAILABLE);
    line = await lineTo(stores.server.port);
  });
});

describe('a unit in PostgreSQL', () => {
  let database: PostgresDatabase;
  beforeEach(async () => {
    await stores.server.run('drop table if exists thing; create table thing (id int primary key, n int)', 'store');
    await stores.server.run('insert into thing values (1, 0), (2, 0)', 'store');
    database = new PostgresDatabase({ address: readPostgresAddress(stores.url) });
  });
  afterEach(() => database.close());
  const add = (id: number) => query('update thing set n = n + 1 where id = $1', id);
  const sum = async () => (await database.read(query('select sum(n)::int as sum from thing')))[0];

  test('that stands in another’s way is run again from its beginning', async () => {
    function* inOrder(...ids: number[]): Unit<number> {
      for (const id of ids) yield* run(add(id));
      return ids.length;
    }
    const units = Array.from({ length: 4 }, (_, n) => database.write(() => (n % 2 ? inOrder(1, 2) : inOrder(2, 1))));
    expect(new Set(await Promise.all(units))).toEqual(new Set([2]));
    expect(await sum()).toEqual({ sum: 8 });
  });

  test('is taken back by what it throws, and by a statement nobody waited for', async () => {
    await expect(
      database.write(function* () {
        yield* run(add(1));
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('thought better of it');
    await expect(
      database.write(function* () {
        yield* write(add(1));
        yield* write(query('insert into thing values (1, 0)'));
        yield* write(add(2));
      }),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await sum()).toEqual({ sum: 0 });
  });

  test('ends with its last answer', async () => {
    const unit = function* (): Unit<void> {
      yield* runLast(add(1));
      yield* write(add(1));
    };
    await expect(database.write(unit)).rejects.toThrow('A unit went on after its last answer.');
    expect(await sum()).toEqual({ sum: 1 });
  });

  test('and a read go on when a newer program has changed the tables', async () => {
    const all = query('select * from thing where id > $1', 0);
    await Promise.all(Array.from({ length: 40 }, () => database.read(all)));
    await stores.server.run('alter table thing add column more text', 'store');
    const rows = await Promise.all(Array.from({ length: 40 }, () => database.read(all)));
    expect(rows.every((found) => found.length === 2)).toBe(true);
    expect(await database.write(() => runLast(all))).toMatchObject({ rows: [{ id: 1 }, { id: 2 }] });
  });

  test('is refused once the store is closed', async () => {
    await database.close();
    await expect(database.write(() => write(add(1)))).rejects.toMatchObject(UNAVAILABLE);
    await expect(database.read(add(1))).rejects.toMatchObject(UNAVAILABLE);
  });
});

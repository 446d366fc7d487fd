import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { run, type Unit } from '../../adapters/sql/unit.ts';
import { Connection } from '../../adapters/sqlite/connection.ts';
import { GroupedDatabase } from '../../adapters/sqlite/grouped-database.ts';

/** A connection that counts commits and on request fails a statement, as a full disk would. */
class WatchedConnection extends Connection {
  commits = 0;
  failOn: string | undefined;

  override execute(sql: string): void {
    if (sql === 'COMMIT') this.commits += 1;
    if (sql === this.failOn) {
      this.failOn = undefined;
      throw new Error(`no ${sql}`);
    }
    super.execute(sql);
  }
}

const query = (text: string, ...values: unknown[]) => ({ compile: () => CompiledQuery.raw(text, values) });
const insert = (id: number) => query('insert into thing values (?)', id);

function* insertAll(...ids: number[]): Unit<number> {
  for (const id of ids) yield* run(insert(id));
  return ids.length;
}

describe('units of one turn', () => {
  let connection: WatchedConnection;
  let database: GroupedDatabase;
  const ids = async () =>
    (await database.read(query('select id from thing order by id'))).map((row) => Object.values(row!)[0]);

  beforeEach(() => {
    const sqlite = new DatabaseSync(':memory:');
    sqlite.exec('create table thing (id integer primary key)');
    connection = new WatchedConnection(sqlite);
    database = new GroupedDatabase(connection);
  });

  test('share one commit', async () => {
    const written = await Promise.all([1, 2, 3].map((id) => database.write(() => insertAll(id, id + 10))));
    expect(written).toEqual([2, 2, 2]);
    expect(connection.commits).toBe(1);
    await database.write(() => insertAll(4));
    expect(connection.commits).toBe(2);
  });

  test('are taken back one by one', async () => {
    const written = await Promise.allSettled([
      database.write(() => insertAll(1, 2)),
      database.write(() => insertAll(3, 1)),
      database.write(() => insertAll(3)),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('all fail when their commit fails, and so do those who read them; the next succeeds', async () => {
    connection.failOn = 'COMMIT';
    const writing = [1, 2].map((id) => database.write(() => insertAll(id)));
    const settled = await Promise.allSettled([...writing, ids()]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await ids()).toEqual([]);
    await database.write(() => insertAll(1));
    expect(await ids()).toEqual([1]);
  });

  test('all fail when one of them cannot be taken back', async () => {
    connection.failOn = 'ROLLBACK TO unit';
    const settled = await Promise.allSettled([
      database.write(() => insertAll(1)),
      database.write(() => insertAll(2, 2)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ids()).toEqual([]);
  });

  test('all fail when SQLite gives up the transaction; the next group is whole', async () => {
    const settled = await Promise.allSettled([
      database.write(() => insertAll(1)),
      database.write(function* () {
        yield* run(query('insert or rollback into thing values (1)'));
      }),
      database.write(() => insertAll(5)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await ids()).toEqual([5]);
  });

  test('are seen only when durable', async () => {
    const order: string[] = [];
    const write = database.write(() => insertAll(1)).then(() => order.push('written'));
    const read = ids().then((seen) => order.push(`read ${seen}`));
    expect(order).toEqual([]);
    await Promise.all([write, read]);
    expect(order).toEqual(['written', 'read 1']);
    expect(connection.commits).toBe(1);
  });
});

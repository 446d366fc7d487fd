/** Owns the rows of the fault simulator's results: one for each client and fault, nothing about persons. */
import type { Insertable } from 'kysely';
import type { FaultTrial, FaultTrials, TrialOutcome } from '../../src/simulator/ports.ts';
import type { Surroundings } from './changes.ts';
import type { FaultTrialTable } from './schema.ts';
import { statement } from './statement.ts';
import { changedLast, write } from './unit.ts';

const upsert = statement((sql, { client, fault, ...trial }: Insertable<FaultTrialTable>) =>
  sql
    .insertInto('fault_trial')
    .values({ client, fault, ...trial })
    .onConflict((conflict) => conflict.columns(['client', 'fault']).doUpdateSet(trial)),
);

type Decided = Pick<FaultTrialTable, 'client' | 'fault' | 'outcome' | 'delivered_at' | 'reason'> & {
  readonly decided_at: number;
  readonly from: readonly TrialOutcome[];
};

const decide = statement((sql, { client, fault, delivered_at, from, ...decided }: Decided) =>
  sql
    .updateTable('fault_trial')
    .set(decided)
    .where('client', '=', client)
    .where('fault', '=', fault)
    .where('delivered_at', '=', delivered_at)
    .where('outcome', 'in', from),
);

const selectOf = statement((sql, { client }: { client: string }) =>
  sql.selectFrom('fault_trial').selectAll().where('client', '=', client),
);

export function createFaultTrials({ database }: Surroundings): FaultTrials {
  const { sql } = database;

  return {
    async begin({ client, fault, deliveredAt, reason = null }) {
      const row = { client, fault, outcome: 'waiting', delivered_at: deliveredAt, decided_at: null, reason } as const;
      await database.write(() => write(upsert(sql, row)));
    },

    async decide({ client, fault, deliveredAt, from, outcome, decidedAt, reason = null }) {
      const decided = { client, fault, delivered_at: deliveredAt, from, outcome, decided_at: decidedAt, reason };
      return (await database.write(() => changedLast(decide(sql, decided)))) > 0;
    },

    async of(client) {
      const rows = await database.read(selectOf(sql, { client }));
      return rows.map(
        ({ fault, outcome, delivered_at, decided_at, reason }): FaultTrial => ({
          client,
          fault,
          outcome,
          deliveredAt: delivered_at,
          ...(decided_at === null ? {} : { decidedAt: decided_at }),
          ...(reason === null ? {} : { reason }),
        }),
      );
    },
  };
}

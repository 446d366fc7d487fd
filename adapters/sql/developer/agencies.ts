/**
 * Owns the rows of agencies. An agency is one document, written over the revision that was read; its members and invitations
 * stand beside it once more, to be found by.
 */
import type { Expression, Insertable, Kysely } from 'kysely';
import type { Agency, DeveloperRecords, ListedAgency } from '../../../src/developer/ports.ts';
import { folded } from '../../../src/developer/words.ts';
import type { Surroundings } from '../changes.ts';
import type { AgencyInvitationTable, AgencyMemberTable, AgencyTable } from '../developer-schema.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { ifStillSo, mustChange, mustFind, write } from '../unit.ts';
import { contains, type Page, pageOf, patternOf } from './searching.ts';
import { writeAlongside } from './trail.ts';

type Row = Insertable<AgencyTable>;

const insert = statement((sql, row: Row) =>
  sql
    .insertInto('agency')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const updateIfSame = statement((sql, { id, over, ...row }: Omit<Row, 'created_at'> & { over: number }) =>
  sql.updateTable('agency').set(row).where('id', '=', id).where('revision', '=', over),
);

/**
 * Its id is the sector by which its services know people. By one under which others do, or did, it would be given their subjects:
 * who they know would be known to it.
 */
const selectIfOwnSector = statement((sql, { id, written }: { id: string; written: string }) =>
  sql
    .selectNoFrom(({ lit }) => lit(1).as('free'))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('pairwise').select('pairwise.sub').where('pairwise.sector', '=', id))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('client')
            .select('client.id')
            .where(({ ref }) => contains(ref('client.registration') as Expression<string>, written)),
        ),
      ),
    ),
);

const removeMembers = statement((sql, { agency }: { agency: string }) =>
  sql.deleteFrom('agency_member').where('agency', '=', agency),
);
const removeInvitations = statement((sql, { agency }: { agency: string }) =>
  sql.deleteFrom('agency_invitation').where('agency', '=', agency),
);
const insertMember = statement((sql, row: Insertable<AgencyMemberTable>) =>
  sql.insertInto('agency_member').values(row),
);
/** A link that is another agency's cannot be this one's, too. */
const insertInvitation = statement((sql, row: Insertable<AgencyInvitationTable>) =>
  sql
    .insertInto('agency_invitation')
    .values(row)
    .onConflict((conflict) => conflict.column('token_hash').doNothing()),
);

const selectOne = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('agency').select('document').where('id', '=', id),
);

const selectInviting = statement((sql, { token_hash }: { token_hash: string }) =>
  sql
    .selectFrom('agency')
    .innerJoin('agency_invitation', 'agency_invitation.agency', 'agency.id')
    .select('agency.document')
    .where('agency_invitation.token_hash', '=', token_hash),
);

const listed = (sql: Kysely<Schema>) =>
  sql
    .selectFrom('agency')
    .select('agency.document')
    .select(({ selectFrom }) =>
      selectFrom('service')
        .select(({ fn }) => fn.countAll<number | string>().as('services'))
        .whereRef('service.agency', '=', 'agency.id')
        .as('services'),
    );

const selectOf = statement((sql, { account }: { account: string }) =>
  listed(sql)
    .innerJoin('agency_member', 'agency_member.agency', 'agency.id')
    .where('agency_member.account', '=', account),
);

const selectPage = statement((sql, { after, patterns, most }: Page) => {
  let rows = listed(sql).where('agency.id', '>', after);
  for (const pattern of patterns) rows = rows.where(({ ref }) => contains(ref('agency.search'), pattern));
  return rows.orderBy('agency.id').limit(most);
});

export function createAgencies(surroundings: Surroundings): DeveloperRecords['agencies'] {
  const { database } = surroundings;
  const { sql } = database;

  return {
    async find(id) {
      const [row] = await database.read(selectOne(sql, { id }));
      return row && agencyOf(row);
    },

    async of(account) {
      const rows = (await database.read(selectOf(sql, { account }))).map(listedOf);
      return rows.sort(({ agency: one }, { agency: other }) => one.name.vi.localeCompare(other.name.vi, 'vi'));
    },

    async inviting(tokenHash) {
      const [row] = await database.read(selectInviting(sql, { token_hash: tokenHash }));
      return row && agencyOf(row);
    },

    async list(question) {
      return (await database.read(selectPage(sql, pageOf(question)))).map(listedOf);
    },

    async save(agency, alongside) {
      const saved = await ifStillSo(database, function* () {
        const { createdAt: created_at, revision: over, ...row } = rowOf(agency);
        if (over === 0) {
          const written = patternOf(`"agency":{"id":${JSON.stringify(agency.id)}`);
          yield* mustFind(selectIfOwnSector(sql, { id: agency.id, written }));
        }
        const next = { ...row, revision: over + 1 };
        // Who has the row writes what stands beside it, and nobody else.
        yield* mustChange(over === 0 ? insert(sql, { ...next, created_at }) : updateIfSame(sql, { ...next, over }));
        if (over > 0) {
          yield* write(removeMembers(sql, { agency: agency.id }));
          yield* write(removeInvitations(sql, { agency: agency.id }));
        }
        for (const { account, role } of agency.members)
          yield* write(insertMember(sql, { agency: agency.id, account, role }));
        for (const { tokenHash: token_hash } of agency.invitations)
          yield* mustChange(insertInvitation(sql, { token_hash, agency: agency.id }));
        yield* writeAlongside(surroundings, alongside);
      });
      return saved ? 'saved' : 'conflict';
    },
  };
}

function rowOf(agency: Agency) {
  const { id, name, revision, createdAt } = agency;
  const document: Agency = { ...agency, revision: revision + 1 };
  return {
    id,
    name: JSON.stringify(name),
    document: JSON.stringify(document),
    search: folded([name.vi, name.en, id].join(' ')),
    revision,
    createdAt,
  };
}

function agencyOf({ document }: { readonly document: string }): Agency {
  return JSON.parse(document) as Agency;
}

function listedOf(row: { readonly document: string; readonly services: number | string | null }): ListedAgency {
  return { agency: agencyOf(row), services: Number(row.services) };
}

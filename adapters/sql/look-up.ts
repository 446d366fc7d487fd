/** Owns what is known of an account, and of whoever may be behind it, before anything is decided: asked in one turn. */
import type { ExpressionBuilder } from 'kysely';
import type { AccountQuestion, People, PersonKnown } from '../../src/store.ts';
import { cookieHash } from './beside.ts';
import { blockOf } from './blocks.ts';
import { anchorKind, anchorPlace, linkKind, type Surroundings } from './changes.ts';
import { consentOf, inForceAt } from './consents.ts';
import type { RememberedKeys } from './person-keys.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';

/** Whoever an account may be: the person of its link, and the one anchored at the number it attests. */
interface Candidates {
  readonly source: string;
  readonly subjects: readonly Uint8Array[];
  readonly numbers: readonly Uint8Array[];
}

/** A list in SQL is never empty, and no blind index has this value. */
const NO_INDEX = new Uint8Array();

const ofCandidates = (
  { selectFrom }: Pick<ExpressionBuilder<Schema, keyof Schema>, 'selectFrom'>,
  { source, subjects, numbers }: Candidates,
) =>
  selectFrom('link')
    .select('link.person')
    .where('link.source', '=', source)
    .where('link.subject_index', 'in', subjects)
    .union(
      selectFrom('anchor')
        .select('anchor.person')
        .where('anchor.kind', '=', 'personal_number')
        .where('anchor.value_index', 'in', numbers),
    );

export const selectHolder = statement((sql, { indexes }: { indexes: readonly Uint8Array[] }) =>
  sql.selectFrom('anchor').select('person').where('kind', '=', 'personal_number').where('value_index', 'in', indexes),
);

const selectCandidates = statement((sql, { sector, ...candidates }: Candidates & { sector: string }) =>
  sql
    .selectFrom('person')
    .leftJoin('pairwise', (join) => join.onRef('pairwise.person', '=', 'person.id').on('pairwise.sector', '=', sector))
    .select(['person.id', 'person.locked_at', 'person.sealed_key as wrapped', 'pairwise.sub'])
    .select(({ exists, selectFrom }) =>
      exists(selectFrom('contact').select('contact.id').whereRef('contact.person', '=', 'person.id')).as('reachable'),
    )
    .where((where) => where('person.id', 'in', ofCandidates(where, candidates))),
);

/** Every link of theirs, that of the account among them. */
const selectLinks = statement((sql, candidates: Candidates) =>
  sql
    .selectFrom('link')
    .select(['person', 'source', 'subject_index', 'state'])
    .where((where) => where('link.person', 'in', ofCandidates(where, candidates)))
    .orderBy('first_at')
    .orderBy('source')
    .orderBy('subject_index'),
);

const selectBlocks = statement((sql, candidates: Candidates) =>
  sql
    .selectFrom('source_block')
    .selectAll()
    .where((where) => where('source_block.person', 'in', ofCandidates(where, candidates)))
    .orderBy('at')
    .orderBy('source')
    .orderBy('reason'),
);

/** Which of them it is, their cookies tell: each hashed with its own person. */
const selectDevices = statement((sql, candidates: Candidates) =>
  sql
    .selectFrom('device')
    .select(['id', 'person', 'cookie_hash'])
    .where('cookie_hash', 'is not', null)
    .where((where) => where('device.person', 'in', ofCandidates(where, candidates))),
);

const selectConsents = statement((sql, { client, now, ...candidates }: Candidates & { client: string; now: number }) =>
  inForceAt(sql, now)
    .where('consent.client', '=', client)
    .where((where) => where('consent.person', 'in', ofCandidates(where, candidates))),
);

const selectNumbersByLink = statement(
  (sql, { source, subjects }: { source: string; subjects: readonly Uint8Array[] }) =>
    sql
      .selectFrom('link')
      .innerJoin('person', 'person.id', 'link.person')
      .innerJoin('anchor', 'anchor.person', 'link.person')
      .select(['person.id', 'person.sealed_key as wrapped', 'anchor.sealed_value as sealed'])
      .where('link.source', '=', source)
      .where('link.subject_index', 'in', subjects)
      .where('anchor.kind', '=', 'personal_number')
      .orderBy('anchor.ordinal'),
);

export function createLookUp(surroundings: Surroundings, remembered: RememberedKeys): Pick<People, 'lookUp'> {
  const { database, vault } = surroundings;
  const { sql } = database;
  const indexesOf = (kind: string, value: string) => vault.blindIndexes(kind, value).map(({ index }) => index);

  /** Asked at once: across a network they travel together. */
  function ask({ source, subject, personalNumber, client, sector, device, now }: AccountQuestion) {
    const subjects = indexesOf(linkKind(source), subject);
    const numbers =
      personalNumber === undefined ? [NO_INDEX] : indexesOf(anchorKind('personal_number'), personalNumber);
    const candidates = { source, subjects, numbers };
    return Promise.all([
      subjects,
      database.read(selectLinks(sql, candidates)),
      database.read(selectHolder(sql, { indexes: numbers })),
      database.read(selectNumbersByLink(sql, { source, subjects })),
      database.read(selectCandidates(sql, { ...candidates, sector })),
      database.read(selectConsents(sql, { ...candidates, client, now })),
      database.read(selectBlocks(sql, candidates)),
      device === undefined ? [] : database.read(selectDevices(sql, candidates)),
    ]);
  }

  return {
    async lookUp(question) {
      const { source, device: secret } = question;
      const [subjects, links, anchors, own, persons, consents, blocks, devices] = await ask(question);
      const place = anchorPlace('personal_number');
      const known = persons.map(({ id: person, locked_at, wrapped, sub, reachable }): [string, PersonKnown] => {
        remembered.remember({ person, wrapped });
        const ofPerson = (row: { readonly person: string }) => row.person === person;
        const consent = consents.find(ofPerson);
        const cookie = secret === undefined ? undefined : cookieHash(vault, person, secret);
        const device = devices.find(({ cookie_hash }) => cookie && cookie_hash && cookie.equals(cookie_hash));
        return [
          person,
          {
            state: locked_at === null ? 'active' : 'locked',
            links: links.filter(ofPerson).map((link) => ({ source: link.source, state: link.state })),
            blocks: blocks.filter(ofPerson).map(blockOf),
            // A number in SQLite.
            isReachable: Boolean(reachable),
            ...(device ? { device: device.id } : {}),
            ...(consent ? { consent: consentOf(consent) } : {}),
            ...(sub === null ? {} : { sub }),
          },
        ];
      });
      const link = links.find(
        (one) => one.source === source && subjects.some((index) => index.equals(one.subject_index)),
      );
      return {
        link: link && { person: link.person, state: link.state },
        ownNumbers: own.map(({ id, wrapped, sealed }) => vault.openFor({ person: id, wrapped }, place, sealed)),
        holder: anchors[0]?.person,
        persons: new Map(known),
      };
    },
  };
}

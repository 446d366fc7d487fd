/**
 * Owns the rows of a hub that has been in use: each person with an anchor, a link, a subject at one agency, and every
 * second one a consent there with its event, sealed by the vault as the hub itself does it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import { anchorKind, anchorPlace, linkKind, linkPlace } from '../../adapters/sql/changes.ts';
import type { Schema } from '../../adapters/sql/schema.ts';
import { registeredItems } from '../../src/consent/items.ts';
import { termsVersion } from '../../src/consent/terms.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { citizen, earlierService } from './citizens.ts';
import { agencyIdOf, clientIdOf, registrationOf } from './services.ts';

/** The tables that are filled, those that others refer to first. */
export const FILLED = ['person', 'anchor', 'link', 'pairwise', 'consent', 'event', 'event_subject'] as const;
export type Filled = (typeof FILLED)[number];

/** Rows of a table; all of one table have the same columns in the same order. */
export type Rows = { readonly [Table in Filled]: readonly Insertable<Schema[Table]>[] };

/** Increase when the rows below change: what was filled before is of no use then. */
export const POPULATION_VERSION = 3;

const SOURCE = 'tax-code';
const YEAR = 365 * 24 * 60 * 60 * 1000;

export class Population {
  readonly #vault: Vault;
  readonly #services: number;
  /** One moment for all: when somebody came does not matter here. */
  readonly #at = Date.now() - 24 * 60 * 60 * 1000;
  readonly #versions = new Map<number, string>();
  readonly #items = JSON.stringify(registeredItems(registrationOf(0, {})));

  constructor(vault: Vault, services: number) {
    this.#vault = vault;
    this.#services = services;
  }

  /** What is kept of the citizens from one number up to another. */
  rows(from: number, to: number): Rows {
    const rows = {
      person: [] as Insertable<Schema['person']>[],
      anchor: [] as Insertable<Schema['anchor']>[],
      link: [] as Insertable<Schema['link']>[],
      pairwise: [] as Insertable<Schema['pairwise']>[],
      consent: [] as Insertable<Schema['consent']>[],
      event: [] as Insertable<Schema['event']>[],
      event_subject: [] as Insertable<Schema['event_subject']>[],
    };
    for (let index = from; index < to; index += 1) {
      const person = identifier('person', index);
      rows.person.push(this.#person(person, index, rows));
      rows.pairwise.push(this.#subject(person, index));
      if (index % 2 === 0) this.#agree(person, index, rows);
    }
    return rows;
  }

  #person(person: string, index: number, rows: { anchor: object[]; link: object[] }): Insertable<Schema['person']> {
    const vault = this.#vault;
    const { number } = citizen(index);
    const key = vault.newPersonKey(person);
    const anchored = vault.blindIndex(anchorKind('personal_number'), number);
    rows.anchor.push({
      person,
      kind: 'personal_number',
      value_index: anchored.index,
      index_version: anchored.version,
      sealed_value: vault.sealFor(key, anchorPlace('personal_number'), number),
      ordinal: 0,
      added_at: this.#at,
    } satisfies Insertable<Schema['anchor']>);
    const linked = vault.blindIndex(linkKind(SOURCE), number);
    rows.link.push({
      person,
      source: SOURCE,
      subject_index: linked.index,
      index_version: linked.version,
      sealed_subject: vault.sealFor(key, linkPlace(SOURCE), number),
      state: 'active',
      how: 'number',
      first_at: this.#at,
      last_at: this.#at,
    } satisfies Insertable<Schema['link']>);
    return { id: person, sealed_key: key.wrapped, state: 'active', register_confirmed_at: this.#at };
  }

  #subject(person: string, index: number): Insertable<Schema['pairwise']> {
    const sector = agencyIdOf(earlierService(index, this.#services));
    return { person, sector, sub: randomBytes(32).toString('base64url') };
  }

  #agree(person: string, index: number, rows: { consent: object[]; event: object[]; event_subject: object[] }): void {
    const service = earlierService(index, this.#services);
    const until = this.#at + YEAR / 2;
    rows.consent.push({
      id: identifier('consent', index),
      person,
      client: clientIdOf(service),
      version: this.#versionOf(service),
      offered: this.#items,
      granted: this.#items,
      purpose: registrationOf(service, {}).purpose.vi,
      basis: 'consent',
      from_at: this.#at,
      to_at: until,
    } satisfies Insertable<Schema['consent']>);
    const event = identifier('event', index);
    const content = JSON.stringify({
      client: clientIdOf(service),
      items: JSON.parse(this.#items),
      purpose: '…',
      until,
    });
    rows.event.push({ id: event, at: this.#at, type: 'consent_given', content } satisfies Insertable<Schema['event']>);
    rows.event_subject.push({
      event,
      person,
      role: 'citizen',
      salt: randomBytes(16),
      at: this.#at,
    } satisfies Insertable<Schema['event_subject']>);
  }

  #versionOf(service: number): string {
    const known = this.#versions.get(service) ?? termsVersion(registrationOf(service, {}));
    this.#versions.set(service, known);
    return known;
  }
}

/** In the form of a random UUID, and as scattered over an index as one. */
function identifier(what: string, index: number): string {
  const hex = createHash('sha256').update(`${what} ${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

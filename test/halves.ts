/** Owns finding what a store has only half of: a person, link, anchor or consent without its event, or the other way round. */
import type { Row } from './store-copy.ts';

/** An event's content is JSON, of which every database can read at least the text. */
const says = (field: string, value: string) => `content LIKE '%"${field}":' || ${value} || '%'`;
const text = (column: string) => `'"' || ${column} || '"'`;
const TOLD = 'SELECT 1 FROM event JOIN event_subject ON event_subject.event = event.id WHERE event_subject.person =';

/** What is there without the event that must have been committed with it, and events that tell of what is not there. */
const BY_HALF = {
  'persons without event': `SELECT id FROM person WHERE NOT EXISTS (
    ${TOLD} person.id AND type = 'person_identified' AND ${says('first', "'true'")})`,
  'links without event': `SELECT person FROM link WHERE NOT EXISTS (
    ${TOLD} link.person AND type = 'link_added' AND ${says('source', text('link.source'))})`,
  'anchors without event': `SELECT person FROM anchor WHERE NOT EXISTS (
    ${TOLD} anchor.person AND type = 'person_identified')`,
  'consents without event': `SELECT id FROM consent WHERE NOT EXISTS (
    ${TOLD} consent.person AND type = 'consent_given' AND ${says('client', text('consent.client'))})`,
  'events without person': `SELECT id FROM event WHERE type = 'person_identified' AND ${says('first', "'true'")} AND NOT EXISTS (
    SELECT 1 FROM event_subject JOIN person ON person.id = event_subject.person WHERE event_subject.event = event.id)`,
  'events without link': `SELECT id FROM event WHERE type = 'link_added' AND NOT EXISTS (
    SELECT 1 FROM event_subject JOIN link ON link.person = event_subject.person WHERE event_subject.event = event.id)`,
  'events without consent': `SELECT id FROM event WHERE type = 'consent_given' AND NOT EXISTS (
    SELECT 1 FROM event_subject JOIN consent ON consent.person = event_subject.person WHERE event_subject.event = event.id)`,
} as const;

/** What has to be asked of a database that cannot be asked at once. */
export const QUESTIONS: readonly string[] = Object.values(BY_HALF);

/** Everything of which only one half is there. */
export function halvesIn(rows: (sql: string) => readonly Row[]): readonly (readonly [string, readonly Row[]])[] {
  return Object.entries(BY_HALF)
    .map(([what, sql]) => [what, rows(sql)] as const)
    .filter(([, found]) => found.length > 0);
}

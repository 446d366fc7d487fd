/** Owns of which parts everything that must last is made, whichever database keeps it. */
import type { Store } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { createConsents } from './consents.ts';
import { createDeveloperRecords } from './developer/records.ts';
import { createFaultTrials } from './fault-trials.ts';
import { createJournal } from './journal.ts';
import { createOutbox } from './outbox.ts';
import { createOwnRecords } from './own-records.ts';
import { createPeople } from './people.ts';
import { createPublishedKeys } from './published-keys.ts';
import { createRegistrations } from './registrations.ts';
import { createRenewal } from './renewal.ts';
import { createReviews } from './reviews.ts';
import { createSightings } from './sightings.ts';

/** All of a store but protocol state, which may live elsewhere, and what is the engines' own. */
export type Lasting = Omit<Store, 'state' | 'engines' | 'close'>;

/** Everything that must last, over one database. */
export function createLasting(surroundings: Surroundings): Lasting {
  const { database } = surroundings;
  return {
    people: createPeople(surroundings),
    reviews: createReviews(surroundings),
    consents: createConsents(surroundings),
    journal: createJournal(database),
    own: createOwnRecords(surroundings),
    publishedKeys: createPublishedKeys(surroundings),
    outbox: createOutbox(surroundings),
    registrations: createRegistrations(surroundings, 'hub'),
    sandboxRegistrations: createRegistrations(surroundings, 'sandbox'),
    faultTrials: createFaultTrials(surroundings),
    developer: createDeveloperRecords(surroundings),
    renewal: createRenewal(surroundings),
    sightings: createSightings(surroundings),
    changes: database.changes,
  };
}

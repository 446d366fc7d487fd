/** Owns of which parts all that is made which a person decides and is told about themselves, and that it goes on its date. */
import type { OwnRecords } from '../../src/citizen/ports.ts';
import { createAlerts, sweepAlerts } from './alerts.ts';
import { createBlocks } from './blocks.ts';
import { createCases, sweepCases } from './cases.ts';
import type { Surroundings } from './changes.ts';
import { createContacts } from './contacts.ts';
import { createDevices } from './devices.ts';
import { createWaitingChanges } from './waiting-changes.ts';

export function createOwnRecords(surroundings: Surroundings): OwnRecords {
  return {
    blocks: createBlocks(surroundings),
    contacts: createContacts(surroundings),
    devices: createDevices(surroundings),
    alerts: createAlerts(surroundings),
    cases: createCases(surroundings),
    waiting: createWaitingChanges(surroundings),

    async sweep(now) {
      await surroundings.database.write(function* () {
        yield* sweepAlerts(surroundings, now);
        yield* sweepCases(surroundings, now);
      });
    },
  };
}

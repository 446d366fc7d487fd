/** Owns of which parts all that is made which agencies keep in the developer console. */
import type { DeveloperRecords } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import { createAccounts } from './accounts.ts';
import { createAgencies } from './agencies.ts';
import { createLogos } from './logos.ts';
import { createRegistrars } from './registrars.ts';
import { createServices } from './services.ts';
import { createTokens } from './tokens.ts';
import { createTrail } from './trail.ts';

export function createDeveloperRecords(surroundings: Surroundings): DeveloperRecords {
  return {
    accounts: createAccounts(surroundings),
    agencies: createAgencies(surroundings),
    services: createServices(surroundings),
    tokens: createTokens(surroundings),
    trail: createTrail(surroundings),
    logos: createLogos(surroundings),
    registrars: createRegistrars(surroundings),
  };
}

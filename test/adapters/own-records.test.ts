/** A person's own records on every database. In PostgreSQL units really run beside each other. */
import { readPostgresAddress } from '../../adapters/postgres/address.ts';
import { PostgresDatabase } from '../../adapters/postgres/database.ts';
import { openFile } from '../../adapters/sqlite/file.ts';
import { GroupedDatabase } from '../../adapters/sqlite/grouped-database.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { blockConformance } from './conformance-blocks.ts';
import { caseConformance } from './conformance-cases.ts';
import { erasureConformance } from './conformance-erasure.ts';
import { historyConformance } from './conformance-history.ts';
import { ownConsentConformance } from './conformance-own-consents.ts';
import { ownRecordsConformance } from './conformance-own-records.ts';
import { sightingsConformance } from './conformance-sightings.ts';
import type { OpenDatabase } from './own-store.ts';
import { usePostgresStores } from './postgres-stores.ts';

const stores = usePostgresStores();
const vault = createVault(generateKeys());

const openEmbedded: OpenDatabase = async () => {
  const database = new GroupedDatabase(openFile(':memory:'));
  return { database, close: () => database.close() };
};

const openPostgres: OpenDatabase = async () => {
  // Makes the tables, or empties them.
  await (await stores.openEmpty(() => 0, vault)).close();
  const database = new PostgresDatabase({ address: readPostgresAddress(stores.url), most: 10 });
  return { database, close: () => database.close() };
};

const CONFORMANCES = [
  blockConformance,
  caseConformance,
  ownRecordsConformance,
  ownConsentConformance,
  historyConformance,
  erasureConformance,
  sightingsConformance,
] as const;

for (const conformance of CONFORMANCES) {
  conformance('the embedded database', openEmbedded);
  conformance('PostgreSQL', openPostgres);
}

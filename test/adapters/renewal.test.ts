/** Key rotation on every database. In PostgreSQL two processes really write beside each other. */
import { readPostgresAddress } from '../../adapters/postgres/address.ts';
import { PostgresDatabase } from '../../adapters/postgres/database.ts';
import { openFile } from '../../adapters/sqlite/file.ts';
import { GroupedDatabase } from '../../adapters/sqlite/grouped-database.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { renewalConformance } from './conformance-renewal.ts';
import { usePostgresStores } from './postgres-stores.ts';

const stores = usePostgresStores();
const vault = createVault(generateKeys());

renewalConformance('the embedded database', async () => {
  const database = new GroupedDatabase(openFile(':memory:'));
  return { database, close: () => database.close() };
});

renewalConformance('PostgreSQL', async () => {
  // Makes the tables, or empties them.
  await (await stores.openEmpty(() => 0, vault)).close();
  const database = new PostgresDatabase({ address: readPostgresAddress(stores.url), most: 10 });
  return { database, close: () => database.close() };
});

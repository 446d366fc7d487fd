/** Owns `npm run client-secret -- KEYFILE`: a new secret for an agency, and what the clients file keeps of it. */
import { randomBytes } from 'node:crypto';
import { KeysUnusable, readKeys } from '../src/vault/keys.ts';
import { createVault } from '../src/vault/vault.ts';

const file = process.argv[2] ?? process.env.HUB_KEYS;
if (file === undefined) refuse('Which key file? npm run client-secret -- KEYFILE');
try {
  const vault = createVault(readKeys(file));
  const secret = randomBytes(32).toString('base64url');
  console.log(JSON.stringify({ secret, secret_hash: vault.hashClientSecret(secret) }, null, 2));
} catch (error) {
  if (!(error instanceof KeysUnusable)) throw error;
  refuse(error.message);
}

function refuse(why: string): never {
  console.error(why);
  process.exit(1);
}

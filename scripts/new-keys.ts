/** Owns `npm run new-keys -- KEYFILE`: a fresh key file for a hub. Never writes over one that is there. */
import { writeFileSync } from 'node:fs';
import { generateKeys } from '../src/vault/keys.ts';

const file = process.argv[2] ?? process.env.HUB_KEYS;
if (file === undefined) refuse('Where to? npm run new-keys -- KEYFILE');
try {
  writeFileSync(file, `${JSON.stringify(generateKeys(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  console.log(
    `New keys are in ${file}. Keep a copy where the database is not: without them nothing in it can be read.`,
  );
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  refuse(
    code === 'EEXIST' ? `${file} is there already; it was left as it is.` : `${file} cannot be written (${code}).`,
  );
}

function refuse(why: string): never {
  console.error(why);
  process.exit(1);
}

/**
 * Owns the process that the crash test kills: it signs people in as fast as it can and prints the number of each person
 * whose sign-in the store said was durable.
 */
import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../../adapters/store.ts';
import { entry } from '../../src/journal/events.ts';
import { parseKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const [directory, keys] = process.argv.slice(2);
const store = openEmbeddedStore({ directory: directory!, vault: createVault(parseKeys(keys!)), clock: Date.now });

let next = 0;
await Promise.all(Array.from({ length: 8 }, signInForEver));

async function signInForEver(): Promise<never> {
  for (;;) {
    next += 1;
    const n = next;
    const person = `p-${n}`;
    const now = Date.now();
    await store.people.commit(
      [
        { type: 'person.created', person },
        { type: 'link.added', person, source: 'tax-code', subject: String(n), how: 'number' },
      ],
      [entry(now, { type: 'link_added', source: 'tax-code', how: 'number' }, person)],
    );
    const terms = { client: 'agency', version: 'v1', offered: ['name'], granted: ['name'], purpose: 'x' };
    await store.consents.give(
      { id: `c-${n}`, person, ...terms, basis: 'consent', from: now, to: now + 1_000_000 },
      'agency',
      [entry(now, { type: 'consent_given', client: 'agency', items: ['name'], purpose: 'x', until: now }, person)],
    );
    // Synchronously, so that nothing that was promised is lost in a buffer when the kill comes.
    writeSync(1, `${n}\n`);
  }
}

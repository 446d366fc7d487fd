import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbeddedStore } from '../../adapters/store.ts';
import { entry } from '../../src/journal/events.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const NUMBER = '001099012345';
const TAX_CODE = '8001234567';
const PHONE = '0912345678';
const SESSION = 'session-id-Zk3vQ9';
const CODE = 'code-9fQx7LmT';
const GRANT = 'grant-77aabbcc';
const TOKEN = 'refresh-token-1QaZxSw2';
const NAMES = ['Nguyễn Thị Thuý', 'NGUYEN THI THUY', 'Đặng Hoà'];

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'at-rest-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Every byte in the directory: the database, its log, whatever else there may be. */
function everything(): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
}

/** The ways in which a text might stand in a file: as it is, decomposed, as UTF-16, as base64url and as hex. */
function traces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return [
    bytes,
    Buffer.from(text.normalize('NFD')),
    Buffer.from(text, 'utf16le'),
    Buffer.from(bytes.toString('base64url')),
    Buffer.from(bytes.toString('hex')),
  ];
}

test('no name, number, phone, id or token stands in any file of the store, open or closed', async () => {
  const keys = generateKeys();
  const store = openEmbeddedStore({ directory, vault: createVault(keys), clock: Date.now });
  await store.people.commit(
    [
      { type: 'person.created', person: 'p-1' },
      { type: 'anchor.added', person: 'p-1', kind: 'personal_number', value: NUMBER },
      { type: 'link.added', person: 'p-1', source: 'tax-code', subject: TAX_CODE, how: 'number' },
      { type: 'link.added', person: 'p-1', source: 'mobile-id', subject: PHONE, how: 'double_proof' },
    ],
    [entry(Date.now(), { type: 'link_added', source: 'tax-code', how: 'number' }, 'p-1')],
  );
  await store.state.put('Session', SESSION, { names: NAMES, number: NUMBER, grant: GRANT }, 3600);
  await store.state.put('AuthorizationCode', CODE, { phone: PHONE, sessionUid: SESSION }, 60, GRANT);
  await store.state.consume('AuthorizationCode', CODE);
  await store.state.putIfAbsent('ReplayDetection', TOKEN, { token: TOKEN }, 60);
  const { version } = (await store.state.get('Session', SESSION))!;
  await store.state.replace('Session', SESSION, version, { names: NAMES.toReversed(), token: TOKEN }, 3600);
  const logout = { kind: 'logout', target: 'land-office', key: SESSION, payload: { person: TOKEN, sid: CODE } };
  await store.outbox.enqueue([logout], 3600);
  const evidence = { names: NAMES, number: NUMBER, phone: PHONE };
  await store.people.commit([], [], [{ kind: 'ambiguous', source: 'tax-code', subject: TAX_CODE, evidence }]);
  await store.outbox.due({ now: Date.now(), lease: 1, targets: 1, each: 1, except: [] });

  const secrets = [NUMBER, TAX_CODE, PHONE, SESSION, CODE, GRANT, TOKEN, ...NAMES];
  secrets.push(keys.index[0]!.key, keys.wrapping[0]!.key, keys.state[0]!.key);
  const whileOpen = everything();
  await store.close();
  const whenClosed = everything();
  expect(whileOpen.includes('link_added')).toBe(true);
  expect(whenClosed.includes('link_added')).toBe(true);
  for (const secret of secrets) {
    for (const trace of traces(secret)) {
      expect({ secret, found: whileOpen.includes(trace) || whenClosed.includes(trace) }).toEqual({
        secret,
        found: false,
      });
    }
  }
});

test('without its own key, nobody reads the evidence of a review; a key of another one does not open it', async () => {
  const vault = createVault(generateKeys());
  const store = openEmbeddedStore({ directory, vault, clock: Date.now });
  for (const [subject, evidence] of [
    [TAX_CODE, 'first'],
    [PHONE, 'second'],
  ] as const)
    await store.people.commit([], [], [{ kind: 'ambiguous', source: 'tax-code', subject, evidence }]);
  await store.close();
  const database = new DatabaseSync(join(directory, 'hub.sqlite'));
  database.exec('UPDATE review SET sealed_key = (SELECT sealed_key FROM review LIMIT 1)');
  database.close();
  const swapped = openEmbeddedStore({ directory, vault, clock: Date.now });
  await expect(swapped.reviews.open()).rejects.toThrow('does not unwrap');
  await swapped.close();
});

test('what is deleted is gone from the file, not only from the tables', async () => {
  const store = openEmbeddedStore({ directory, vault: createVault(generateKeys()), clock: Date.now });
  // A kind stands readable beside its sealed value, so it marks where the deleted row was.
  await store.state.put('KindOfDeletedRow', SESSION, 1, 3600);
  await store.state.delete('KindOfDeletedRow', SESSION);
  await store.close();
  expect(everything().includes('KindOfDeletedRow')).toBe(false);
});

/** How the lists of a key file change, and that what was protected before stays readable at every step. */
import { describe, expect, test } from '@jest/globals';
import { generateKeys, type Keys, parseKeys } from '../../src/vault/keys.ts';
import {
  activateKey,
  addKey,
  exactId,
  KEY_KINDS,
  type KeyKind,
  listKeys,
  RotationRefused,
  retireKey,
} from '../../src/vault/rotation.ts';
import { createVault } from '../../src/vault/vault.ts';

const keys = generateKeys();
const idsOf = (file: Keys, kind: KeyKind) => listKeys(file).flatMap((one) => (one.kind === kind ? [one.id] : []));
const stateOf = (file: Keys, kind: KeyKind, id: string) =>
  listKeys(file).find((one) => one.kind === kind && one.id === id)?.state;

function problemOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof RotationRefused) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe.each(KEY_KINDS)('a key of kind %s', (kind) => {
  const [former] = idsOf(keys, kind);
  const { keys: added, id } = addKey(keys, kind);
  const activated = activateKey(added, kind, id);
  const retired = retireKey(activated, kind, former!);

  test('is accepted when added, then active, then the only one; every file on the way is valid', () => {
    expect(idsOf(added, kind)).toEqual([former, id]);
    expect([stateOf(added, kind, former!), stateOf(added, kind, id)]).toEqual(['active', 'accepted']);
    expect([stateOf(activated, kind, former!), stateOf(activated, kind, id)]).toEqual(['accepted', 'active']);
    expect(idsOf(retired, kind)).toEqual([id]);
    for (const file of [added, activated, retired]) expect(parseKeys(JSON.stringify(file))).toEqual(file);
  });

  test('leaves all other kinds alone', () => {
    const others = (file: Keys) => listKeys(file).filter((one) => one.kind !== kind);
    for (const file of [added, activated, retired]) expect(others(file)).toEqual(others(keys));
    expect([retired.client, retired.clientSecrets]).toEqual([keys.client, keys.clientSecrets]);
  });

  test('that is active, or not there, is not retired', () => {
    expect(problemOf(() => retireKey(keys, kind, former!))).toBe('key_active');
    expect(problemOf(() => retireKey(activated, kind, id))).toBe('key_active');
    for (const unknown of ['no such key', '']) {
      expect(problemOf(() => retireKey(activated, kind, unknown))).toBe('key_unknown');
      expect(problemOf(() => activateKey(activated, kind, unknown))).toBe('key_unknown');
    }
  });

  test('is never shown', () => {
    const shown = JSON.stringify(listKeys(added));
    for (const list of [added.signing.map(({ d }) => d), added.cookies, [added.clientSecrets, added.client.d]])
      for (const secret of list) expect(shown).not.toContain(secret);
    for (const { key } of [...added.index, ...added.state, ...added.wrapping]) expect(shown).not.toContain(key);
  });
});

describe('naming a key', () => {
  test('by how its id begins is enough, while no other begins so', () => {
    const [kid] = idsOf(keys, 'signing-ec');
    expect(exactId(keys, 'signing-ec', kid!.slice(0, 8))).toBe(kid);
    const twins = { ...keys, signing: keys.signing.flatMap((key) => [key, { ...key, kid: `${key.kid}-twin` }]) };
    expect(problemOf(() => exactId(twins, 'signing-ec', kid!.slice(0, 8)))).toBe('key_not_exact');
    expect(exactId(twins, 'signing-ec', kid!)).toBe(kid);
  });

  test('a version is the whole of it: 1 is not 12', () => {
    const twelve = { ...keys, index: [{ ...keys.index[0]!, version: 12 }] };
    expect(problemOf(() => exactId(twelve, 'index', '1'))).toBe('key_unknown');
    const highest = { ...keys, index: [{ ...keys.index[0]!, version: 0xffff }] };
    expect(problemOf(() => addKey(highest, 'index'))).toBe('versions_exhausted');
  });
});

describe('two processes, of which one has the newer file', () => {
  const before = keys;
  const added = (['index', 'wrapping', 'state'] as const).reduce((file, kind) => addKey(file, kind).keys, before);
  const activated = (['index', 'wrapping', 'state'] as const).reduce(
    (file, kind) => activateKey(file, kind, '2'),
    added,
  );
  const retired = (['index', 'wrapping', 'state'] as const).reduce(
    (file, kind) => retireKey(file, kind, '1'),
    activated,
  );

  test.each([
    ['before', before, 'added', added],
    ['added', added, 'activated', activated],
    ['activated', activated, 'retired', retired],
  ])('C7 %s and %s read what the other writes', (_one, file, _other, newer) => {
    const vaults = [createVault(file), createVault(newer)] as const;
    for (const [writer, reader] of [vaults, [vaults[1], vaults[0]] as const]) {
      const key = writer.newPersonKey('p-1');
      const sealed = writer.sealFor(key, ['link', 'subject', 'tax-code'], '8001234567');
      expect(reader.openFor(key, ['link', 'subject', 'tax-code'], sealed)).toBe('8001234567');
      expect(reader.openState('Session', writer.sealState('Session', { a: 1 }))).toEqual({ a: 1 });
      const written = writer.blindIndex('anchor', '001099012345');
      expect(reader.blindIndexes('anchor', '001099012345')).toContainEqual(written);
      expect(reader.hashId('Session', 's')).toEqual(writer.hashId('Session', 's'));
    }
  });

  test('C7 a key wrapped again opens what it sealed, without the former wrapping key', () => {
    const key = createVault(before).newPersonKey('p-1');
    const sealed = createVault(before).sealFor(key, ['anchor', 'value', 'personal_number'], '001099012345');
    const again = createVault(activated).wrapAgain(key);
    expect(createVault(retired).openFor(again, ['anchor', 'value', 'personal_number'], sealed)).toBe('001099012345');
    expect(() => createVault(retired).wrapAgain(key)).toThrow('does not unwrap');
    expect(createVault(retired).active).toEqual({ index: 2, wrapping: 2 });
  });
});

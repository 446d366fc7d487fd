import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { framed } from '../../src/vault/framing.ts';
import { generateKeys, type Keys } from '../../src/vault/keys.ts';
import { createVault, type Place, VaultUnreadable } from '../../src/vault/vault.ts';

const keys = generateKeys();
const vault = createVault(keys);

/** The same keys after every versioned list got a new first entry. */
function rotated(old: Keys): Keys {
  const fresh = generateKeys();
  const list = (name: 'index' | 'wrapping' | 'state') => [{ version: 2, key: fresh[name][0]!.key }, ...old[name]];
  return { ...old, index: list('index'), wrapping: list('wrapping'), state: list('state') };
}

describe('blind indexes', () => {
  test('are equal for equal values of one kind, and only then', () => {
    const { index, version } = vault.blindIndex('anchor', '001099012345');
    expect(version).toBe(1);
    expect(vault.blindIndex('anchor', '001099012345').index).toEqual(index);
    expect(vault.blindIndex('anchor', '001099012346').index).not.toEqual(index);
    expect(vault.blindIndex('link', '001099012345').index).not.toEqual(index);
    expect(vault.hashId('anchor', '001099012345')).not.toEqual(index);
    expect(createVault(generateKeys()).blindIndex('anchor', '001099012345').index).not.toEqual(index);
  });

  test('never confuse where a kind ends and a value begins', () => {
    const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(pair, pair, (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1];
        expect(framed(one).equals(framed(other))).toBe(same);
      }),
    );
  });

  test('are found under older keys while keys change', () => {
    const after = createVault(rotated(keys));
    const all = after.blindIndexes('anchor', '001099012345');
    expect(all.map(({ version }) => version)).toEqual([2, 1]);
    expect(all[0]).toEqual(after.blindIndex('anchor', '001099012345'));
    expect(all[1]).toEqual(vault.blindIndex('anchor', '001099012345'));
    expect(after.hashId('Session', 'x')).toEqual(vault.hashId('Session', 'x'));
  });
});

describe('what is sealed for a person', () => {
  const place: Place = ['link', 'subject', 'tax-code'];

  test('opens in its own place, whatever the script', () => {
    const key = vault.newPersonKey('p-1');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(vault.openFor(key, place, vault.sealFor(key, place, text))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test('looks different every time', () => {
    const key = vault.newPersonKey('p-1');
    expect(vault.sealFor(key, place, 'Đặng Thuý')).not.toEqual(vault.sealFor(key, place, 'Đặng Thuý'));
  });

  test('does not open elsewhere, for somebody else, or with a bit changed', () => {
    const key = vault.newPersonKey('p-1');
    const sealed = vault.sealFor(key, place, '8001234567');
    const tampered = Uint8Array.from(sealed);
    tampered[14]! ^= 1;
    expect(() => vault.openFor(key, ['link', 'subject', 'mobile-id'], sealed)).toThrow(VaultUnreadable);
    expect(() => vault.openFor(key, ['anchor', 'value', 'tax-code'], sealed)).toThrow(VaultUnreadable);
    expect(() => vault.openFor(vault.newPersonKey('p-1'), place, sealed)).toThrow(VaultUnreadable);
    expect(() => vault.openFor({ ...key, person: 'p-2' }, place, sealed)).toThrow(VaultUnreadable);
    expect(() => vault.openFor(key, place, tampered)).toThrow(VaultUnreadable);
    expect(() => vault.openFor(key, place, new Uint8Array(3))).toThrow(VaultUnreadable);
  });

  test('opens after the wrapping key changed, until the old one is dropped', () => {
    const key = vault.newPersonKey('p-1');
    const sealed = vault.sealFor(key, place, '8001234567');
    const next = rotated(keys);
    expect(createVault(next).openFor(key, place, sealed)).toBe('8001234567');
    const dropped = createVault({ ...next, wrapping: next.wrapping.slice(0, 1) });
    expect(() => dropped.openFor(key, place, sealed)).toThrow(VaultUnreadable);
  });
});

describe('sealed state', () => {
  const value = { account: 'p-1', names: ['Nguyễn Văn Ấn'], deep: { none: null, yes: true, number: 1.5 } };

  test('opens in its own context only, untouched', () => {
    const sealed = vault.sealState('Session', value);
    expect(vault.openState('Session', sealed)).toEqual(value);
    expect(vault.openState('Interaction', sealed)).toBeUndefined();
    for (const at of [0, 1, 5, 20, 35, sealed.length - 1]) {
      const tampered = Uint8Array.from(sealed);
      tampered[at]! ^= 1;
      expect(vault.openState('Session', tampered)).toBeUndefined();
    }
    for (const length of [0, 1, 2, 20, 40]) {
      expect(vault.openState('Session', sealed.subarray(0, length))).toBeUndefined();
    }
  });

  test('opens after the key changed, until the old one is dropped', () => {
    const sealed = vault.sealState('Session', value);
    const next = rotated(keys);
    expect(createVault(next).openState('Session', sealed)).toEqual(value);
    expect(createVault({ ...next, state: next.state.slice(0, 1) }).openState('Session', sealed)).toBeUndefined();
  });
});

describe('client secrets', () => {
  test('are recognised from their hash, which does not contain them', () => {
    const secret = 'a-secret-of-an-agency';
    const hash = vault.hashClientSecret(secret);
    expect(vault.matchesClientSecret(secret, hash)).toBe(true);
    expect(vault.matchesClientSecret(`${secret} `, hash)).toBe(false);
    expect(vault.matchesClientSecret(secret, '')).toBe(false);
    expect(createVault(generateKeys()).matchesClientSecret(secret, hash)).toBe(false);
    expect(Buffer.from(hash, 'base64url').toString('latin1')).not.toContain(secret);
  });
});

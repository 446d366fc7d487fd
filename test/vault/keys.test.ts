import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CompactSign, compactVerify, importJWK, type JWK } from 'jose';
import { generateKeys, type Keys, KeysUnusable, loadKeys, parseKeys, readKeys } from '../../src/vault/keys.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

let directory: string;
let keys: Keys;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-'));
  keys = generateKeys();
});

afterAll(() => rmSync(directory, { recursive: true }));

function problemOf(action: () => unknown): KeysUnusable {
  try {
    action();
  } catch (error) {
    if (error instanceof KeysUnusable) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function changed(change: (keys: Keys) => void): string {
  const copy = structuredClone(keys);
  change(copy);
  return JSON.stringify(copy);
}

describe('the key file', () => {
  test('what is generated is valid', () => {
    expect(parseKeys(JSON.stringify(keys))).toEqual(keys);
  });

  test('two hubs share nothing', () => {
    const others = JSON.stringify(generateKeys());
    for (const own of [keys.cookies[0], keys.index[0]?.key, keys.state[0]?.key, keys.clientSecrets, keys.client.d]) {
      expect(others).not.toContain(own);
    }
  });

  test.each(['ES256', 'RS256', 'PS256'])('signs %s', async (alg) => {
    const key: JWK | undefined = keys.signing.find(({ kty }) => kty === (alg === 'ES256' ? 'EC' : 'RSA'));
    const signed = await new CompactSign(Buffer.from('xin chào'))
      .setProtectedHeader({ alg })
      .sign(await importJWK(key!, alg));
    const open = Object.fromEntries(
      Object.entries(key!).filter(([member]) => !PRIVATE_MEMBERS.includes(member)),
    ) as JWK;
    const { payload } = await compactVerify(signed, await importJWK(open, alg));
    expect(Buffer.from(payload).toString()).toBe('xin chào');
  });

  test.each<[string, (keys: Keys) => void]>([
    ['a short secret', (copy) => (copy.clientSecrets = 'c2hvcnQ')],
    ['a version twice', (copy) => copy.state.push(copy.state[0]!)],
    ['no RSA key', (copy) => (copy.signing = copy.signing.filter(({ kty }) => kty === 'EC'))],
    ['a kid twice', (copy) => copy.signing.push(copy.signing[0]!)],
    ['no cookie key', (copy) => (copy.cookies = [])],
    ['a member nobody knows', (copy) => Object.assign(copy, { colour: 'red' })],
  ])('is refused with %s, without a word of what it holds', (_, change) => {
    const problem = problemOf(() => parseKeys(changed(change)));
    expect(problem.code).toBe('keys_invalid');
    expect(problem.message).not.toContain(keys.cookies[0]);
    expect(problem.message).not.toContain('c2hvcnQ');
  });

  test('is refused when it is not JSON, without quoting it', () => {
    const problem = problemOf(() => parseKeys('{"clientSecrets": "hush'));
    expect(problem.code).toBe('keys_invalid');
    expect(problem.message).not.toContain('hush');
  });

  test('is read from a private file only', () => {
    const path = join(directory, 'keys.json');
    writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
    expect(readKeys(path)).toEqual(keys);
    if (process.platform === 'win32') return;
    chmodSync(path, 0o640);
    expect(problemOf(() => readKeys(path)).code).toBe('keys_too_open');
  });

  test('comes as text, too, from whatever keeps the secrets', () => {
    expect(loadKeys({ json: JSON.stringify(keys) })).toEqual(keys);
    const path = join(directory, 'loaded.json');
    writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
    expect(loadKeys({ file: path })).toEqual(keys);
    expect(problemOf(() => loadKeys({ json: '{"hush":1}' })).message).not.toContain('hush":1');
  });

  test('is asked for when it is missing, and a folder is not one', () => {
    expect(problemOf(() => readKeys(join(directory, 'nowhere.json'))).code).toBe('keys_missing');
    expect(problemOf(() => readKeys(directory)).code).toBe('keys_unreadable');
  });
});

/** An archive verifies as it was signed, to the last byte, and what people read in it runs nothing. */
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'cheerio';
import { unzipSync, zipSync } from 'fflate';
import { makeArchive, receiptName, verifyArchive } from '../../src/citizen/documents/archive.ts';
import { packEntries, unpackEntries } from '../../src/citizen/documents/archive-entries.ts';
import { archivePage } from '../../src/citizen/documents/archive-page.ts';
import { LABELS } from '../../src/citizen/documents/archive-texts.ts';
import type { PersonalData } from '../../src/citizen/documents/personal-data.ts';
import { publicHalves } from '../../src/citizen/documents/published-keys.ts';
import { signReceipt, verifyReceipt } from '../../src/citizen/documents/receipts.ts';
import { signDocument } from '../../src/citizen/documents/signatures.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { activateKey, addKey, retireKey } from '../../src/vault/rotation.ts';
import { HOSTILE, ISSUER, NOW, personalData, receiptFacts } from './receipt-facts.ts';

const keys = generateKeys();
const published = { keys: [...publicHalves(keys)] };
const settings = { issuer: ISSUER, madeAt: NOW, language: 'vi' } as const;
const { jws } = await signReceipt(receiptFacts(), NOW, keys);
const data = personalData(jws);
const archive = await makeArchive(data, settings, keys);
const entries = unpackEntries(archive);
const textOf = (name: string) => Buffer.from(entries.get(name)!).toString('utf8');
const codeOf = async (bytes: Uint8Array, set = published) => {
  const verdict = await verifyArchive(bytes, set);
  return verdict.ok ? 'ok' : verdict.code;
};
const packed = (change: (files: Map<string, Uint8Array>) => void) => {
  const files = new Map(entries);
  change(files);
  return packEntries(files);
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('D11 the archive', () => {
  test('signature verifies, by the key that signed', async () => {
    expect(await verifyArchive(archive, published)).toMatchObject({
      ok: true,
      kid: published.keys[0]!.kid,
      manifest: { issuer: ISSUER, made_at: new Date(NOW).toISOString() },
    });
  });

  test('signature verifies after a rotation, by the key that stays published', async () => {
    const { keys: two, id } = addKey(keys, 'signing-ec');
    const rotated = retireKey(activateKey(two, 'signing-ec', id), 'signing-ec', published.keys[0]!.kid!);
    expect(await codeOf(archive, { keys: [...publicHalves(rotated), ...published.keys] })).toBe('ok');
    expect(await codeOf(archive, { keys: [...publicHalves(rotated)] })).toBe('key_unknown');
  });

  test('holds what it has to, in one order', () => {
    expect([...entries.keys()]).toEqual([
      'README.txt',
      'data.json',
      'data.schema.json',
      'index.html',
      'manifest.json',
      'manifest.jws',
      receiptName(data.consents[0]!.id),
    ]);
  });

  test('its data is as its own schema has it, and its receipts verify', async () => {
    const isValid = new Ajv2020().compile(JSON.parse(textOf('data.schema.json')));
    isValid(JSON.parse(textOf('data.json')));
    expect(isValid.errors).toBeNull();
    expect(JSON.parse(textOf('data.json'))).toMatchObject(JSON.parse(JSON.stringify(data)));
    await expect(verifyReceipt(textOf(receiptName(data.consents[0]!.id)), published)).resolves.toBeDefined();
  });

  test('of somebody about whom there is nothing verifies, too', async () => {
    const none = Object.fromEntries(Object.keys(data).map((name) => [name, []])) as unknown as PersonalData;
    const empty = await makeArchive({ ...none, who: { attributes: {} } }, settings, keys);
    expect(await codeOf(empty)).toBe('ok');
    const isValid = new Ajv2020().compile(JSON.parse(textOf('data.schema.json')));
    isValid(JSON.parse(Buffer.from(unpackEntries(empty).get('data.json')!).toString()));
    expect(isValid.errors).toBeNull();
  });

  test('the same entries are the same bytes, whenever and wherever they are packed', () => {
    expect(Buffer.compare(packEntries(new Map([...entries].reverse())), archive)).toBe(0);
    // The form of archives that people keep: a library that packs otherwise would make all of them fail.
    const hex = Buffer.from(packEntries(new Map([['a', bytes('b')]]))).toString('hex');
    expect(hex).toBe(
      '504b030414000000000000602128f9efbe71010000000100000001000000' +
        '6162' +
        '504b0102140014000000000000602128f9efbe710100000001000000010000000000000000000000000000000000' +
        '61' +
        '504b050600000000010001002f000000200000000000',
    );
  });

  test('a receipt’s id never leaves its folder', () => {
    for (const id of ['../x', 'a/b', '', 'a.b', 'x'.repeat(101)]) expect(() => receiptName(id)).toThrow(RangeError);
  });
});

describe('D11 signature verifies, one changed byte does not', () => {
  // Small enough to come round to every byte of it in a few runs.
  const STRIDE = 5;
  const small = async () => {
    const none = Object.fromEntries(Object.keys(data).map((name) => [name, []])) as unknown as PersonalData;
    return makeArchive({ ...none, who: { attributes: {} } }, settings, keys);
  };

  test('wherever it is', async () => {
    const original = await small();
    const changed = original.slice();
    const unseen: number[] = [];
    for (let at = Date.now() % STRIDE; at < original.length; at += STRIDE) {
      changed[at] = original[at]! ^ (1 << (at % 8));
      if ((await codeOf(changed)) === 'ok') unseen.push(at);
      changed[at] = original[at]!;
    }
    expect(unseen).toEqual([]);
    expect(await codeOf(changed)).toBe('ok');
  }, 120_000);

  test.each<[string, string, () => Uint8Array]>([
    ['a changed entry', 'entry_changed', () => packed((files) => files.set('data.json', bytes('{}')))],
    ['a missing entry', 'entry_missing', () => packed((files) => files.delete('data.json'))],
    ['an added entry', 'entry_added', () => packed((files) => files.set('more.html', bytes('x')))],
    ['a manifest without signature', 'manifest_missing', () => packed((files) => files.delete('manifest.jws'))],
    ['another manifest', 'manifest_other', () => packed((files) => files.set('manifest.json', bytes('{}')))],
    ['bytes behind it', 'bytes_changed', () => Buffer.concat([archive, Buffer.from('x')])],
    ['bytes before it', 'archive_malformed', () => Buffer.concat([Buffer.from('x'), archive])],
    [
      'a comment',
      'bytes_changed',
      () => {
        const changed = Buffer.concat([archive, Buffer.from('hi')]);
        changed.writeUInt16LE(2, archive.length - 2);
        return changed;
      },
    ],
    ['one packed again', 'archive_malformed', () => zipSync(Object.fromEntries(entries), { level: 6 })],
    ['one with other times', 'bytes_changed', () => zipSync(unzipSync(archive), { level: 0, mtime: new Date(NOW) })],
    [
      'another order',
      'bytes_changed',
      () => zipSync(Object.fromEntries([...entries].reverse()), { level: 0, mtime: new Date(2000, 0, 1, 12) }),
    ],
    ['no archive', 'archive_malformed', () => bytes('not a ZIP file at all, though long enough to be one')],
    ['nothing', 'archive_malformed', () => new Uint8Array()],
    ['an archive without entries', 'manifest_missing', () => zipSync({})],
  ])('%s', async (_name, code, change) => expect(await codeOf(change())).toBe(code));

  test('an entry that is there twice', async () => {
    // The same name in the same place, listed twice: whichever a reader takes, the other one was never signed.
    const renamed = packed((files) => files.set('data.jsoX', bytes('{"other":true}')));
    const twice = Buffer.from(Buffer.from(renamed).toString('latin1').replaceAll('data.jsoX', 'data.json'), 'latin1');
    expect(['entry_changed', 'bytes_changed']).toContain(await codeOf(twice));
  });

  test('a manifest that was signed as something else, or by somebody else', async () => {
    const listed = JSON.parse(textOf('manifest.json'));
    const asReceipt = await signDocument(listed, 'consent-receipt+jws', keys);
    expect(await codeOf(packed((files) => files.set('manifest.jws', bytes(asReceipt))))).toBe('type_other');
    const others = await signDocument(listed, 'personal-data-archive+jws', generateKeys());
    expect(await codeOf(packed((files) => files.set('manifest.jws', bytes(others))))).toBe('key_unknown');
  });
});

describe('D11 an archive that is a weapon', () => {
  test('of compressed nothing is refused before it is unpacked', async () => {
    const bomb = zipSync({ 'data.json': new Uint8Array(60_000_000) }, { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(bomb)).toBe('archive_too_large');
  });

  test('of one piece that is listed a thousand times', async () => {
    const one = zipSync({ a: new Uint8Array(100_000) }, { level: 0 });
    const end = one.length - 22;
    const directory = Buffer.from(one).readUInt32LE(end + 16);
    const listing = Buffer.from(one.subarray(directory, end));
    const tail = Buffer.from(one.subarray(end));
    tail.writeUInt16LE(1000, 8);
    tail.writeUInt16LE(1000, 10);
    const bomb = Buffer.concat([one.subarray(0, directory), ...Array(1000).fill(listing), tail]);
    expect(await codeOf(bomb)).toBe('archive_too_large');
  });

  test('of too many entries', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`f${at}`, new Uint8Array()]));
    expect(await codeOf(zipSync(many, { level: 0 }))).toBe('archive_too_large');
    expect(() => packEntries(new Map(Object.entries(many)))).toThrow('archive_too_large');
  });
});

describe.each(['vi', 'en'] as const)('D11 the page of an archive in %s', (language) => {
  const page = archivePage(data, { issuer: ISSUER, made_at: new Date(NOW).toISOString(), language });
  const $ = load(page);

  test('runs nothing and loads nothing, whatever people are called', () => {
    expect($('script, img, iframe, object, link, form, [onerror], [onload], [src]').length).toBe(0);
    expect(page).not.toContain('<script');
    expect($('body').text()).toContain(HOSTILE);
    expect($('meta[http-equiv]').attr('content')).toContain("default-src 'none'");
    for (const link of $('a').toArray()) expect($(link).attr('href')).toMatch(/^receipts\/[\w-]+\.jws$/);
  });

  test('has a heading for each part, and times of Viet Nam', () => {
    expect($('html').attr('lang')).toBe(language);
    expect(
      $('h2')
        .toArray()
        .map((one) => $(one).attr('id')),
    ).toEqual(Object.keys(data));
    expect(page).toContain('10:04:05');
  });
});

test('D11 every member of the data has a name in words', () => {
  const members = new Set<string>();
  JSON.stringify(data, (name, value) => {
    // What citizens and changes say has members of its own.
    if (name === 'content' || name === 'detail') return undefined;
    if (!Array.isArray(value) && typeof value === 'object') for (const one of Object.keys(value)) members.add(one);
    return value;
  });
  for (const language of ['vi', 'en']) members.delete(language);
  expect([...members].filter((name) => !Object.hasOwn(LABELS, name))).toEqual([]);
});

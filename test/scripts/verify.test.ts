/** `npm run verify` as somebody runs it who was handed a receipt or an archive. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeArchive } from '../../src/citizen/documents/archive.ts';
import { publicHalves } from '../../src/citizen/documents/published-keys.ts';
import { signReceipt } from '../../src/citizen/documents/receipts.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { ISSUER, NOW, personalData, receiptFacts } from '../citizen/receipt-facts.ts';

const SCRIPT = path.join(import.meta.dirname, '../../scripts/verify.ts');
const keys = generateKeys();
const published = JSON.stringify({ keys: publicHalves(keys) });
const [{ kid }] = publicHalves(keys) as [{ kid: string }];

let folder: string;
const at = (name: string) => path.join(folder, name);
const run = (...words: string[]) => promisify(execFile)(process.execPath, [SCRIPT, ...words]);
const complaintOf = async (...words: string[]) => {
  const { code, stderr } = await run(...words).then(
    () => ({ code: 0, stderr: '' }),
    (error) => error,
  );
  expect(code).toBe(1);
  return stderr as string;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lt-verify-'));
  const facts = receiptFacts({}, { agency: { id: 'tax', name: { vi: 'Thuế', en: 'Tax\u001b[2J\u202e' } } });
  const { jws } = await signReceipt(facts, NOW, keys);
  const archive = await makeArchive(personalData(jws), { issuer: ISSUER, madeAt: NOW, language: 'vi' }, keys);
  const changed = archive.slice();
  changed[archive.length - 1]! ^= 1;
  await Promise.all([
    writeFile(at('receipt.jws'), `${jws}\n`),
    writeFile(at('archive.zip'), archive),
    writeFile(at('changed.zip'), changed),
    writeFile(at('keys.json'), published),
    writeFile(at('others.json'), JSON.stringify({ keys: publicHalves(generateKeys()) })),
    writeFile(at('nothing.json'), '[]'),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('D13 a receipt verifies offline, in plain words', async () => {
  const { stdout } = await run(at('receipt.jws'), '--keys', at('keys.json'));
  expect(stdout).toContain('VERIFIED: a consent receipt');
  for (const told of [receiptFacts().consent.id, 'name, email', 'given', ISSUER, '2026-03-02T03:04:05.000Z', kid])
    expect(stdout).toContain(told);
  expect(stdout).toContain('Tax?[2J?');
});

test('D11 an archive verifies offline, and not with one changed byte', async () => {
  const { stdout } = await run(at('archive.zip'), '--keys', at('keys.json'));
  expect(stdout).toContain('VERIFIED: an archive of personal data');
  for (const told of ['receipts: 1', ISSUER, kid]) expect(stdout).toContain(told);
  expect(await complaintOf(at('changed.zip'), '--keys', at('keys.json'))).toMatch(/^NOT VERIFIED/);
});

test('D13 keys of another hub verify nothing', async () => {
  for (const file of ['receipt.jws', 'archive.zip'])
    expect(await complaintOf(at(file), '--keys', at('others.json'))).toContain('key_unknown');
});

test('D13 keys come from where they are published', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/record-keys' }).end();
    else if (request.url === '/record-keys') response.end(published);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect((await run(at('receipt.jws'), '--keys', `${origin}/record-keys`)).stdout).toContain('VERIFIED');
    for (const place of ['/moved', '/nowhere'])
      expect(await complaintOf(at('receipt.jws'), '--keys', origin + place)).toContain('No keys could be fetched');
  } finally {
    server.close();
  }
});

test('it says what is missing', async () => {
  expect(await complaintOf()).toContain('npm run verify');
  expect(await complaintOf(at('receipt.jws'), at('archive.zip'))).toContain('npm run verify');
  expect(await complaintOf(at('nowhere.zip'), '--keys', at('keys.json'))).toContain('ENOENT');
  expect(await complaintOf(at('receipt.jws'), '--keys', at('nothing.json'))).toContain('no set of public keys');
  expect(await complaintOf(at('keys.json'), '--keys', at('keys.json'))).toContain('document_malformed');
  expect(await complaintOf(at('receipt.jws'), '--keys', 'http://hub.test/record-keys')).toContain('https only');
});

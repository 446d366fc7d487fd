/** Tokens that nobody's software makes: whatever comes, it is refused in a word, quickly. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCertificate } from '../../../providers/digital-signature/certificate.ts';
import { outcomeOf, tokenOf, validatorOf } from './card.ts';
import { issue, rootAuthority } from './card-authority.ts';

const root = rootAuthority();
const validator = validatorOf(root);
const card = issue({ subject: [['2.5.4.5', 'PNOVN-097090000011']], policies: ['1.2.3'] }, root);
const token = tokenOf(card);
const MALFORMED = 'source_answer_invalid';
/** Everything a garbled certificate may be called; never `accept`. */
const REFUSALS = [
  MALFORMED,
  'certificate_purpose',
  'certificate_not_yet_valid',
  'certificate_expired',
  'certificate_not_trusted',
];
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', 12],
  ['a list', [token]],
  ['text that is no JSON', 'x'.repeat(200)],
  ['too short', '{}'],
  ['10,001 characters', JSON.stringify(token).padEnd(10_001)],
  ['too long as an object', { ...token, more: 'x'.repeat(10_000) }],
  ['a ring', Object.assign({ ...token }, { ring: undefined as unknown })],
  ['no version of its application', { ...token, appVersion: undefined }],
  ['format 2', { ...token, format: 'web-eid:2' }],
  ['format 10', { ...token, format: 'web-eid:10.0' }],
  ['a format with more behind it', { ...token, format: 'web-eid:1.0\n' }],
  ['algorithm in lower case', { ...token, algorithm: 'es256' }],
  ['an algorithm everything has', { ...token, algorithm: 'toString' }],
  ['a signature in base64url', { ...token, signature: `${token.signature.slice(0, 84)}-_==` }],
  ['a certificate in PEM', { ...token, unverifiedCertificate: `-----BEGIN CERTIFICATE-----\n${base64(card.der)}` }],
  ['a certificate and more', { ...token, unverifiedCertificate: base64(Buffer.concat([card.der, Buffer.of(0)])) }],
  ['two certificates', { ...token, unverifiedCertificate: base64(Buffer.concat([card.der, card.der])) }],
])('B3 malformed: %s', async (title, value) => {
  if (title === 'a ring') (value as { ring: unknown }).ring = value;
  expect(await outcomeOf(validator, value)).toBe(MALFORMED);
});

test('B3 what later minor versions add is tolerated', async () => {
  const later = { ...token, format: 'web-eid:1.1', supportedSignatureAlgorithms: [{ hashFunction: 'SHA-384' }] };
  expect(await outcomeOf(validator, later)).toBe('accept');
});

test('B3 a certificate cut off anywhere is malformed', async () => {
  for (let length = 0; length < card.der.length; length += 3) {
    const unverifiedCertificate = base64(card.der.subarray(0, length));
    expect(await outcomeOf(validator, { ...token, unverifiedCertificate })).toBe(MALFORMED);
  }
});

test('B3 a certificate with any one bit changed is refused', async () => {
  for (let at = 0; at < card.der.length; at += 1) {
    const garbled = Buffer.from(card.der);
    garbled[at]! ^= 1 << (at % 8);
    const outcome = await outcomeOf(validator, { ...token, unverifiedCertificate: base64(garbled) });
    expect([at, REFUSALS.includes(outcome), outcome]).toEqual([at, true, outcome]);
  }
});

test('B3 pieces of a certificate exchanged for anything are refused', async () => {
  const piece = fc.tuple(fc.nat(card.der.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(piece, async ([from, removed, added]) => {
      const garbled = Buffer.concat([card.der.subarray(0, from), added, card.der.subarray(from + removed)]);
      fc.pre(Buffer.compare(garbled, card.der) !== 0);
      const outcome = await outcomeOf(validator, { ...token, unverifiedCertificate: base64(garbled) });
      expect(REFUSALS).toContain(outcome);
    }),
    { numRuns: 300 },
  );
});

test('B3 bombs of nested or endless elements cost next to nothing', () => {
  const nested = Buffer.from('3080'.repeat(3700), 'hex');
  const many = Buffer.concat([Buffer.from('30821c00', 'hex'), Buffer.from('0500'.repeat(3584), 'hex')]);
  const strings = Buffer.concat([Buffer.from('04821c00', 'hex'), Buffer.alloc(0x1c00, 0x30)]);
  for (const bomb of [nested, many, strings]) {
    const { user } = process.cpuUsage();
    expect(() => readCertificate(bomb)).toThrow();
    expect(process.cpuUsage().user - user).toBeLessThan(500_000);
  }
});

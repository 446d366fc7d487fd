/** The four digits, against the published vectors. */
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { verificationCode } from '../../../providers/mobile-id/verification-code.ts';

test.each([
  ['a hash', Buffer.from('2f665f6a6999e0ef0752e00ec9f453adf59d8cb6', 'hex'), '1462'],
  ['SHA-256', createHash('sha256').update('HACKERMAN_SHA256').digest(), '6008'],
  ['SHA-384', createHash('sha384').update('HACKERMAN_SHA384').digest(), '7230'],
  ['SHA-512', createHash('sha512').update('HACKERMAN_SHA512').digest(), '3843'],
])('B4 the code of %s is as published', (_kind, hash, code) => {
  expect(verificationCode(hash)).toBe(code);
});

test('B4 a code always has four digits', () => {
  expect(verificationCode(Uint8Array.of(0x00, 0xff, 0x05))).toBe('0005');
  expect(verificationCode(Uint8Array.of(0x03, 0x80))).toBe('0000');
  expect(verificationCode(Uint8Array.of(0xff, 0x00, 0xff))).toBe('8191');
});

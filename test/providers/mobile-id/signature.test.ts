/** The forms in which operators send signatures, and what is none of this key over this preimage. */
import { constants, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { signedPreimage } from '../../../providers/mobile-id/signature.ts';

const preimage = randomBytes(32);
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

const EC = 'SHA256WithECEncryption';
const RSA = 'SHA256WithRSAEncryption';
const raw = (key = p256.privateKey, what: Uint8Array = preimage, hash = 'sha256') =>
  sign(hash, what, { key, dsaEncoding: 'ieee-p1363' });
const pkcs1 = (key = rsa.privateKey) => sign('sha256', preimage, { key, padding: constants.RSA_PKCS1_PADDING });

describe('B5 a signature over the preimage', () => {
  test.each([
    ['r ‖ s on P-256', p256.publicKey, raw(), EC],
    ['r ‖ s on P-384', p384.publicKey, raw(p384.privateKey), EC],
    ['DER', p256.publicKey, sign('sha256', preimage, p256.privateKey), EC],
    ['RSA', rsa.publicKey, pkcs1(), RSA],
    ['RSA, named in another case', rsa.publicKey, pkcs1(), 'sha256WithRSAEncryption'],
  ])('B5 is accepted as %s', (_form, key, value, algorithm) => {
    expect(signedPreimage(key, preimage, 'SHA256', { value, algorithm })).toBe(true);
  });

  test.each([
    ['of another preimage', p256.publicKey, raw(p256.privateKey, randomBytes(32)), EC],
    ['of another key', p384.publicKey, raw(), EC],
    [
      'with another hash than asked',
      p256.publicKey,
      raw(p256.privateKey, preimage, 'sha512'),
      'SHA512WithECEncryption',
    ],
    ['named as of another hash', p256.publicKey, raw(), 'SHA512WithECEncryption'],
    ['named as of another kind', p256.publicKey, raw(), RSA],
    ['named as nothing', p256.publicKey, raw(), ''],
    ['cut short', p256.publicKey, raw().subarray(0, 63), EC],
    ['of zeros', p256.publicKey, new Uint8Array(64), EC],
    ['of nothing', p256.publicKey, new Uint8Array(0), EC],
    [
      'with RSA-PSS',
      rsa.publicKey,
      sign('sha256', preimage, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
      RSA,
    ],
    ['with a weak RSA key', weak.publicKey, pkcs1(weak.privateKey), RSA],
  ])('B5 is refused %s', (_flaw, key, value, algorithm) => {
    expect(signedPreimage(key, preimage, 'SHA256', { value, algorithm })).toBe(false);
  });
});

/** Whom the validator believes: purpose, policy, dates, paths to an authority, signatures, and what the holder is called. */
import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs';
import { isStrong, signedDocument } from '../../../providers/digital-signature/signatures.ts';
import { NONCE, ORIGIN, outcomeOf, outcomeOfCard, signToken, tokenOf, validatorOf } from './card.ts';
import {
  CLIENT_AUTHENTICATION,
  ECDSA_SHA1,
  ecKeys,
  type Features,
  issue,
  NOW,
  nameConstraints,
  OCSP_SIGNING,
  type Party,
  rootAuthority,
} from './card-authority.ts';

const root = rootAuthority();
const validator = validatorOf(root);
const PSS = constants.RSA_PKCS1_PSS_PADDING;

describe('B3 the certificate itself', () => {
  test.each<[string, Features, string]>([
    ['that says what it is for', { extendedKeyUsage: [CLIENT_AUTHENTICATION] }, 'accept'],
    ['that does not say what it is for', { keyUsage: null }, 'certificate_purpose'],
    ['for documents alone', { keyUsage: 0x40 }, 'certificate_purpose'],
    ['for another extended use', { extendedKeyUsage: [OCSP_SIGNING] }, 'certificate_purpose'],
    ['whose purpose fails before its dates', { keyUsage: 0x40, notAfter: NOW - 1000 }, 'certificate_purpose'],
    ['of its first second', { notBefore: NOW }, 'accept'],
    ['of its last second', { notAfter: NOW }, 'accept'],
    ['of the second after', { notAfter: NOW - 1000 }, 'certificate_expired'],
    ['of the second before', { notBefore: NOW + 1000 }, 'certificate_not_yet_valid'],
    ['with something critical that is not understood', { more: [nameConstraints] }, 'certificate_not_trusted'],
    ['with an extension twice', { more: [nameConstraints, nameConstraints] }, 'source_answer_invalid'],
    ['signed with SHA-1', { algorithm: ECDSA_SHA1 }, 'certificate_not_trusted'],
  ])('B3 a certificate %s', async (_title, features, expected) => {
    expect(await outcomeOfCard(features, root)).toBe(expected);
  });

  test('B3 a disallowed policy among others', async () => {
    const strict = validatorOf(root, { disallowedPolicies: ['1.2.3.4'] });
    expect(await outcomeOfCard({ policies: ['1.2.3', '1.2.3.4'] }, root, strict)).toBe('certificate_policy');
    expect(await outcomeOfCard({ policies: ['1.2.3', '1.2.3.4.5'] }, root, strict)).toBe('accept');
  });
});

describe('B3 the path to an authority', () => {
  const outcome = (card: Party, intermediates: Party[], anchors = [root]) =>
    outcomeOf(
      validatorOf(root, {
        authorities: [
          { id: 'public', anchors: anchors.map(({ der }) => der), intermediates: intermediates.map(({ der }) => der) },
        ],
      }),
      tokenOf(card),
    );
  const below = (issuer: Party, features: Features = {}) =>
    issue({ name: `BELOW ${issuer.name}`, authority: true, ocsp: null, ...features }, issuer);

  test('B3 over two configured issuers to the root', async () => {
    const upper = below(root);
    const lower = below(upper);
    const card = issue({}, lower);
    expect(await outcome(card, [lower, upper])).toBe('accept');
    expect(await outcome(card, [lower])).toBe('certificate_not_trusted');
    expect(await outcome(card, [upper])).toBe('certificate_not_trusted');
  });

  test.each<[string, Features]>([
    ['that is no authority', { authority: false, keyUsage: 0x84 }],
    ['whose key may not issue', { keyUsage: 0x80 }],
    ['that has expired', { notAfter: NOW - 1000 }],
    ['that is not in force yet', { notBefore: NOW + 1000 }],
    ['with something critical that is not understood', { more: [nameConstraints] }],
    ['that was itself signed with SHA-1', { algorithm: ECDSA_SHA1 }],
  ])('B3 an issuer %s', async (_title, features) => {
    const issuer = below(root, features);
    expect(await outcome(issue({}, issuer), [issuer])).toBe('certificate_not_trusted');
  });

  test('B3 an expired root carries nobody, an expired stranger does no harm', async () => {
    const expired = rootAuthority({ name: 'EXPIRED', notAfter: NOW - 1000 });
    expect(await outcome(issue({}, expired), [], [expired, root])).toBe('certificate_not_trusted');
    expect(await outcome(issue({}, root), [], [expired, root])).toBe('accept');
  });

  test('B3 the length of a path is bounded by its authorities', async () => {
    const short = rootAuthority({ name: 'SHORT', pathLength: 0 });
    const middle = below(short);
    expect(await outcome(issue({}, short), [], [short])).toBe('accept');
    expect(await outcome(issue({}, middle), [middle], [short])).toBe('certificate_not_trusted');
  });

  test('B3 the name of an authority without its key is nothing', async () => {
    expect(await outcome(issue({}, rootAuthority()), [])).toBe('certificate_not_trusted');
    expect(await outcome(issue({ name: 'SELF' }), [])).toBe('certificate_not_trusted');
  });

  test('B3 a card cannot issue cards', async () => {
    const card = issue({ name: 'CARD' }, root);
    expect(await outcome(issue({}, card), [card])).toBe('certificate_not_trusted');
  });

  test('B3 issuers that issued each other end the search', async () => {
    const keys = { one: ecKeys(), other: ecKeys() };
    const draft = (name: string, key: typeof keys.one) => ({ name, key: key.privateKey, der: new Uint8Array() });
    const features = { authority: true, ocsp: null };
    const one = issue({ ...features, name: 'ONE', keys: keys.one }, draft('OTHER', keys.other));
    const other = issue({ ...features, name: 'OTHER', keys: keys.other }, draft('ONE', keys.one));
    expect(await outcome(issue({}, one), [one, other])).toBe('certificate_not_trusted');
  });

  test('B3 two authorities, each known by its own name', async () => {
    const government = rootAuthority({ name: 'GOVERNMENT' });
    const both = validatorOf(root, {
      authorities: [
        { id: 'public', anchors: [root.der] },
        { id: 'government', anchors: [government.der] },
      ],
    });
    const facts = await both.validate(tokenOf(issue({}, government)), NONCE, AbortSignal.timeout(5000));
    expect(facts.authority).toBe('government');
  });
});

describe('B3 the signature', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = { 256: ecKeys('P-256'), 384: ecKeys('P-384'), 512: ecKeys('P-521') } as const;
  const sizes = [256, 384, 512] as const;

  test.each(sizes)('B3 ES, PS and RS with SHA-%i', async (size) => {
    const elliptic = issue({ keys: keys[size] }, root);
    expect(await outcomeOf(validator, tokenOf(elliptic, `ES${size}`))).toBe('accept');
    const card = issue({ keys: rsa }, root);
    for (const kind of ['PS', 'RS']) expect(await outcomeOf(validator, tokenOf(card, `${kind}${size}`))).toBe('accept');
  });

  test('B3 the curve is that of the algorithm', async () => {
    for (const size of sizes) {
      for (const other of sizes) {
        const token = tokenOf(issue({ keys: keys[other] }, root), `ES${size}`);
        expect(await outcomeOf(validator, token)).toBe(size === other ? 'accept' : 'signature_invalid');
      }
    }
  });

  test('B3 an algorithm for keys of another kind', async () => {
    const [elliptic, card] = [issue({ keys: keys[256] }, root), issue({ keys: rsa }, root)];
    for (const algorithm of ['PS256', 'RS256']) {
      expect(await outcomeOf(validator, { ...tokenOf(elliptic), algorithm })).toBe('signature_invalid');
    }
    expect(await outcomeOf(validator, { ...tokenOf(card, 'RS256'), algorithm: 'ES256' })).toBe('signature_invalid');
    expect(await outcomeOf(validator, { ...tokenOf(card, 'RS256'), algorithm: 'PS256' })).toBe('signature_invalid');
    expect(await outcomeOf(validator, { ...tokenOf(card, 'RS256'), algorithm: 'RS384' })).toBe('signature_invalid');
  });

  test('B3 a key too short', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(await outcomeOf(validator, tokenOf(issue({ keys: short }, root), 'RS256'))).toBe('signature_invalid');
  });

  test('B3 signed for another site, another nonce, or in DER instead of r‖s', async () => {
    const card = issue({}, root);
    const signed = (signature: string) => outcomeOf(validator, { ...tokenOf(card), signature });
    expect(await signed(signToken(card.key, 'ES256', 'https://signin.example.evil.example'))).toBe('signature_invalid');
    expect(await signed(signToken(card.key, 'ES256', ORIGIN, NONCE.replace('b', 'c')))).toBe('signature_invalid');
    expect(await signed(Buffer.alloc(64).toString('base64'))).toBe('signature_invalid');
    expect(await signed(Buffer.alloc(5000).toString('base64'))).toBe('signature_invalid');
  });
});

describe('B3 the holder', () => {
  const place = { attribute: 'serialNumber', prefix: 'PNOVN-' } as const;
  const holder = async (subject: Features['subject'] = []) => {
    const authorities = [{ id: 'public', anchors: [root.der], personalNumber: place }];
    const card = issue({ subject }, root);
    return validatorOf(root, { authorities }).validate(tokenOf(card), NONCE, AbortSignal.timeout(5000));
  };
  const SERIAL_NUMBER = '2.5.4.5';

  test('B3 the personal number stands where the authority’s profile says', async () => {
    const facts = await holder([[SERIAL_NUMBER, 'PNOVN-097090000011']]);
    expect(facts).toMatchObject({
      subject: { commonName: 'NGUYỄN VĂN AN', serialNumber: 'PNOVN-097090000011' },
      personalNumber: '097090000011',
    });
  });

  test.each([
    ['of another country', 'PNOEE-38001085718'],
    ['of a passport', 'PASVN-097090000011'],
    ['that is no number', 'PNOVN-09709000001X'],
    ['with more behind it', 'PNOVN-097090000011 '],
    ['without its prefix', '097090000011'],
  ])('B3 a serial number %s is no personal number', async (_title, value) => {
    expect((await holder([[SERIAL_NUMBER, value]])).personalNumber).toBeUndefined();
  });

  test.each([
    SERIAL_NUMBER,
    `+${SERIAL_NUMBER}`,
  ])('B3 an attribute that comes twice says nothing: %s', async (again) => {
    const { subject, personalNumber } = await holder([
      [SERIAL_NUMBER, 'PNOVN-097090000011'],
      [again, 'PNOVN-097091000022'],
    ]);
    expect(subject).toEqual({ commonName: 'NGUYỄN VĂN AN' });
    expect(personalNumber).toBeUndefined();
  });

  test('B3 an attribute with control characters is not there', async () => {
    expect((await holder([['2.5.4.4', 'NGUYỄN\u0000EVIL']])).subject).toEqual({ commonName: 'NGUYỄN VĂN AN' });
  });
});

describe('B3 documents signed with RSASSA-PSS', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const document = Buffer.from('a certificate or an answer');
  const algorithm = (hash?: string) => {
    const named = hash === undefined ? {} : { hashAlgorithm: new AlgorithmIdentifier({ algorithmId: hash }) };
    const params = new RSASSAPSSParams({ ...named, saltLength: 32 });
    return new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.10', algorithmParams: params.toSchema() });
  };
  const signature = sign('sha256', document, { key: privateKey, padding: PSS, saltLength: 32 });

  test('B3 count with SHA-256', () => {
    const withSha256 = algorithm('2.16.840.1.101.3.4.2.1');
    expect(isStrong(withSha256)).toBe(true);
    expect(signedDocument(publicKey, document, withSha256, signature)).toBe(true);
    expect(signedDocument(publicKey, Buffer.from('another'), withSha256, signature)).toBe(false);
    expect(signedDocument(ecKeys().publicKey, document, withSha256, signature)).toBe(false);
  });

  test('B3 do not count with SHA-1, which is what they mean when they name none', () => {
    const byDefault = new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.10' });
    for (const weak of [algorithm(), algorithm('1.3.14.3.2.26'), byDefault]) {
      expect(isStrong(weak)).toBe(false);
      expect(signedDocument(publicKey, document, weak, signature)).toBe(false);
    }
  });
});

test('B3 a nonce that could be guessed is a mistake of the caller', async () => {
  await expect(validator.validate({}, 'short', AbortSignal.timeout(1000))).rejects.toThrow(RangeError);
});

test('B3 a configuration that cannot hold is refused at once', () => {
  const anchors = [root.der];
  const wrong = [
    { origin: 'https://signin.example/' },
    { authorities: [{ id: 'public', anchors: [new Uint8Array([1, 2, 3])] }] },
    {
      authorities: [
        { id: 'public', anchors },
        { id: 'public', anchors },
      ],
    },
    { responders: [{ authority: 'public', address: 'nowhere' }] },
  ];
  for (const settings of wrong) expect(() => validatorOf(root, settings)).toThrow();
});

/** A receipt is what the hub signed, and nothing else ever passes for one. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CompactSign, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose';
import { publicHalves } from '../../src/citizen/documents/published-keys.ts';
import { consentReceipt, RECEIPT_TYPE, signReceipt, verifyReceipt } from '../../src/citizen/documents/receipts.ts';
import { signDocument, verifyDocument } from '../../src/citizen/documents/signatures.ts';
import { type EllipticKey, generateKeys, type Keys } from '../../src/vault/keys.ts';
import { activateKey, addKey, retireKey } from '../../src/vault/rotation.ts';
import { ISSUER, NOW, receiptFacts } from './receipt-facts.ts';

const keys = generateKeys();
const published = { keys: [...publicHalves(keys)] };
const key = keys.signing.find((one): one is EllipticKey => one.kty === 'EC')!;
const schema = JSON.parse(
  readFileSync(new URL('../../src/citizen/documents/schemas/consent-receipt.schema.json', import.meta.url), 'utf8'),
);
const isValid = new Ajv2020().compile(schema);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = async (header: Record<string, unknown>, payload: string, by: JWK = key) =>
  new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader(header as { alg: string })
    .sign(await importJWK(by, header.alg as string));

describe('D13 what a receipt says', () => {
  test.each([
    ['given', {}],
    ['expired', { to: NOW - 1 }],
    ['expired', { to: NOW - 1, endReason: 'expired' }],
    ['withdrawn', { to: NOW - 1, endReason: 'withdrawn' }],
    ['replaced', { to: NOW - 1, endReason: 'replaced' }],
    ['withdrawn', { to: NOW - 1, endReason: 'person_locked' }],
    ['given', { basis: 'law', granted: [], offered: [] }],
    ['given', { granted: ['constructor', 'no_longer_known'] }],
  ] as const)('%s is as the schema has it', (state, consent) => {
    const receipt = JSON.parse(JSON.stringify(consentReceipt(receiptFacts(consent), NOW)));
    isValid(receipt);
    expect(isValid.errors).toBeNull();
    expect(receipt.event.at(-1).event_state).toBe(state);
    expect(receipt.event[0].event_state).toBe('given');
  });

  test('items, claims and what was declined', () => {
    const [purpose] = consentReceipt(receiptFacts(), NOW).pii_processing.purposes;
    expect(purpose!.pii_information).toEqual([
      { pii_type: 'name', pii_attribute_id: 'name', pii_optional: false, sensitive_pii_category: false },
      { pii_type: 'email', pii_attribute_id: 'email', pii_optional: true, sensitive_pii_category: false },
      { pii_type: 'email', pii_attribute_id: 'email_verified', pii_optional: true, sensitive_pii_category: false },
    ]);
    expect(purpose!.pii_declined).toEqual(['gender']);
    expect(purpose!.withdrawal_method).toBe(`${ISSUER}/me/consents`);
  });

  test('of the person only the subject that this agency knows anyway', () => {
    const facts = { ...receiptFacts(), consent: { ...receiptFacts().consent, person: 'person-id' } };
    const text = JSON.stringify(consentReceipt(facts, NOW));
    expect(text).toContain('"pii_principal_id":"pairwise-sub-of-tax"');
    expect(text).not.toContain('person-id');
  });

  test('whoever ended it early took the planned end with it', () => {
    const { event } = consentReceipt(receiptFacts({ to: NOW - 1, endReason: 'withdrawn' }), NOW);
    expect(event[0]).not.toHaveProperty('validity_duration');
    expect(event[1]).toMatchObject({ event_time: new Date(NOW - 1).toISOString(), entity_id: 'pairwise-sub-of-tax' });
    expect(consentReceipt(receiptFacts(), NOW).event[0]).toMatchObject({ validity_duration: 'PT15552000S' });
  });
});

describe('D13 a receipt verifies', () => {
  test('offline, with nothing but the published keys', async () => {
    const { jws, receipt } = await signReceipt(receiptFacts(), NOW, keys);
    expect(decodeProtectedHeader(jws)).toEqual({ alg: 'ES256', kid: key.kid, typ: RECEIPT_TYPE });
    expect(await verifyReceipt(jws, published)).toEqual({ receipt: JSON.parse(JSON.stringify(receipt)), kid: key.kid });
  });

  test('after its key was rotated away, by the key that stays published', async () => {
    const { jws } = await signReceipt(receiptFacts(), NOW, keys);
    const added = addKey(keys, 'signing-ec');
    const rotated = retireKey(activateKey(added.keys, 'signing-ec', added.id), 'signing-ec', key.kid);
    const all = { keys: [...publicHalves(rotated), ...published.keys] };
    expect((await verifyReceipt(jws, all)).kid).toBe(key.kid);
    const later = await signReceipt(receiptFacts(), NOW, rotated);
    expect((await verifyReceipt(later.jws, all)).kid).toBe(added.id);
    await expect(verifyReceipt(jws, { keys: [...publicHalves(rotated)] })).rejects.toMatchObject({
      code: 'key_unknown',
    });
  });

  test('what is published holds no private number', () => {
    const { keys: halves } = published;
    expect(halves.map((half) => Object.keys(half).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
    expect(JSON.stringify(halves)).not.toContain(key.d);
  });

  test('is no JWT: nothing in it names an audience, an issuer claim or an end', () => {
    const receipt = consentReceipt(receiptFacts(), NOW);
    for (const claim of ['iss', 'aud', 'exp', 'sub', 'nonce']) expect(receipt).not.toHaveProperty(claim);
  });
});

describe('D13 nothing else passes for a receipt', () => {
  const payload = JSON.stringify(consentReceipt(receiptFacts(), NOW));
  const header = { alg: 'ES256', kid: key.kid, typ: RECEIPT_TYPE };
  const other = generateKeys().signing.find((one) => one.kty === 'EC')!;
  const rsa = keys.signing.find((one) => one.kty === 'RSA')!;
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const hmac = (secret: string) => {
    const input = `${encoded({ ...header, alg: 'HS256' })}.${Buffer.from(payload).toString('base64url')}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const idToken = async (typ?: string) =>
    new SignJWT({ nonce: 'n' })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...(typ ? { typ } : {}) })
      .setIssuer(ISSUER)
      .setAudience('stock')
      .setSubject('pairwise-sub-of-tax')
      .setExpirationTime('5m')
      .sign(await importJWK(key, 'ES256'));
  const body = Buffer.from(payload).toString('base64url');

  const attempts: [string, string, () => string | Promise<string>][] = [
    ['another key under the same kid', 'signature_wrong', () => signed(header, payload, other)],
    ['another key', 'key_unknown', () => signed({ ...header, kid: other.kid }, payload, other)],
    ['an archive', 'type_other', () => signDocument({ a: 1 }, 'personal-data-archive+jws', keys)],
    ['another type', 'type_other', () => signed({ ...header, typ: 'application/consent-receipt+jws' }, payload)],
    ['an id token', 'type_other', () => idToken()],
    ['an id token of type JWT', 'type_other', () => idToken('JWT')],
    ['alg none', 'document_malformed', () => `${encoded({ ...header, alg: 'none' })}.${body}.`],
    ['alg none and a signature', 'algorithm_refused', () => `${encoded({ ...header, alg: 'none' })}.${body}.AAAA`],
    ['HS256 with the public key', 'algorithm_refused', () => hmac(JSON.stringify(published.keys[0]))],
    ['HS256 with x of the public key', 'algorithm_refused', () => hmac(published.keys[0]!.x!)],
    ['HS256 with a public key as PEM', 'algorithm_refused', () => hmac(pem as string)],
    ['RS256 of the hub', 'algorithm_refused', () => signed({ ...header, alg: 'RS256', kid: rsa.kid }, payload, rsa)],
    [
      'a key of its own in the header',
      'document_malformed',
      () => signed({ ...header, jwk: { kty: 'EC', crv: 'P-256', x: other.x, y: other.y } }, payload, other),
    ],
    ['no kid', 'document_malformed', () => signed({ alg: 'ES256', typ: RECEIPT_TYPE, kid2: key.kid }, payload)],
    ['no JSON', 'document_malformed', () => signed(header, 'not JSON')],
    ['nothing', 'document_malformed', () => ''],
    ['too many parts', 'document_malformed', () => `${encoded(header)}.${body}.AA.AA`],
    ['a header that is no JSON', 'document_malformed', () => `AAAA.${body}.AAAA`],
    ['a signature of zeros', 'signature_wrong', () => `${encoded(header)}.${body}.${'A'.repeat(86)}`],
  ];
  test.each(attempts)('%s', async (_name, code, attempt) => {
    await expect(verifyReceipt(await attempt(), published)).rejects.toMatchObject({ name: 'DocumentRefused', code });
  });

  test('nor does a receipt pass for an archive', async () => {
    const { jws } = await signReceipt(receiptFacts(), NOW, keys);
    await expect(verifyDocument(jws, 'personal-data-archive+jws', published)).rejects.toMatchObject({
      code: 'type_other',
    });
  });

  test('a published RSA or damaged key under the kid verifies nothing', async () => {
    const { jws } = await signReceipt(receiptFacts(), NOW, keys);
    const half = published.keys[0]!;
    for (const wrong of [
      { ...half, kty: 'RSA' },
      { ...half, alg: 'ES384' },
      { ...half, use: 'enc' },
      { ...half, x: 'A' },
    ])
      await expect(verifyReceipt(jws, { keys: [wrong] })).rejects.toMatchObject({ code: 'key_unknown' });
  });

  test('every changed character is seen, also those bits of the last one that mean nothing', async () => {
    const { jws } = await signReceipt(receiptFacts(), NOW, keys);
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of last) {
      const changed = jws.slice(0, -1) + character;
      if (changed !== jws) await expect(verifyReceipt(changed, published)).rejects.toHaveProperty('code');
    }
    for (let at = 0; at < jws.length; at += 7) {
      const changed = `${jws.slice(0, at)}${jws[at] === 'A' ? 'B' : 'A'}${jws.slice(at + 1)}`;
      await expect(verifyReceipt(changed, published)).rejects.toHaveProperty('code');
    }
  });

  test('the active key of two signs', async () => {
    const added = addKey(keys, 'signing-ec');
    const active: Keys = activateKey(added.keys, 'signing-ec', added.id);
    const { jws } = await signReceipt(receiptFacts(), NOW, active);
    expect(decodeProtectedHeader(jws).kid).toBe(added.id);
  });
});

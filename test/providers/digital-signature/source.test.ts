/** Owns the tests of what a card's certificate makes of its holder: account, attributes, person or organisation. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EmbeddedStore, openEmbeddedStore } from '../../../adapters/store.ts';
import { createDigitalSignatureSource } from '../../../providers/digital-signature/digital-signature-source.ts';
import type { PageAttempt } from '../../../providers/source.ts';
import type { Assertion } from '../../../src/identity/assertion.ts';
import { sourceSettings } from '../../../src/sources.ts';
import { generateKeys } from '../../../src/vault/keys.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { ORIGIN, signToken, tokenOf } from './card.ts';
import { answerTo, type Features, issue, NOW, rootAuthority } from './card-authority.ts';

const SERIAL_NUMBER = '2.5.4.5';
const ORGANISATION = '2.5.4.97';
const text = { vi: 'Chữ ký số', en: 'Digital signature' };
const root = rootAuthority();
const anchors = [`-----BEGIN CERTIFICATE-----\n${Buffer.from(root.der).toString('base64')}\n-----END CERTIFICATE-----`];
const numbered = { personal_number: { attribute: 'serialNumber', prefix: 'PNOVN-' } };
const clock = () => NOW;

let store: EmbeddedStore;
beforeAll(() => {
  store = openEmbeddedStore({ directory: ':memory:', vault: createVault(generateKeys()), clock });
});
afterAll(() => store.close());

/** What signing in with a card of such features proves, where its authority is trusted so. */
async function assertionOf(features: Features, profile: object = numbered): Promise<Assertion> {
  const card = issue(features, root);
  const settings = sourceSettings.parse({
    kind: 'digital-signature',
    id: 'cards',
    acr: 'loa4',
    name: text,
    authority: text,
    asks: text,
    icon: 'signature',
    authorities: [{ id: 'public', anchors, ...profile }],
  });
  if (settings.kind !== 'digital-signature') throw new Error('another kind');
  const type = { 'content-type': 'application/ocsp-response' };
  const outgoing = {
    fetch: async (_address: unknown, init?: { readonly body?: unknown }) =>
      new Response(Buffer.from(answerTo(init!.body as Uint8Array, card, root)), { headers: type }),
  };
  const source = createDigitalSignatureSource({ settings, origin: ORIGIN, state: store.state, outgoing, clock });
  const attempt = { id: crypto.randomUUID(), signal: AbortSignal.timeout(5_000) } as PageAttempt;
  const page = await source.page(attempt);
  if (page.page !== 'digital-signature') throw new Error('another page');
  const token = { ...tokenOf(card), signature: signToken(card.key, 'ES256', ORIGIN, page.nonce) };
  const answer = await source.answer(attempt, { token: JSON.stringify(token) });
  if (answer === undefined || 'page' in answer) throw new Error('no assertion');
  return answer;
}

test('the number in the subject is the account, with its authority', async () => {
  const subject = [[SERIAL_NUMBER, 'PNOVN-097090000011']] as const;
  const [one, renewed] = [await assertionOf({ subject }), await assertionOf({ subject, name: 'NGUYEN VAN AN' })];
  expect(one).toMatchObject({
    source: 'cards',
    subject: 'public 097090000011',
    holder: 'person',
    attributes: { name: 'NGUYỄN VĂN AN', personalNumber: '097090000011' },
    acr: 'loa4',
    amr: ['hwk', 'pin', 'sc'],
    authTime: NOW / 1000,
    evidence: { type: 'electronic_signature', issuer: 'CN=ROOT OF THE TESTS' },
  });
  expect(renewed.subject).toBe(one.subject);
});

test.each<[string, Features, object]>([
  ['there is none', {}, numbered],
  ['it is of another kind', { subject: [[SERIAL_NUMBER, 'PASVN-C1234567']] }, numbered],
  ['it has not the form of one', { subject: [[SERIAL_NUMBER, 'PNOVN-12']] }, numbered],
  ['its authority is not trusted with numbers', { subject: [[SERIAL_NUMBER, 'PNOVN-097090000011']] }, {}],
])('where no number is attested the certificate is the account, and nobody else’s: %s', async (_name, features, how) => {
  const [one, other] = [await assertionOf(features, how), await assertionOf(features, how)];
  expect(one.subject).toMatch(/^public [0-9a-f]{64}$/);
  expect(one.attributes).toEqual({ name: 'NGUYỄN VĂN AN' });
  expect(other.subject).not.toBe(one.subject);
});

test('an organisation’s certificate is no person’s, unless it names the person too', async () => {
  const organisation = [ORGANISATION, 'NTRVN-0100109106'] as const;
  expect((await assertionOf({ subject: [organisation] })).holder).toBe('organisation');
  const employee = [organisation, [SERIAL_NUMBER, 'PNOVN-097090000011']] as const;
  expect((await assertionOf({ subject: employee })).holder).toBe('person');
});

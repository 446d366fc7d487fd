/** How settings become the registration of a client. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRegistration } from '../../src/clients.ts';
import { ITEMS, registeredItems } from '../../src/consent/items.ts';
import { problemsOf } from '../../src/developer/problems.ts';
import { type Registered, registrationOf } from '../../src/developer/registration-of.ts';
import { AUTHENTICATION_METHODS, serviceSettings } from '../../src/developer/settings.ts';
import { requestedItems } from '../../src/oidc/claims.ts';
import { FACTS, KEY, NOW, RIGHT, SECRET } from './settings.ts';

const LIVE: Registered = {
  service: 'tra-cuu-ho-so',
  environment: 'production',
  agency: { id: 'hanoi', name: { vi: 'Thành phố Hà Nội', en: 'City of Hanoi' } },
  settings: RIGHT,
  credentials: [KEY],
  version: 3,
  suspended: false,
};
const claim = RIGHT.claims[0]!;

describe('a registration', () => {
  test('is one that the main hub takes, with everything the settings say', () => {
    const made = registrationOf(LIVE);
    expect(parseRegistration(structuredClone(made), 'production')).toEqual(made);
    expect(made).toMatchObject({
      client_id: 'tra-cuu-ho-so',
      environment: 'live',
      short_name: RIGHT.short_name,
      home_uri: RIGHT.landing_page,
      scopes: ['openid', 'profile', 'personal_number', 'verified_claims'],
      items: ['name', 'personal_number'],
      optional_items: [],
      basis: 'consent',
      item_terms: { personal_number: { basis: 'law', legal_basis: 'Điều 12, Nghị định 118/2025/NĐ-CP' } },
      sources: ['tax-code', 'mobile-id'],
      version: 3,
    });
    expect(made).not.toHaveProperty('suspended');
  });

  test('is another client in the sandbox', () => {
    const made = registrationOf({ ...LIVE, environment: 'sandbox', suspended: true });
    expect(parseRegistration(structuredClone(made), 'sandbox')).toEqual(made);
    expect(made).toMatchObject({ client_id: 'tra-cuu-ho-so-sandbox', environment: 'sandbox', suspended: true });
  });

  test('carries what is left out by default, when there is something', () => {
    const logo = `${'a'.repeat(43)}.png`;
    const settings = {
      ...RIGHT,
      logo,
      jwks_uri: 'https://hoso.hanoi.gov.vn/jwks',
      userinfo_signed_response_alg: 'PS256' as const,
      id_token_encrypted_response_alg: 'RSA-OAEP-256' as const,
      userinfo_encrypted_response_alg: 'ECDH-ES' as const,
    };
    const made = registrationOf({ ...LIVE, settings });
    expect(parseRegistration(structuredClone(made), 'production')).toEqual(made);
    expect(made).toMatchObject({
      logo: `/logos/${logo}`,
      jwks_uri: settings.jwks_uri,
      authentication: { method: 'private_key_jwt' },
    });
    expect(made).not.toHaveProperty('jwks');
  });

  test('asks for nothing when the settings ask for nothing', () => {
    const made = registrationOf({ ...LIVE, settings: { ...RIGHT, claims: [], verified_claims: false } });
    expect([made.scopes, made.items, made.basis, registeredItems(made)]).toEqual([['openid'], [], 'consent', []]);
  });

  test('rests on law when everything does', () => {
    const settings = { ...RIGHT, claims: [{ ...claim, basis: 'law' as const, legal_basis: 'Điều 1' }] };
    expect(registrationOf({ ...LIVE, settings }).basis).toBe('law');
  });

  test.each(ITEMS)('of a scope’s items only what was asked for can be released: %s', (item) => {
    const settings = { ...RIGHT, claims: [{ ...claim, item, optional: true }] };
    const made = registrationOf({ ...LIVE, settings });
    expect(registeredItems(made)).toEqual([item]);
    expect(made.optional_items).toEqual([item]);
    const everything = { scope: 'openid profile birth personal_number tax_code email phone verified_claims' };
    expect(requestedItems(everything, made).items).toEqual([item]);
    const claims = JSON.stringify({ userinfo: { name: null, gender: { essential: true }, birthdate: null } });
    expect(requestedItems({ ...everything, claims }, made).items).toEqual([item]);
  });

  test('has two secrets at once, each with its end, of more the latest', () => {
    const at = (id: string, endsAt: number) => ({ ...SECRET, id, secretHash: id.repeat(40), endsAt });
    const credentials = [at('a', NOW - 1), at('b', NOW + 5500), at('c', NOW + 90_000)];
    const settings = { ...RIGHT, token_endpoint_auth_method: 'client_secret_basic' as const };
    const made = registrationOf({ ...LIVE, settings, credentials: [...credentials, KEY] });
    expect(made.authentication).toEqual({
      method: 'client_secret_basic',
      secrets: [
        { hash: 'c'.repeat(40), exp: Math.floor((NOW + 90_000) / 1000) },
        { hash: 'b'.repeat(40), exp: Math.floor((NOW + 5500) / 1000) },
      ],
    });
    // A key beside a secret is there to encrypt.
    expect(made.jwks?.keys).toEqual([{ ...KEY.jwk, exp: Math.floor(KEY.endsAt / 1000) }]);
    expect(parseRegistration(structuredClone(made), 'production')).toEqual(made);
  });

  test('is one that its issuer takes whenever the settings have no problem', () => {
    let taken = 0;
    const pieces = [
      '',
      'x'.repeat(20),
      'x'.repeat(21),
      'ữ'.repeat(300),
      'ữ'.repeat(20).normalize('NFD'),
      'Điều 7',
      '\u0000',
    ];
    const text = fc.oneof({ weight: 6, arbitrary: fc.constant('Hồ sơ 7') }, fc.constantFrom(...pieces));
    const localised = fc.record({ vi: text, en: text });
    const local = ['http://localhost:8080/cb', 'http://[::1]:8080/', 'http://127.0.0.1/'];
    const odd = [
      ...local,
      `https://a.vn/${'a'.repeat(487)}`,
      `https://a.vn/${'a'.repeat(488)}`,
      'https://a.vn',
      'https://a.vn/?b=%F0',
    ];
    const address = fc.oneof({ weight: 6, arbitrary: fc.constant('https://a.vn/b') }, fc.constantFrom(...odd));
    const wishes = fc.record({
      name: localised,
      short_name: localised,
      purpose: localised,
      landing_page: address,
      redirect_uris: fc.uniqueArray(address, { maxLength: 3 }),
      post_logout_redirect_uris: fc.uniqueArray(address, { maxLength: 3 }),
      backchannel_logout_uri: fc.option(address, { nil: undefined }),
      jwks_uri: fc.option(address, { nil: undefined }),
      token_endpoint_auth_method: fc.constantFrom(...AUTHENTICATION_METHODS),
      id_token_encrypted_response_alg: fc.constantFrom(undefined, 'ECDH-ES' as const, 'RSA-OAEP-256' as const),
      claims: fc.array(
        fc.record({
          item: fc.constantFrom(...ITEMS),
          purpose: localised,
          basis: fc.constant('law' as const),
          legal_basis: text,
          optional: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
      verified_claims: fc.boolean(),
    });
    const credentials = fc.subarray([KEY, SECRET, { ...KEY, endsAt: NOW - 1 }]);
    fc.assert(
      fc.property(wishes, credentials, fc.constantFrom('sandbox', 'production'), (wish, held, environment) => {
        const settings = serviceSettings.parse({ ...RIGHT, ...wish });
        const mode = environment === 'sandbox' ? 'sandbox' : 'production';
        if (problemsOf(settings, { ...FACTS, environment, mode, credentials: held }).length > 0) return;
        taken += 1;
        const made = registrationOf({ ...LIVE, environment, settings, credentials: held });
        expect(parseRegistration(structuredClone(made), mode)).toEqual(made);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

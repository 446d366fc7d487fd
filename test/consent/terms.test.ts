/** Owns the tests of what makes the terms of a service other terms, so that citizens are asked anew. */
import { hash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ClientRegistration } from '../../src/clients.ts';
import { registeredItems } from '../../src/consent/items.ts';
import { termsVersion } from '../../src/consent/terms.ts';

const name = { vi: 'Tên', en: 'Name' };
const service: ClientRegistration = {
  client_id: 'service',
  agency: { id: 'agency', name },
  service: name,
  environment: 'sandbox',
  role: 'service',
  purpose: name,
  basis: 'consent',
  scopes: ['openid', 'profile'],
  optional_items: ['gender'],
  consent_days: 180,
  minimum_acr: 'loa1',
  redirect_uris: ['http://localhost/callback'],
  post_logout_redirect_uris: [],
  authentication: { method: 'private_key_jwt', jwks: { keys: [{}] } },
  id_token_signed_response_alg: 'ES256',
  require_pushed_authorization_requests: false,
  pkce: 'required',
};

test('what was agreed to before there were terms of items stays agreed to', () => {
  const { agency, purpose, basis, consent_days, optional_items } = service;
  const terms = [agency, service.service, purpose, basis, consent_days, registeredItems(service), optional_items];
  expect(termsVersion(service)).toBe(hash('sha256', JSON.stringify(terms), 'base64url'));
});

test('what an item is wanted for is part of the terms, in whatever order it is written', () => {
  const forName = { purpose: name, basis: 'consent' } as const;
  const forGender = { purpose: name, basis: 'law', legal_basis: 'Law 1/2026, article 2' } as const;
  const versionOf = (item_terms: ClientRegistration['item_terms']) =>
    termsVersion({ ...service, ...(item_terms ? { item_terms } : {}) });
  const both = versionOf({ name: forName, gender: forGender });
  expect(versionOf({ gender: { ...forGender }, name: { ...forName } })).toBe(both);
  const others = [
    versionOf(undefined),
    versionOf({ name: forName }),
    versionOf({ name: forName, gender: { ...forGender, basis: 'consent' } }),
    versionOf({ name: forName, gender: { ...forGender, legal_basis: 'Law 1/2026, article 3' } }),
    versionOf({ name: { ...forName, purpose: { ...name, en: 'Another' } }, gender: forGender }),
  ];
  expect(new Set([both, ...others]).size).toBe(6);
});

test('what no citizen agrees to is no part of the terms', () => {
  const changed = { ...service, version: 7, logo: `/logos/${'a'.repeat(43)}.svg`, suspended: true } as const;
  expect(termsVersion(changed)).toBe(termsVersion(service));
});

/** What changed between two settings: all of it, and nothing else. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIFE_SITUATIONS } from '../../src/clients.ts';
import { ITEMS } from '../../src/consent/items.ts';
import { type Difference, differencesBetween, needsReview } from '../../src/developer/differences.ts';
import {
  AUTHENTICATION_METHODS,
  type ServiceSettings,
  SIGNING_ALGORITHMS,
  serviceSettings,
} from '../../src/developer/settings.ts';
import { RIGHT } from './settings.ts';

describe('E5 differences shown are complete', () => {
  test('E5 nothing is different from itself', () => {
    expect(differencesBetween(RIGHT, structuredClone(RIGHT))).toEqual([]);
  });

  test('E5 the first version is new in everything', () => {
    const all = differencesBetween(undefined, RIGHT);
    expect(all.every((one) => one.before === undefined && one.after !== undefined)).toBe(true);
    expect(all).toContainEqual({ field: 'name.vi', after: 'Tra cứu hồ sơ', reviewed: true });
    expect(all).toContainEqual({ field: 'redirect_uris', after: RIGHT.redirect_uris, reviewed: true });
    expect(all).toContainEqual({ field: 'claims.name.basis', after: 'consent', reviewed: true });
    expect(all).toContainEqual({ field: 'contact.mail', after: 'ky-thuat@hanoi.gov.vn', reviewed: false });
  });

  const [name, number] = [RIGHT.claims[0]!, RIGHT.claims[1]!];
  const changes: readonly [string, Partial<ServiceSettings>, readonly Difference[]][] = [
    [
      'a name',
      { name: { ...RIGHT.name, en: 'Lookup' } },
      [{ field: 'name.en', before: 'File lookup', after: 'Lookup', reviewed: true }],
    ],
    ['a logo', { logo: 'x' }, [{ field: 'logo', after: 'x', reviewed: true }]],
    [
      'an address taken away',
      { backchannel_logout_uri: undefined },
      [{ field: 'backchannel_logout_uri', before: RIGHT.backchannel_logout_uri!, reviewed: true }],
    ],
    [
      'an address more',
      { redirect_uris: [...RIGHT.redirect_uris, 'https://b.vn/'] },
      [{ field: 'redirect_uris', after: 'https://b.vn/', reviewed: true }],
    ],
    [
      'an address for another',
      { redirect_uris: ['https://b.vn/'] },
      [
        { field: 'redirect_uris', before: RIGHT.redirect_uris[0]!, reviewed: true },
        { field: 'redirect_uris', after: 'https://b.vn/', reviewed: true },
      ],
    ],
    [
      'the order alone',
      { sources: ['mobile-id', 'tax-code'] },
      [{ field: 'sources', before: ['tax-code', 'mobile-id'], after: ['mobile-id', 'tax-code'], reviewed: true }],
    ],
    [
      'any source instead of some',
      { sources: undefined },
      [{ field: 'sources', before: ['tax-code', 'mobile-id'], reviewed: true }],
    ],
    [
      'a basis',
      { claims: [{ ...name, basis: 'law', legal_basis: 'Điều 1' }, number] },
      [
        { field: 'claims.name.basis', before: 'consent', after: 'law', reviewed: true },
        { field: 'claims.name.legal_basis', after: 'Điều 1', reviewed: true },
      ],
    ],
    [
      'a claim taken away',
      { claims: [number] },
      [
        { field: 'claims', before: 'name', reviewed: true },
        { field: 'claims.name.purpose.vi', before: name.purpose.vi, reviewed: true },
        { field: 'claims.name.purpose.en', before: name.purpose.en, reviewed: true },
        { field: 'claims.name.basis', before: 'consent', reviewed: true },
        { field: 'claims.name.optional', before: false, reviewed: true },
      ],
    ],
    ['the level', { minimum_acr: 'loa3' }, [{ field: 'minimum_acr', before: 'loa2', after: 'loa3', reviewed: true }]],
    [
      'a contact',
      { contact: { mail: 'b@hanoi.gov.vn' } },
      [
        { field: 'contact.mail', before: 'ky-thuat@hanoi.gov.vn', after: 'b@hanoi.gov.vn', reviewed: false },
        { field: 'contact.phone', before: '024 3825 3536', reviewed: false },
      ],
    ],
  ];

  test.each(changes)('E5 %s', (_what, change, expected) => {
    const found = differencesBetween(RIGHT, { ...RIGHT, ...change } as ServiceSettings);
    expect(new Set(found)).toEqual(new Set(expected));
    expect(found.length).toBe(expected.length);
    expect(needsReview(found)).toBe(expected.some(({ reviewed }) => reviewed));
  });

  test('E5 whoever applies the differences has the new settings, whatever they are', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const found = differencesBetween(before, after);
        expect(applied(before, found)).toEqual(applied(after, []));
        expect(found.length === 0).toBe(isDeepStrictEqual(plain(before), plain(after)));
        for (const { field, reviewed } of found) expect(reviewed).toBe(!field.startsWith('contact'));
      }),
      { numRuns: 500 },
    );
  });

  test('E5 every field of the shape is one that differences know', () => {
    const shown = new Set(differencesBetween(undefined, everything).map(({ field }) => field.split('.')[0]));
    expect([...shown].toSorted()).toEqual(Object.keys(serviceSettings.shape).toSorted());
  });
});

const everything: ServiceSettings = {
  ...RIGHT,
  logo: 'x',
  jwks_uri: 'https://a.vn/',
  userinfo_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'ECDH-ES',
  userinfo_encrypted_response_alg: 'ECDH-ES',
};

const plain = (settings: unknown) => JSON.parse(JSON.stringify(settings));

const word = fc.constantFrom('a', 'b', 'c', '');
const words = fc.array(word, { maxLength: 4 });
const localised = fc.record({ vi: word, en: word });
const absent = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const alg = fc.constantFrom(...SIGNING_ALGORITHMS);
const encryption = fc.constantFrom('ECDH-ES' as const, 'RSA-OAEP-256' as const);
const claims = fc.array(
  fc.record({
    item: fc.constantFrom(...ITEMS.slice(0, 4)),
    purpose: localised,
    basis: fc.constantFrom('consent' as const, 'law' as const),
    legal_basis: absent(word),
    optional: fc.boolean(),
  }),
  { maxLength: 4 },
);
const anySettings: fc.Arbitrary<ServiceSettings> = fc.record({
  name: localised,
  short_name: localised,
  logo: absent(word),
  purpose: localised,
  landing_page: word,
  login_uri: word,
  redirect_uris: words,
  post_logout_redirect_uris: words,
  backchannel_logout_uri: absent(word),
  token_endpoint_auth_method: fc.constantFrom(...AUTHENTICATION_METHODS),
  jwks_uri: absent(word),
  id_token_signed_response_alg: alg,
  userinfo_signed_response_alg: absent(alg),
  id_token_encrypted_response_alg: absent(encryption),
  userinfo_encrypted_response_alg: absent(encryption),
  require_pushed_authorization_requests: fc.boolean(),
  minimum_acr: fc.constantFrom('loa1' as const, 'loa2' as const),
  sources: absent(words),
  claims,
  verified_claims: fc.boolean(),
  consent_days: fc.integer({ min: 1, max: 3 }),
  life_situations: fc.array(fc.constantFrom(...LIFE_SITUATIONS.slice(0, 3)), { maxLength: 4 }),
  contact: fc.record({ mail: word, phone: absent(word) }),
});
/** Unrelated ones, equal ones, and ones that differ in a field or two. */
const pairs = fc
  .tuple(anySettings, anySettings, fc.subarray(Object.keys(everything) as (keyof ServiceSettings)[]))
  .map(([one, other, changed]): [ServiceSettings, ServiceSettings] => [
    one,
    { ...structuredClone(one), ...Object.fromEntries(changed.map((field) => [field, other[field]])) },
  ]);

/** What a reader makes of it: each leaf set or taken away, each element taken out or appended, an order taken over. */
function applied(settings: ServiceSettings, differences: readonly Difference[]): Record<string, unknown> {
  const isTwice = new Set(settings.claims.map(({ item }) => item)).size < settings.claims.length;
  // As differences name things: by item when both have each once. Which it was shows in the names.
  const byPlace = isTwice || differences.some(({ field }) => /^claims\.\d/.test(field));
  const state = new Map<string, unknown>();
  const { claims: listed, ...others } = plain(settings);
  spread(state, '', others);
  for (const [at, { item, ...claim }] of listed.entries()) {
    if (byPlace) state.set(`claims.${at}.item`, item);
    spread(state, `claims.${byPlace ? at : item}`, claim);
  }
  if (!byPlace)
    state.set(
      'claims',
      listed.map(({ item }: { item: string }) => item),
    );
  for (const { field, before, after } of differences) {
    const list = state.get(field);
    if (!Array.isArray(list) || Array.isArray(before) || Array.isArray(after)) {
      if (after === undefined) state.delete(field);
      else state.set(field, after);
    } else if (before !== undefined) state.set(field, list.toSpliced(list.lastIndexOf(before), 1));
    else state.set(field, [...list, after]);
  }
  return asNamed(state);
}

function spread(state: Map<string, unknown>, path: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) state.set(path, value);
  else for (const [name, member] of Object.entries(value)) spread(state, path ? `${path}.${name}` : name, member);
}

/** Claims by place, whichever way they were named. */
function asNamed(state: Map<string, unknown>): Record<string, unknown> {
  const items = state.get('claims');
  const entries = [...state].flatMap(([field, value]): [string, unknown][] => {
    if (field === 'claims') return (value as string[]).map((item, at) => [`claims.${at}.item`, item]);
    const [, item = '', rest] = /^claims\.([a-z_]+)\.(.*)$/.exec(field) ?? [];
    return [[rest && Array.isArray(items) ? `claims.${items.indexOf(item)}.${rest}` : field, value]];
  });
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

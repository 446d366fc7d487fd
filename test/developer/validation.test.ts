/** What an agency hands in: each rule by its code, and each code with its reason in words. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { hostsOf, jwkOf, keyProblems, problemsOf, skeletonOf, thumbprintOf } from '../../src/developer/problems.ts';
import { addressProblem } from '../../src/developer/rules/addresses.ts';
import { JWKS_CODES, LOGO_CODES, PROBLEM_CODES, PRODUCTION_CODES } from '../../src/developer/rules/codes.ts';
import { domainOf } from '../../src/developer/rules/look-alike.ts';
import { claimsToBeHub, wordingProblem } from '../../src/developer/rules/wording.ts';
import { defaultSettings, type ServiceSettings, serviceSettings } from '../../src/developer/settings.ts';
import { problemsInEnglish } from '../../views/texts/developer/problems.en.ts';
import { problemsInVietnamese } from '../../views/texts/developer/problems.vi.ts';
import { AT_HOME, KEY_RULES, OTHERS, P384, RSA_KEY, RULES, SANDBOX } from './rules.ts';
import { EC_KEY, FACTS, KEY, RIGHT, SECRET } from './settings.ts';

const keyFacts = { credentials: [KEY], thumbprintsElsewhere: new Set([thumbprintOf(RSA_KEY)]) };
const noKeys = { credentials: [], thumbprintsElsewhere: new Set<string>() };

describe('E3 each validation rule with its reason', () => {
  test.each(RULES)('E3 %s: %s', (_rule, code, field, wish, facts = {}) => {
    const settings = { ...RIGHT, ...wish } as ServiceSettings;
    expect(serviceSettings.safeParse(settings).error?.issues).toBeUndefined();
    expect(problemsOf(settings, { ...FACTS, ...facts })).toEqual([{ field, code }]);
  });

  test.each(KEY_RULES)('E3 a key, %s: %s', (rule, code, key) => {
    expect(keyProblems(key, rule.includes('already') || rule.includes('another service') ? keyFacts : noKeys)).toEqual([
      code,
    ]);
    if (!/already|another service/.test(rule)) expect(jwkOf(key)).toBeUndefined();
  });

  test('E3 every code is reached by a rule, and has its reason in both languages', () => {
    const reached = new Set<string>([...RULES.map(([, code]) => code), ...KEY_RULES.map(([, code]) => code)]);
    expect([...reached].toSorted()).toEqual([...PROBLEM_CODES].toSorted());
    const all = [...PROBLEM_CODES, ...JWKS_CODES, ...LOGO_CODES, ...PRODUCTION_CODES].toSorted();
    for (const texts of [problemsInVietnamese, problemsInEnglish]) {
      expect(Object.keys(texts).toSorted()).toEqual(all);
      for (const text of Object.values(texts)) expect(text).toMatch(/^.{10,}\. .{5,}\.$|^.{20,}\.$/);
    }
    expect(new Set(Object.values(problemsInEnglish)).size).toBe(all.length);
    expect(new Set(Object.values(problemsInVietnamese)).size).toBe(all.length);
  });

  test('E3 what is right has no problem, in either environment', () => {
    for (const facts of [FACTS, SANDBOX, AT_HOME]) expect(problemsOf(RIGHT, facts)).toEqual([]);
  });

  test('E3 a new draft has the shape, and is told what is missing', () => {
    const draft = defaultSettings({ vi: 'Tra cứu', en: 'Lookup' }, 'a@hanoi.gov.vn');
    expect(serviceSettings.parse(draft)).toEqual(draft);
    const missing = problemsOf(draft, FACTS).map(({ field, code }) => `${field} ${code}`);
    expect(missing).toEqual(
      ['short_name.vi', 'short_name.en', 'purpose.vi', 'purpose.en', 'redirect_uris', 'landing_page', 'login_uri'].map(
        (field) => `${field} missing`,
      ),
    );
  });

  test('E3 several things wrong are told together, each at its own place', () => {
    const problems = problemsOf(
      { ...RIGHT, redirect_uris: ['https://a.vn/#', 'https://a.vn/#'], consent_days: 1 },
      FACTS,
    );
    expect(problems).toEqual([
      { field: 'redirect_uris.0', code: 'address_fragment' },
      { field: 'redirect_uris.1', code: 'address_fragment' },
      { field: 'redirect_uris.1', code: 'twice' },
    ]);
  });
});

describe('what may be used', () => {
  test.each([
    ['a service', 'https://hoso.hanoi.gov.vn/callback', FACTS],
    ['another port', 'https://hoso.hanoi.gov.vn:8443/callback', FACTS],
    ['no path', 'https://hoso.hanoi.gov.vn', FACTS],
    ['a query of its own', 'https://hoso.hanoi.gov.vn/cb?tenant=7', FACTS],
    ['not of the government', 'https://thuvien.org.vn/callback', FACTS],
    ['Vietnamese marks', `https://${new URL('https://hồsơ.vn').host}/`, FACTS],
    ['a company whose name begins so', 'https://gov.vnpt.vn/', FACTS],
    ['localhost in the sandbox', 'http://localhost:8080/callback', SANDBOX],
    ['127.0.0.1 in the sandbox', 'http://127.0.0.1:8080/callback', SANDBOX],
    ['[::1] in the sandbox', 'http://[::1]:8080/callback', SANDBOX],
    ['example, where nothing is real', 'https://hoso.example/', AT_HOME],
    ['its own host', 'https://dichvucong.vn/', { ...FACTS, hosts: OTHERS }],
    ['beside another agency in one domain', 'https://hoso.hue.gov.vn/', { ...FACTS, hosts: OTHERS }],
  ])('%s', (_case, address, facts) => expect(addressProblem(address, 'answered', facts)).toBeUndefined());

  test('the hub itself calls this machine only where everything is on it', () => {
    expect(addressProblem('http://localhost:8080/jwks', 'fetched', AT_HOME)).toBeUndefined();
    expect(addressProblem('http://localhost:8080/jwks', 'fetched', { ...AT_HOME, mode: 'production' })).toBe(
      'address_loopback',
    );
    expect(addressProblem('http://localhost:8080/jwks', 'fetched', { ...AT_HOME, environment: 'production' })).toBe(
      'address_loopback',
    );
  });

  test.each([
    'Đăng ký khai sinh liên thông',
    'Dịch vụ công Huế',
    "Thư viện Đắk Lắk (H'Leo)",
    'Café 24/7 – ngân hàng',
  ])('the name %s', (name) => {
    expect(wordingProblem(name)).toBeUndefined();
    expect(claimsToBeHub(name, ['Liên Thông'])).toBe(false);
  });

  test.each([
    ['P-256', EC_KEY],
    ['P-256 to encrypt', { ...EC_KEY, use: 'enc', alg: 'ECDH-ES' }],
    ['P-384 to encrypt', { ...P384, use: 'enc' }],
    ['RSA', { ...RSA_KEY, alg: 'PS256', use: 'sig', key_ops: ['verify'] }],
    ['RSA to encrypt', { ...RSA_KEY, alg: 'RSA-OAEP-256' }],
  ])('the key %s', (_case, key) => expect(keyProblems(key, noKeys)).toEqual([]));

  test('a secret goes with a method for secrets', () => {
    const settings = { ...RIGHT, token_endpoint_auth_method: 'client_secret_post' as const };
    expect(problemsOf(settings, { ...FACTS, credentials: [SECRET] })).toEqual([]);
  });
});

describe('keys', () => {
  test('of a key only what is public and known is kept, with an id', async () => {
    const kept = jwkOf({ ...EC_KEY, use: 'sig', x5u: 'https://evil.vn/', exp: 5, foo: { d: 'x' } });
    expect(kept).toEqual({ ...EC_KEY, use: 'sig', kid: await calculateJwkThumbprint(EC_KEY) });
    expect(jwkOf({ ...RSA_KEY, kid: 'mine' })).toEqual({ ...RSA_KEY, kid: 'mine' });
    expect(thumbprintOf(RSA_KEY)).toBe(await calculateJwkThumbprint(RSA_KEY));
  });

  test('anything at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({
            kty: fc.constantFrom('EC', 'RSA', 'oct', 'OKP'),
            crv: fc.anything(),
            x: fc.anything(),
            y: fc.anything(),
            n: fc.anything(),
            e: fc.anything(),
            alg: fc.anything(),
            kid: fc.anything(),
          }),
        ),
        (input) => {
          expect(keyProblems(input, noKeys).length).toBe(1);
        },
      ),
    );
  });
});

describe('look-alikes', () => {
  test.each([
    ['www.thue.hanoi.gov.vn', 'hanoi.gov.vn'],
    ['hanoi.gov.vn', 'hanoi.gov.vn'],
    ['id.buudien.vn', 'buudien.vn'],
    ['a.b.example.com', 'example.com'],
    ['gov.vn', 'gov.vn'],
  ])('%s is of %s', (host, domain) => expect(domainOf(host)).toBe(domain));

  test.each([
    ['dichvucong.vn', 'dlchvucong.vn'],
    ['dichvucong.vn', 'd1chvuc0ng.vn'],
    ['dichvucong.vn', 'dich-vu-cong.vn'],
    ['dichvucong.vn', new URL('https://dịchvụcông.vn').host],
    ['dichvucong.vn', 'www.dichvuc0ng.vn'],
    ['moj.vn', 'rnoj.vn'],
    ['web.vn', 'vveb.vn'],
    ['dan.vn', 'clan.vn'],
  ])('%s and %s have one skeleton', (one, other) => expect(skeletonOf(one)).toBe(skeletonOf(other)));

  test.each([
    ['hanoi.gov.vn', 'hue.gov.vn'],
    ['thue.vn', 'thue.com'],
    ['cite.vn', 'dte.vn'],
  ])('%s and %s do not', (one, other) => expect(skeletonOf(one)).not.toBe(skeletonOf(other)));

  test('hosts of all addresses are known by their skeletons', () => {
    expect(hostsOf({ ...RIGHT, jwks_uri: 'https://keys.d1chvucong.vn/', login_uri: 'nonsense' })).toEqual([
      { host: 'hoso.hanoi.gov.vn', skeleton: skeletonOf('hanoi.gov.vn') },
      { host: 'keys.d1chvucong.vn', skeleton: skeletonOf('dichvucong.vn') },
    ]);
  });
});

describe('whatever is written', () => {
  const piece = fc.constantFrom(
    'https',
    'http',
    '://',
    ':',
    '/',
    '//',
    '\\',
    '@',
    '#',
    '?',
    '%2f',
    '%00',
    '..',
    '*',
    ' ',
    '[::1]',
    '127.0.0.1',
    'localhost',
    '0x7f.1',
    'hoso.hanoi.gov.vn',
    'xn--80ak6aa92e',
    'đ',
    '.',
    ':443',
    ';',
    '\u202e',
    'evil.vn',
    '2130706433',
    '&state=1',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `https://${pieces.join('')}`),
  );

  test('what is taken is one public https address, which no reader reads otherwise', () => {
    fc.assert(
      fc.property(anything, (address) => {
        if (addressProblem(address, 'answered', FACTS) !== undefined) return;
        const url = new URL(address);
        expect([address, `${address}/`]).toContain(url.href);
        expect([url.protocol, url.username, url.password, url.hash]).toEqual(['https:', '', '', '']);
        expect(url.hostname).toMatch(/^([a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('texts and settings of any content are answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), anything, (text, address) => {
        const settings = {
          ...RIGHT,
          name: { vi: text, en: text },
          landing_page: address,
          jwks_uri: address,
          contact: { mail: text, phone: text },
        };
        for (const { code } of problemsOf(settings, FACTS)) expect(PROBLEM_CODES).toContain(code);
        hostsOf(settings);
      }),
      { numRuns: 500 },
    );
  });
});

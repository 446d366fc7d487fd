/** E5: whatever is different is told in words, in both languages: no field of a service is without a name. */
import { expect, test } from '@jest/globals';
import { LIFE_SITUATIONS } from '../../src/clients.ts';
import { differencesOfVersions } from '../../src/developer/reviewing.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { ACR_LADDER } from '../../src/identity/assertion.ts';
import { fieldInWords, valueInWords } from '../../views/developer/differences.ts';
import { differenceWordsInEnglish } from '../../views/texts/developer/differences.en.ts';
import { differenceWordsInVietnamese } from '../../views/texts/developer/differences.vi.ts';
import { english } from '../../views/texts/en.ts';
import { vietnamese } from '../../views/texts/vi.ts';
import { goodSettings } from './developer.ts';

const LANGUAGES = [
  ['Vietnamese', differenceWordsInVietnamese, vietnamese.consent.items],
  ['English', differenceWordsInEnglish, english.consent.items],
] as const;

/** Everything a service may say of itself. */
const WHOLE: Required<ServiceSettings> = {
  ...goodSettings('https://dich-vu.example'),
  logo: `${'a'.repeat(43)}.svg`,
  backchannel_logout_uri: 'https://dich-vu.example/backchannel-logout',
  jwks_uri: 'https://dich-vu.example/jwks',
  userinfo_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'ECDH-ES',
  userinfo_encrypted_response_alg: 'ECDH-ES',
  sources: ['tax-code'],
  claims: [
    {
      item: 'birthdate',
      purpose: { vi: 'Để biết tuổi.', en: 'To know the age.' },
      basis: 'law',
      legal_basis: 'Điều 12, Nghị định 118/2025/NĐ-CP',
      optional: false,
    },
  ],
  life_situations: [...LIFE_SITUATIONS].slice(0, 5),
  contact: { mail: 'cntt@co-quan.example', phone: '024 3936 2222' },
};
const AGENCY = { vi: 'Cơ quan', en: 'Agency' };

test.each(LANGUAGES)('E5 every field has a name in %s, and no two have the same', (_language, words, items) => {
  const differences = differencesOfVersions(undefined, { settings: WHOLE, agency: AGENCY });
  const fields = [...new Set(differences.map(({ field }) => field))];
  // Each member of the settings is among them.
  for (const member of Object.keys(WHOLE)) expect(fields.some((field) => field.split('.')[0] === member)).toBe(true);
  const names = fields.map((field) => fieldInWords(field, words, items));
  for (const [at, name] of names.entries()) expect([fields[at], name]).not.toEqual([fields[at], fields[at]]);
  expect(new Set(names).size).toBe(names.length);
});

test.each(
  LANGUAGES,
)('E5 values that are words of the contract are said as people say them in %s', (_, words, items) => {
  for (const level of ACR_LADDER) expect(valueInWords('minimum_acr', level, words, items)).not.toBe(level);
  for (const one of LIFE_SITUATIONS) expect(valueInWords('life_situations', one, words, items)).not.toBe(one);
  for (const basis of ['consent', 'law'])
    expect(valueInWords('claims.name.basis', basis, words, items)).not.toBe(basis);
  expect(valueInWords('claims', ['name', 'birthdate'], words, items)).toBe(`${items.name}, ${items.birthdate}`);
  expect(valueInWords('claims.name.optional', true, words, items)).not.toBe('true');
  expect(valueInWords('redirect_uris', [], words, items)).not.toBe('');
  // Addresses stand as they are, letter by letter.
  expect(valueInWords('redirect_uris', 'https://dich-vu.example/callback', words, items)).toBe(
    'https://dich-vu.example/callback',
  );
});

test('E5 a draft that lists something twice is told by its place', () => {
  const [, words, items] = LANGUAGES[1];
  const claim = WHOLE.claims[0]!;
  const differences = differencesOfVersions(undefined, {
    settings: { ...WHOLE, claims: [claim, claim] },
    agency: AGENCY,
  });
  const names = differences.map(({ field }) => fieldInWords(field, words, items));
  expect(names).toContain('2: what it is');
});

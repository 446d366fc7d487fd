/** Owns the tests of sources by configuration alone: how claims are read, and which files and claims are refused. */
import { describe, expect, test } from '@jest/globals';
import { readConfigured } from '../../../providers/openid/configured-source.ts';
import type { SourceClaims } from '../../../providers/openid/openid-source.ts';
import { nationalEid, socialInsurance } from '../../../sandbox/sources.ts';
import { sourceSettings } from '../../../src/sources.ts';

const insurance = socialInsurance('https://insurance.example');
const eid = nationalEid('https://eid.example');

type Claims = Readonly<Record<string, unknown>>;

const NOW = 1_790_000_000;
const EID: Claims = { hoTen: 'Trần Thị Hoà', ngaySinh: '02/11/1985', gioiTinh: 'Nữ', soDinhDanh: '097185000021' };
const INSURED: Claims = { so_bhxh: '9700000021', ho_ten: 'Trần Thị Hòa', ngay_sinh: '1985-11-02', gioi_tinh: 'nu' };

const claimsOf = (sub: string, idToken: Claims, userInfo: Claims): SourceClaims => ({
  idToken: { iss: 'https://source.example', aud: 'lien-thong', sub, iat: NOW + 1, exp: NOW + 300, ...idToken } as never,
  userInfo: { sub, ...userInfo },
});
const readEid = (userInfo: Claims = {}, idToken: Claims = {}, settings = eid) =>
  readConfigured(claimsOf('097185000021', { mucDo: '2', ...idToken }, { ...EID, ...userInfo }), settings);
const readInsurance = (userInfo: Claims = {}, idToken: Claims = {}) =>
  readConfigured(
    claimsOf('9700000021', { acr: 'urn:sandbox:insurance:otp', ...idToken }, { ...INSURED, ...userInfo }),
    insurance,
  );

/** The reason of a refusal. */
function reasonOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('claims of its own become an assertion', () => {
  test('B1 names, a date as on paper, a gender, a level', () => {
    expect(readEid({}, { auth_time: NOW, amr: ['pwd', 'swk'] })).toEqual({
      source: 'national-eid',
      subject: '097185000021',
      holder: 'person',
      attributes: {
        name: 'Trần Thị Hoà',
        birthDate: '1985-11-02',
        gender: 'female',
        personalNumber: '097185000021',
      },
      acr: 'loa3',
      amr: ['pwd', 'swk'],
      authTime: NOW,
      evidence: {
        type: 'electronic_record',
        record: 'electronic_identity_account',
        authority: 'Cơ quan định danh (mẫu)',
        country: 'VN',
        time: NOW,
      },
    });
    expect(readEid({}, { mucDo: '1' }).acr).toBe('loa1');
  });

  test.each([
    ['1985', '1985'],
    ['11/1985', '1985-11'],
  ])('a date known in part keeps that part: %s', (written, read) => {
    expect(readEid({ ngaySinh: written }).attributes.birthDate).toBe(read);
  });

  test('what is not attested is absent, and a level that is a number is one', () => {
    const { attributes } = readInsurance({ ho_ten: null, ngay_sinh: '', gioi_tinh: 'khác' });
    expect(attributes).toEqual({ socialInsuranceNumber: '9700000021' });
    expect(readEid({}, { mucDo: 2 }).acr).toBe('loa3');
  });

  test('without methods of its own those of the configuration count, and garbage among them does not', () => {
    expect(readInsurance().amr).toEqual(['pwd', 'otp']);
    expect(readInsurance({}, { amr: 'pwd' }).amr).toEqual(['pwd', 'otp']);
    expect(readInsurance({}, { amr: ['pwd', 7, {}, 'x'.repeat(99), 'otp'] }).amr).toEqual(['pwd', 'otp']);
  });

  test('B7 unknown claims are tolerated; what the signed token says counts more', () => {
    expect(readEid({ extra: { deep: [1] }, hoTen: 'A' }, { hoTen: 'Trần Thị Hoà' }).attributes.name).toBe(
      'Trần Thị Hoà',
    );
  });
});

describe('B7 an answer that has not the form it should have is refused', () => {
  test.each<[string, Claims, Claims?]>([
    ['a name that is a list', { hoTen: ['Trần'] }],
    ['a name that is an object', { hoTen: { vi: 'Trần' } }],
    ['a number that is a number', { soDinhDanh: 97185000021 }],
    ['a date that is a time', { ngaySinh: 499_737_600 }],
    ['a gender that is true', { gioiTinh: true }],
    ['a name of a novel’s length', { hoTen: 'x'.repeat(201) }],
    ['no level', {}, { mucDo: undefined }],
    ['a level nobody listed', {}, { mucDo: '3' }],
    ['an empty level', {}, { mucDo: '' }],
    ['a level that is a list of one', {}, { mucDo: ['2'] }],
    ['a level every object has', {}, { mucDo: 'constructor' }],
    ['a level that is __proto__', {}, { mucDo: '__proto__' }],
  ])('%s', (...[_name, userInfo, idToken]) => {
    expect(reasonOf(() => readEid(userInfo, idToken))).toBe('source_answer_invalid');
  });

  test.each([undefined, null, '', 9700000021])('a subject that is none: %s', (subject) => {
    expect(reasonOf(() => readInsurance({ so_bhxh: subject }))).toBe('source_answer_invalid');
  });

  test('a claim named like something every object has is not there', () => {
    const settings = { ...eid, claims: { ...eid.claims, subject: 'constructor' } };
    expect(reasonOf(() => readEid({}, {}, settings))).toBe('source_answer_invalid');
  });

  test('whoever is no person, where the provider tells', () => {
    const settings = { ...eid, claims: { ...eid.claims, person: { claim: 'loai', value: 'ca_nhan' } } };
    expect(readEid({ loai: 'ca_nhan' }, {}, settings).holder).toBe('person');
    for (const loai of ['to_chuc', undefined])
      expect(reasonOf(() => readEid({ loai }, {}, settings))).toBe('not_a_person');
  });
});

describe('the sources file', () => {
  const accepts = (changes: Record<string, unknown>) => sourceSettings.safeParse({ ...eid, ...changes }).success;

  test('takes the sandbox’s own entries, and little is enough', () => {
    for (const settings of [insurance, eid]) expect(sourceSettings.parse(settings)).toEqual(settings);
    const { scope: _scope, ...usual } = eid;
    const little = sourceSettings.parse({ ...usual, claims: { record: 'account' } });
    expect(little).toMatchObject({ scope: 'openid profile', claims: { subject: 'sub', amr: [] } });
  });

  test.each<[string, Record<string, unknown>]>([
    ['no kind', { kind: undefined }],
    ['an unknown kind', { kind: 'oracle' }],
    ['an openid source without claims', { claims: undefined }],
    ['claims at the tax authority, whose claims are read by code', { kind: 'tax-code' }],
    ['a scope without openid', { scope: 'profile' }],
    ['a claim nobody maps', { claims: { ...eid.claims, blood_type: 'nhomMau' } }],
    ['a level of no ladder', { claims: { ...eid.claims, level: { claim: 'mucDo', values: { '2': 'loa9' } } } }],
    ['a level above the source’s own', { acr: 'loa2' }],
  ])('refuses %s', (_name, changes) => {
    expect(accepts(changes)).toBe(false);
  });
});

/** Owns one sample of every page as a citizen may meet it, for the tests of the views and for the preview. */
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import type { Frame, Language, Page, Service, SourceCard } from '../../views/pages.ts';
import { CITIZEN_PAGES } from './citizen-samples.ts';

export const SERVICE: Service = {
  agency: { vi: 'Sở Tư pháp tỉnh Bình Sơn', en: 'Bình Sơn Department of Justice' },
  name: { vi: 'Cấp phiếu lý lịch tư pháp', en: 'Criminal record certificate' },
};

/** The same with everything a registration can say of how it is shown. */
export const PICTURED: Service = { ...SERVICE, logo: `/logos/${'Ab3_-'.repeat(8)}xyz.svg` };

export const SOURCES: readonly SourceCard[] = [
  {
    id: 'tax-code',
    name: { vi: 'Mã số thuế', en: 'Tax code' },
    authority: { vi: 'Cục Thuế', en: 'Tax Department' },
    asks: { vi: 'Mã số thuế và mật khẩu', en: 'Tax code and password' },
    icon: 'receipt',
    closed: 'not_strong_enough',
  },
  {
    id: 'social-insurance',
    name: { vi: 'Mã số BHXH', en: 'Social insurance number' },
    authority: { vi: 'Bảo hiểm xã hội Việt Nam', en: 'Vietnam Social Security' },
    asks: {
      vi: 'Mật khẩu và mã xác thực (OTP) gửi về điện thoại',
      en: 'Password and a one-time code sent to your phone',
    },
    icon: 'shield',
  },
  {
    id: 'mobile-id',
    name: { vi: 'MobileID', en: 'MobileID' },
    authority: { vi: 'Nhà mạng di động', en: 'Your mobile operator' },
    asks: { vi: 'Mã PIN trên điện thoại', en: 'PIN on your phone' },
    icon: 'smartphone',
  },
  {
    id: 'digital-signature',
    name: { vi: 'Chữ ký số', en: 'Digital signature' },
    authority: { vi: 'Tổ chức chứng thực chữ ký số', en: 'Certificate authority' },
    asks: { vi: 'Thẻ hoặc USB ký số và mã PIN', en: 'Signing card or token and its PIN' },
    icon: 'signature',
    closed: 'unavailable',
    notice: { vi: 'Bảo trì đến 22 giờ ngày 14/3.', en: 'Under maintenance until 10 p.m. on 14 March.' },
  },
];

export function frameIn(language: Language): Frame {
  return {
    language,
    inLanguage: { vi: '/trang?lang=vi', en: '/trang?lang=en' },
    incident: '7K2M-9QPX',
    hotline: '1900 0009',
  };
}

const until = new Date('2027-03-14T16:59:59Z');

function errorPage(code: ErrorCode): Page {
  return { page: 'error', code, service: SERVICE, restart: 'https://agency.example/login' };
}

/** Every page under a name of its own; errors under `error-<code>`. */
export const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  [
    'choose-source',
    {
      page: 'choose-source',
      service: SERVICE,
      action: '/s/1',
      cancelAction: '/s/1/cancel',
      sources: SOURCES,
      sharedComputer: false,
    },
  ],
  [
    'choose-source-again',
    {
      page: 'choose-source',
      service: SERVICE,
      action: '/s/1',
      cancelAction: '/s/1/cancel',
      sources: SOURCES,
      sharedComputer: true,
      reason: 'source_timeout',
      values: { source: SOURCES[2]!.name },
    },
  ],
  [
    'consent',
    {
      page: 'consent',
      service: SERVICE,
      purpose: { vi: 'Lập hồ sơ cấp phiếu lý lịch tư pháp', en: 'To open a file for a criminal record certificate' },
      basis: 'consent',
      action: '/s/1/consent',
      items: [
        { id: 'name', value: 'Nguyễn Thị Thuỳ Dương', required: true },
        { id: 'birthdate', value: '14/03/1949', required: true },
        { id: 'personal_number', value: '097 149 000 021', required: true },
        { id: 'place_of_birth', value: 'Xã Đoài Thượng, huyện Kỳ Lộ, tỉnh Bình Sơn', required: true },
        { id: 'gender', value: 'Nữ', required: false },
        { id: 'phone', value: '0912 000 021', required: false },
      ],
      until,
      shown: 'fingerprint-of-the-page',
      changed: true,
    },
  ],
  [
    'consent-of-nothing',
    {
      page: 'consent',
      service: SERVICE,
      purpose: { vi: 'Tra cứu hồ sơ', en: 'Following a file' },
      basis: 'law',
      action: '/s/1/consent',
      items: [],
      until,
      shown: 'fingerprint-of-the-page',
      changed: false,
    },
  ],
  [
    'consent-item-by-item',
    {
      page: 'consent',
      service: PICTURED,
      purpose: { vi: 'Lập hồ sơ cấp phiếu lý lịch tư pháp', en: 'To open a file for a criminal record certificate' },
      basis: 'law',
      action: '/s/1/consent',
      items: [
        {
          id: 'name',
          value: 'Nguyễn Thị Thuỳ Dương',
          required: true,
          terms: {
            purpose: { vi: 'Ghi trên phiếu', en: 'Written on the certificate' },
            basis: 'law',
            citation: 'Luật Lý lịch tư pháp 28/2009/QH12, Điều 42',
          },
        },
        {
          id: 'personal_number',
          value: '097 149 000 021',
          required: true,
          terms: { purpose: { vi: 'Tra cứu đúng người', en: 'To look up the right person' }, basis: 'law' },
        },
        {
          id: 'gender',
          value: 'Nữ',
          required: false,
          terms: { purpose: { vi: 'Xưng hô trong thư', en: 'To address letters' }, basis: 'consent' },
        },
      ],
      until,
      shown: 'fingerprint-of-the-page',
      changed: false,
    },
  ],
  [
    'choose-source-pictured',
    {
      page: 'choose-source',
      service: PICTURED,
      action: '/s/1',
      cancelAction: '/s/1/cancel',
      sources: SOURCES,
      sharedComputer: false,
    },
  ],
  [
    'continue-as-pictured',
    { page: 'continue-as', service: PICTURED, action: '/s/1/continue', name: 'Nguyễn Thị Thuỳ Dương' },
  ],
  ['continue-as', { page: 'continue-as', service: SERVICE, action: '/s/1/continue', name: 'Nguyễn Thị Thuỳ Dương' }],
  ['link', { page: 'link', service: SERVICE, action: '/s/1/link', sources: [SOURCES[0]!.name, SOURCES[2]!.name] }],
  [
    'mobile-numbers',
    {
      page: 'mobile-numbers',
      service: SERVICE,
      action: '/s/1/prove',
      cancelAction: '/s/1/give-up',
      values: { phone: '', personalNumber: '' },
      wrong: [],
    },
  ],
  [
    'mobile-numbers-wrong',
    {
      page: 'mobile-numbers',
      service: SERVICE,
      action: '/s/1/prove',
      cancelAction: '/s/1/give-up',
      values: { phone: '0912 000', personalNumber: '097 149' },
      wrong: ['phone', 'personalNumber'],
    },
  ],
  [
    'mobile-wait',
    {
      page: 'mobile-wait',
      service: SERVICE,
      waitAction: '/s/1/wait',
      cancelAction: '/s/1/give-up',
      code: '1462',
      sent: false,
    },
  ],
  [
    'digital-signature',
    {
      page: 'digital-signature',
      service: SERVICE,
      action: '/s/1/prove',
      cancelAction: '/s/1/give-up',
      nonce: 'bm9uY2U=',
    },
  ],
  [
    'digital-signature-again',
    {
      page: 'digital-signature',
      service: SERVICE,
      action: '/s/1/prove',
      cancelAction: '/s/1/give-up',
      nonce: 'bm9uY2U=',
      reason: 'request_expired',
    },
  ],
  [
    'error-with-every-way-out',
    {
      page: 'error',
      code: 'identity_mismatch',
      service: SERVICE,
      values: { authority: SOURCES[0]!.authority },
      otherSource: '/s/1',
      restart: 'https://agency.example/login',
      cancelAction: '/s/1/cancel',
    },
  ],
  ['error-without-a-service', { page: 'error', code: 'not_found' }],
  ['sign-out', { page: 'sign-out', service: SERVICE, action: '/sign-out/confirm', fields: { xsrf: 'abc' } }],
  [
    'signed-out',
    {
      page: 'signed-out',
      service: SERVICE,
      home: 'https://agency.example/',
      sources: [
        { name: { vi: 'Định danh điện tử', en: 'Electronic identity' }, address: 'https://eid.example/sign-out' },
      ],
      agencies: [
        { ...SERVICE, told: 'told' },
        { ...SERVICE, agency: SOURCES[1]!.authority, told: 'waiting' },
        { ...SERVICE, agency: SOURCES[0]!.authority, told: 'own' },
      ],
    },
  ],
  ['form-post', { page: 'form-post', action: 'https://agency.example/callback', fields: { code: 'c', state: 's' } }],
  ['help', { page: 'help' }],
  ['home', { page: 'home', hasConsole: true }],
  [
    'catalogue',
    {
      page: 'catalogue',
      search: 'lý lịch',
      situation: 'work',
      situations: [
        { id: 'work', count: 30 },
        { id: 'other', count: 2 },
      ],
      size: 32,
      entries: [
        {
          id: 'ly-lich',
          name: SERVICE.name,
          agency: { id: 'binh-son', name: SERVICE.agency },
          purpose: { vi: 'Để cấp phiếu cho bạn.', en: 'To make out your certificate.' },
          level: 'loa2',
          situations: ['work'],
          login: 'https://agency.example/login',
          home: 'https://agency.example/',
        },
      ],
      found: 30,
      pages: 2,
      shown: 1,
    },
  ],
  ['button-kit', { page: 'button-kit', hub: 'https://hub.example' }],
  ...CITIZEN_PAGES,
  ...ERROR_CODES.map((code) => [`error-${code}`, errorPage(code)] as const),
]);

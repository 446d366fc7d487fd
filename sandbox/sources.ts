/** Owns the hub's list of sources as the sandbox configures it. */
import { X509Certificate } from 'node:crypto';
import type { SettingsOf, SourceSettings } from '../src/sources.ts';
import { PERSONAL_NUMBER } from './certificate-authority.ts';
import type { MobileOperator } from './mobile-operator/mobile-operator.ts';

/** The client_id under which every authority knows the hub. */
export const HUB_AT_AUTHORITIES = 'lien-thong';

/** As the mobile operator knows it. */
export const HUB_AT_OPERATOR = { uuid: '5c5a9b3e-0000-4000-8000-000000000001', name: 'Lien Thong' } as const;

/** Where a source sends citizens back to. */
export function callbackOf(hub: string, source: string): string {
  return `${hub}/sources/${source}/callback`;
}

/** Certificates of the authorities whose cards are believed, in DER. */
type TrustedCards = Readonly<Record<'public' | 'government', Uint8Array>>;

type Operator = Pick<MobileOperator, 'url' | 'authority' | 'policy'>;

export interface SourceAddresses {
  readonly cards: TrustedCards;
  readonly taxAuthority: string;
  readonly socialInsurance: string;
  readonly nationalEid: string;
  /** Without one there is no such source. */
  readonly mobileOperator?: Operator;
}

export const taxCode = (issuer: string): SettingsOf<'tax-code'> => ({
  kind: 'tax-code',
  id: 'tax-code',
  issuer,
  client_id: HUB_AT_AUTHORITIES,
  acr: 'loa1',
  name: { vi: 'Mã số thuế', en: 'Tax code' },
  authority: { vi: 'Cục Thuế', en: 'Tax Department' },
  asks: { vi: 'Mã số thuế và mật khẩu', en: 'Tax code and password' },
  icon: 'receipt',
});

export const socialInsurance = (issuer: string): SettingsOf<'openid'> => ({
  kind: 'openid',
  id: 'social-insurance',
  issuer,
  client_id: HUB_AT_AUTHORITIES,
  acr: 'loa2',
  name: { vi: 'Mã số BHXH', en: 'Social insurance number' },
  authority: { vi: 'Bảo hiểm xã hội Việt Nam', en: 'Vietnam Social Security' },
  asks: { vi: 'Mã số BHXH, mật khẩu và mã gửi đến điện thoại', en: 'Number, password and a code sent to your phone' },
  icon: 'shield',
  scope: 'openid profile',
  claims: {
    subject: 'so_bhxh',
    name: 'ho_ten',
    birth_date: 'ngay_sinh',
    birth_date_written: 'year_first',
    gender: { claim: 'gioi_tinh', male: 'nam', female: 'nu' },
    personal_number: 'so_dinh_danh',
    social_insurance_number: 'so_bhxh',
    level: { claim: 'acr', values: { 'urn:sandbox:insurance:otp': 'loa2' } },
    amr: ['pwd', 'otp'],
    record: 'social_insurance_account',
  },
});

const mobileId = ({ url, authority, policy }: Operator): SettingsOf<'mobile-id'> => ({
  kind: 'mobile-id',
  id: 'mobile-id',
  acr: 'loa3',
  name: { vi: 'MobileID', en: 'MobileID' },
  authority: { vi: 'Nhà mạng di động', en: 'Your mobile operator' },
  asks: { vi: 'Mã PIN trên điện thoại', en: 'PIN on your phone' },
  icon: 'smartphone',
  url,
  relying_party: HUB_AT_OPERATOR,
  authorities: [
    {
      id: 'mobile-operator',
      anchors: [new X509Certificate(authority).toString()],
      intermediates: [],
      personal_number: PERSONAL_NUMBER,
    },
  ],
  policies: [policy],
});

const digitalSignature = (cards: TrustedCards): SettingsOf<'digital-signature'> => ({
  kind: 'digital-signature',
  id: 'digital-signature',
  acr: 'loa4',
  name: { vi: 'Chữ ký số', en: 'Digital signature' },
  authority: { vi: 'Tổ chức chứng thực chữ ký số', en: 'Certificate authority' },
  asks: { vi: 'Thẻ hoặc USB ký số và mã PIN', en: 'Signing card or token and its PIN' },
  icon: 'signature',
  authorities: (['public', 'government'] as const).map((id) => ({
    id,
    anchors: [new X509Certificate(cards[id]).toString()],
    intermediates: [],
    personal_number: PERSONAL_NUMBER,
  })),
  disallowed_policies: [],
  responders: [],
});

/** Shaped like VNeID: other claim names, other dates, levels of its own. */
export const nationalEid = (issuer: string): SettingsOf<'openid'> => ({
  kind: 'openid',
  id: 'national-eid',
  issuer,
  client_id: HUB_AT_AUTHORITIES,
  acr: 'loa3',
  name: { vi: 'Định danh điện tử (mẫu)', en: 'Electronic identity (sample)' },
  authority: { vi: 'Cơ quan định danh (mẫu)', en: 'Identity authority (sample)' },
  asks: { vi: 'Số định danh cá nhân và mật khẩu hoặc ứng dụng', en: 'Personal number and password, or the app' },
  icon: 'key',
  scope: 'openid profile',
  claims: {
    subject: 'sub',
    name: 'hoTen',
    birth_date: 'ngaySinh',
    birth_date_written: 'day_first',
    gender: { claim: 'gioiTinh', male: 'Nam', female: 'Nữ' },
    personal_number: 'soDinhDanh',
    level: { claim: 'mucDo', values: { '1': 'loa1', '2': 'loa3' } },
    amr: [],
    record: 'electronic_identity_account',
  },
});

/** The sources, in the order in which they are shown; the last one stands for any other. */
export function sandboxSources(addresses: SourceAddresses): SourceSettings[] {
  return [
    taxCode(addresses.taxAuthority),
    socialInsurance(addresses.socialInsurance),
    ...(addresses.mobileOperator ? [mobileId(addresses.mobileOperator)] : []),
    digitalSignature(addresses.cards),
    nationalEid(addresses.nationalEid),
  ];
}

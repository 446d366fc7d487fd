/** Owns who the two sample agencies are. Invented names; any likeness is accidental. */
import type { LIFE_SITUATIONS } from '../../src/clients.ts';
import type { Scope } from '../../src/consent/items.ts';

type LifeSituation = (typeof LIFE_SITUATIONS)[number];

export type Localised = Readonly<Record<'vi' | 'en', string>>;

export interface AgencyProfile {
  readonly clientId: string;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly service: Localised;
  readonly welcome: Localised;
  /** What a citizen is told the data is for. */
  readonly purpose: Localised;
  readonly scopes: readonly Scope[];
  /** Where the catalogue lists it. */
  readonly lifeSituations: readonly LifeSituation[];
  readonly responseMode: 'query' | 'form_post';
  readonly authentication: 'private_key_jwt' | 'client_secret_basic';
  /** Background of its heading; white text on it passes AA. */
  readonly colour: string;
}

/** A city portal: asks for much, with a key of its own. */
export const SONG_HONG: AgencyProfile = {
  clientId: 'song-hong-portal',
  agency: {
    id: 'song-hong',
    name: { vi: 'Thành phố Sông Hồng (mẫu)', en: 'City of Sông Hồng (sample)' },
  },
  service: {
    vi: 'Cổng dịch vụ công thành phố Sông Hồng (mẫu)',
    en: 'Sông Hồng city public service portal (sample)',
  },
  welcome: {
    vi: 'Nộp và theo dõi hồ sơ của bạn tại một nơi.',
    en: 'Submit and follow your files in one place.',
  },
  purpose: {
    vi: 'Điền sẵn và xử lý hồ sơ dịch vụ công của bạn.',
    en: 'To fill in and handle your public service files.',
  },
  scopes: ['openid', 'profile', 'birth', 'personal_number', 'tax_code'],
  lifeSituations: ['home', 'family', 'business'],
  responseMode: 'query',
  authentication: 'private_key_jwt',
  colour: '#1f4d7a',
};

/** A library: asks for little, with a shared secret. */
export const LIBRARY: AgencyProfile = {
  clientId: 'e-library',
  agency: { id: 'e-library', name: { vi: 'Thư viện điện tử (mẫu)', en: 'Electronic library (sample)' } },
  service: { vi: 'Thẻ bạn đọc trực tuyến', en: 'Online reader card' },
  welcome: { vi: 'Mượn và đọc sách điện tử.', en: 'Borrow and read electronic books.' },
  purpose: { vi: 'Lập thẻ bạn đọc mang tên bạn.', en: 'To make out a reader card in your name.' },
  scopes: ['openid', 'profile'],
  lifeSituations: ['school'],
  responseMode: 'form_post',
  authentication: 'client_secret_basic',
  colour: '#4a3b6b',
};

/** Owns the sandbox's fifth source, shaped like VNeID: claim names and levels of its own, of which the hub's code knows none. */
import { type Authority, type AuthoritySettings, openAuthority } from '../authority/authority.ts';
import type { Accounts, AuthorityProfile, Claims, Language, Words } from '../authority/profile.ts';
import { html } from '../html.ts';
import type { PopulationEntry, Registers } from '../registers.ts';

/** Everybody's password: accounts stand on the population register, which holds none. */
export const EID_PASSWORD = 'Dinhdanh@2026';

/** Its levels: a password, or a password and the app on one's phone, which the sandbox only pretends. */
const LEVELS = {
  '1': { amr: ['pwd'], vi: 'Mức 1: mật khẩu', en: 'Level 1: password' },
  '2': {
    amr: ['pwd', 'swk'],
    vi: 'Mức 2: mật khẩu và ứng dụng trên điện thoại (giả lập)',
    en: 'Level 2: password and the app on your phone (pretended)',
  },
} as const;
type Level = keyof typeof LEVELS;

const VI: Words = {
  authority: 'Định danh điện tử (mẫu)',
  title: 'Đăng nhập tài khoản định danh điện tử',
  why: 'Liên Thông đề nghị xác nhận bạn là ai. Khi bạn đăng nhập, hệ thống định danh gửi cho Liên Thông: số định danh cá nhân, họ tên, ngày sinh, giới tính và mức tài khoản.',
  login: 'Số định danh cá nhân',
  loginHint: `12 chữ số; mật khẩu của mọi tài khoản thử nghiệm là ${EID_PASSWORD}`,
  wrong_credentials: 'Số định danh hoặc mật khẩu không đúng. Vui lòng kiểm tra và nhập lại.',
};

const EN: Words = {
  authority: 'Electronic identity (sample)',
  title: 'Sign in with your electronic identity',
  why: 'Liên Thông asks who you are. When you sign in, the identity system sends Liên Thông your personal number, name, date of birth, gender and level.',
  login: 'Personal number',
  loginHint: `12 digits; the password of every sandbox account is ${EID_PASSWORD}`,
  wrong_credentials: 'The number or the password is not right. Please check and try again.',
};

const choiceOfLevel = (language: Language) =>
  html`<fieldset><legend>${language === 'vi' ? 'Mức đăng nhập' : 'Level of this sign-in'}</legend>
${Object.entries(LEVELS).map(([level, texts]) => html`<label><input type="radio" name="level" value="${level}"${level === '2' && html` checked`}>${texts[language]}</label>`)}
</fieldset>`;

/** As on a Vietnamese paper: the day first, and no part that is not known. */
function dateAsOnPaper({ birthDate, birthDatePrecision }: PopulationEntry): string {
  const known = { day: 3, month: 2, year: 1 }[birthDatePrecision];
  return birthDate.split('-').slice(0, known).reverse().join('/');
}

function claimsOf(entry: PopulationEntry, level: string | undefined): Claims {
  return {
    sub: String(entry.personalNumber),
    soDinhDanh: entry.personalNumber,
    hoTen: entry.name,
    ngaySinh: dateAsOnPaper(entry),
    ...(entry.gender === null ? {} : { gioiTinh: entry.gender === 'male' ? 'Nam' : 'Nữ' }),
    ...(level === undefined ? {} : { mucDo: level }),
  };
}

function accountsIn(registers: Registers): Accounts {
  const find = (number: string) => registers.find('population', number);
  return {
    passwords: () => [EID_PASSWORD],
    // The accounts of the deceased too: the hub is to find that out by itself.
    find: (login) => (find(login) ? { subject: login, password: EID_PASSWORD, locked: false } : undefined),
    claims(subject, level) {
      const entry = find(subject);
      return entry && claimsOf(entry, level);
    },
  };
}

/** Opens it at its listener; it ends when the listener closes. */
export function openNationalEid({
  registers,
  ...settings
}: AuthoritySettings & { readonly registers: Registers }): Promise<Authority> {
  const profile: AuthorityProfile = {
    prefix: 'eid',
    look: { colour: '#4b2a63', loginField: 'personal_number', words: { vi: VI, en: EN }, more: choiceOfLevel },
    accounts: accountsIn(registers),
    claims: {
      openid: ['sub', 'amr', 'auth_time', 'mucDo'],
      profile: ['soDinhDanh', 'hoTen', 'ngaySinh', 'gioiTinh'],
    },
    levels: Object.keys(LEVELS),
    signOut: '/sign-out',
    proved(signIn, { subject }, { level: chosen }) {
      const level: Level = chosen === '2' ? '2' : '1';
      return signIn.finish({ subject, level, amr: LEVELS[level].amr });
    },
  };
  return openAuthority(profile, settings);
}

/** Owns the sandbox's tax authority: a tax code and one password. */
import { type Authority, type AuthoritySettings, openAuthority } from '../authority/authority.ts';
import type { AuthorityProfile, Claims, Words } from '../authority/profile.ts';
import type { Registers, TaxEntry } from '../registers.ts';

/** What a password at the tax authority is worth, in its own words. */
const PASSWORD_LEVEL = 'urn:sandbox:tax:password';

const VI: Words = {
  authority: 'Cục Thuế',
  title: 'Đăng nhập tài khoản thuế',
  why: 'Liên Thông đề nghị xác nhận bạn là ai. Khi bạn đăng nhập, Cục Thuế gửi cho Liên Thông: mã số thuế, họ tên, ngày sinh và số giấy tờ đã đăng ký.',
  login: 'Mã số thuế',
  loginHint: '10 chữ số, hoặc số định danh cá nhân 12 chữ số',
  wrong_credentials: 'Mã số thuế hoặc mật khẩu không đúng. Vui lòng kiểm tra và nhập lại.',
};

const EN: Words = {
  authority: 'Tax Department',
  title: 'Sign in to your tax account',
  why: 'Liên Thông asks who you are. When you sign in, the Tax Department sends Liên Thông your tax code, name, date of birth and the ID number on file.',
  login: 'Tax code',
  loginHint: '10 digits, or your 12-digit personal number',
  wrong_credentials: 'The tax code or the password is not right. Please check and try again.',
};

function claimsOf(entry: TaxEntry): Claims {
  return {
    sub: entry.taxCode,
    tax_code: entry.taxCode,
    name: entry.name,
    ...(entry.birthDate === null ? {} : { birthdate: entry.birthDate }),
    ...(entry.idNumber === null ? {} : { id_number: entry.idNumber }),
    taxpayer_kind: entry.kind === 'company' ? 'company' : 'individual',
    status: entry.status,
  };
}

function profileOf(registers: Registers): AuthorityProfile {
  const find = (taxCode: string) => registers.find('tax-code', taxCode);
  return {
    prefix: 'tax',
    look: { colour: '#0d4a45', loginField: 'tax_code', words: { vi: VI, en: EN } },
    accounts: {
      passwords: () => registers.all('tax-code').map(({ password }) => password),
      find(login) {
        const entry = find(login);
        return entry && { subject: entry.taxCode, password: entry.password, locked: entry.status !== 'active' };
      },
      claims(subject) {
        const entry = find(subject);
        return entry && claimsOf(entry);
      },
    },
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['tax_code', 'name', 'birthdate', 'id_number', 'taxpayer_kind', 'status'],
    },
    levels: [PASSWORD_LEVEL],
    proved: (signIn, { subject }) => signIn.finish({ subject, level: PASSWORD_LEVEL, amr: ['pwd'] }),
  };
}

/** Opens the tax authority at its listener; it ends when the listener closes. */
export function openTaxAuthority({
  registers,
  ...settings
}: AuthoritySettings & { readonly registers: Registers }): Promise<Authority> {
  return openAuthority(profileOf(registers), settings);
}

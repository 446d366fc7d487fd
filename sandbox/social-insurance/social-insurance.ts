/** Owns the sandbox's insurance agency: a number and a password, then a one-time code to the phone on record. */
import { type Authority, type AuthoritySettings, openAuthority } from '../authority/authority.ts';
import type { FramedIn } from '../authority/pages.ts';
import type { Accounts, AuthorityProfile, Claims, SignIn, Typed, Words } from '../authority/profile.ts';
import type { Registers, SocialInsuranceEntry } from '../registers.ts';
import { CODE_PAGE, type CodeReason, codePage } from './code-page.ts';
import { OneTimeCodes } from './one-time-codes.ts';
import { Phones, phoneRoutes } from './phones.ts';

/** What password and code are worth at the insurance agency, in its own words. */
const CODE_LEVEL = 'urn:sandbox:insurance:otp';

const VI: Words = {
  authority: 'Bảo hiểm xã hội',
  title: 'Đăng nhập tài khoản bảo hiểm xã hội',
  why: 'Liên Thông đề nghị xác nhận bạn là ai. Khi bạn đăng nhập, cơ quan Bảo hiểm xã hội gửi cho Liên Thông: mã số BHXH, họ tên, ngày sinh, giới tính và số định danh đã đăng ký.',
  login: 'Mã số BHXH',
  loginHint: '10 chữ số, in trên thẻ bảo hiểm y tế',
  wrong_credentials: 'Mã số BHXH hoặc mật khẩu không đúng. Vui lòng kiểm tra và nhập lại.',
};

const EN: Words = {
  authority: 'Vietnam Social Security',
  title: 'Sign in to your social insurance account',
  why: 'Liên Thông asks who you are. When you sign in, Vietnam Social Security sends Liên Thông your social insurance number, name, date of birth, gender and the personal number on file.',
  login: 'Social insurance number',
  loginHint: '10 digits, printed on your health insurance card',
  wrong_credentials: 'The number or the password is not right. Please check and try again.',
};

const FRAME: FramedIn = {
  prefix: 'insurance',
  look: { colour: '#123f7a', loginField: 'insurance_number', words: { vi: VI, en: EN } },
};

/** The agency's own names; dates as in its files, the year first. */
function claimsOf(entry: SocialInsuranceEntry): Claims {
  return {
    sub: entry.socialInsuranceNumber,
    so_bhxh: entry.socialInsuranceNumber,
    ho_ten: entry.name,
    ...(entry.birthDate === null ? {} : { ngay_sinh: entry.birthDate }),
    ...(entry.gender === null ? {} : { gioi_tinh: entry.gender === 'male' ? 'nam' : 'nu' }),
    ...(entry.idNumber === null ? {} : { so_dinh_danh: entry.idNumber }),
  };
}

function accountsIn(registers: Registers): Accounts {
  const find = (number: string) => registers.find('social-insurance', number);
  return {
    passwords: () => registers.all('social-insurance').map(({ password }) => password),
    find(login) {
      const entry = find(login);
      return (
        entry && { subject: entry.socialInsuranceNumber, password: entry.password, locked: entry.status !== 'active' }
      );
    },
    claims(subject) {
      const entry = find(subject);
      return entry && claimsOf(entry);
    },
  };
}

/** The second page: a code typed or pasted, or another one sent. */
function codeStep(codes: OneTimeCodes) {
  const show = (signIn: SignIn, reason?: CodeReason, status = 200) => {
    const awaited = codes.awaited(signIn.uid);
    // Nobody typed a password here yet, or the code was already used.
    if (awaited === undefined) return signIn.goTo(signIn.address);
    signIn.show(codePage(FRAME, signIn, awaited.phone, awaited.ended ? 'too_many_wrong_codes' : reason), status);
  };
  const take = async (signIn: SignIn, { decision, code = '' }: Typed) => {
    const awaited = codes.awaited(signIn.uid);
    if (awaited === undefined) return show(signIn);
    if (decision === 'cancel') return signIn.deny(awaited.ended ? 'too_many_wrong_codes' : 'cancelled');
    if (decision === 'resend') return show(signIn, codes.resend(signIn.uid) ? 'code_resent' : 'no_more_codes');
    const outcome = codes.try(signIn.uid, code);
    if (outcome !== 'right') return show(signIn, outcome, 401);
    await signIn.finish({ subject: awaited.subject, level: CODE_LEVEL, amr: ['pwd', 'otp'] });
  };
  return { name: CODE_PAGE, show: (signIn: SignIn) => show(signIn), take };
}

export interface SocialInsurance extends Authority {
  /** Forgets every code and message. */
  reset(): void;
}

export interface SocialInsuranceSettings extends AuthoritySettings {
  readonly registers: Registers;
  /** Milliseconds since the epoch; the machine's clock unless told. */
  readonly clock?: () => number;
}

/** Opens the insurance agency at its listener; it ends when the listener closes. */
export async function openSocialInsurance(settings: SocialInsuranceSettings): Promise<SocialInsurance> {
  const { registers, clock = Date.now } = settings;
  const phones = new Phones();
  const codes = new OneTimeCodes(phones, clock);
  const profile: AuthorityProfile = {
    ...FRAME,
    accounts: accountsIn(registers),
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['so_bhxh', 'ho_ten', 'ngay_sinh', 'gioi_tinh', 'so_dinh_danh'],
    },
    levels: [CODE_LEVEL],
    proved(signIn, { subject }) {
      codes.begin(signIn.uid, { subject, phone: registers.find('social-insurance', subject)!.phone });
      signIn.goTo(`${signIn.address}/${CODE_PAGE}`);
    },
    secondPage: codeStep(codes),
    beside: phoneRoutes(phones, FRAME),
  };
  const authority = await openAuthority(profile, settings);
  return {
    ...authority,
    reset() {
      codes.clear();
      phones.clear();
    },
  };
}

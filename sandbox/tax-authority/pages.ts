/** Owns the tax authority's pages: plain, slate and green, visibly not the hub's. */
import { type Html, html } from '../html.ts';

export type Language = 'vi' | 'en';

const TEXTS = {
  vi: {
    authority: 'Cục Thuế',
    sandbox: 'Cổng thử nghiệm',
    title: 'Đăng nhập tài khoản thuế',
    why: 'Liên Thông đề nghị xác nhận bạn là ai. Khi bạn đăng nhập, Cục Thuế gửi cho Liên Thông: mã số thuế, họ tên, ngày sinh và số giấy tờ đã đăng ký.',
    taxCode: 'Mã số thuế',
    taxCodeHint: '10 chữ số, hoặc số định danh cá nhân 12 chữ số',
    password: 'Mật khẩu',
    signIn: 'Đăng nhập',
    cancel: 'Huỷ, quay lại',
    wrong_credentials: 'Mã số thuế hoặc mật khẩu không đúng. Vui lòng kiểm tra và nhập lại.',
    expired: 'Trang này đã hết hạn hoặc được mở ở trình duyệt khác. Vui lòng bắt đầu lại từ cơ quan bạn cần đăng nhập.',
    failed: 'Không thể tiếp tục yêu cầu này. Vui lòng bắt đầu lại từ cơ quan bạn cần đăng nhập.',
    expiredTitle: 'Vui lòng bắt đầu lại',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu. Không nhập mật khẩu thật.',
    other: 'English',
  },
  en: {
    authority: 'Tax Department',
    sandbox: 'Sandbox',
    title: 'Sign in to your tax account',
    why: 'Liên Thông asks who you are. When you sign in, the Tax Department sends Liên Thông your tax code, name, date of birth and the ID number on file.',
    taxCode: 'Tax code',
    taxCodeHint: '10 digits, or your 12-digit personal number',
    password: 'Password',
    signIn: 'Sign in',
    cancel: 'Cancel and go back',
    wrong_credentials: 'The tax code or the password is not right. Please check and try again.',
    expired:
      'This page has expired or was opened in another browser. Please start again at the service you want to use.',
    failed: 'This request cannot continue. Please start again at the service you want to use.',
    expiredTitle: 'Please start again',
    notice: 'A sandbox with made-up data. Do not enter a real password.',
    other: 'Tiếng Việt',
  },
} as const;

/** The authority's one style sheet. */
export const STYLE = `
:root { color-scheme: light; font: 18px/1.55 system-ui, 'Segoe UI', sans-serif; color: #1d2b2a; background: #eef2f1; }
* { box-sizing: border-box; }
body { margin: 0; }
header { background: #0d4a45; color: #fff; padding: .8rem 1.2rem; display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; }
header strong { font-size: 1.2rem; }
header a { color: #fff; margin-left: auto; padding: .4rem 0; }
main { background: #fff; max-width: 30rem; margin: 2rem auto; padding: 1.5rem; border: 1px solid #b7c4c2; border-top: 5px solid #0d4a45; }
h1 { font-size: 1.4rem; margin: 0 0 .8rem; line-height: 1.3; }
label { display: block; font-weight: 600; margin-top: 1rem; }
.hint { font-weight: 400; display: block; color: #47585a; font-size: .9rem; }
input { font: inherit; width: 100%; padding: .6rem; border: 1px solid #47585a; border-radius: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.5rem; }
button { font: inherit; min-height: 48px; padding: .4rem 1.4rem; border-radius: 2px; border: 2px solid #0d4a45; background: #fff; color: #0d4a45; cursor: pointer; }
button.main { background: #0d4a45; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid #d98a00; outline-offset: 2px; }
.wrong { border-left: 5px solid #9b1c1c; padding: .6rem .9rem; background: #fbeeee; }
footer { max-width: 30rem; margin: 0 auto 2rem; padding: 0 1.5rem; color: #47585a; font-size: .9rem; }
`;

function frame(language: Language, title: string, switchAddress: string | undefined, main: Html): Html {
  const texts = TEXTS[language];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${texts.authority}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><strong>${texts.authority}</strong> <span>${texts.sandbox}</span>
${switchAddress && html`<a href="${switchAddress}" lang="${language === 'vi' ? 'en' : 'vi'}">${texts.other}</a>`}</header>
${main}
<footer>${texts.notice}</footer>
</body>
</html>`;
}

export interface SignInPage {
  readonly language: Language;
  /** Address of this sign-in, without its language. */
  readonly address: string;
  /** What was typed before, to be typed only once. */
  readonly taxCode?: string;
  readonly wrong?: boolean;
}

/** The form that asks for tax code and password. */
export function signInPage({ language, address, taxCode = '', wrong = false }: SignInPage): Html {
  const texts = TEXTS[language];
  const other = language === 'vi' ? 'en' : 'vi';
  return frame(
    language,
    texts.title,
    `${address}?lang=${other}`,
    html`<main data-code="tax_sign_in"${wrong && html` data-reason="wrong_credentials"`}>
<h1>${texts.title}</h1>
${wrong && html`<p class="wrong" role="alert" id="wrong">${texts.wrong_credentials}</p>`}
<p>${texts.why}</p>
<form method="post" action="${address}?lang=${language}">
<label for="tax_code">${texts.taxCode} <span class="hint">${texts.taxCodeHint}</span></label>
<input id="tax_code" name="tax_code" value="${taxCode}" inputmode="numeric" autocomplete="username" required maxlength="20"${wrong && html` aria-describedby="wrong"`}>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"${wrong && html` aria-describedby="wrong"`}>
<div class="actions">
<button class="main" name="decision" value="sign_in">${texts.signIn}</button>
<button name="decision" value="cancel" formnovalidate>${texts.cancel}</button>
</div>
</form>
</main>`,
  );
}

/** A request that cannot go on; `expired` for a page that was left too long or belongs to another browser. */
export function errorPage(language: Language, code: string): Html {
  const texts = TEXTS[language];
  return frame(
    language,
    texts.expiredTitle,
    undefined,
    html`<main data-code="tax_error" data-error="${code}"><h1>${texts.expiredTitle}</h1><p>${code === 'expired' ? texts.expired : texts.failed}</p></main>`,
  );
}

/** Owns the pages authorities have in common: plain, each in its own colour, visibly not the hub's. */
import { type Html, html } from '../html.ts';
import type { AuthorityProfile, Language, Look, SignIn } from './profile.ts';

const TEXTS = {
  vi: {
    sandbox: 'Cổng thử nghiệm',
    password: 'Mật khẩu',
    signIn: 'Đăng nhập',
    cancel: 'Huỷ, quay lại',
    signedOut: 'Đã đăng xuất',
    signedOutWhy: 'Không còn phiên đăng nhập nào ở đây trên trình duyệt này.',
    expired: 'Trang này đã hết hạn hoặc được mở ở trình duyệt khác. Vui lòng bắt đầu lại từ cơ quan bạn cần đăng nhập.',
    failed: 'Không thể tiếp tục yêu cầu này. Vui lòng bắt đầu lại từ cơ quan bạn cần đăng nhập.',
    expiredTitle: 'Vui lòng bắt đầu lại',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu. Không nhập mật khẩu thật.',
    other: 'English',
  },
  en: {
    sandbox: 'Sandbox',
    password: 'Password',
    signIn: 'Sign in',
    cancel: 'Cancel and go back',
    signedOut: 'Signed out',
    signedOutWhy: 'Nobody is signed in here on this browser any more.',
    expired:
      'This page has expired or was opened in another browser. Please start again at the service you want to use.',
    failed: 'This request cannot continue. Please start again at the service you want to use.',
    expiredTitle: 'Please start again',
    notice: 'A sandbox with made-up data. Do not enter a real password.',
    other: 'Tiếng Việt',
  },
} as const;

/** An authority's one style sheet. */
export const styleOf = ({ colour }: Look): string => `
:root { color-scheme: light; font: 18px/1.55 system-ui, 'Segoe UI', sans-serif; color: #1d2b2a; background: #eef2f1; }
* { box-sizing: border-box; }
body { margin: 0; }
header { background: ${colour}; color: #fff; padding: .8rem 1.2rem; display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; }
header strong { font-size: 1.2rem; }
header a { color: #fff; margin-left: auto; padding: .4rem 0; }
main { background: #fff; max-width: 30rem; margin: 2rem auto; padding: 1.5rem; border: 1px solid #b7c4c2; border-top: 5px solid ${colour}; }
main a { color: ${colour}; }
h1 { font-size: 1.4rem; margin: 0 0 .8rem; line-height: 1.3; }
label { margin-top: 1rem; }
label, legend { display: block; font-weight: 600; padding: 0; }
fieldset { border: 0; margin: 1rem 0 0; padding: 0; min-width: 0; }
fieldset label { font-weight: 400; margin-top: .4rem; }
.hint { font-weight: 400; display: block; color: #47585a; font-size: .9rem; }
input { font: inherit; width: 100%; padding: .6rem; border: 1px solid #47585a; border-radius: 2px; }
input[type=radio] { width: auto; margin-right: .5rem; }
.actions { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.5rem; }
button { font: inherit; min-height: 48px; padding: .4rem 1.4rem; border-radius: 2px; border: 2px solid ${colour}; background: #fff; color: ${colour}; cursor: pointer; }
button.main { background: ${colour}; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid #d98a00; outline-offset: 2px; }
.wrong { border-left: 5px solid #9b1c1c; padding: .6rem .9rem; background: #fbeeee; }
.sandbox { border: 1px dashed #47585a; padding: .6rem .9rem; }
.code { font-size: 1.6rem; letter-spacing: .15em; }
footer { max-width: 30rem; margin: 0 auto 2rem; padding: 0 1.5rem; color: #47585a; font-size: .9rem; }
`;

/** What a page takes from the authority it is one of. */
export type FramedIn = Pick<AuthorityProfile, 'prefix' | 'look'>;

export interface FramedPage {
  readonly language: Language;
  readonly title: string;
  /** Its address, where it can be shown in another language. */
  readonly address?: string;
  /** The page's code follows the authority's prefix. */
  readonly code: string;
  /** Why this page came again. */
  readonly reason?: string | undefined;
  readonly error?: string;
  /** Asks for itself again after a while. */
  readonly refreshes?: boolean;
  readonly content: Html;
}

/** A page of an authority around its content. */
export function framed({ prefix, look }: FramedIn, page: FramedPage): Html {
  const { language, title, address, reason, error, refreshes } = page;
  const texts = TEXTS[language];
  const { authority } = look.words[language];
  const other = language === 'vi' ? 'en' : 'vi';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshes && html`<meta http-equiv="refresh" content="3">`}
<title>${title} – ${authority}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><strong>${authority}</strong> <span>${texts.sandbox}</span>
${address !== undefined && html`<a href="${address}?lang=${other}" lang="${other}">${texts.other}</a>`}</header>
<main data-code="${prefix}_${page.code}"${reason && html` data-reason="${reason}"`}${error && html` data-error="${error}"`}>
<h1>${title}</h1>
${page.content}
</main>
<footer>${texts.notice}</footer>
</body>
</html>`;
}

/** What was typed before, to be typed only once. */
export interface TypedBefore {
  readonly login: string;
  readonly wrong: boolean;
}

/** The form that asks for login and password. */
export function signInPage(
  frame: FramedIn,
  { language, address }: Pick<SignIn, 'language' | 'address'>,
  { login, wrong }: TypedBefore = { login: '', wrong: false },
): Html {
  const texts = TEXTS[language];
  const { loginField: field, words, more } = frame.look;
  const own = words[language];
  const told = wrong && html` aria-describedby="wrong"`;
  return framed(frame, {
    language,
    title: own.title,
    address,
    code: 'sign_in',
    reason: wrong ? 'wrong_credentials' : undefined,
    content: html`${wrong && html`<p class="wrong" role="alert" id="wrong">${own.wrong_credentials}</p>`}
<p>${own.why}</p>
<form method="post" action="${address}?lang=${language}">
<label for="${field}">${own.login} <span class="hint">${own.loginHint}</span></label>
<input id="${field}" name="${field}" value="${login}" inputmode="numeric" autocomplete="username" required maxlength="20"${told}>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"${told}>
${more?.(language)}
<div class="actions">
<button class="main" name="decision" value="sign_in">${texts.signIn}</button>
<button name="decision" value="cancel" formnovalidate>${texts.cancel}</button>
</div>
</form>`,
  });
}

/** A request that cannot go on; `expired` for a page that was left too long or belongs to another browser. */
export function errorPage(frame: FramedIn, language: Language, code: string): Html {
  const texts = TEXTS[language];
  return framed(frame, {
    language,
    title: texts.expiredTitle,
    code: 'error',
    error: code,
    content: html`<p>${code === 'expired' ? texts.expired : texts.failed}</p>`,
  });
}

/** Says that nobody is signed in here. */
export function signedOutPage(frame: FramedIn, language: Language): Html {
  const texts = TEXTS[language];
  return framed(frame, {
    language,
    title: texts.signedOut,
    code: 'signed_out',
    content: html`<p>${texts.signedOutWhy}</p>`,
  });
}

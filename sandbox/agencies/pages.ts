/** Owns the pages of a sample agency: a home with the login button, a hello, a goodbye and an error. */
import { type Html, html } from '../html.ts';
import type { AgencyProfile } from './profiles.ts';

export type Language = 'vi' | 'en';

const TEXTS = {
  vi: {
    home: 'Trang chủ',
    signIn: 'Đăng nhập bằng Liên Thông',
    sample: 'Trang mẫu trong môi trường thử nghiệm. Mọi dữ liệu đều hư cấu.',
    hello: 'Xin chào',
    friend: 'bạn',
    received: 'Thông tin cơ quan này nhận được',
    signOut: 'Đăng xuất',
    already: 'Bạn đang đăng nhập.',
    toHello: 'Xem thông tin đã nhận',
    signedOut: 'Bạn đã đăng xuất',
    again: 'Thử lại',
    failed: 'Chưa đăng nhập được',
    access_denied: 'Bạn đã không tiếp tục. Không có thông tin nào được gửi đi.',
    hub_unavailable: 'Liên Thông đang gián đoạn. Vui lòng thử lại sau ít phút.',
    unknown_request: 'Lượt đăng nhập này đã hết hạn hoặc bắt đầu ở trình duyệt khác.',
    other: 'English',
    anyError: 'Đăng nhập không hoàn tất. Bạn có thể thử lại.',
  },
  en: {
    home: 'Home',
    signIn: 'Sign in with Liên Thông',
    sample: 'A sample page in the sandbox. All data is made up.',
    hello: 'Hello',
    friend: 'there',
    received: 'What this agency received',
    signOut: 'Sign out',
    already: 'You are signed in.',
    toHello: 'See what was received',
    signedOut: 'You have signed out',
    again: 'Try again',
    failed: 'You are not signed in',
    access_denied: 'You did not continue. Nothing was sent.',
    hub_unavailable: 'Liên Thông is unavailable. Please try again in a few minutes.',
    unknown_request: 'This sign-in has expired or was begun in another browser.',
    other: 'Tiếng Việt',
    anyError: 'The sign-in did not finish. You can try again.',
  },
} as const;

/** Texts of errors that deserve their own sentence; every other code gets the general one. */
const TOLD = ['access_denied', 'hub_unavailable', 'unknown_request'] as const;

/** The style sheet of one agency. */
export function styleOf({ colour }: AgencyProfile): string {
  return `
:root { font: 18px/1.55 Georgia, 'Noto Serif', serif; color: #1c1c1c; background: #f6f6f4; }
* { box-sizing: border-box; }
body { margin: 0; }
header { background: ${colour}; color: #fff; padding: 1rem 1.2rem; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: baseline; }
header strong { font-size: 1.15rem; }
header nav { margin-left: auto; display: flex; gap: 1.2rem; }
header a { color: #fff; padding: .5rem 0; }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; line-height: 1.3; }
dl { display: grid; grid-template-columns: minmax(8rem, 1fr) 2fr; border-top: 1px solid #c9c9c4; }
dt, dd { margin: 0; padding: .5rem .3rem; border-bottom: 1px solid #c9c9c4; overflow-wrap: anywhere; }
dt { color: #4a4a46; }
main a { color: ${colour}; }
:focus-visible { outline: 3px solid #c77700; outline-offset: 2px; }
footer { max-width: 46rem; margin: 3rem auto 2rem; padding: 0 1.2rem; color: #55554f; font-size: .9rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { border-bottom: 0; padding-bottom: 0; } }
`;
}

/** The pages of one agency in one language. */
export class AgencyPages {
  readonly #profile: AgencyProfile;
  readonly #hub: string;
  readonly #language: Language;

  constructor(profile: AgencyProfile, hub: string, language: Language) {
    this.#profile = profile;
    this.#hub = hub;
    this.#language = language;
  }

  home(signedIn: boolean): Html {
    const texts = TEXTS[this.#language];
    const name = this.#profile.service[this.#language];
    return this.#frame(
      name,
      '/',
      html`<main data-code="home"><h1>${name}</h1><p>${this.#profile.welcome[this.#language]}</p>
${signedIn ? html`<p>${texts.already} <a href="/hello">${texts.toHello}</a></p>` : html`<p>${this.#button()}</p>`}</main>`,
    );
  }

  hello(claims: Readonly<Record<string, unknown>>): Html {
    const texts = TEXTS[this.#language];
    const title = `${texts.hello}, ${typeof claims.name === 'string' ? claims.name : texts.friend}`;
    const rows = Object.entries(claims).map(([claim, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return html`<dt>${claim}</dt><dd data-claim="${claim}">${text}</dd>\n`;
    });
    return this.#frame(
      title,
      '/hello',
      html`<main data-code="hello"><h1>${title}</h1><h2>${texts.received}</h2><dl>${rows}</dl><p><a href="/logout">${texts.signOut}</a></p></main>`,
    );
  }

  signedOut(): Html {
    const texts = TEXTS[this.#language];
    return this.#frame(
      texts.signedOut,
      '/signed-out',
      html`<main data-code="signed_out_at_agency"><h1>${texts.signedOut}</h1><p>${this.#button()}</p></main>`,
    );
  }

  /** What went wrong, by the hub's own code, and a way to start again. */
  error(code: string, description: string | undefined): Html {
    const texts = TEXTS[this.#language];
    const told = TOLD.find((known) => known === code);
    return this.#frame(
      texts.failed,
      undefined,
      html`<main data-code="agency_error" data-error="${code}"><h1>${texts.failed}</h1><p>${told ? texts[told] : texts.anyError}</p>
<p><small data-description="">${code}${description && `: ${description}`}</small></p><p><a href="/login">${texts.again}</a></p></main>`,
    );
  }

  /** The hub's login button as its guide describes it: a plain link to our own `/login`. */
  #button(): Html {
    return html`<a class="lien-thong-button" href="/login">${TEXTS[this.#language].signIn}</a>`;
  }

  #frame(title: string, address: string | undefined, main: Html): Html {
    const texts = TEXTS[this.#language];
    const other = this.#language === 'vi' ? 'en' : 'vi';
    return html`<!doctype html>
<html lang="${this.#language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<link rel="stylesheet" href="${this.#hub}/button/v1/button.css">
</head>
<body>
<header><strong>${this.#profile.agency.name[this.#language]}</strong><nav><a href="/">${texts.home}</a>
${address && html`<a href="${address}?lang=${other}" lang="${other}">${texts.other}</a>`}</nav></header>
${main}
<footer>${texts.sample}</footer>
</body>
</html>`;
  }
}

/** Owns the operator's pages: the phones of the country, each a small dark screen, visibly not the hub's. */
import { type Html, html } from '../html.ts';
import type { MobileEntry } from '../registers.ts';
import type { Session } from './sessions.ts';

export type Language = 'vi' | 'en';

const TEXTS = {
  vi: {
    operator: 'Nhà mạng thử nghiệm',
    phones: 'Các điện thoại',
    phonesHint:
      'Chọn một điện thoại để thấy yêu cầu ký gửi đến SIM của máy đó. Số định danh cần nhập cùng số điện thoại.',
    none: 'Không có điện thoại này.',
    phone: 'Điện thoại',
    quiet: 'Chưa có yêu cầu nào. Trang này tự làm mới.',
    asks: 'đề nghị xác nhận',
    code: 'Mã kiểm tra',
    compare: 'Chỉ xác nhận khi trình duyệt hiện cùng mã này.',
    pin: 'Mã PIN',
    pinHint: 'Mọi SIM thử nghiệm có mã PIN 1234.',
    accept: 'Xác nhận',
    cancel: 'Hủy',
    accepted: 'Đã ký. Mời quay lại trình duyệt.',
    cancelled: 'Đã hủy.',
    wrong_pin: 'Mã PIN chưa đúng.',
    over: 'Yêu cầu này đã kết thúc.',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu.',
  },
  en: {
    operator: 'Sandbox operator',
    phones: 'The phones',
    phonesHint: 'Choose a phone to see what its SIM is asked to sign. The personal number goes with the phone number.',
    none: 'There is no such phone.',
    phone: 'Phone',
    quiet: 'No request yet. This page refreshes itself.',
    asks: 'asks you to confirm',
    code: 'Verification code',
    compare: 'Confirm only if your browser shows the same code.',
    pin: 'PIN',
    pinHint: 'Every sandbox SIM has the PIN 1234.',
    accept: 'Confirm',
    cancel: 'Cancel',
    accepted: 'Signed. You can go back to your browser.',
    cancelled: 'Cancelled.',
    wrong_pin: 'The PIN is not right.',
    over: 'This request is over.',
    notice: 'A sandbox with made-up data.',
  },
} as const;

/** The operator's one style sheet. */
export const STYLE = `
:root { color-scheme: dark; font: 18px/1.55 system-ui, 'Segoe UI', sans-serif; color: #eef1f6; background: #20242c; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; }
a { color: #9cc7ff; }
main { background: #0e1116; max-width: 24rem; margin: 1rem auto; padding: 1.5rem; border: 3px solid #4a5262; border-radius: 1.6rem; }
h1 { font-size: 1.2rem; margin: 0 0 .8rem; line-height: 1.4; }
ul { padding-left: 1.1rem; }
.text { font-size: 1.15rem; border-left: 4px solid #6fb1ff; padding-left: .8rem; overflow-wrap: anywhere; }
.code { font-size: 2.2rem; letter-spacing: .2em; margin: 0; }
label { display: block; font-weight: 600; margin-top: 1rem; }
.hint { font-weight: 400; display: block; color: #b9c2d0; font-size: .9rem; }
input { font: inherit; width: 100%; padding: .6rem; border: 1px solid #8b95a5; border-radius: .4rem; background: #20242c; color: inherit; }
.actions { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.2rem; }
button { font: inherit; min-height: 48px; padding: .4rem 1.4rem; border-radius: .6rem; border: 2px solid #6fb1ff; background: transparent; color: #cfe4ff; cursor: pointer; }
button.main { background: #6fb1ff; color: #0e1116; font-weight: 600; }
:focus-visible { outline: 3px solid #ffc857; outline-offset: 2px; }
.told { border-left: 4px solid #ffc857; padding-left: .8rem; }
footer { max-width: 24rem; margin: 0 auto; color: #b9c2d0; font-size: .9rem; }
`;

function frame(language: Language, title: string, refreshes: boolean, main: Html): Html {
  const texts = TEXTS[language];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshes && html`<meta http-equiv="refresh" content="2">`}
<title>${title} – ${texts.operator}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
${main}
<footer>${texts.notice}</footer>
</body>
</html>`;
}

/** All phones of the register, with what one has to type for each. */
export function phonesPage(language: Language, entries: readonly MobileEntry[]): Html {
  const texts = TEXTS[language];
  const rows = entries.map(
    ({ phone, idNumber, name, result }) =>
      html`<li><a href="/phones/${encodeURIComponent(phone)}">${phone}</a> ${name} · ${idNumber}${result !== 'OK' && html` · ${result}`}</li>`,
  );
  const content = entries.length === 0 ? html`<p>${texts.none}</p>` : html`<p>${texts.phonesHint}</p><ul>${rows}</ul>`;
  return frame(
    language,
    texts.phones,
    false,
    html`<main data-code="mobile_phones"><h1>${texts.phones}</h1>${content}</main>`,
  );
}

export interface PhonePage {
  readonly language: Language;
  readonly entry: MobileEntry;
  readonly waiting: Session | undefined;
  /** What became of the last button. */
  readonly reason?: 'accepted' | 'cancelled' | 'wrong_pin' | 'over';
}

/** One phone: its request with text, code and PIN, or nothing yet. */
export function phonePage({ language, entry, waiting, reason }: PhonePage): Html {
  const texts = TEXTS[language];
  const title = `${texts.phone} ${entry.phone}`;
  return frame(
    language,
    title,
    waiting === undefined,
    html`<main data-code="${waiting === undefined ? 'mobile_phone_quiet' : 'mobile_phone'}"${reason !== undefined && html` data-reason="${reason}"`}>
<h1>${title}</h1>
${reason !== undefined && html`<p class="told" role="status">${texts[reason]}</p>`}
${waiting === undefined ? html`<p>${texts.quiet}</p>` : requestForm(language, entry, waiting, reason === 'wrong_pin')}
</main>`,
  );
}

function requestForm(language: Language, entry: MobileEntry, waiting: Session, wrongPin: boolean): Html {
  const texts = TEXTS[language];
  return html`<p>${waiting.relyingParty} ${texts.asks}:</p>
<p class="text" data-display-text>${waiting.displayText}</p>
<p>${texts.code}</p>
<p class="code" data-verification-code>${waiting.code}</p>
<p>${texts.compare}</p>
<form method="post" action="/phones/${encodeURIComponent(entry.phone)}">
<input type="hidden" name="session" value="${waiting.id}">
<label for="pin">${texts.pin} <span class="hint">${texts.pinHint}</span></label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="8"${wrongPin && html` aria-invalid="true"`}>
<div class="actions">
<button class="main" name="decision" value="accept">${texts.accept}</button>
<button name="decision" value="cancel" formnovalidate>${texts.cancel}</button>
</div>
</form>`;
}

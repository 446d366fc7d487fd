/** Owns the page that asks for the one-time code. */
import { type FramedIn, framed } from '../authority/pages.ts';
import type { SignIn } from '../authority/profile.ts';
import { type Html, html } from '../html.ts';
import { addressOfPhone } from './phones.ts';

const TEXTS = {
  vi: {
    title: 'Nhập mã gửi đến điện thoại',
    sent: 'Chúng tôi đã gửi mã gồm 6 chữ số đến số điện thoại',
    code: 'Mã gồm 6 chữ số',
    codeHint: 'Mã có hiệu lực 3 phút và dùng được một lần',
    phone: 'Môi trường thử nghiệm: xem tin nhắn trên',
    phoneLink: 'điện thoại thử nghiệm (mở trang mới)',
    confirm: 'Xác nhận',
    resend: 'Gửi mã khác',
    cancel: 'Huỷ, quay lại',
    back: 'Quay lại',
    wrong_code: 'Mã không đúng. Vui lòng kiểm tra và nhập lại.',
    code_expired: 'Mã này đã hết hiệu lực. Vui lòng bấm "Gửi mã khác".',
    code_resent: 'Đã gửi mã khác. Mã trước không còn dùng được.',
    no_more_codes: 'Không thể gửi thêm mã trong lần đăng nhập này. Vui lòng nhập mã đã nhận, hoặc huỷ và bắt đầu lại.',
    too_many_wrong_codes: 'Mã đã nhập sai quá nhiều lần, nên lần đăng nhập này đã kết thúc. Bạn có thể bắt đầu lại.',
  },
  en: {
    title: 'Enter the code sent to your phone',
    sent: 'We have sent a six-digit code to the phone number',
    code: 'Six-digit code',
    codeHint: 'It is good for 3 minutes and works once',
    phone: 'Sandbox: read the message on the',
    phoneLink: 'sandbox phone (opens a new page)',
    confirm: 'Confirm',
    resend: 'Send another code',
    cancel: 'Cancel and go back',
    back: 'Go back',
    wrong_code: 'The code is not right. Please check and try again.',
    code_expired: 'This code is no longer good. Please press "Send another code".',
    code_resent: 'Another code has been sent. The former one no longer works.',
    no_more_codes:
      'No more codes can be sent in this sign-in. Please enter the one you have, or cancel and start again.',
    too_many_wrong_codes: 'Too many wrong codes were entered, so this sign-in has ended. You can start again.',
  },
} as const;

export type CodeReason = 'wrong_code' | 'code_expired' | 'code_resent' | 'no_more_codes' | 'too_many_wrong_codes';

/** What `secondPage` calls it. */
export const CODE_PAGE = 'code';

/** Enough to know one's own phone by, too little to learn somebody else's. */
const masked = (phone: string) => `••• ${phone.slice(-3)}`;

/** The form; after too many wrong codes only the way back. */
export function codePage(frame: FramedIn, { language, address }: SignIn, phone: string, reason?: CodeReason): Html {
  const texts = TEXTS[language];
  const ended = reason === 'too_many_wrong_codes';
  const here = `${address}/${CODE_PAGE}`;
  const wrong = reason === 'wrong_code' || reason === 'code_expired';
  return framed(frame, {
    language,
    title: texts.title,
    address: here,
    code: 'code',
    reason,
    content: html`${reason && html`<p class="wrong" role="${reason === 'code_resent' ? 'status' : 'alert'}" id="told">${texts[reason]}</p>`}
<form method="post" action="${here}?lang=${language}">
${
  !ended &&
  html`<p>${texts.sent} ${masked(phone)}.</p>
<p class="sandbox">${texts.phone} <a href="${addressOfPhone(phone)}" target="_blank" rel="noopener" data-sandbox-phone>${texts.phoneLink}</a>.</p>
<label for="code">${texts.code} <span class="hint">${texts.codeHint}</span></label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="20"${wrong && html` aria-describedby="told" aria-invalid="true"`}>`
}
<div class="actions">
${
  !ended &&
  html`<button class="main" name="decision" value="confirm">${texts.confirm}</button>
<button name="decision" value="resend" formnovalidate>${texts.resend}</button>`
}
<button name="decision" value="cancel" formnovalidate>${ended ? texts.back : texts.cancel}</button>
</div>
</form>`,
  });
}

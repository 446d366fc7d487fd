/** Owns the page on which everybody's messages can be read. In real life each only reads their own. */
import { type Html, html } from '../html.ts';
import type { ReceivedMessage } from './mailbox.ts';

export type Language = 'vi' | 'en';

const TEXTS = {
  vi: {
    title: 'Hộp thư và tin nhắn thử nghiệm',
    told: 'Trang này thay cho hộp thư và điện thoại của mọi người trong môi trường thử nghiệm. Ngoài đời, mỗi người chỉ đọc được thư của mình.',
    none: 'Chưa có thư hay tin nhắn nào.',
    everybody: 'Tất cả',
    recipients: 'Người nhận',
    mail: 'Thư',
    sms: 'Tin nhắn',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu.',
  },
  en: {
    title: 'Sandbox mail and text messages',
    told: 'This page stands for everybody’s mailbox and phone in the sandbox. In real life each reads only their own.',
    none: 'Nothing has come yet.',
    everybody: 'Everybody',
    recipients: 'Recipients',
    mail: 'Mail',
    sms: 'Text message',
    notice: 'A sandbox with made-up data.',
  },
} as const;

/** The mailbox's one style sheet. */
export const STYLE = `
:root { color-scheme: light; font: 18px/1.55 system-ui, 'Segoe UI', sans-serif; color: #23202b; background: #f1eff5; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; }
main, footer { max-width: 44rem; margin: 0 auto; }
a { color: #4b2e83; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; }
h2 { font-size: 1.1rem; margin: .2rem 0 .6rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem 1rem; }
nav a { display: inline-block; padding: .4rem 0; }
nav a[aria-current] { font-weight: 600; text-decoration: none; }
article { background: #fff; border: 1px solid #c3bdd0; border-left: 5px solid #4b2e83; padding: 1rem 1.2rem; margin: 1rem 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.hint, footer { color: #5a5466; font-size: .9rem; }
.sandbox { border: 1px dashed #5a5466; padding: .6rem .9rem; }
:focus-visible { outline: 3px solid #d98a00; outline-offset: 2px; }
`;

const timeOf = ({ at }: ReceivedMessage) => new Date(at).toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' });

/** A text whose addresses can be pressed. A full stop behind one is not part of it. */
function withLinks(text: string): readonly (Html | string)[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));
}

function shown(language: Language, message: ReceivedMessage): Html {
  const { channel, to, from, subject, text } = message;
  return html`<article data-channel="${channel}" data-to="${to}">
<p class="hint">${TEXTS[language][channel]} · ${timeOf(message)} · ${from !== undefined && html`${from} → `}${to}</p>
${subject !== undefined && html`<h2>${subject}</h2>`}
<p class="text">${withLinks(text)}</p>
</article>`;
}

export interface MailboxPage {
  readonly language: Language;
  readonly messages: readonly ReceivedMessage[];
  readonly recipients: readonly string[];
  /** Whose messages are shown, when not everybody's. */
  readonly to: string | undefined;
}

/** The messages, and whose there are to choose from. */
export function mailboxPage({ language, messages, recipients, to }: MailboxPage): Html {
  const texts = TEXTS[language];
  const choice = (address: string, name: string, chosen: boolean) =>
    html`<li><a href="${address}"${chosen && html` aria-current="page"`}>${name}</a></li>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main data-code="mailbox">
<h1>${texts.title}</h1>
<p class="sandbox">${texts.told}</p>
<nav aria-label="${texts.recipients}"><ul>
${choice('/', texts.everybody, to === undefined)}
${recipients.map((each) => choice(`/?to=${encodeURIComponent(each)}`, each, each === to))}
</ul></nav>
${messages.length === 0 ? html`<p>${texts.none}</p>` : messages.map((message) => shown(language, message))}
</main>
<footer>${texts.notice}</footer>
</body>
</html>`;
}

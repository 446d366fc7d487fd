/** Owns the reader's one page: which cards there are, and how a browser gets to use them. */
import { type Html, html } from '../html.ts';
import type { CardEntry } from '../registers.ts';

const TEXTS = {
  vi: {
    title: 'Đầu đọc thẻ thử nghiệm',
    lead: 'Các thẻ dưới đây ký thay cho thẻ thật. Mọi thẻ có mã PIN 1234.',
    how: 'Dùng trong trình duyệt',
    steps: [
      'Mở chrome://extensions và bật chế độ dành cho nhà phát triển.',
      'Chọn “Tải tiện ích đã giải nén”, rồi chọn thư mục sandbox/card-authority/extension.',
      'Ở Liên Thông, chọn chữ ký số và bấm ký; tiện ích sẽ hỏi thẻ và mã PIN.',
    ],
    cards: 'Các thẻ',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu.',
  },
  en: {
    title: 'Sandbox card reader',
    lead: 'These cards sign in place of real ones. Every card has the PIN 1234.',
    how: 'Using them in a browser',
    steps: [
      'Open chrome://extensions and switch on developer mode.',
      'Choose “Load unpacked” and the folder sandbox/card-authority/extension.',
      'At Liên Thông, choose the digital signature and press sign; the extension asks for card and PIN.',
    ],
    cards: 'The cards',
    notice: 'A sandbox with made-up data.',
  },
} as const;

export const STYLE = `
:root { font: 18px/1.6 system-ui, 'Segoe UI', sans-serif; color: #1f2d1f; background: #eef3ea; }
body { margin: 0; padding: 1rem; }
main { background: #fff; max-width: 40rem; margin: 1rem auto; padding: 1.5rem; border: 1px solid #8aa080; border-radius: .4rem; }
h1 { font-size: 1.4rem; margin: 0 0 .6rem; }
h2 { font-size: 1.1rem; }
code { overflow-wrap: anywhere; }
footer { max-width: 40rem; margin: 0 auto; color: #4b5f45; font-size: .9rem; }
`;

export function readerPage(language: keyof typeof TEXTS, cards: readonly CardEntry[]): Html {
  const texts = TEXTS[language];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main data-code="card_reader">
<h1>${texts.title}</h1>
<p>${texts.lead}</p>
<h2>${texts.how}</h2>
<ol>${texts.steps.map((step) => html`<li>${step}</li>`)}</ol>
<h2>${texts.cards}</h2>
<ul>${cards.map(({ serial, name, ca, state }) => html`<li><code>${serial}</code> ${name} · ${ca}, ${state}</li>`)}</ul>
</main>
<footer>${texts.notice}</footer>
</body>
</html>`;
}

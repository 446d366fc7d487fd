/** Owns the page on which a clerk of the population register decides corrections; visibly not the hub's. */
import { type Html, html } from '../html.ts';
import type { AskedCorrection } from './corrections.ts';

export type ClerkLanguage = 'vi' | 'en';

const TEXTS = {
  vi: {
    title: 'Cơ sở dữ liệu dân cư thử nghiệm: yêu cầu chỉnh sửa',
    told: 'Trang này thay cho bàn làm việc của cán bộ. Ngoài đời, chỉ cán bộ được giao mới vào được.',
    none: 'Chưa có yêu cầu nào.',
    shouldBe: 'Đúng ra là',
    answer: 'Trả lời công dân',
    accept: 'Chấp nhận và sửa',
    refuse: 'Từ chối',
    decided: 'Đã trả lời',
    notice: 'Môi trường thử nghiệm với dữ liệu hư cấu.',
  },
  en: {
    title: 'Sandbox population register: corrections',
    told: 'This page stands for a clerk’s desk. In real life only the clerk in charge gets to it.',
    none: 'Nothing was asked for yet.',
    shouldBe: 'Should be',
    answer: 'Answer to the citizen',
    accept: 'Accept and correct',
    refuse: 'Refuse',
    decided: 'Answered',
    notice: 'A sandbox with made-up data.',
  },
} as const;

/** The desk's one style sheet. */
export const STYLE = `
:root { color-scheme: light; font: 18px/1.55 system-ui, 'Segoe UI', sans-serif; color: #23302a; background: #eef3f0; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; }
main, footer { max-width: 44rem; margin: 0 auto; }
h1 { font-size: 1.4rem; line-height: 1.3; }
h2 { font-size: 1.1rem; margin: 0 0 .4rem; }
article { background: #fff; border: 1px solid #b8c7bf; border-left: 5px solid #1f6b4a; padding: 1rem 1.2rem; margin: 1rem 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
textarea { font: inherit; width: 100%; min-height: 4rem; padding: .5rem; border: 1px solid #6b7d74; border-radius: .4rem; }
label { display: block; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: .8rem; }
button { font: inherit; min-height: 48px; padding: .4rem 1.4rem; border-radius: .6rem; border: 2px solid #1f6b4a; background: transparent; color: #17513a; cursor: pointer; }
.sandbox { border: 1px dashed #55645c; padding: .6rem .9rem; }
footer { color: #55645c; font-size: .9rem; }
:focus-visible { outline: 3px solid #d98a00; outline-offset: 2px; }
`;

function shown(language: ClerkLanguage, { case: number, attribute, should_be, text, ...asked }: AskedCorrection): Html {
  const texts = TEXTS[language];
  return html`<article data-case="${number}">
<h2>${number}: ${attribute}</h2>
<p>${asked.number}. ${texts.shouldBe}: <b>${should_be}</b></p>
${text !== '' && html`<p class="text">${text}</p>`}
${asked.answer === undefined ? decision(language, number) : html`<p class="text">${texts.decided}: ${asked.answer}</p>`}
</article>`;
}

const decision = (language: ClerkLanguage, number: string): Html => html`<form method="post" action="/clerk">
<input type="hidden" name="case" value="${number}">
<label>${TEXTS[language].answer}<textarea name="answer" maxlength="2000" required></textarea></label>
<div class="actions"><button name="decision" value="accept">${TEXTS[language].accept}</button>
<button name="decision" value="refuse">${TEXTS[language].refuse}</button></div>
</form>`;

/** What the register was asked to correct, newest first, with a form for what is not decided yet. */
export function clerkPage(language: ClerkLanguage, corrections: readonly AskedCorrection[]): Html {
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
<main data-code="register_clerk">
<h1>${texts.title}</h1>
<p class="sandbox">${texts.told}</p>
${corrections.length === 0 ? html`<p>${texts.none}</p>` : corrections.map((one) => shown(language, one))}
</main>
<footer>${texts.notice}</footer>
</body>
</html>`;
}

/**
 * Owns what people read in an archive: the page, which is one file without script or anything from elsewhere, and the text
 * that tells how to verify. Every value is escaped, and should one ever slip through, the page's own policy runs no script.
 */
import type { Language, Localised } from '../../../views/pages.ts';
import { CODED, LABELS, PAGE_TEXTS, SECTIONS, VALUES } from './archive-texts.ts';
import type { PersonalData, Timestamp } from './personal-data.ts';

interface PageFrame {
  readonly issuer: string;
  readonly made_at: Timestamp;
  readonly language: Language;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fff;max-width:64rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem;border-bottom:1px solid #767676}
section>div{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #d5d5d5;overflow-wrap:anywhere}
dl{margin:0}dt{color:#4a4a4a}dd{margin:0 0 .3rem}a{color:#0b4f9e}`;

/** The page of an archive, in one language. */
export function archivePage(data: PersonalData, { issuer, made_at, language }: PageFrame): string {
  const text = PAGE_TEXTS[language];
  const sections = SECTIONS.map((name) => {
    const value: unknown = data[name];
    const content = Array.isArray(value) ? tableOf(value, language) : listOf(value as object, language);
    return `<section aria-labelledby="${name}"><h2 id="${name}">${escaped(LABELS[name][language])}</h2>${content}</section>`;
  });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(text.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(text.title)}</h1>
<p>${escaped(text.madeBy(issuer, momentOf(made_at, language)))}</p>
<p>${escaped(text.lead)}</p>
${data.who.shortened ? `<p><strong>${escaped(text.shortened)}</strong></p>\n` : ''}${sections.join('\n')}
</main>
</body>
</html>
`;
}

/** How to verify an archive and its receipts, in both languages. */
export function archiveReadme(issuer: string): string {
  return `${PAGE_TEXTS.vi.readme(issuer)}\n${'-'.repeat(72)}\n\n${PAGE_TEXTS.en.readme(issuer)}`;
}

/** Everything that could end a text or an attribute (HTML, 13.1.2.3 and 13.1.3). */
export function escaped(value: string): string {
  return value.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function tableOf(rows: readonly object[], language: Language): string {
  if (rows.length === 0) return `<p>${escaped(PAGE_TEXTS[language].none)}</p>`;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = columns.map((column) => `<th scope="col">${label(column, language)}</th>`).join('');
  const body = rows.map((row) => {
    const known = new Map<string, unknown>(Object.entries(row));
    const id = known.get('id');
    return `<tr>${columns.map((column) => `<td>${column === 'receipt' && known.has('receipt') ? receiptLink(id) : cell(column, known.get(column), language)}</td>`).join('')}</tr>`;
  });
  return `<div tabindex="0" role="group"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function listOf(value: object, language: Language): string {
  const rows = Object.entries(value).map(
    ([key, one]) => `<dt>${label(key, language)}</dt><dd>${cell(key, one, language)}</dd>`,
  );
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

/** `name` is that of the member, by which a code is told from what somebody wrote. */
function cell(name: string, value: unknown, language: Language): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return escaped(PAGE_TEXTS[language][value ? 'yes' : 'no']);
  if (typeof value === 'string') return escaped(wordOf(name, value, language));
  if (Array.isArray(value)) return value.map((one) => cell(name, one, language)).join(', ');
  if (typeof value !== 'object') return escaped(String(value));
  return isLocalised(value) ? escaped(value[language]) : listOf(value, language);
}

function receiptLink(id: unknown): string {
  const address = `receipts/${encodeURIComponent(String(id))}.jws`;
  return `<a href="${escaped(address)}">${escaped(address)}</a>`;
}

function wordOf(name: string, value: string, language: Language): string {
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return momentOf(value, language);
  return CODED.has(name) && Object.hasOwn(VALUES, value) ? VALUES[value]![language] : value;
}

/** The label of a member; of one that is not known its own name. */
function label(name: string, language: Language): string {
  return escaped(Object.hasOwn(LABELS, name) ? LABELS[name as keyof typeof LABELS][language] : name);
}

function momentOf(at: Timestamp, language: Language): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : MOMENTS[language].format(time);
}

const MOMENT = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Ho_Chi_Minh' } as const;
const MOMENTS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat('vi-VN', MOMENT),
  en: new Intl.DateTimeFormat('en-GB', MOMENT),
};

function isLocalised(value: object): value is Localised {
  return 'vi' in value && 'en' in value && typeof value.vi === 'string' && typeof value.en === 'string';
}

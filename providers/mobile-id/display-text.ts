/** Owns the words the phone shows above the PIN: what somebody is about to enter, in what a SIM can display. */
import type { Language } from '../../views/pages.ts';

/** As the operator takes it (Mobile-ID REST API, `displayText` and `displayTextFormat`). */
export interface DisplayText {
  readonly displayText: string;
  readonly displayTextFormat: 'GSM-7' | 'UCS-2';
}

/** Characters that a SIM shows: seven bits each in GSM-7, sixteen in UCS-2. */
const ROOM = { 'GSM-7': 100, 'UCS-2': 50 } as const;
/** ASCII that GSM 03.38 writes as two characters, with an escape. */
const ESCAPED = /[[\]{}\\^~|]/g;
/**
 * The part of ASCII that GSM 03.38 has. It also has à, é, ù and a few more, on phones that follow the default table:
 * text with any mark goes as UCS-2, where every Vietnamese letter arrives as it was written.
 */
const IN_GSM_7 = /^[ -_a-~]*$/;

const WORDS = { vi: 'Đăng nhập', en: 'Sign in to' } as const satisfies Record<Language, string>;

/** Says what the citizen confirms: the service or its agency by name, with "sign in to" where there is room for that, too. */
export function displayTextFor(displayName: string, language: Language): DisplayText {
  const name = plainText(displayName);
  const whole = `${WORDS[language]} ${name}`;
  // The name matters more than the verb: one that fits only alone stands alone, whole.
  const text = fits(whole) ? whole : shortened(name);
  return { displayText: text, displayTextFormat: formatOf(text) };
}

/** One line of characters a SIM has: composed letters, and nothing from beyond the first plane of Unicode. */
function plainText(text: string): string {
  const shown = text.normalize('NFC').replace(/[\p{Cf}\p{Co}\p{Cs}\u{10000}-\u{10FFFF}]/gu, '');
  return shown.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function formatOf(text: string): DisplayText['displayTextFormat'] {
  return IN_GSM_7.test(text) ? 'GSM-7' : 'UCS-2';
}

function fits(text: string): boolean {
  const format = formatOf(text);
  const length = text.length + (format === 'GSM-7' ? (text.match(ESCAPED)?.length ?? 0) : 0);
  return length <= ROOM[format];
}

/** Cuts between words, and within one only when a single word fills the screen; an ellipsis owns up to it. */
function shortened(name: string): string {
  if (fits(name)) return name;
  const letters = [...new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(name)].map(
    ({ segment }) => segment,
  );
  const starts = letters.map((_letter, end) => letters.slice(0, end).join(''));
  const longest = starts.findLast((start) => fits(ellipsed(start))) ?? '';
  const words = longest.slice(0, Math.max(0, longest.lastIndexOf(' ')));
  // What remains must still be most of it; otherwise the cut goes through the word.
  return ellipsed(words.length > longest.length / 2 ? words : longest);
}

/** Three dots, which both alphabets have. */
function ellipsed(start: string): string {
  return `${start.replace(/[\s,–-]+$/u, '')}...`;
}

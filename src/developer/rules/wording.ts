/** Owns which words a service may show to citizens: readable ones, that pose as nothing else. Pure. */
import type { WordingCode } from './codes.ts';
import { folded } from './look-alike.ts';

/** Latin letters that are a letter of ASCII, plainly or with marks: whatever else looks like one is not one. */
const LETTER = /^[a-z]\p{M}*$/iu;
const WHOLE_LETTERS = new Set(['đ', 'Đ', 'ß', 'æ', 'Æ', 'ø', 'Ø', 'œ', 'Œ']);

/** What is wrong with a text that citizens read; nothing when it may be shown. */
export function wordingProblem(text: string): WordingCode | undefined {
  const composed = text.normalize('NFC');
  // Controls, invisible ones and those that turn the direction; what no SIM has and what has no meaning yet.
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]|[\u{10000}-\u{10FFFF}]/u.test(composed)) return 'text_characters';
  // Every space but the usual one, and marks that pile up or stand alone.
  if (/[^\S ]|^\s|\s$|\p{M}{2}|(^|\s)\p{M}/u.test(composed)) return 'text_characters';
  for (const [letter] of composed.matchAll(/\p{L}|\p{N}/gu)) if (!isPlain(letter)) return 'text_letters';
  if (/:\/\/|\bwww\.|\b[a-z0-9-]+\.(vn|com|net|org|info|io|xyz|top)\b/i.test(composed)) return 'text_address';
  return undefined;
}

function isPlain(letter: string): boolean {
  return /[0-9]/.test(letter) || WHOLE_LETTERS.has(letter) || LETTER.test(letter.normalize('NFD'));
}

/** Words by which something calls itself the way in, not a service behind it. */
const GENERIC = new Set(
  (
    'cong trang he thong dang nhap xac thuc tai khoan dinh danh quoc gia chinh phu chinh thuc dich vu mot cua sso ' +
    'the hub portal gateway system sign in login signin log on account accounts official national government service ' +
    'identity id authentication page site web vn viet nam vietnam of cua'
  )
    .split(' ')
    .map(folded),
);

/** Whether a name claims to be the hub: its name and nothing of one's own. "Khai sinh liên thông" has something of its own. */
export function claimsToBeHub(name: string, hubNames: readonly string[]): boolean {
  const words = wordsOf(name);
  return hubNames.some((hub) => {
    const own = wordsOf(hub);
    const at = words.findIndex((_word, start) => startsWith(words.slice(start), own));
    if (at >= 0) return [...words.slice(0, at), ...words.slice(at + own.length)].every((word) => GENERIC.has(word));
    // Run together, or in one word with a generic one.
    return words.filter((word) => !GENERIC.has(word)).join('') === own.join('');
  });
}

const wordsOf = (text: string) =>
  folded(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
const startsWith = (words: readonly string[], own: readonly string[]) => own.every((word, at) => words[at] === word);

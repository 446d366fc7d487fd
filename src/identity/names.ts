/** Owns when two written names are one name (design: Identity, rule 2). In doubt they are not. */

/** No register writes longer names; a longer text is an accident or an attack, and agrees with nothing. */
const LONGEST_NAME = 200;

const FORMAT_CHARACTERS = /\p{Cf}/gu;
const WHITE_SPACE = /\p{White_Space}+/gu;

/**
 * Every sign that keyboards and registers write for the apostrophe of H'Hen: typewriter and curly quotes, grave and
 * acute accents standing alone, modifier letters, primes, the saltillo, and the full-width and Armenian forms.
 */
const APOSTROPHES = /[\u0060\u00B4\u02B9\u02BB-\u02BF\u02C8\u055A\u2018\u2019\u201B\u2032\u2035\uA78B\uA78C\uFF07]/gu;

/** Controls, private use, unassigned, half surrogates, and the sign that stands for a letter lost in conversion. */
const UNREADABLE = /[\p{C}\uFFFD]/u;

/** Grave, acute, tilde, hook above, dot below: the five written tones, apart from the marks that make another vowel. */
const TONE = '[\u0300\u0301\u0303\u0309\u0323]';

/**
 * The onsets before which the two styles of tone placement differ. `q` is missing because the u of quý belongs to the
 * onset, and `gi` because no syllable gi + oa, oe, uy exists: both styles agree there, so nothing is moved.
 */
const ONSET = 'b|ch|c|d|đ|g|h|kh|k|l|m|ng|nh|n|ph|p|r|s|th|tr|t|v|x';

/**
 * A whole written syllable that ends in oa, oe or uy with its tone on the first vowel (hòa, khỏe, thúy), decomposed.
 * With a final (hoàn, hoài, khuỷu) both styles write the same, so a tone elsewhere is another text and stays one.
 */
const TONE_ON_FIRST_VOWEL = new RegExp(
  `(?<![\\p{L}\\p{M}])((?:${ONSET})?(?:o(?=${TONE}[ae])|u(?=${TONE}y)))(${TONE})([aey])(?![\\p{L}\\p{M}])`,
  'gu',
);

const MARKS = /[\u0300-\u036F]/gu;

/**
 * Whether two written names agree: equal after folding, or one of them carries no mark at all and the other, stripped
 * of its marks, is equal to it (rule 2). Symmetric; not transitive, since HOA agrees with both Hoà and Hoa.
 */
export function namesAgree(one: string, other: string): boolean {
  const a = folded(one);
  const b = folded(other);
  if (a === undefined || b === undefined) return false;
  if (a === b) return true;
  // Only plain Latin letters count as unmarked: a Cyrillic а is not an a whose mark was lost, and a form with marks on
  // one word only was written by someone who writes marks.
  return (isUnmarked(a) && a === withoutMarks(b)) || (isUnmarked(b) && b === withoutMarks(a));
}

/** The one form to which all writings of a name fold, or nothing when the text is no name. */
function folded(name: string): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const form = name
    // First, since a format character between a letter and its mark would keep the two apart.
    .replace(FORMAT_CHARACTERS, '')
    .normalize('NFD')
    .toLowerCase()
    .replace(WHITE_SPACE, ' ')
    .trim()
    .replace(APOSTROPHES, "'")
    .replaceAll('\u00F0', '\u0111')
    .replace(TONE_ON_FIRST_VOWEL, '$1$3$2')
    .normalize('NFC');
  return UNREADABLE.test(form) || !/\p{L}/u.test(form) ? undefined : form;
}

function isUnmarked(form: string): boolean {
  return /^[\x20-\x7E]+$/.test(form);
}

function withoutMarks(form: string): string {
  return form.normalize('NFD').replace(MARKS, '').replaceAll('\u0111', 'd');
}

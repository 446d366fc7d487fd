/** Owns which host names, and which words, a person may take for one another. Pure. */
import { domainToUnicode } from 'node:url';

/** Under which somebody registers a name of their own, beyond the last label: enough to tell whose a host is, no more. */
const SHARED_ENDINGS = new Set(
  ['gov', 'com', 'net', 'org', 'edu', 'ac', 'biz', 'info', 'name', 'pro', 'health', 'int', 'id', 'io', 'ai']
    .map((label) => `${label}.vn`)
    .concat([
      'co.uk',
      'org.uk',
      'com.au',
      'com.sg',
      'com.cn',
      'co.jp',
      'co.kr',
      'github.io',
      'vercel.app',
      'pages.dev',
    ]),
);

/** Whether others than one owner register names right under this one. */
export function isSharedEnding(host: string): boolean {
  return !host.includes('.') || SHARED_ENDINGS.has(host);
}

/** The part of a host name that somebody registered: `www.thue.hanoi.gov.vn` is `hanoi.gov.vn`'s. */
export function domainOf(host: string): string {
  const labels = host.split('.');
  const own = labels.findLastIndex(
    (_label, at) => at < labels.length - 1 && !isSharedEnding(labels.slice(at).join('.')),
  );
  return labels.slice(Math.max(0, own)).join('.');
}

/**
 * What is left of a host's own domain when everything is folded that a hurried eye takes for the same: marks, digits for
 * letters, letter pairs, hyphens. Two domains with one skeleton are look-alikes. `host` as the URL parser writes it.
 */
export function skeletonOf(host: string): string {
  return folded(domainToUnicode(domainOf(host))).replaceAll('-', '');
}

/** The skeleton of a whole host, with its dots. */
function wholeSkeletonOf(host: string): string {
  return folded(domainToUnicode(host)).replaceAll('-', '');
}

/** Whether one host may be taken for another, which is somebody else's. */
export function looksLike(host: string, other: string): boolean {
  if (host === other) return false;
  if (domainOf(host) !== domainOf(other)) return skeletonOf(host) === skeletonOf(other);
  // Below one domain its owner names the hosts; that two of them are read alike is a mistake there, too.
  return wholeSkeletonOf(host) === wholeSkeletonOf(other);
}

const GOVERNMENT = '.gov.vn';

/** Whether a host poses as one of the government: `g0v.vn`, `hanoi-gov-vn.com`, `dichvucong.gov.vn.example.com`. */
export function looksLikeGovernment(host: string): boolean {
  const isGovernment = host.endsWith(GOVERNMENT);
  // What stands before the true ending must not look like an ending itself.
  const posing = withLikeLetters(domainToUnicode(isGovernment ? host.slice(0, -GOVERNMENT.length) : host));
  return /gov[.-]+vn(?=[.-]|$)|govvn/.test(posing);
}

/** Whether a host carries another's whole name in front of its own: `hub.vn.example.com`, `hub-vn.example.com`. */
export function carriesName(host: string, other: string): boolean {
  const words = (name: string) => `.${withLikeLetters(domainToUnicode(name)).replaceAll('-', '.')}.`;
  return domainOf(host) !== domainOf(other) && words(host).includes(words(domainOf(other)));
}

/** A text as it is read by somebody in a hurry: without case and marks, with look-alikes folded into one. */
export function folded(text: string): string {
  // This pair ends in a letter that is itself read as others.
  return withLikeLetters(plain(text).replace(/c[l1]/g, 'd')).replaceAll('rn', 'm').replaceAll('vv', 'w');
}

function withLikeLetters(text: string): string {
  return [...plain(text)].map((letter) => LIKE[letter] ?? letter).join('');
}

function plain(text: string): string {
  const letters = text.normalize('NFKD').toLowerCase();
  return letters.replace(/[\p{M}\p{Cf}]/gu, '').replace(/[đð]/g, 'd');
}

/** What a letter or digit is read as; all of one row become its first. */
const LIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'a4аαɑ',
    'b8вьβ',
    'cсϲ',
    'dԁ',
    'e3еєε',
    'g9qɡԍ',
    'hһн',
    'k\u043aκ',
    'l1iı|!іι',
    'mмμ',
    'nпηո',
    'o0оοօ',
    'pрρ',
    's5ѕ$',
    't7тτ',
    'uυսц',
    'v\u03bdѵ',
    'w\u0461ω',
    'xхχ',
    'yуүγ',
    'z2ᴢ',
  ].flatMap((row) => [...row].slice(1).map((letter) => [letter, [...row][0] as string])),
);

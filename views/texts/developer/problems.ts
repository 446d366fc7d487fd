/** Owns the reasons in words for what is wrong with a service's settings, or with a request, in both languages. */
import type { Localised } from '../../pages.ts';
import { problemsInEnglish } from './problems.en.ts';
import { problemsInVietnamese } from './problems.vi.ts';
import { requestFormsInEnglish } from './request-forms.en.ts';
import { requestFormsInVietnamese } from './request-forms.vi.ts';

const IN_VIETNAMESE: Readonly<Record<string, string>> = {
  ...problemsInVietnamese,
  ...inRequests(requestFormsInVietnamese),
};
const IN_ENGLISH: Readonly<Record<string, string>> = { ...problemsInEnglish, ...inRequests(requestFormsInEnglish) };

/** What is wrong by this rule, and what to write instead. */
export function reasonOf(code: string): Localised {
  return { vi: IN_VIETNAMESE[code] ?? code, en: IN_ENGLISH[code] ?? code };
}

/** `absent` → `request_absent`. */
function inRequests(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([code, text]) => [`request_${code}`, text]));
}

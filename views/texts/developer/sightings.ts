/** Owns the words for what developers see of sign-ins, in both languages. */
import { errorOf, isErrorCode } from '../../../src/errors.ts';
import type { Localised } from '../../pages.ts';
import { sightingsInEnglish } from './sightings.en.ts';
import { sightingsInVietnamese } from './sightings.vi.ts';

/** Why a sign-in failed, and what to do; for an error of the hub's own table, what its citizen read. */
export function causeInWords(cause: string): Localised {
  const vi = (sightingsInVietnamese.causes as Readonly<Record<string, string>>)[cause];
  const en = (sightingsInEnglish.causes as Readonly<Record<string, string>>)[cause];
  if (vi !== undefined && en !== undefined) return { vi, en };
  if (isErrorCode(cause)) return errorOf(cause).title;
  return { vi: sightingsInVietnamese.causes.other, en: sightingsInEnglish.causes.other };
}

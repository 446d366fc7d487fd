/** The table of errors and the texts: complete in both languages, and discreet. */
import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode, errorOf, isErrorCode, Refusal } from '../../src/errors.ts';
import { IDENTITY_REFUSALS } from '../../src/identity/person.ts';
import { LANGUAGES } from '../../views/pages.ts';
import { english } from '../../views/texts/en.ts';
import { vietnamese } from '../../views/texts/vi.ts';

/** Every leaf of the texts under its path, with functions as their arity. */
function leaves(value: unknown, path = ''): string[] {
  if (typeof value === 'function') return [`${path}(${value.length})`];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, `${path}.${key}`));
}

describe.each(ERROR_CODES.map((code) => ({ code })))('$code', ({ code }) => {
  const error = errorOf(code);

  it('is a sentence and a next step in every language', () => {
    for (const language of LANGUAGES) {
      for (const words of [error.title[language], error.text[language], error.next[language]]) {
        expect(words.length).toBeGreaterThan(3);
        expect(words).toBe(words.normalize('NFC').trim());
      }
      expect(error.title[language]).not.toMatch(/\.$/);
      expect(error.text[language]).toMatch(/[.]$/);
      expect(error.next[language]).toMatch(/[.]$/);
      expect(error.title[language].length + error.text[language].length + error.next[language].length).toBeLessThan(
        360,
      );
    }
  });

  it('names the same things in every language', () => {
    const named = (words: string) => [...new Set(words.match(/\{\w+\}/g) ?? [])].sort();
    for (const part of [error.title, error.text, error.next]) {
      for (const name of named(part.vi + part.en)) expect(['{source}', '{authority}', '{age}']).toContain(name);
      expect(named(part.en)).toEqual(named(part.vi));
    }
  });

  it('has a status of a refusal or a failure', () => {
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.status).toBeLessThan(600);
  });
});

describe('the table', () => {
  it('knows every identity refusal', () => {
    for (const refusal of IDENTITY_REFUSALS) expect(isErrorCode(refusal)).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });

  it('never lets a mismatch learn of death or age', () => {
    const codes: ErrorCode[] = ['identity_mismatch', 'ambiguous', 'person_not_found', 'account_changed'];
    for (const code of codes) {
      const { title, text, next } = errorOf(code);
      const words = [title, text, next].flatMap(({ vi, en }) => [vi, en]).join(' ');
      expect(words).not.toMatch(/đã mất|tuổi|giám hộ|tên|ngày sinh|deceased|age\b|guardian|name\b|birth/i);
    }
  });

  it('throws as a value that carries its code and its cause', () => {
    const cause = new Error('socket closed');
    const refusal = new Refusal('source_unavailable', {}, { cause });
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).toMatchObject({
      name: 'Refusal',
      code: 'source_unavailable',
      message: 'source_unavailable',
      cause,
    });
  });
});

it('has the same texts in every language', () => {
  expect(leaves(english)).toEqual(leaves(vietnamese));
});

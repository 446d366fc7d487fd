/** The operators' page names what there is: settings, codes and their severity, a sources file that is accepted. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ERROR_CODES, errorOf } from '../../src/errors.ts';
import { sourceSettings } from '../../src/sources.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/operating.md');
const rows = (heading: string) => page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!.split('\n');
const codesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, code]) => code!);

test('every setting is on the page, and no other', () => {
  const settings = new Set(read('src/config.ts').match(/HUB_[A-Z_]+(?=:)/g));
  const told = rows('Settings').flatMap((row) => /^\| `(HUB_\w+)`/.exec(row)?.[1] ?? []);
  expect(new Set(told)).toEqual(settings);
});

test('every code that is more than a citizen’s own doing is on the page with its severity', () => {
  const told = rows('The log').flatMap((row) => {
    const [, codes = '', severity] = /^\| (`.*`) \| (warn|error) \|/.exec(row) ?? [];
    return codesIn(codes).map((code) => `${code} ${severity}`);
  });
  // Those of the start, which stand last, are told on the terminal, not in the log.
  const logged = ERROR_CODES.slice(0, ERROR_CODES.indexOf('configuration_invalid')).map(errorOf);
  const expected = logged
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, severity }) => `${code} ${severity}`);
  expect(told.sort()).toEqual(expected.sort());
});

test('the sources file on the page is accepted', () => {
  const [, block] = /```json\n([\s\S]*?)```/.exec(page)!;
  for (const source of JSON.parse(block!)) expect(sourceSettings.safeParse(source).success).toBe(true);
});

/** Owns the tests that every sign-in by tax code or social insurance comes out as the expected outcomes say, from button to hello. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { driveRow } from '../../sandbox/expected/drive.ts';
import { type Row, readRows } from '../../sandbox/expected/rows.ts';
import { openTestCountry, type TestCountry } from '../country.ts';

const TAX = ['tax-code'];
const BUILT = ['tax-code', 'social-insurance'];
const rows = await readRows(new URL('../../sandbox/expected/expected.json', import.meta.url).pathname);

/** The steps before anybody went to a source that is not among these, or linked one to another. */
function stepsAt(sources: readonly string[], { steps }: Row): Row['steps'] {
  const other = steps.findIndex(({ source, then }) => !sources.includes(source) || then !== undefined);
  return other < 0 ? steps : steps.slice(0, other);
}

const byTaxCode = rows.filter((row) => stepsAt(TAX, row).length > 0);
const byInsurance = rows.filter((row) => stepsAt(BUILT, row).some(({ source }) => source === 'social-insurance'));

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry();
});
afterAll(() => country.close());

async function comesOutAsWritten(row: Row, steps: Row['steps']): Promise<void> {
  const drive = { control: new ControlClient(country.control), agency: country.songHong.url };
  let taken = 0;
  for await (const { expected, got, ok } of driveRow({ ...row, steps }, drive)) {
    expect(got).toMatchObject(expected);
    expect(ok).toBe(true);
    taken += 1;
  }
  expect(taken).toBe(steps.length);
}

test.each(byTaxCode.map((row) => [row.name, row] as const))('A19 %s', (_name, row) =>
  comesOutAsWritten(row, stepsAt(TAX, row)));

test.each(byInsurance.map((row) => [row.name, row] as const))('B2 %s', (_name, row) =>
  comesOutAsWritten(row, stepsAt(BUILT, row)));

test('A19 the file holds what it is trusted to hold', () => {
  const steps = byTaxCode.flatMap((row) => stepsAt(TAX, row));
  const outcomes = new Set(steps.map(({ expect }) => expect.reason ?? expect.outcome));
  expect(steps).toHaveLength(13);
  expect([...outcomes].sort()).toEqual([
    'guardian_required',
    'identity_mismatch',
    'needs_second_source',
    'not_a_person',
    'signed_in',
  ]);
});

test('B2 the file holds what it is trusted to hold about social insurance', () => {
  const steps = byInsurance.flatMap((row) => stepsAt(BUILT, row)).filter(({ source }) => source === 'social-insurance');
  const outcomes = new Set(steps.map(({ expect }) => expect.reason ?? expect.outcome));
  expect(steps).toHaveLength(22);
  expect([...outcomes].sort()).toEqual([
    'account_changed',
    'identity_mismatch',
    'needs_second_source',
    'person_not_found',
    'signed_in',
    'source_account_locked',
  ]);
});

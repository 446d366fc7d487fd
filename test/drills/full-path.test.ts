/**
 * Owns the drill that two processes of the hub are one: every expected outcome and the whole path of a citizen come out as
 * written, while each request goes to either of them at random.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { driveRow } from '../../sandbox/expected/drive.ts';
import { readRows } from '../../sandbox/expected/rows.ts';
import { WAYS } from '../../sandbox/expected/ways.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, AN_INSURED, AN_NUMBER, proveByNationalEid } from '../country.ts';
import { until } from '../engines/until.ts';
import { openStage } from './stage.ts';

const rows = await readRows(new URL('../../sandbox/expected/expected.json', import.meta.url).pathname);

const stage = openStage({ machines: 2 });
let control: ControlClient;
beforeAll(() => {
  control = new ControlClient(stage.country.control);
});
afterAll(() => {
  const { answeredBy } = stage.country.balancer;
  // Of any one test's few requests all may have gone the same way; of everything both have had their share.
  for (const place of [0, 1])
    expect(answeredBy.filter((one) => one === place).length).toBeGreaterThan(answeredBy.length / 4);
});

/** Where requests of the present test were answered. */
let before: number;
beforeEach(() => {
  before = stage.country.balancer.answeredBy.length;
});
const answeredBy = () => stage.country.balancer.answeredBy.slice(before);

describe('every expected outcome', () => {
  test.each(rows.map((row) => [row.name, row] as const))('C2 %s', async (_name, row) => {
    const drive = { control, agency: stage.country.songHong.url };
    let taken = 0;
    for await (const { expected, got, ok } of driveRow(row, drive)) {
      expect(got).toMatchObject(expected);
      expect(ok).toBe(true);
      taken += 1;
    }
    expect(taken).toBe(row.steps.length);
  });

  test('C2 they are as many as they are trusted to be', () => {
    expect(rows.flatMap(({ steps }) => steps)).toHaveLength(59);
  });
});

describe('the whole path', () => {
  type Prove = (visitor: Visitor) => Promise<unknown>;
  const by =
    (source: string, login: string, entry: Readonly<Record<string, unknown>>): Prove =>
    async (visitor) => {
      await visitor.press(`source=${source}`);
      await WAYS[source]!(visitor, login, entry, control);
    };
  const ways: readonly (readonly [source: string, acr: string, prove: Prove])[] = [
    ['tax-code', 'loa1', by('tax-code', AN.taxCode, AN)],
    ['social-insurance', 'loa2', by('social-insurance', AN_INSURED.socialInsuranceNumber, AN_INSURED)],
    ['mobile-id', 'loa3', by('mobile-id', '+84912000011', { idNumber: AN_NUMBER, result: 'OK' })],
    ['digital-signature', 'loa4', by('digital-signature', 'CARD-AN', {})],
    ['national-eid', 'loa3', (visitor) => proveByNationalEid(visitor, { level: '2' })],
  ];

  beforeEach(() => control.reset());

  test.each(ways)('C2 by %s: in at one agency, at another without proof, out at both', async (_source, acr, prove) => {
    const [portal, library] = [stage.country.songHong.url, stage.country.library.url];
    const visitor = new Visitor();
    await visitor.open(`${portal}/login`);
    expect(visitor.page.code).toBe('choose_source');
    await prove(visitor);
    expect(visitor.page.code).toBe('consent');
    await visitor.tickAll().press('decision=agree');
    expect(visitor.page.code).toBe('hello');
    expect(visitor.page.claims).toMatchObject({ acr, name: 'Nguyễn Văn An', personal_number: AN_NUMBER });
    const { sub } = visitor.page.claims;

    const tab = visitor.newTab();
    await tab.open(`${library}/login`);
    expect(tab.page.code).toBe('continue_as');
    await tab.press('decision=continue');
    expect(tab.page.code).toBe('consent');
    await tab.tickAll().press('decision=agree');
    if (tab.page.code === 'form_post') await tab.press('button');
    expect(tab.page.code).toBe('hello');
    expect(tab.page.claims.name).toBe('Nguyễn Văn An');
    expect(tab.page.claims.sub).not.toBe(sub);

    // Again, in the same browser: known, agreed, nothing to be asked.
    await visitor.open(`${portal}/login`);
    expect([visitor.page.code, visitor.page.claims.sub]).toEqual(['hello', sub]);

    await tab.open(`${library}/logout`);
    expect(tab.page.code).toBe('signed_out_at_agency');
    await until(async () => (await visitor.open(`${portal}/hello`)).code === 'home', 10_000);
    await visitor.open(`${portal}/login`);
    expect(visitor.page.code).toBe('choose_source');
    expect(new Set(answeredBy())).toEqual(new Set([0, 1]));
  });
});

/** Owns what tests send where something else is expected: every sort of nonsense, and what an attacker would try. */
import fc from 'fast-check';

/** Bytes of an address that Node still reads. */
export const LONGEST_PATH = 6_000;

export const text = fc.string({ unit: 'binary', maxLength: 60 });
export const strange = fc.constantFrom(
  '',
  ' ',
  '\0',
  '\ud800',
  '../../etc',
  '%00',
  '%',
  "' OR 1=1 --",
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'Đỗ Thị Hoè 🙂',
  '\u202e\u0000\uffff',
  'null',
  '-1',
  '1e309',
  'x'.repeat(300),
  'ộ'.repeat(2_001),
);
const huge = fc.constant('x'.repeat(20_000));
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(strange, text) },
  { weight: 1, arbitrary: huge },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { vi: 1 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Something of it is missing, of another kind, or too much. */
export function spoilt(right: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const names = fc.constantFrom(
    'form_token',
    'wait',
    '__proto__',
    'constructor',
    'person',
    'page',
    'toString',
    'a.b',
    '',
  );
  return fc
    .tuple(
      right,
      fc.array(fc.tuple(fc.nat(5), fc.option(junk)), { maxLength: 2 }),
      fc.array(fc.tuple(fc.oneof(names, text), junk), { maxLength: 1 }),
    )
    .map(([object, changes, more]) => {
      const entries = new Map(Object.entries(object));
      for (const [index, value] of changes) {
        const name = [...entries.keys()].at(index % Math.max(1, entries.size));
        if (name === undefined) continue;
        if (value === null) entries.delete(name);
        else entries.set(name, value);
      }
      return Object.fromEntries([...entries, ...more]);
    });
}

export const encoded = (value: string) => encodeURIComponent(value.toWellFormed());

/** Steps of a path that nobody means. */
export const rawSteps = fc.constantFrom(
  '%ff',
  '%',
  '%00',
  '%c0%af',
  '..%2f..',
  '%E0%A4%A',
  '.',
  'a%2Fb',
  "'",
  ';',
  '%252e',
  'x'.repeat(LONGEST_PATH),
);

/** Bodies that are no JSON, or none that anybody describes. */
export const brokenBodies = fc.constantFrom(
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '1',
  '{}}',
  '{"a":1,}',
  '\ufeff{}',
  'a=1&b=2',
  '[{"wait":"yes"}]',
  '{"__proto__":{"wait":"yes"}}',
  `{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
  `{"x":"${'x'.repeat(20_000)}"}`,
);

/** Pairs of a query that nobody describes. */
export const oddPairs = fc.constantFrom(
  'form_token=x',
  'wait=yes',
  '__proto__=1',
  'constructor[a]=1',
  'a[]=1&a[]=2',
  'page=1',
  '%ff=%',
  '&&&',
  '=',
  '?',
  'group=sign_ins&group=sharing',
  'search[$ne]=1',
  'from[]=2026-01-01',
);

export const JSON_TYPES = ['application/json', 'application/json; charset=utf-8'];
export const types = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string | undefined>(...JSON_TYPES) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<string | undefined>(
      undefined,
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/json; charset=utf-7',
      'application/json;;;',
      'application/merge-patch+json',
      'json',
      '',
    ),
  },
);
export const oddities = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Readonly<Record<string, string>>>(
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'nonsense' },
      { origin: 'https://elsewhere.example' },
      { 'sec-fetch-site': 'cross-site' },
      { accept: 'text/html' },
      { 'x-http-method-override': 'DELETE' },
      { 'accept-language': 'x'.repeat(500) },
    ),
  },
);

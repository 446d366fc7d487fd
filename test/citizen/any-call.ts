/** Owns calls of every sort to the citizen's API: right ones, nearly right ones, and what nobody would ever send. */
import fc from 'fast-check';
import { type Described, type Form, objectionsTo } from '../description.ts';
import type { Wire } from './described.ts';
import type { Life } from './rich-lives.ts';

export interface Call {
  readonly wire: Wire;
  readonly isSignedIn: boolean;
  /** It has what a change needs beside a session. */
  readonly mayChange: boolean;
}

/** Those that leave nobody to go on asking: only without the proof that they need. */
const LAST = ['endAllSessions', 'endOtherSessions'];
/** Bytes of an address that Node still reads. */
const LONGEST_PATH = 6_000;

const text = fc.string({ unit: 'binary', maxLength: 60 });
const strange = fc.constantFrom(
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
const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(strange, text) },
  { weight: 1, arbitrary: huge },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { vi: 1 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** A value of a form, or one of these when it is just a text. */
function of(form: Form, known: readonly string[]): fc.Arbitrary<unknown> {
  if (form.const !== undefined) return fc.constant(form.const);
  if (form.enum) return fc.constantFrom(...form.enum);
  const most = Math.min(form.maxLength ?? 40, 60);
  const any = form.pattern
    ? fc.stringMatching(new RegExp(form.pattern)).map((one) => one.slice(0, form.maxLength))
    : fc.string({ unit: 'grapheme', minLength: 1, maxLength: most });
  return known.length > 0 ? fc.oneof(any, fc.constantFrom(...known)) : any;
}

function objectOf({ properties = {}, required = [] }: Form, ids: Life['ids']): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(properties).map(([name, form]) => [name, of(form, [ids[name] ?? []].flat())]);
  return fc.record(Object.fromEntries(values), { requiredKeys: [...required] });
}

/** Something of it is missing, of another kind, or too much. */
function spoilt(right: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
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

const encoded = (value: string) => encodeURIComponent(value.toWellFormed());

function pathOf({ path }: Described, hers: Life['ids'], own: Life['ids']): fc.Arbitrary<string> {
  const [, name] = /\{(\w+)\}/.exec(path) ?? [];
  if (name === undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: fc.constant(`${path}/`) });
  const ids = [own[name], hers[name]].flatMap((one) => one ?? []);
  const raw = fc.constantFrom(
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
  const value = fc.oneof(fc.constantFrom(...ids), fc.oneof(strange, text).map(encoded), raw);
  return value.map((one) => path.replace(/\{\w+\}/, () => one.slice(0, LONGEST_PATH)));
}

function queryOf({ operation: { parameters = [] } }: Described): fc.Arbitrary<string> {
  const known = parameters.filter(({ in: place }) => place === 'query');
  const pair = known.map(({ name, schema }) =>
    fc.oneof(of(schema, []), fc.oneof(strange, text)).map((value) => `${encoded(name)}=${encoded(String(value))}`),
  );
  const other = fc.constantFrom(
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
  const any = fc.array(fc.oneof({ weight: 6, arbitrary: fc.oneof(...pair, other) }, { weight: 1, arbitrary: other }), {
    maxLength: 3,
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: any.map((pairs) => pairs.join('&').slice(0, LONGEST_PATH)) },
  );
}

function bodyOf({ operation: { requestBody } }: Described, hers: Life['ids']): fc.Arbitrary<string> {
  const right = objectOf(requestBody?.content?.['application/json']?.schema ?? {}, hers);
  const broken = fc.constantFrom(
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
  return fc.oneof(
    { weight: 4, arbitrary: right.map((one) => JSON.stringify(one)) },
    { weight: 5, arbitrary: spoilt(right).map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 2, arbitrary: broken },
  );
}

const JSON_TYPES = ['application/json', 'application/json; charset=utf-8'];
const types = fc.oneof(
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
const oddities = fc.oneof(
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

interface Caller {
  readonly headers: Readonly<Record<string, string>>;
  readonly isSignedIn: boolean;
  readonly mayChange: boolean;
}

function callers(an: Life, hoa: Life): fc.Arbitrary<Caller> {
  const { 'x-form-token': token, ...cookie } = an.page as { 'x-form-token': string; cookie: string };
  const own = [an.page, an.bearer].map((headers) => ({ headers, isSignedIn: true, mayChange: true }));
  const withoutToken = [
    cookie,
    { ...cookie, 'x-form-token': hoa.page['x-form-token']! },
    { ...cookie, 'x-form-token': '' },
  ];
  const nobody = [
    {},
    { 'x-form-token': token },
    { cookie: cookie.cookie.replace(/(lt_citizen=.{20})./, '$1!'), 'x-form-token': token },
    { ...an.page, authorization: 'Bearer nonsense' },
    { ...an.page, authorization: 'Basic eDp5' },
    { authorization: `${an.bearer.authorization}x` },
  ];
  return fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom(...own) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...withoutToken).map((headers) => ({ headers, isSignedIn: true, mayChange: false })),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...nobody).map((headers) => ({ headers, isSignedIn: false, mayChange: false })),
    },
  );
}

/** Any call of an operation by An, or of somebody who would like to be, in which Hoà's ids come up. */
export function anyCall(described: Described, an: Life, hoa: Life): fc.Arbitrary<Call> {
  const isLast = LAST.includes(described.operation.operationId);
  const others = fc.constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS', described.method === 'GET' ? 'POST' : 'GET');
  const method = fc.oneof(
    { weight: 12, arbitrary: fc.constant(described.method) },
    { weight: 1, arbitrary: isLast ? fc.constant('PUT') : others },
  );
  const caller = callers(an, hoa).filter(({ mayChange }) => !isLast || !mayChange);
  return fc
    .tuple(
      method,
      pathOf(described, hoa.ids, an.ids),
      queryOf(described),
      bodyOf(described, hoa.ids),
      types,
      oddities,
      caller,
    )
    .map(([verb, path, query, body, type, oddity, { headers, ...may }]) => {
      const sends = verb !== 'GET' && verb !== 'OPTIONS' && body !== '';
      const wire: Wire = {
        method: verb,
        path: query === '' ? path : `${path}?${query}`,
        headers: { ...headers, ...oddity, ...(sends && type !== undefined ? { 'content-type': type } : {}) },
        ...(sends ? { body: body.toWellFormed() } : {}),
      };
      return { wire, ...may };
    });
}

/** Whether a call is as the description of its operation has it: what is taken must be. */
export function isRight({ operation, method }: Described, { wire }: Call): boolean {
  const { parameters = [], requestBody } = operation;
  if (method === 'POST') {
    const form = requestBody?.content?.['application/json']?.schema ?? {};
    // No body asks for the same as an empty object.
    if (wire.body === undefined) return objectionsTo(form, {}).length === 0;
    return isJson(wire.body) && objectionsTo(form, JSON.parse(wire.body)).length === 0;
  }
  const query = [...new URLSearchParams(wire.path.split('?').slice(1).join('?'))].filter(([name]) => name !== '');
  const names = query.map(([name]) => name);
  return (
    new Set(names).size === names.length &&
    query.every(([name, value]) => {
      const parameter = parameters.find((one) => one.in === 'query' && one.name === name);
      return parameter !== undefined && objectionsTo(parameter.schema, value).length === 0;
    })
  );
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

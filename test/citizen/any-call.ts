/** Owns calls of every sort to the citizen's API: right ones, nearly right ones, and what nobody would ever send. */
import fc from 'fast-check';
import { type Described, type Form, objectionsTo } from '../description.ts';
import {
  brokenBodies,
  encoded,
  LONGEST_PATH,
  oddities,
  oddPairs,
  rawSteps,
  spoilt,
  strange,
  text,
  types,
} from '../fuzz/inputs.ts';
import type { Wire } from '../fuzz/wire.ts';
import type { Life } from './rich-lives.ts';

export interface Call {
  readonly wire: Wire;
  readonly isSignedIn: boolean;
  /** It has what a change needs beside a session. */
  readonly mayChange: boolean;
}

/** Those that leave nobody to go on asking: only without the proof that they need. */
const LAST = ['endAllSessions', 'endOtherSessions'];
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

function pathOf({ path }: Described, hers: Life['ids'], own: Life['ids']): fc.Arbitrary<string> {
  const [, name] = /\{(\w+)\}/.exec(path) ?? [];
  if (name === undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: fc.constant(`${path}/`) });
  const ids = [own[name], hers[name]].flatMap((one) => one ?? []);
  const value = fc.oneof(fc.constantFrom(...ids), fc.oneof(strange, text).map(encoded), rawSteps);
  return value.map((one) => path.replace(/\{\w+\}/, () => one.slice(0, LONGEST_PATH)));
}

function queryOf({ operation: { parameters = [] } }: Described): fc.Arbitrary<string> {
  const known = parameters.filter(({ in: place }) => place === 'query');
  const pair = known.map(({ name, schema }) =>
    fc.oneof(of(schema, []), fc.oneof(strange, text)).map((value) => `${encoded(name)}=${encoded(String(value))}`),
  );
  const any = fc.array(
    fc.oneof({ weight: 6, arbitrary: fc.oneof(...pair, oddPairs) }, { weight: 1, arbitrary: oddPairs }),
    {
      maxLength: 3,
    },
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: any.map((pairs) => pairs.join('&').slice(0, LONGEST_PATH)) },
  );
}

function bodyOf({ operation: { requestBody } }: Described, hers: Life['ids']): fc.Arbitrary<string> {
  const right = objectOf(requestBody?.content?.['application/json']?.schema ?? {}, hers);
  return fc.oneof(
    { weight: 4, arbitrary: right.map((one) => JSON.stringify(one)) },
    { weight: 5, arbitrary: spoilt(right).map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 2, arbitrary: brokenBodies },
  );
}

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

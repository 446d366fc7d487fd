/** Owns calls of every sort to the console's API: right ones, nearly right ones, and what nobody would ever send. */
import fc from 'fast-check';
import { type Described, description, type Form, objectionsTo, operations, type Parameter } from '../description.ts';
import {
  brokenBodies,
  encoded,
  JSON_TYPES,
  junk,
  LONGEST_PATH,
  oddities,
  oddPairs,
  rawSteps,
  spoilt,
  strange,
  text,
  types,
} from '../fuzz/inputs.ts';
import { objectionsToAnswer, type Told, type Wire } from '../fuzz/wire.ts';
import type { Caller, RichLife } from './rich-agencies.ts';

export const API = '/developer/api';
/** What ends something comes after what asks for it. */
export const developerOperations = operations
  .filter(({ path }) => path.startsWith(`${API}/`))
  .toSorted((one, other) => Number(isLast(one)) - Number(isLast(other)));

export interface Call {
  readonly wire: Wire;
  readonly caller: Caller;
}

function isLast({ method, operation }: Described): boolean {
  return method === 'DELETE' || /^(suspend|retire|stepBack|decide|putMember)/.test(operation.operationId);
}

/** A value of a form; what an id names is most often something that there is. */
function of(form: Form, ids: RichLife['ids'], name = '', levels = 5): fc.Arbitrary<unknown> {
  if (form.const !== undefined) return fc.constant(form.const);
  if (form.enum) return fc.constantFrom(...form.enum);
  const choices = form.anyOf ?? form.oneOf;
  if (choices) return fc.oneof(...choices.map((one) => of(one, ids, name, levels)));
  if (form.allOf) return of(Object.assign({}, ...form.allOf), ids, name, levels);
  const within = {
    minLength: form.minItems ?? 0,
    maxLength: Math.max(form.minItems ?? 0, Math.min(form.maxItems ?? 3, 3)),
  };
  switch (form.type) {
    case 'object':
      return levels === 0 || !form.properties
        ? fc.dictionary(text, junk, { maxKeys: 3 })
        : objectOf(form, ids, levels - 1);
    case 'array':
      return fc.array(of(form.items ?? {}, ids, name, levels - 1), within);
    case 'integer':
    case 'number':
      return fc.integer({ min: form.minimum ?? -5, max: form.maximum ?? 5_000 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(form, ids[name] ?? []);
    default:
      return junk;
  }
}

function textOf(form: Form, known: readonly string[]): fc.Arbitrary<string> {
  const longest = Math.min(form.maxLength ?? 40, 60);
  const any = form.pattern
    ? matching(form.pattern).map((one) => one.slice(0, form.maxLength))
    : fc.string({ unit: 'grapheme', minLength: Math.min(form.minLength ?? 1, longest), maxLength: longest });
  return known.length > 0
    ? fc.oneof({ weight: 1, arbitrary: any }, { weight: 5, arbitrary: fc.constantFrom(...known) })
    : any;
}

/** Some patterns look ahead, which fast-check does not make texts for. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return text;
  }
}

function objectOf({ properties = {}, required = [] }: Form, ids: RichLife['ids'], levels = 5) {
  const values = Object.entries(properties).map(([name, form]) => [name, of(form, ids, name, levels)]);
  return fc.record(Object.fromEntries(values), { requiredKeys: [...required] }) as fc.Arbitrary<
    Record<string, unknown>
  >;
}

function pathOf({ path, operation: { parameters = [] } }: Described, ids: RichLife['ids']): fc.Arbitrary<string> {
  const step = ({ name, schema }: Parameter) =>
    fc.oneof(
      { weight: 12, arbitrary: of(schema, ids, name).map((one) => encoded(String(one))) },
      { weight: 1, arbitrary: fc.oneof(strange, text).map(encoded) },
      { weight: 1, arbitrary: rawSteps },
    );
  const steps = parameters.filter((one) => one.in === 'path');
  const filled = fc
    .tuple(...steps.map(step))
    .map((values) =>
      steps.reduce((at, { name }, n) => at.replace(`{${name}}`, () => values[n]!.slice(0, LONGEST_PATH)), path),
    );
  const bent = filled.chain((one) => fc.constantFrom(`${one}/`, one.replace('/developer', '//developer'), `${one}/.`));
  return fc.oneof({ weight: 14, arbitrary: filled }, { weight: 1, arbitrary: bent });
}

function queryOf({ operation: { parameters = [] } }: Described, ids: RichLife['ids']): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query');
  const pairs = known.map(({ name, schema }) =>
    fc
      .oneof({ weight: 5, arbitrary: of(schema, ids, name) }, { weight: 1, arbitrary: fc.oneof(strange, text) })
      .map((value) => `${encoded(name)}=${encoded(String(value))}`),
  );
  const right = fc.subarray(pairs).chain((some) => fc.tuple(...some));
  const wrong = fc.array(fc.oneof(...pairs, oddPairs), { maxLength: 3 });
  return fc
    .oneof({ weight: 4, arbitrary: right as fc.Arbitrary<string[]> }, { weight: 1, arbitrary: wrong })
    .map((some) => some.join('&').slice(0, LONGEST_PATH));
}

function bodyOf({ operation }: Described, { ids, bodies }: RichLife): fc.Arbitrary<string> {
  const media = operation.requestBody?.content?.['application/json'];
  const made = objectOf(media?.schema ?? {}, ids);
  const known = [...(bodies[operation.operationId] ?? []), ...(media?.example === undefined ? [] : [media.example])];
  const right = (known.length > 0 ? fc.oneof(made, fc.constantFrom(...known)) : made) as typeof made;
  return fc.oneof(
    { weight: 7, arbitrary: right.map((one) => JSON.stringify(one)) },
    { weight: 4, arbitrary: spoilt(right).map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: brokenBodies },
  );
}

/** Any call of an operation, by anybody. */
export function anyCall(described: Described, life: RichLife): fc.Arbitrary<Call> {
  const { method, operation } = described;
  const sends = operation.requestBody !== undefined;
  const others = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  const verbs = fc.oneof({ weight: 15, arbitrary: fc.constant(method) }, { weight: 1, arbitrary: others });
  const type = fc.oneof({ weight: 5, arbitrary: fc.constantFrom<string | undefined>(...JSON_TYPES) }, types);
  const body = sends
    ? bodyOf(described, life)
    : fc.oneof({ weight: 8, arbitrary: fc.constant('') }, bodyOf(described, life));
  return fc
    .tuple(
      verbs,
      pathOf(described, life.ids),
      queryOf(described, life.ids),
      body,
      type,
      fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, oddities),
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...life.callers.filter(({ mayChange }) => mayChange)) },
        { weight: 1, arbitrary: fc.constantFrom(...life.callers) },
      ),
    )
    .map(([verb, path, query, written, contentType, oddity, caller]) => {
      const carries = !['GET', 'HEAD', 'OPTIONS'].includes(verb) && written !== '';
      const wire: Wire = {
        method: verb,
        path: query === '' ? path : `${path}?${query}`,
        headers: {
          ...caller.headers,
          ...oddity,
          ...(carries && contentType !== undefined ? { 'content-type': contentType } : {}),
        },
        ...(carries ? { body: written.toWellFormed() } : {}),
      };
      return { wire, caller };
    });
}

/** The operation that a request meets; none where there is no such address, or not with this method. */
export function operationAt(method: string, pathname: string): Described | undefined {
  const verb = method === 'HEAD' ? 'GET' : method;
  const met = operationsAt(pathname).filter((one) => one.method === verb);
  // Where two fit, the one with fewer steps left open.
  return met.toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)[0];
}

const operationsAt = (pathname: string) =>
  developerOperations.filter(({ path }) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname));

const { DeveloperInvalid, DeveloperNotFound, DeveloperMethod } = description.components.responses;

/** What of an answer is not as described. */
export function objections({ method, path }: Wire, told: Told): readonly unknown[] {
  const pathname = path.split('?')[0]!;
  const described = operationAt(method, pathname);
  if (described) return objectionsToAnswer(described.operation.responses, told, method);
  // What no address of the API can be is answered by the hub's pages.
  if (!pathname.startsWith(`${API}/`) && [400, 404, 405].includes(told.status)) return [];
  return objectionsToAnswer({ 400: DeveloperInvalid, 404: DeveloperNotFound, 405: DeveloperMethod }, told, method);
}

/** Whether a call is as the description of its operation has it: what is taken must be. */
export function isRight({ operation }: Described, { wire }: Call): boolean {
  const { parameters = [], requestBody } = operation;
  const form = requestBody?.content?.['application/json']?.schema;
  const sent = wire.body === undefined ? undefined : read(wire.body);
  if (form === undefined && sent !== undefined && Object.keys(sent as object).length > 0) return false;
  if (form !== undefined && objectionsTo(form, sent ?? (requestBody?.required ? undefined : {})).length > 0)
    return false;
  const query = [...new URLSearchParams(wire.path.split('?').slice(1).join('?'))].filter(([name]) => name !== '');
  const names = query.map(([name]) => name);
  return (
    new Set(names).size === names.length &&
    query.every(([name, value]) => {
      const schema = parameters.find((one) => one.in === 'query' && one.name === name)?.schema;
      return (
        schema !== undefined && objectionsTo(schema, schema.type === 'integer' ? Number(value) : value).length === 0
      );
    })
  );
}

function read(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''));
  } catch {
    return Symbol('no JSON');
  }
}

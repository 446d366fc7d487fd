/**
 * Owns holding requests and answers of the developer API against `openapi.yaml`, the contract: method and path of each
 * operation come from there, and what it does not describe neither comes in nor goes out.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { requestFormsInVietnamese } from '../../views/texts/developer/request-forms.vi.ts';
import { type Body, found, type Operation, type Parameter, readDescription, type Schema } from './description.ts';

/** Below which its operations stand. */
export const API_PATH = '/developer/api';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a request brought, before anybody has looked at it. */
export interface Brought {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface ContractOperation {
  readonly id: string;
  readonly method: Method;
  /** As Express writes it, below the API. */
  readonly path: string;
  /** What is taken of a request; whole numbers of a query become numbers. */
  accept(
    brought: Brought,
  ): { readonly ok: true; readonly input: Brought } | { readonly ok: false; readonly at: readonly Place[] };
  /** Where an answer is not as described, in words for the log, without what it holds; nothing when it is. */
  objections(status: number, body: unknown): readonly string[];
}

/** Where something is wrong and by which rule, never what was sent: it may be a secret. */
export interface Place {
  /** `redirect_uris.0`; empty for the whole. */
  readonly field: string;
  readonly rule: Rule;
}
export type Rule = keyof typeof requestFormsInVietnamese;

/** Of JSON Schema; all others say that something has another form. */
const RULES: Readonly<Record<string, Rule>> = {
  required: 'absent',
  additionalProperties: 'unknown',
  unevaluatedProperties: 'unknown',
  maxLength: 'over',
  maxItems: 'over',
  maximum: 'over',
  maxProperties: 'over',
  minLength: 'under',
  minItems: 'under',
  minimum: 'under',
  minProperties: 'under',
};

/** Levels of a body below which nothing of ours ever stands. */
const DEEPEST = 12;
const SELF = 'openapi';
let contract: ReadonlyMap<string, ContractOperation> | undefined;

/** Every operation below `/developer/api`, by its `operationId`. Read once a process. */
export function developerContract(): ReadonlyMap<string, ContractOperation> {
  contract ??= readContract();
  return contract;
}

function readContract(): ReadonlyMap<string, ContractOperation> {
  const { paths, components } = readDescription();
  // Forms of the document name rules of their own (`pattern`); formats are words for readers.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, coerceTypes: false });
  ajv.addSchema({ $id: SELF, components });
  const compile = once((schema: object) => ajv.compile(absolute(schema) as object));
  const own = Object.entries(paths).filter(([path]) => path.startsWith(`${API_PATH}/`));
  const operations = own.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => readOperation(compile, path, method, described)),
  );
  return new Map(operations.map((operation) => [operation.id, operation]));
}

type Compile = (schema: object) => ValidateFunction;

function readOperation(compile: Compile, path: string, method: string, described: Operation): ContractOperation {
  const { operationId: id, requestBody, responses } = described;
  const parameters = (described.parameters ?? []).map((one) => found<Parameter>(one));
  const schemaOf = (place: Parameter['in']) => objectOf(parameters.filter((one) => one.in === place));
  const [params, query] = [schemaOf('path'), schemaOf('query')];
  const json = requestBody?.content?.['application/json']?.schema;
  const whole = new Set(
    parameters.filter(({ schema }) => found<Schema>(schema).type === 'integer').map(({ name }) => name),
  );
  return {
    id,
    method: method.toUpperCase() as Method,
    path: path.slice(API_PATH.length).replace(/\{(\w+)\}/g, ':$1'),
    accept(brought) {
      const body = brought.body === undefined && json && !requestBody?.required ? {} : brought.body;
      const input = { params: brought.params, query: numbered(brought.query, whole), body };
      const odd = oddities(input, DEEPEST);
      if (odd !== undefined) return { ok: false, at: [odd] };
      const at = [
        ...places(compile(params), input.params),
        ...places(compile(query), input.query),
        ...(json ? places(compile(json), body) : unasked(body)),
      ];
      return at.length === 0 ? { ok: true, input } : { ok: false, at };
    },
    objections(status, body) {
      const answer = responses[status];
      if (answer === undefined) return ['there is no such status'];
      const schema = found<Body>(answer).content?.['application/json']?.schema;
      if (schema === undefined) return body === undefined ? [] : ['it has no body'];
      return places(compile(schema), body).map(({ field, rule }) => `${field || 'all'}: ${rule}`);
    },
  };
}

/** Compiled when it is first needed: most processes never see most operations. */
function once(compile: Compile): Compile {
  const compiled = new WeakMap<object, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, known);
    return known;
  };
}

function objectOf(parameters: readonly Parameter[]): object {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter((one) => one.in === 'path' || one.required).map(({ name }) => name),
  };
}

function places(validate: ValidateFunction, value: unknown): Place[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword, params }: ErrorObject) => {
    const missing = keyword === 'required' ? [params.missingProperty] : [];
    const steps = [...instancePath.split('/').slice(1), ...missing];
    return { field: steps.join('.'), rule: RULES[keyword] ?? 'form' };
  });
}

/**
 * What no operation can mean and no database can keep: half a character, the character zero, an own `__proto__`, a body
 * without end. JSON Schema has no rule for it.
 */
function oddities(value: unknown, levels: number): Place | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() && !value.includes('\0') ? undefined : { field: '', rule: 'text' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return { field: '', rule: 'depth' };
  for (const [name, inside] of Object.entries(value)) {
    if (name === '__proto__') return { field: '', rule: 'unknown' };
    const odd = oddities(name, 1) ?? oddities(inside, levels - 1);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function numbered(query: Readonly<Record<string, unknown>>, whole: ReadonlySet<string>) {
  const number = (name: string, value: unknown) =>
    whole.has(name) && typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, number(name, value)]));
}

/** A body where none is described. */
function unasked(body: unknown): Place[] {
  const isNothing = body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);
  return isNothing ? [] : [{ field: '', rule: 'unknown' }];
}

/** References of the document, from wherever a part of it stands alone. */
function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === '$ref' && typeof value === 'string' ? [key, value.replace(/^#/, `${SELF}#`)] : [key, absolute(value)],
    ),
  );
}

/** Owns `openapi.yaml` as tests hold answers against it: its operations, with every reference in its place. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';

/** What of a JSON Schema tests look at. */
export interface Form {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Form;
  readonly anyOf?: readonly Form[];
  readonly oneOf?: readonly Form[];
  readonly allOf?: readonly Form[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Form>>;
}
export interface Media {
  readonly schema: Form;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
export interface Answer {
  /** Of a request. */
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, Media>>;
}
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Form;
  readonly example?: string;
}
export interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly 'x-role'?: string;
  readonly 'x-role-in-production'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Answer;
  readonly responses: Readonly<Record<string, Answer>>;
}
export interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Answer>>;
    readonly schemas: Readonly<Record<string, Form & { readonly example?: unknown }>>;
    readonly 'x-error-codes': Readonly<Record<string, { readonly status: number; readonly oauth?: string }>>;
  };
}
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const written: Description = load(readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')) as Description;

/** With every reference in its place. */
export const description = resolved(written) as Description;
export const operations: readonly Described[] = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

/** What speaks against a value; nothing where it has the form. */
export function objectionsTo(form: object, value: unknown): readonly unknown[] {
  ajv.validate(form, value);
  return ajv.errors ?? [];
}

export function expectForm(form: object, value: unknown): void {
  expect(objectionsTo(form, value)).toEqual([]);
}

/** The same object for the same reference, so that each is compiled once. */
function resolved(node: unknown, known = new Map<string, unknown>()): unknown {
  if (Array.isArray(node)) return node.map((one) => resolved(one, known));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: string };
  if ($ref === undefined)
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolved(value, known)]));
  const steps = $ref.replace('#/', '').split('/');
  const found = known.get($ref);
  if (found !== undefined) return found;
  const target = resolved(
    steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], written),
    known,
  );
  known.set($ref, target);
  return target;
}

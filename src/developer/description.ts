/**
 * Owns `openapi.yaml` as the hub itself reads it, once a process: for holding its API against it, for the page that shows
 * it, and for giving it to whoever asks.
 */
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** A JSON Schema, of which only what is looked at here has a type. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly [keyword: string]: unknown;
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
}
export interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
export interface Body {
  readonly $ref?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, Media>>;
}
export interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  /** Ways of proving who calls, each with the scopes that a token needs. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
  /** The smallest role in the agency, of developer operations. */
  readonly 'x-role'?: string;
  /** Where another one is needed in production. */
  readonly 'x-role-in-production'?: string;
}
export interface Description {
  readonly info: { readonly title: string; readonly summary: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'schemas' | 'securitySchemes', Readonly<Record<string, Schema>>>> & {
    readonly responses: Readonly<Record<string, Body>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly 'x-error-codes': Readonly<Record<string, { readonly status: number; readonly oauth?: string }>>;
  };
}

let text: string | undefined;
let description: Description | undefined;

function written(): string {
  text ??= readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
  return text;
}

/** The whole of it; references stand as they are written. */
export function readDescription(): Description {
  description ??= load(written()) as Description;
  return description;
}

/** What a reference of the description names, or the node itself where it is none. */
export function found<Node extends object>(node: Node | { readonly $ref: string }): Node {
  const { $ref } = node as { readonly $ref?: string };
  if ($ref === undefined) return node as Node;
  const steps = $ref.replace('#/', '').split('/');
  return steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], readDescription()) as Node;
}

/** As it is given away by a hub that stands at `issuer`, in the two ways in which such a file is written. */
export function publishedDescription(issuer: string): { readonly yaml: string; readonly json: string } {
  const servers = [{ url: issuer }];
  return {
    yaml: written().replace(/^servers:\n(?:[ -].*\n)+/m, `servers:\n  - url: ${JSON.stringify(issuer)}\n`),
    json: JSON.stringify({ ...readDescription(), servers }),
  };
}

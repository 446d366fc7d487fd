/** Owns what the reference of the API shows: every operation, what goes in and what comes out, as `openapi.yaml` has it. */

/** What a value is; its words stand in the texts. */
export type ShownType = 'text' | 'localised' | 'integer' | 'number' | 'boolean' | 'object' | 'choice' | 'anything';
export type ShownRule =
  | 'minLength'
  | 'maxLength'
  | 'minimum'
  | 'maximum'
  | 'minItems'
  | 'maxItems'
  | 'minProperties'
  | 'maxProperties';

/** One field of a body, or one parameter. */
export interface ShownField {
  readonly name: string;
  /** How many fields it stands inside of. */
  readonly level: number;
  readonly isRequired: boolean;
  readonly type: ShownType;
  /** There may be several, in a list. */
  readonly isList: boolean;
  /** Described under this name, further down. */
  readonly form?: string;
  readonly values: readonly string[];
  readonly rules: readonly { readonly rule: ShownRule; readonly value: number }[];
  readonly pattern?: string;
  readonly description?: string;
  /** Of a parameter. */
  readonly place?: 'path' | 'query' | 'header' | 'cookie';
  readonly example?: string;
}

export interface ShownAnswer {
  readonly status: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly form?: string;
  readonly isList: boolean;
  readonly fields: readonly ShownField[];
  /** Of the table of errors. */
  readonly codes: readonly string[];
}

export interface ShownOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Ways of proving who calls; none of them where anybody may. */
  readonly needsFormToken: boolean;
  readonly callers: readonly { readonly scheme: string; readonly scopes: readonly string[] }[];
  /** The smallest role in the agency. */
  readonly role?: string;
  /** Where it is another one in production. */
  readonly roleInProduction?: string;
  readonly parameters: readonly ShownField[];
  readonly body?: { readonly isRequired: boolean; readonly type: string; readonly fields: readonly ShownField[] };
  readonly curl?: string;
  readonly answers: readonly ShownAnswer[];
}

export interface ShownPart {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly operations: readonly ShownOperation[];
}

export interface Reference {
  readonly hub: string;
  /** What is so for all operations, in paragraphs. */
  readonly introduction: readonly { readonly heading?: string; readonly text: string }[];
  readonly parts: readonly ShownPart[];
  /** What several operations take or answer with. */
  readonly forms: readonly {
    readonly name: string;
    readonly description?: string;
    readonly fields: readonly ShownField[];
  }[];
  readonly codes: readonly { readonly code: string; readonly status: number; readonly oauth?: string }[];
}

export interface ReferencePage {
  readonly page: 'developer/reference';
  readonly reference: Reference;
}

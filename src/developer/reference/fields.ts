/** Owns turning a form of `openapi.yaml` into rows that can be read: each field with its type, its limits, its values. */
import type { ShownField, ShownRule, ShownType } from '../../../views/developer/reference.ts';
import { found, type Parameter, type Schema } from '../description.ts';

const RULES: readonly ShownRule[] = [
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
];
/** A form with more fields is described once, by its name, and not wherever it occurs. */
const FEW = 3;
const DEEPEST = 4;

/** Name of a form of its own that a schema refers to. */
export const formName = ({ $ref }: Schema): string | undefined => $ref?.match(/^#\/components\/schemas\/(\w+)$/)?.[1];

/** A schema with its parts in one: what all of them ask for, or what any of several may be. */
export function whole(schema: Schema): Schema {
  const form = found<Schema>(schema);
  if (form.allOf) return form.allOf.map(whole).reduce((one, other) => merged(one, other, 'both'), form);
  const choices = form.anyOf ?? form.oneOf;
  const objects = choices?.map(whole).filter((one) => one.properties);
  if (!objects?.length || objects.length !== choices?.length) return form;
  return { ...form, type: 'object', ...objects.reduce((one, other) => merged(one, other, 'either')) };
}

function merged(one: Schema, other: Schema, how: 'both' | 'either'): Schema {
  const [required = [], more = []] = [one.required, other.required];
  return {
    ...one,
    ...other,
    properties: { ...one.properties, ...other.properties },
    required: how === 'both' ? [...required, ...more] : required.filter((name) => more.includes(name)),
  };
}

/** The fields of a form, those inside another one after it. `link` is told of forms that are described elsewhere. */
export function fieldsOf(schema: Schema, link: (form: string) => void, level = 0): ShownField[] {
  const { properties = {}, required = [], additionalProperties } = whole(schema);
  const more = typeof additionalProperties === 'object' ? { '…': additionalProperties } : {};
  return Object.entries({ ...properties, ...more }).flatMap(([name, property]) =>
    fieldsFrom(name, property, required.includes(name), link, level),
  );
}

function fieldsFrom(
  name: string,
  schema: Schema,
  isRequired: boolean,
  link: (form: string) => void,
  level: number,
): ShownField[] {
  const outer = whole(schema);
  const isList = outer.type === 'array';
  const item: Schema = isList ? (outer.items ?? {}) : schema;
  const inner = isList ? whole(item) : outer;
  const own = formName(item);
  const isApart = own !== undefined && (Object.keys(inner.properties ?? {}).length > FEW || level >= DEEPEST);
  if (isApart) link(own);
  const pattern = inner.pattern as string | undefined;
  const description = schema.description ?? outer.description ?? (isApart ? undefined : inner.description);
  const field: ShownField = {
    name,
    level,
    isRequired,
    type: typeOf(inner),
    isList,
    values: valuesOf(inner),
    rules: rulesOf(isList ? { ...inner, ...outer } : (localised(inner) ?? inner)),
    ...(isApart ? { form: own } : {}),
    ...(pattern === undefined ? {} : { pattern }),
    ...(description === undefined ? {} : { description }),
  };
  const isShown = isApart || field.type === 'localised';
  return [field, ...(isShown || level >= DEEPEST ? [] : fieldsOf(inner, link, level + 1))];
}

/** A parameter as a field. */
export function fieldOfParameter(parameter: Parameter): ShownField {
  const { name, in: place, required = false, description, schema, example } = parameter;
  const [field] = fieldsFrom(name, schema, required, () => {}, 0);
  return {
    ...field!,
    place,
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example: String(example) }),
  };
}

function typeOf(schema: Schema): ShownType {
  if (schema.const !== undefined || schema.enum) return 'choice';
  if (localised(schema)) return 'localised';
  if (schema.properties || schema.additionalProperties) return 'object';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
    case 'boolean':
    case 'object':
      return schema.type;
    default:
      return 'anything';
  }
}

/** What each of the languages is, where a text is asked for in both of them and nothing else. */
function localised({ properties = {} }: Schema): Schema | undefined {
  const { vi, en, ...others } = properties;
  if (vi === undefined || en === undefined || Object.keys(others).length > 0) return undefined;
  const text = found<Schema>(vi);
  return text.type === 'string' ? text : undefined;
}

function valuesOf(schema: Schema): string[] {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.map(String);
}

function rulesOf(schema: Schema): ShownField['rules'] {
  return RULES.flatMap((rule) => (typeof schema[rule] === 'number' ? [{ rule, value: schema[rule] }] : []));
}

/** Owns what the reference page says: `openapi.yaml`, ordered for people. Made once a process and hub. */
import type { Reference, ShownAnswer, ShownOperation, ShownPart } from '../../../views/developer/reference.ts';
import { type Body, found, type Operation, type Parameter, readDescription, type Schema } from '../description.ts';
import { curlOf } from './curl.ts';
import { fieldOfParameter, fieldsOf, formName, whole } from './fields.ts';

/** What whoever opens this page looks for comes first. */
const FIRST = 'Developer';

/** The reference of the hub at `hub`. */
export function createReference(hub: string): Reference {
  const { info, tags, paths, components } = readDescription();
  const linked = new Set<string>();
  const link = (form: string) => void linked.add(form);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      tag: described.tags?.[0],
      operation: shownOperation(hub, method.toUpperCase(), path, described, link),
    })),
  );
  const parts = tags.map(
    ({ name, description }): ShownPart => ({
      id: `part-${name.toLowerCase().replace(/\W+/g, '-')}`,
      name,
      ...(description === undefined ? {} : { description }),
      operations: all.filter(({ tag }) => tag === name).map(({ operation }) => operation),
    }),
  );
  const isFirst = ({ name }: ShownPart) => name.startsWith(FIRST);
  return {
    hub,
    introduction: introductionOf(info.description),
    parts: [...parts.filter(isFirst), ...parts.filter((part) => !isFirst(part))].filter(
      ({ operations }) => operations.length > 0,
    ),
    forms: formsOf(linked, link),
    codes: Object.entries(components['x-error-codes']).map(([code, row]) => ({ code, ...row })),
  };
}

function shownOperation(
  hub: string,
  method: string,
  path: string,
  described: Operation,
  link: (form: string) => void,
): ShownOperation {
  const { operationId: id, summary = '', description, security = [], requestBody, responses } = described;
  const parameters = (described.parameters ?? []).map((one) => found<Parameter>(one));
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const curl = curlOf(hub, method, path, described);
  return {
    id,
    method,
    path,
    summary,
    ...(description === undefined ? {} : { description }),
    callers: security.flatMap((one) => Object.entries(one).map(([scheme, scopes]) => ({ scheme, scopes }))),
    ...(described['x-role'] === undefined ? {} : { role: described['x-role'] }),
    ...(described['x-role-in-production'] === undefined ? {} : { roleInProduction: described['x-role-in-production'] }),
    // Said where it is told who may call.
    needsFormToken: parameters.some(isFormToken),
    parameters: parameters.filter((one) => !isFormToken(one)).map(fieldOfParameter),
    ...(type === undefined || media === undefined
      ? {}
      : { body: { isRequired: requestBody?.required ?? false, type, fields: fieldsOf(media.schema, link) } }),
    ...(curl === undefined ? {} : { curl }),
    answers: Object.entries(responses).map(([status, answer]) => shownAnswer(status, found<Body>(answer), link)),
  };
}

const isFormToken = ({ in: place, name }: Parameter) => place === 'header' && name === 'X-Form-Token';

function shownAnswer(
  status: string,
  { description = '', content = {} }: Body,
  link: (form: string) => void,
): ShownAnswer {
  const media = Object.entries(content);
  const json = media.find(([type]) => type.endsWith('json'))?.[1].schema;
  const codes = codesOf(json);
  const shown = { status, description, types: media.map(([type]) => type), codes };
  if (json === undefined || codes.length > 0) return { ...shown, isList: false, fields: [] };
  const form = formName(json);
  if (form === undefined) return { ...shown, isList: whole(json).type === 'array', fields: fieldsOf(json, link) };
  link(form);
  return { ...shown, form, isList: false, fields: [] };
}

/** Which errors an answer may name. */
function codesOf(schema: Schema | undefined): string[] {
  const error = (schema?.allOf ?? []).flatMap((one) => one.properties?.error?.enum ?? []);
  return error.map(String);
}

/** Every form that something links to, and those that these link to. */
function formsOf(linked: Set<string>, link: (form: string) => void): Reference['forms'] {
  const { schemas } = readDescription().components;
  const shown = new Map<string, Reference['forms'][number]>();
  // A set that is walked also shows what is added on the way.
  for (const name of linked) {
    const schema = schemas[name]!;
    const { description } = schema;
    shown.set(name, { name, ...(description === undefined ? {} : { description }), fields: fieldsOf(schema, link) });
  }
  return [...shown.values()].toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** Paragraphs; one that begins with bold words has them as its heading. */
function introductionOf(description: string): Reference['introduction'] {
  return description
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const [, heading, rest] = /^\*\*(.+?)\.?\*\*\s*([\s\S]*)$/.exec(paragraph) ?? [];
      return heading === undefined ? { text: paragraph } : { heading, text: rest ?? '' };
    });
}

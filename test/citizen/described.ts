/** Owns how tests ask the citizen's API, as rightly or wrongly as they like, and hold its answers against the description. */
import type { Visitor } from '../../sandbox/visitor.ts';
import type { TestCountry } from '../country.ts';
import { type Answer, type Described, description, operations } from '../description.ts';
import { Asker, type Headers, objectionsToAnswer, type Told, type Wire } from '../fuzz/wire.ts';
import { formTokenOf } from './citizen.ts';

export const API = '/citizen/api';
export const ownOperations = operations.filter(({ path }) => path === API || path.startsWith(`${API}/`));
export const operationOf = (id: string): Described =>
  ownOperations.find(({ operation }) => operation.operationId === id)!;

export class OwnApi extends Asker {
  /** Asks rightly, and objects to an answer that is not as described. */
  async ask(id: string, as: Headers, values: Values = {}): Promise<Told> {
    const described = operationOf(id);
    const told = await this.send(rightly(described, as, values));
    const wrong = objections(described, told);
    if (wrong.length > 0) throw new Error(`${id}: ${told.status} ${told.text} ${JSON.stringify(wrong)}`);
    return told;
  }
}

export interface Values {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
}

/** A request as the description has it. */
export function rightly({ method, path }: Described, as: Headers, { parameters = {}, query, body }: Values): Wire {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name] ?? 'none'));
  return {
    method,
    path: query === undefined ? filled : `${filled}?${query}`,
    headers: { ...as, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
  };
}

/** What a script of the visitor's page sends beside its question. */
export async function asPage(country: Pick<TestCountry, 'hub'>, visitor: Visitor): Promise<Headers> {
  const cookies = Object.entries(await visitor.cookies(new URL(API, country.hub)));
  return {
    cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
    'x-form-token': await formTokenOf(country, visitor),
  };
}

export const asBearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** What is answered to a request: of the operation it meets, or that there is none for this method. */
export function operationAt(method: string, pathname: string): Described | undefined {
  const fits = ({ path }: Described) =>
    path === pathname || new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i').test(pathname);
  const met = ownOperations.filter((one) => one.method === method && fits(one));
  return met.find(({ path }) => path === pathname) ?? met[0];
}

/** What of an answer is not as described. */
export function objections(described: Described | undefined, told: Told): readonly unknown[] {
  const { responses: shared } = description.components;
  const answers: Readonly<Record<string, Answer | undefined>> = described
    ? described.operation.responses
    : { 400: shared.CitizenInvalid, 404: shared.CitizenNotFound, 405: shared.CitizenMethod };
  return objectionsToAnswer(answers, told);
}

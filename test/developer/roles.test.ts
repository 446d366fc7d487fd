/** E2: roles on page and API; whatever is another team's is not there. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { developerContract } from '../../src/developer/contract.ts';
import { TOKEN_SCOPES } from '../../src/developer/ports.ts';
import type { TestCountry } from '../country.ts';
import { type ApiAnswer, callApi, type Method, openDeveloperCountry, withToken } from './developer.ts';
import { CAPACITIES, type Capacity, type Case, OPERATION_ROLES } from './operation-roles.ts';
import { type Somebody, signInPeople } from './people.ts';
import { openPlace, type Place, type Roles } from './places.ts';

let country: TestCountry;
let cast: Readonly<Record<Capacity, Somebody>>;
let roles: Roles;
/** Of the owner: by the one scope it has, and by the one it lacks. */
const having = new Map<string, string>();
const lacking = new Map<string, string>();
beforeAll(async () => {
  country = await openDeveloperCountry();
  const people = await signInPeople(country, CAPACITIES.length);
  cast = Object.fromEntries(CAPACITIES.map((capacity, at) => [capacity, people[at]!])) as typeof cast;
  const { reader, developer, owner, registrar } = cast;
  roles = { reader: reader.account, developer: developer.account, owner: owner.account };
  await country.runningHub().store.developer.registrars.add(registrar.account);
  const make = async (scopes: readonly string[]) =>
    (await owner.developer.ask('POST', '/tokens', { name: 'of a test', scopes, days: 1 })).token;
  for (const scope of TOKEN_SCOPES) {
    having.set(scope, await make([scope]));
    lacking.set(scope, await make(TOKEN_SCOPES.filter((one) => one !== scope)));
  }
  lacking.set('session', await make(TOKEN_SCOPES));
});
afterAll(() => country?.close());

const contract = [...developerContract().values()];

test('E2 every operation of the contract says who may call it', () => {
  const unsaid = contract.map(({ id }) => id).filter((id) => OPERATION_ROLES[id] === undefined);
  // Who adds an operation to openapi.yaml adds a row to test/developer/operation-roles.ts.
  expect({ withoutRow: unsaid }).toEqual({ withoutRow: [] });
  const gone = Object.keys(OPERATION_ROLES).filter((id) => !contract.some((one) => one.id === id));
  expect({ rowsOfNothing: gone }).toEqual({ rowsOfNothing: [] });
});

interface Asked {
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
}

/** What a case sends, about this place. */
function askedOf(operation: (typeof contract)[number], one: Case, place: Place, self: string): Asked {
  const params: Readonly<Record<string, string>> = { ...place.params, ...one.params?.(place, self) };
  const path = operation.path.replace(/:(\w+)/g, (_, name) => {
    if (params[name] === undefined) throw new Error(`${operation.id} has a parameter that no place has: ${name}`);
    return params[name];
  });
  return { method: operation.method, path, body: one.body?.(place) };
}

/** In short: how it was refused, or that it was not. What an operation itself says no to is no refusal of the one who asks. */
function told({ status, body }: ApiAnswer): string {
  if (status === 400 || status >= 500) return `${status} ${JSON.stringify(body)}`;
  return [401, 403, 404].includes(status) ? `${status} ${body.error}` : 'admitted';
}

/** By which one sees that nothing was written. */
async function revisionsOf({ params }: Place): Promise<readonly unknown[]> {
  const { agencies, services } = country.runningHub().store.developer;
  const [agency, found] = await Promise.all([agencies.find(params.agency!), services.find(params.service!)]);
  return [agency?.revision, found?.service.revision];
}

describe.each(contract.map((operation) => [operation.id, operation] as const))('E2 %s', (id, operation) => {
  const cases = (OPERATION_ROLES[id] ?? []).map((one, at) => [at + 1, one] as const);
  test.each(cases)('E2 is for those it is for (%d)', async (_at, one) => {
    const { admitted, may, unseen } = one;
    const expected: Record<string, string> = {};
    const seen: Record<string, string> = {};
    const tried = async (who: string, wanted: string, ask: (place: Place) => Promise<ApiAnswer>) => {
      const place = await openPlace(country, roles);
      const before = await revisionsOf(place);
      seen[who] = told(await ask(place));
      expected[who] = wanted;
      if (wanted !== 'admitted')
        expect({ who, revisions: await revisionsOf(place) }).toEqual({ who, revisions: before });
    };
    for (const capacity of CAPACITIES) {
      const { developer, account } = cast[capacity];
      const refused = unseen.includes(capacity) ? '404 not_found' : '403 role_too_small';
      await tried(capacity, may.includes(capacity) ? 'admitted' : refused, (place) => {
        const { method, path, body } = askedOf(operation, one, place, account);
        return developer.call(method, path, body);
      });
    }
    const owner = cast.owner.account;
    const with_ = (headers: Readonly<Record<string, string>>) => (place: Place) => {
      const { method, path, body } = askedOf(operation, one, place, owner);
      return callApi(country, method, path, body, headers);
    };
    if (admitted === 'anybody') return void (await tried('nobody', 'admitted', with_({})));
    await tried('nobody', '401 sign_in_needed', with_({ 'sec-fetch-site': 'same-origin' }));
    await tried('unknown token', '401 sign_in_needed', with_(withToken(`lt_pat_${'x'.repeat(43)}`)));
    const missing = admitted === 'session' ? '403 session_needed' : '403 scope_missing';
    await tried('token without the scope', missing, with_(withToken(lacking.get(admitted)!)));
    if (admitted !== 'session' && may.includes('owner'))
      await tried('token with the scope alone', 'admitted', with_(withToken(having.get(admitted)!)));
    expect(seen).toEqual(expected);
  });
});

test('E2 what belongs to another team is not there below one’s own', async () => {
  const { developer, account } = cast.owner;
  const own = await openPlace(country, roles);
  const other = await openPlace(country, { ...roles, owner: cast.stranger.account });
  const foreign: Readonly<Record<string, string>> = { ...other.params, number: '99', piece: 'nothing-of-ours' };
  const tried: Record<string, string> = {};
  for (const operation of contract) {
    const below = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
    const ids = below.filter((name) => !['agency', 'service', 'environment'].includes(name));
    for (const one of OPERATION_ROLES[operation.id] ?? []) {
      const swapped = (place: Place) => ({
        ...place,
        params: { ...foreign, agency: own.params.agency!, service: own.params.service! },
      });
      if (ids.length === 0 || (ids.includes('account') && one.params)) continue;
      const { method, path, body } = askedOf(operation, one, swapped(other), account);
      const { status } = await developer.call(method, path, body);
      // What has another form than any of ours is told so.
      tried[`${operation.id} ${path.split('/').slice(3).join('/')}`] = status === 400 ? '404' : String(status);
    }
  }
  expect(Object.keys(tried).length).toBeGreaterThan(5);
  expect(Object.entries(tried).filter(([, status]) => status !== '404')).toEqual([]);
});

test('E2 a registrar’s token is no registrar', async () => {
  const { registrar } = cast;
  const { token } = await registrar.developer.ask('POST', '/tokens', { name: 'x', scopes: TOKEN_SCOPES, days: 1 });
  const { params } = await openPlace(country, roles);
  for (const path of [`/agencies/${params.agency}`, `/services/${params.service}`])
    expect(told(await callApi(country, 'GET', path, undefined, withToken(token)))).toBe('404 not_found');
});

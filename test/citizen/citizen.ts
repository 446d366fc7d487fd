/** Owns how tests come to the citizen's page, and ask its API as its own pages would. */
import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { type RegisterEntry, WAYS } from '../../sandbox/expected/ways.ts';
import type { Page, Visitor } from '../../sandbox/visitor.ts';
import { sessionsOf } from '../../src/oidc/own-sessions.ts';
import { groupOf } from '../../src/oidc/session.ts';
import type { Json } from '../../src/store.ts';
import {
  AN,
  AN_INSURED,
  AN_NUMBER,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  type TestCountry,
} from '../country.ts';

/** How somebody proves who they are at the hub's choice page. */
export type Proof = (visitor: Visitor) => Promise<Page>;

export const byTaxCode =
  (account: { readonly taxCode: string; readonly password: string } = AN): Proof =>
  (visitor) =>
    proveByTaxCode(visitor, account);
export const bySocialInsurance =
  (account: { readonly socialInsuranceNumber: string; readonly password: string } = AN_INSURED): Proof =>
  (visitor) =>
    proveBySocialInsurance(visitor, account);
/** With the app, at the source's own level; there is an account for every personal number. */
export const byNationalEid =
  (personalNumber = AN_NUMBER): Proof =>
  (visitor) =>
    proveByNationalEid(visitor, { personalNumber, level: '2' });
/** The phone, and the card, of An. */
export const byMobileId = (country: Pick<TestCountry, 'control'>): Proof =>
  byWay(country, 'mobile-id', '+84912000011', { idNumber: AN_NUMBER, result: 'OK' });
export const byCard = (country: Pick<TestCountry, 'control'>): Proof =>
  byWay(country, 'digital-signature', 'CARD-AN', {});

function byWay({ control }: Pick<TestCountry, 'control'>, source: string, login: string, entry: RegisterEntry): Proof {
  return async (visitor) => {
    // Who was led straight to it has passed the choice.
    if (visitor.page.code === 'choose_source') await visitor.press(`source=${source}`);
    await WAYS[source]!(visitor, login, entry, new ControlClient(control));
    return visitor.page;
  };
}

/** Signs in once more, as for a change that needs it, and comes back to a page of the citizen's. */
export async function signInAnew(
  country: Pick<TestCountry, 'hub'>,
  visitor: Visitor,
  prove: Proof,
  back = '/citizen/ways',
): Promise<Page> {
  const query = new URLSearchParams({ back, fresh: 'yes' });
  await visitor.open(new URL(`/citizen/sign-in?${query}`, country.hub));
  return prove(visitor);
}

/** Opens a page of the citizen's and signs in on the way, where that is asked for. */
export async function signInToPage(
  country: Pick<TestCountry, 'hub'>,
  visitor: Visitor,
  prove: Proof = byTaxCode(),
  path = '/citizen',
): Promise<Page> {
  let page = await visitor.open(new URL(path, country.hub));
  if (page.code === 'choose_source') page = await prove(visitor);
  if (page.code === 'continue_as') page = await visitor.press('decision=continue');
  return page;
}

/** Resolves when the hub has looked for changes whose time has come, by the clock of now: it found one of its own. */
export async function hasLookedForDue(country: Pick<TestCountry, 'runningHub'>, person: string): Promise<void> {
  const { waiting } = country.runningHub().store.own;
  const [id, now] = [randomUUID(), Date.now()];
  const mark = { id, person, kind: 'unblock', detail: { source: 'nowhere' }, requestedAt: now, dueAt: now } as const;
  await waiting.request(mark, id, { entries: [] });
  await until(async () => (await waiting.of(person)).every((one) => one.id !== id));
}

/** Looks until something is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the operation answers with
  readonly body: any;
}

export interface ApiCall {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
  /** Sent as `x-form-token`; the visit's own, as its pages have it, unless told. */
  readonly formToken?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the API as a script of the page would: with the visitor's cookies and the token of its forms. */
export async function callApi(
  country: Pick<TestCountry, 'hub'>,
  visitor: Visitor,
  path: string,
  { method = 'GET', body, headers = {}, ...call }: ApiCall = {},
): Promise<ApiAnswer> {
  const address = new URL(`/citizen/api${path}`, country.hub);
  const token =
    'formToken' in call ? call.formToken : method === 'POST' ? await formTokenOf(country, visitor) : undefined;
  const cookies = Object.entries(await visitor.cookies(address)).map(([name, value]) => `${name}=${value}`);
  const answer = await request(address, {
    method,
    headers: {
      cookie: cookies.join('; '),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { 'x-form-token': token } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.body.text();
  const type = String(answer.headers['content-type'] ?? '');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: type.startsWith('application/json') ? JSON.parse(text) : text,
  };
}

/** The token in every form of the visitor's pages. */
export async function formTokenOf(country: Pick<TestCountry, 'hub'>, visitor: Visitor): Promise<string> {
  const tab = visitor.newTab();
  const page = await tab.open(new URL('/citizen', country.hub));
  return page.$('input[name=form_token]').first().attr('value') ?? '';
}

/** As if whoever is signed in with this personal number had done so so many seconds earlier. */
export async function ageSignIns(country: TestCountry, seconds: number, personalNumber = AN_NUMBER): Promise<void> {
  const { people, state } = country.runningHub().store;
  const person = (await people.findHolder(personalNumber))!;
  for (const { uid, authentications = {}, ...session } of await sessionsOf(state, person)) {
    const aged = Object.entries(authentications).map(([id, made]) => [
      id,
      { ...made, authTime: made.authTime - seconds },
    ]);
    const value = { uid, ...session, authentications: Object.fromEntries(aged) };
    await state.put('Session', uid, value as unknown as Json, 1_800, groupOf(person));
  }
}

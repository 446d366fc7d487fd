/**
 * Owns the stage of the drill of the developer console: two machines with two workers each, both issuers on servers, people
 * who may have services live; and what a service and its citizens see of it, at every process. Opened by who imports it.
 */
import { afterAll, beforeAll, expect } from '@jest/globals';
import { openStore } from '../../adapters/store.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import type { Configuration } from '../../src/config.ts';
import type { Hub } from '../../src/hub.ts';
import type { Store } from '../../src/store.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault, type Vault } from '../../src/vault/vault.ts';
import type { TestCountry } from '../country.ts';
import { type Cast, codeFrom, type Opened, openCast, openLiveService, redirectOf } from '../developer/production.ts';
import { CHALLENGE, VERIFIER } from '../oidc/asking.ts';
import { basic, post, type Sent, together, userinfo } from '../oidc/redeeming.ts';
import { openStage, STAGING } from './stage.ts';

export type Side = 'hub' | 'sandbox';
export const SIDES = ['hub', 'sandbox'] as const;

export const WORKERS = 2;
export const MACHINES = 2;
/** Milliseconds within which every process knows. */
const KNOWN = 2_000;

export const stage = openStage({ machines: MACHINES, workers: WORKERS, sandboxIssuer: true, watched: true });

/** The country with the stores of both issuers open in this process, too. */
export let country: TestCountry;
export let cast: Cast;
export let vaults: Readonly<Record<Side, Vault>>;
let stores: readonly Store[] = [];
beforeAll(async () => {
  const { configuration } = stage.country;
  const hubs = await Promise.all([configuration, configuration.sandbox!].map(openHere));
  const [hub, sandbox] = hubs as [Opening, Opening];
  stores = hubs.map(({ store }) => store);
  vaults = { hub: hub.vault, sandbox: sandbox.vault };
  country = { ...stage.country, runningHub: () => ({ ...hub, sandbox }) as unknown as Hub };
  cast = await openCast(country);
}, STAGING);
afterAll(async () => void (await Promise.allSettled(stores.map((store) => store.close()))), STAGING);

type Opening = Pick<Hub, 'store' | 'vault'>;
async function openHere({ keys, dataDirectory, databaseUrl, stateUrl }: Configuration): Promise<Opening> {
  const vault = createVault(loadKeys(keys));
  const store = await openStore({ directory: dataDirectory, databaseUrl, stateUrl, vault, clock: Date.now });
  return { store, vault };
}

/** One of the issuers, past the balancer when told a machine. Browsers send their cookies there, too: they know of no ports. */
export function at(side: Side, machine?: number): TestCountry {
  const { machines } = stage.country;
  if (machine === undefined) return side === 'hub' ? country : { ...country, hub: country.sandboxIssuer!.url };
  const { url, sandboxUrl } = machines[machine]!;
  return { ...country, hub: side === 'hub' ? url.replace('127.0.0.1', 'localhost') : sandboxUrl! };
}

/** What every process says: the workers of a machine take new connections in turn. */
export async function everywhere<T>(side: Side, ask: (one: TestCountry) => Promise<T>): Promise<T[]> {
  const ofMachine = async (_: unknown, machine: number) => {
    const answers: T[] = [];
    for (let n = 0; n < 2 * WORKERS; n += 1) answers.push(await ask(at(side, machine)));
    return answers;
  };
  return (await Promise.all(Array.from({ length: MACHINES }, ofMachine))).flat();
}

/** Looks until every process says so; whatever is asked later than the time allowed has to be so. */
export async function soEverywhere(
  side: Side,
  ask: (one: TestCountry) => Promise<unknown>,
  wanted: unknown,
): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const waited = performance.now() - begun;
    const answers = await everywhere(side, ask);
    const all = answers.every((answer) => answer === wanted);
    if (all) return;
    if (waited > KNOWN) expect([waited, answers]).toEqual([waited, answers.map(() => wanted)]);
  }
}

export const clientOf = (side: Side, service: string) => (side === 'hub' ? service : `${service}-sandbox`);

export function requestOf(side: Side, service: string, redirect = redirectOf(service)): string {
  const parameters = new URLSearchParams({
    client_id: clientOf(side, service),
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'openid profile',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  return `/authorize?${parameters}`;
}

/** What a new browser that comes from a service is told first: the way on, or the code of a page. */
export const pressed =
  (side: Side, service: string, redirect?: string) =>
  async ({ hub }: TestCountry): Promise<string> => {
    const address = new URL(requestOf(side, service, redirect), hub);
    const answer = await fetch(address, { redirect: 'manual', headers: { connection: 'close' } });
    const page = await answer.text();
    return answer.status === 303 ? 'goes on' : (/data-code="([\w]+)"/.exec(page)?.[1] ?? String(answer.status));
  };

/** A service that is live at both issuers, and known to every process. */
export async function openLive(): Promise<Opened> {
  const opened = await openLiveService(country, cast);
  await Promise.all(SIDES.map((side) => soEverywhere(side, pressed(side, opened.service), 'goes on')));
  return opened;
}

/** A whole sign-in at one of the issuers, up to what the service's server sends then. */
export async function redemptionAt(side: Side, { service, secrets }: Opened): Promise<Sent> {
  const visitor = new Visitor({ stopsBefore: ({ hostname }) => hostname.endsWith('.example') });
  await visitor.open(new URL(requestOf(side, service), at(side).hub));
  const code = await codeFrom(visitor);
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectOf(service),
    code_verifier: VERIFIER,
  };
  const secret = side === 'hub' ? secrets.production : secrets.sandbox;
  return together({ fields }, basic(clientOf(side, service), secret));
}

/** The same up to the access token. */
export async function tokenAt(side: Side, opened: Opened): Promise<string> {
  const answer = await post(at(side), '/token', await redemptionAt(side, opened));
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text.slice(0, 200)}`);
  return answer.body.access_token;
}

export const fate = (token: string) => async (one: TestCountry) => (await userinfo(one, token)).status;

export async function serviceOf(id: string) {
  return (await country.runningHub().store.developer.services.find(id))!.service;
}

/** What processes have failed in by themselves: that one was killed their primary tells, too. */
export const failures = () =>
  stage.country
    .logs()
    .split('\n')
    .filter((line) => line.includes('"code":"internal_error"') && !line.includes('"worker":'));

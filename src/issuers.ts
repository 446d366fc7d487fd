/**
 * Owns the settings of a whole start: those of the hub, and those of the sandbox issuer beside it, if there is one. The two
 * must have nothing in common: no address, no store, no key.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { readPostgresAddress } from '../adapters/postgres/address.ts';
import { readStateUrl } from '../adapters/redis/url.ts';
import { EMBEDDED } from '../adapters/store.ts';
import { type Configuration, type ConfigurationResult, readHubConfiguration } from './config.ts';
import { KeysUnusable, loadKeys } from './vault/keys.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the settings from the environment, and those of the sandbox issuer from the file `HUB_SANDBOX`; lists all wrong ones. */
export function readConfiguration(env: Env): ConfigurationResult {
  const hub = readHubConfiguration(env);
  if (!env.HUB_SANDBOX) return hub;
  const beside = readBeside(env.HUB_SANDBOX);
  const problems = [...(hub.ok ? [] : hub.problems), ...(beside.ok ? [] : beside.problems.map(ofSandbox))];
  if (!hub.ok || !beside.ok) return { ok: false, problems };
  const shared = inCommon(hub.configuration, beside.configuration).map(ofSandbox);
  if (shared.length > 0) return { ok: false, problems: shared };
  return { ok: true, configuration: { ...hub.configuration, sandbox: { ...beside.configuration, simulator: true } } };
}

const ofSandbox = (problem: string) => `HUB_SANDBOX ${problem}`;

/** Its file is written like an environment; its clients come from the console of the hub it stands beside. */
function readBeside(file: string): ConfigurationResult {
  let env: Env;
  try {
    env = parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return { ok: false, problems: ['is no readable file of settings'] };
  }
  const unexpected = ['HUB_CLIENTS', 'HUB_SANDBOX', 'HUB_WATCH_PORT', 'WORKERS'].filter((name) => env[name]);
  const mode = env.HUB_MODE ?? 'sandbox';
  const problems = [
    ...unexpected.map((name) => `${name}: has no place there`),
    ...(mode === 'sandbox' ? [] : ['HUB_MODE: is always sandbox there']),
  ];
  const read = readHubConfiguration({ ...env, HUB_MODE: 'sandbox' }, 'beside');
  if (problems.length > 0) return { ok: false, problems: [...problems, ...(read.ok ? [] : read.problems)] };
  return read;
}

/** What the two would share. */
function inCommon(hub: Configuration, sandbox: Configuration): string[] {
  const problems: string[] = [];
  const { mode, workers = 1 } = hub;
  if (sandbox.issuer === hub.issuer) problems.push('HUB_ISSUER: is that of the hub');
  else if (mode === 'production' && new URL(sandbox.issuer).hostname === new URL(hub.issuer).hostname)
    problems.push(
      'HUB_ISSUER: has the host of the hub: a browser tells cookies of the one from the other’s by nothing else',
    );
  if (sandbox.port === hub.port && sandbox.port !== 0) problems.push('HUB_PORT: is that of the hub');
  if (sandbox.dataDirectory === hub.dataDirectory) problems.push('HUB_DATA: is that of the hub');
  for (const [name, setting, places] of [
    ['DATABASE_URL', 'databaseUrl', placesOfDatabase],
    ['STATE_URL', 'stateUrl', placesOfState],
  ] as const) {
    const [own = EMBEDDED, its = EMBEDDED] = [sandbox[setting], hub[setting]];
    if (own === EMBEDDED && workers > 1)
      problems.push(`${name}: WORKERS of the hub need a server: a file is for one process`);
    if (own === EMBEDDED || its === EMBEDDED) continue;
    const taken = new Set(places(its));
    if (places(own).some((place) => taken.has(place))) problems.push(`${name}: is that of the hub`);
  }
  if (shareKeys(hub, sandbox)) problems.push('HUB_KEYS: has a key of the hub’s');
  if (mode === 'production' && !sandbox.issuer.startsWith('https:'))
    problems.push('HUB_ISSUER: beside a production hub it is reached over https only');
  if (mode === 'production' && sandbox.outgoing.allowLoopback)
    problems.push('HUB_OUTGOING_LOOPBACK: beside a production hub nothing is fetched from its own machine');
  return problems;
}

/** Where its tables are, however the address says it: with another user or other parameters they are the same. */
function placesOfDatabase(address: string): string[] {
  const { place, client } = readPostgresAddress(address);
  const schema = /search_path=(\S+)/.exec(client.options ?? '')?.[1] ?? '';
  return [`${ofThisMachine(place)} ${schema}`];
}

/** Each of its servers. */
function placesOfState(address: string): string[] {
  return readStateUrl(address).nodes.map(({ host, port }) => ofThisMachine(`${host}:${port}`));
}

const ofThisMachine = (place: string) => place.toLowerCase().replace(/^(localhost|::1)(?=:\d)/, '127.0.0.1');

/** Whether any secret stands in both files of keys. */
function shareKeys(hub: Configuration, sandbox: Configuration): boolean {
  try {
    const own = secretsIn(loadKeys(hub.keys));
    return [...secretsIn(loadKeys(sandbox.keys))].some((secret) => own.has(secret));
  } catch (error) {
    // Told by the start, in its own words.
    if (error instanceof KeysUnusable) return false;
    throw error;
  }
}

/** Every text long enough to be a secret, however the file names it. */
function secretsIn(node: unknown): Set<string> {
  if (typeof node === 'string') return new Set(node.length >= 32 ? [node] : []);
  if (typeof node !== 'object' || node === null) return new Set();
  return new Set(Object.values(node).flatMap((one) => [...secretsIn(one)]));
}

/** Owns every setting of the hub: one schema, read once at the start, all mistakes told at once. */
import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { readPostgresAddress } from '../adapters/postgres/address.ts';
import { readStateUrl } from '../adapters/redis/url.ts';
import { EMBEDDED } from '../adapters/store.ts';
import { HISTORY_YEARS } from './background/retention.ts';
import { readClients } from './clients.ts';
import { readSwitches } from './login/source-switches.ts';
import { readMailbox, readSmtpAddress } from './messaging/mail-address.ts';
import type { SimulatorTimes } from './simulator/simulator.ts';
import { readSources, type SourceSettings } from './sources.ts';
import { readTestPeople, type TestPerson } from './test-people.ts';
import { type KeysFrom, KeysUnusable, loadKeys } from './vault/keys.ts';
import { START_PATIENCE } from './watching/start-patience.ts';
import type { WatchAddress } from './watching/watching.ts';
import { readProxies } from './web/client-address.ts';
import type { LimitSettings } from './web/limits.ts';
import type { OutgoingSettings } from './web/outgoing.ts';
import { readPrivateNetworks } from './web/public-address.ts';

const whole = (fallback: number, minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(fallback);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

/** Whether a list is one that `read` can read. */
const readableBy = (read: (list: readonly string[]) => unknown) => (list: readonly string[]) => {
  try {
    read(list);
    return true;
  } catch {
    return false;
  }
};

/** A text that `read` can read. */
const readable = (read: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (error) {
      // What is wrong, never the text: it may hold a password.
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

/** The address of an engine: the file of this machine, or a server whose address `read` takes. */
const engine = (read: (address: string) => unknown) =>
  readable((address) => address === EMBEDDED || read(address)).default(EMBEDDED);

/** A file of authorities that is not there is to be told at the start, not with the first letter. */
function readUsableSmtpAddress(text: string): void {
  const { ca } = readSmtpAddress(text);
  if (ca !== undefined) accessSync(ca, constants.R_OK);
}

const environment = z.object({
  DATABASE_URL: engine(readPostgresAddress),
  STATE_URL: engine(readStateUrl),
  WORKERS: whole(1, 1, 64),
  HUB_MODE: z.enum(['production', 'sandbox']).default('production'),
  HUB_ISSUER: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
  HUB_PORT: whole(3000, 0, 65_535),
  HUB_HOST: z.string().default('127.0.0.1'),
  HUB_DATA: z.string().min(1, 'names the folder of the store'),
  /** One of the two; keysFrom says which is wrong. */
  HUB_KEYS: z.string().optional(),
  /** What the file would hold, from whatever keeps the secrets; never told to anybody. */
  HUB_KEYS_JSON: z.string().optional(),
  HUB_CLIENTS: z.string().min(1, 'names the file of registered clients'),
  HUB_SOURCES: z.string().min(1, 'names the file of sources'),
  HUB_SWITCHES: z.string().min(1).optional(),
  /** A file of settings like these, of the issuer at which services are tried with made-up people. */
  HUB_SANDBOX: z.string().min(1).optional(),
  /** Of a sandbox issuer: the made-up people whom its sources know. */
  HUB_TEST_PEOPLE: z.string().min(1).optional(),
  HUB_REGISTER_URL: z.url(),
  HUB_REGISTER_KEY: z.string().min(16, 'is at least 16 characters'),
  HUB_SMTP_URL: readable(readUsableSmtpAddress).optional(),
  HUB_MAIL_FROM: readable(readMailbox).optional(),
  HUB_SMS_URL: z.url({ protocol: /^https?$/ }).optional(),
  HUB_SMS_KEY: z.string().min(16, 'is at least 16 characters').optional(),
  HUB_HOTLINE: z
    .string()
    .regex(/^[0-9 +]{3,20}$/)
    .default('1900 0000'),
  HUB_MINIMUM_AGE: whole(14, 0, 30),
  HUB_HISTORY_YEARS: whole(HISTORY_YEARS, 1, 100),
  HUB_PATIENCE: whole(4_500, 100, 4_500),
  HUB_OUTGOING_LOOPBACK: z.stringbool().default(false),
  HUB_OUTGOING_NETWORKS: list.refine(readableBy(readPrivateNetworks), 'names private networks only, as 10.20.0.0/16'),
  HUB_TRUSTED_PROXIES: list.refine(readableBy(readProxies), 'names addresses or networks, as 10.0.0.5,10.1.0.0/24'),
  HUB_WATCH_PORT: whole(0, 0, 65_535),
  HUB_WATCH_HOST: z.string().default('127.0.0.1'),
  HUB_START_PATIENCE: whole(START_PATIENCE, 0, 3_600_000),
  HUB_DRAIN: whole(0, 0, 60_000),
  HUB_LIMIT_ADDRESS: whole(300, 10, 1_000_000),
  HUB_LIMIT_BROWSER: whole(30, 5, 1_000_000),
  HUB_LIMIT_CLIENT: whole(6_000, 10, 1_000_000),
  HUB_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

export interface Configuration {
  readonly mode: 'production' | 'sandbox';
  /** Where what must last is kept, and protocol state; the file in `dataDirectory` when not said. */
  readonly databaseUrl?: string;
  readonly stateUrl?: string;
  /** Processes on this machine that serve; one when not said. */
  readonly workers?: number;
  /** OpenID issuer: scheme and authority, no trailing slash. */
  readonly issuer: string;
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly keys: KeysFrom;
  readonly clientsFile: string;
  readonly sources: readonly SourceSettings[];
  /** Read again and again while the hub runs (login/source-switches.ts). */
  readonly switchesFile?: string;
  readonly register: { readonly url: string; readonly key: string };
  /** How citizens are written to; what is absent the hub does not offer them. */
  readonly mail?: { readonly url: string; readonly from: string };
  readonly sms?: { readonly url: string; readonly key: string };
  readonly hotline: string;
  /** Years; younger citizens need a parent or guardian. */
  readonly minimumAge: number;
  /** For which persons see what happened; then it is tied to nobody any more. */
  readonly historyYears?: number;
  /** Milliseconds a citizen waits at one step for a source and the register together. */
  readonly patience: number;
  /** How names are resolved, when not by the system: no setting, for tests. */
  readonly outgoing: Pick<OutgoingSettings, 'allowLoopback' | 'privateNetworks' | 'lookup'>;
  /** Networks whose word on where a request comes from is taken. */
  readonly trustedProxies: readonly string[];
  readonly limits: LimitSettings;
  /** Milliseconds between tries to deliver what waits in the outbox, when not the usual ones; no setting, for tests. */
  readonly deliveryPauses?: readonly number[];
  /** Milliseconds between questions to the register what has changed, when not the usual ones; no setting, for tests. */
  readonly registerInterval?: number;
  /** Milliseconds between looks for what stands under former keys, when not the usual ones; no setting, for tests. */
  readonly renewalInterval?: number;
  /** Milliseconds between tellings of what developers see, when not the usual ones; for tests. */
  readonly sightingsInterval?: number;
  /** Milliseconds for which a citizen's change waits, and between looks for those, when not the usual ones; for tests. */
  readonly changeWait?: number;
  readonly changeInterval?: number;
  /** Where `/livez`, `/readyz` and `/metrics` answer; nowhere when absent. */
  readonly watch?: WatchAddress;
  /** Milliseconds that the start waits for the engines of the store. */
  readonly startPatience?: number;
  /** Milliseconds between saying that it is not ready any more and taking no more requests, at a stop. */
  readonly drain?: number;
  readonly logLevel: string;
  /** Of the issuer at which services are tried; without one there is no developer console. */
  readonly sandbox?: Configuration;
  /** Whether services are answered wrongly when their developers ask for it; no setting: a sandbox issuer is made so. */
  readonly simulator?: boolean;
  /** At a sandbox issuer: whom developers are told of to try with. */
  readonly testPeople?: readonly TestPerson[];
  /** How long that takes, when not as usual; no setting, for tests. */
  readonly simulatorTimes?: SimulatorTimes;
}

export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads the settings of one hub; lists every wrong one rather than the first, those in the named files too. One that stands
 * `beside` another has no file of clients.
 */
export function readHubConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  standing: 'alone' | 'beside' = 'alone',
): ConfigurationResult {
  const schema = standing === 'alone' ? environment : environment.extend({ HUB_CLIENTS: z.string().default('') });
  const parsed = schema.safeParse(env);
  const problems = (parsed.error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${env[String(path[0])] === undefined ? 'is missing' : message}`,
  );
  const mode = env.HUB_MODE === 'sandbox' ? 'sandbox' : 'production';
  const testPeople = env.HUB_TEST_PEOPLE ? readTestPeople(env.HUB_TEST_PEOPLE, problems) : undefined;
  const sources = env.HUB_SOURCES ? readSources(env.HUB_SOURCES, mode, problems) : [];
  if (env.HUB_SWITCHES) problems.push(...switchProblems(env.HUB_SWITCHES, sources));
  problems.push(...unsafeSettings(mode, env));
  const keys = keysFrom(env, problems);
  if (env.HUB_CLIENTS) readClients(env.HUB_CLIENTS, mode, problems);
  if (problems.length > 0 || !parsed.success || !keys) return { ok: false, problems };
  const settings = parsed.data;
  return {
    ok: true,
    configuration: {
      mode,
      databaseUrl: settings.DATABASE_URL,
      stateUrl: settings.STATE_URL,
      workers: settings.WORKERS,
      issuer: new URL(settings.HUB_ISSUER).origin,
      port: settings.HUB_PORT,
      host: settings.HUB_HOST,
      dataDirectory: settings.HUB_DATA,
      keys,
      clientsFile: settings.HUB_CLIENTS,
      sources,
      ...(settings.HUB_SWITCHES ? { switchesFile: settings.HUB_SWITCHES } : {}),
      ...(testPeople ? { testPeople } : {}),
      register: { url: settings.HUB_REGISTER_URL, key: settings.HUB_REGISTER_KEY },
      ...(settings.HUB_SMTP_URL && settings.HUB_MAIL_FROM
        ? { mail: { url: settings.HUB_SMTP_URL, from: settings.HUB_MAIL_FROM } }
        : {}),
      ...(settings.HUB_SMS_URL && settings.HUB_SMS_KEY
        ? { sms: { url: settings.HUB_SMS_URL, key: settings.HUB_SMS_KEY } }
        : {}),
      hotline: settings.HUB_HOTLINE,
      minimumAge: settings.HUB_MINIMUM_AGE,
      historyYears: settings.HUB_HISTORY_YEARS,
      patience: settings.HUB_PATIENCE,
      outgoing: { allowLoopback: settings.HUB_OUTGOING_LOOPBACK, privateNetworks: settings.HUB_OUTGOING_NETWORKS },
      trustedProxies: settings.HUB_TRUSTED_PROXIES,
      limits: {
        perAddress: settings.HUB_LIMIT_ADDRESS,
        perBrowser: settings.HUB_LIMIT_BROWSER,
        perClient: settings.HUB_LIMIT_CLIENT,
      },
      ...(settings.HUB_WATCH_PORT > 0
        ? { watch: { host: settings.HUB_WATCH_HOST, port: settings.HUB_WATCH_PORT } }
        : {}),
      startPatience: settings.HUB_START_PATIENCE,
      drain: settings.HUB_DRAIN,
      logLevel: settings.HUB_LOG_LEVEL,
    },
  };
}

/** Settings that mean something together only. */
const PAIRS = [
  ['HUB_SMTP_URL', 'HUB_MAIL_FROM'],
  ['HUB_SMS_URL', 'HUB_SMS_KEY'],
] as const;

/** What is refused although each value is well formed. Told of settings that are right beside others that are not. */
function unsafeSettings(mode: Configuration['mode'], env: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = [];
  const wellFormed = <Name extends keyof typeof environment.shape>(name: Name) =>
    environment.shape[name].safeParse(env[name]).data as z.infer<typeof environment>[Name] | undefined;
  const embedded = (['DATABASE_URL', 'STATE_URL'] as const).filter((name) => wellFormed(name) === EMBEDDED);
  if ((wellFormed('WORKERS') ?? 1) > 1 && embedded.length > 0)
    problems.push(`WORKERS: more than one need servers in ${embedded.join(' and ')}: a file is for one process`);
  // A half of a pair would silently be a channel that is not there.
  for (const [one, other] of PAIRS) {
    if (!env[one] === !env[other]) continue;
    problems.push(env[one] ? `${other}: is missing beside ${one}` : `${one}: is missing beside ${other}`);
  }
  const issuer = URL.parse(wellFormed('HUB_ISSUER') ?? '');
  if (issuer && issuer.href !== `${issuer.origin}/`) problems.push('HUB_ISSUER: has no path, query or fragment');
  if (mode !== 'production') return problems;
  if (env.HUB_TEST_PEOPLE) problems.push('HUB_TEST_PEOPLE: a production hub knows nobody who is made up');
  if (issuer && issuer.protocol !== 'https:') problems.push('HUB_ISSUER: a production hub is reached over https only');
  if (wellFormed('HUB_OUTGOING_LOOPBACK'))
    problems.push('HUB_OUTGOING_LOOPBACK: a production hub never fetches from itself');
  if (URL.parse(wellFormed('HUB_REGISTER_URL') ?? '')?.protocol === 'http:')
    problems.push('HUB_REGISTER_URL: a production hub asks the register over https only');
  if (URL.parse(wellFormed('HUB_SMS_URL') ?? '')?.protocol === 'http:')
    problems.push('HUB_SMS_URL: a production hub hands messages over by https only');
  return problems;
}

/** Where the keys are, once they have been looked at; nothing, and the problem, when they cannot be used. */
function keysFrom(env: Readonly<Record<string, string | undefined>>, problems: string[]): KeysFrom | undefined {
  const { HUB_KEYS: file, HUB_KEYS_JSON: json } = env;
  if (file && json) problems.push('HUB_KEYS_JSON: stands beside HUB_KEYS; one of the two');
  else if (!file && !json) problems.push('HUB_KEYS: is missing');
  if (file ? json : !json) return undefined;
  const from = file ? { file } : { json: json! };
  try {
    loadKeys(from);
    return from;
  } catch (error) {
    if (!(error instanceof KeysUnusable)) throw error;
    problems.push(`${file ? 'HUB_KEYS' : 'HUB_KEYS_JSON'}: ${error.message}`);
    return undefined;
  }
}

function switchProblems(path: string, sources: readonly SourceSettings[]): string[] {
  try {
    readSwitches(
      path,
      sources.map(({ id }) => id),
    );
    return [];
  } catch {
    return ['HUB_SWITCHES: is no switches file of these sources'];
  }
}

/** Owns the settings of the sandbox's hub as a production start reads them: for a hub in processes of its own. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration } from '../src/config.ts';

/**
 * The environment for `npm run start:production`; the sources file is written into the folder of the data, and so are the
 * settings of the sandbox issuer.
 */
export async function hubEnvironment(configuration: Configuration, directory: string): Promise<Record<string, string>> {
  const { sandbox } = configuration;
  const environment = await environmentOf(configuration, directory);
  if (sandbox === undefined) return environment;
  const beside = path.join(directory, 'sandbox-issuer');
  const { HUB_CLIENTS: _clients, WORKERS: _workers, ...settings } = await environmentOf(sandbox, beside);
  const file = path.join(beside, 'sandbox.env');
  await writeEnvironment(file, settings);
  return { ...environment, HUB_SANDBOX: file };
}

/** A file of settings, as `node --env-file` reads it. */
export async function writeEnvironment(file: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
}

async function environmentOf(configuration: Configuration, directory: string): Promise<Record<string, string>> {
  const { keys, databaseUrl, stateUrl, workers, switchesFile, outgoing, limits, mail, sms } = configuration;
  const sources = path.join(directory, 'sources.json');
  await writeFile(sources, `${JSON.stringify(configuration.sources, null, 2)}\n`, { mode: 0o600 });
  const people = path.join(directory, 'test-people.json');
  if (configuration.testPeople) await writeFile(people, `${JSON.stringify(configuration.testPeople, null, 2)}\n`);
  return {
    HUB_MODE: configuration.mode,
    HUB_ISSUER: configuration.issuer,
    HUB_PORT: String(configuration.port),
    HUB_HOST: configuration.host,
    HUB_DATA: configuration.dataDirectory,
    ...('file' in keys ? { HUB_KEYS: keys.file } : { HUB_KEYS_JSON: keys.json }),
    HUB_CLIENTS: configuration.clientsFile,
    HUB_SOURCES: sources,
    ...(switchesFile === undefined ? {} : { HUB_SWITCHES: switchesFile }),
    ...(configuration.testPeople ? { HUB_TEST_PEOPLE: people } : {}),
    HUB_REGISTER_URL: configuration.register.url,
    HUB_REGISTER_KEY: configuration.register.key,
    ...(mail === undefined ? {} : { HUB_SMTP_URL: mail.url, HUB_MAIL_FROM: mail.from }),
    ...(sms === undefined ? {} : { HUB_SMS_URL: sms.url, HUB_SMS_KEY: sms.key }),
    HUB_HOTLINE: configuration.hotline,
    HUB_MINIMUM_AGE: String(configuration.minimumAge),
    HUB_PATIENCE: String(configuration.patience),
    HUB_OUTGOING_LOOPBACK: String(outgoing.allowLoopback),
    HUB_OUTGOING_NETWORKS: outgoing.privateNetworks.join(','),
    HUB_TRUSTED_PROXIES: configuration.trustedProxies.join(','),
    HUB_LIMIT_ADDRESS: String(limits.perAddress),
    HUB_LIMIT_BROWSER: String(limits.perBrowser),
    HUB_LIMIT_CLIENT: String(limits.perClient),
    HUB_LOG_LEVEL: configuration.logLevel,
    ...(configuration.drain === undefined ? {} : { HUB_DRAIN: String(configuration.drain) }),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(stateUrl === undefined ? {} : { STATE_URL: stateUrl }),
    ...(workers === undefined ? {} : { WORKERS: String(workers) }),
  };
}

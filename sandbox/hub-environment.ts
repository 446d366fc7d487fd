/** Owns the settings of the sandbox's hub as a production start reads them: for a hub in processes of its own. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration } from '../src/config.ts';

/** The environment for `npm run start:production`; the sources file is written into the folder of the data. */
export async function hubEnvironment(configuration: Configuration, directory: string): Promise<Record<string, string>> {
  const { keys, databaseUrl, stateUrl, workers, switchesFile, outgoing, limits, mail, sms } = configuration;
  const sources = path.join(directory, 'sources.json');
  await writeFile(sources, `${JSON.stringify(configuration.sources, null, 2)}\n`, { mode: 0o600 });
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

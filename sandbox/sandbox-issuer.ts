/**
 * Owns the issuer at which services are tried: its own keys, its own authorities, its own people, as an operator would set
 * it up beside a hub in production. It knows nobody whom the hub knows.
 */
import path from 'node:path';
import type { Configuration } from '../src/config.ts';
import { AUTHORITY_PORTS, type Authorities, type AuthorityPort, openAuthorities } from './authorities.ts';
import { type Listener, listen } from './listener.ts';
import { Registers } from './registers.ts';
import { prepareSecrets } from './secrets.ts';
import { readTestPeople } from './test-people.ts';

/** Of the issuer itself; its authorities are as far from it as those of the country are from the hub. */
export const SANDBOX_ISSUER_PORT = 3300;
const HUB_PORT = 3000;

export interface SandboxIssuer {
  /** As it stands in the configuration of the hub it is beside. */
  readonly configuration: Configuration;
  readonly url: string;
  readonly authorities: Authorities;
  readonly registers: Registers;
  /** Leaves its port to the hub; everything else stays. */
  letGo(): Promise<void>;
  close(): Promise<void>;
}

export interface SandboxIssuerSettings {
  /** Of the country; it keeps its own beneath. */
  readonly directory: string;
  /** Of the issuer; with 0 any free ones. */
  readonly port: number;
  readonly registers: string;
  /** What it has in common with the hub: mail, limits, patience. */
  readonly like: Omit<
    Configuration,
    'issuer' | 'port' | 'sources' | 'register' | 'keys' | 'dataDirectory' | 'clientsFile'
  >;
}

/** Opens its authorities, and says how it is to be configured. */
export async function openSandboxIssuer(settings: SandboxIssuerSettings): Promise<SandboxIssuer> {
  const directory = path.join(settings.directory, 'sandbox-issuer');
  const registers = await Registers.read(settings.registers);
  const { secrets, hubKeys, hubKeysFile } = await prepareSecrets(directory);
  const { port } = settings;
  const held = onItsOwnHost(await listen(port, 'sandbox issuer'));
  const at = {} as Record<AuthorityPort, Listener>;
  for (const [service, usual] of Object.entries(AUTHORITY_PORTS) as [AuthorityPort, number][]) {
    const own = port === 0 ? 0 : port + usual - HUB_PORT;
    at[service] = onItsOwnHost(await listen(own, `${service} of the sandbox issuer`));
  }
  const { url } = held;
  const authorities = await openAuthorities({
    at,
    registers,
    secrets,
    hub: { issuer: url, key: hubKeys.client },
  });
  const configuration: Configuration = {
    ...settings.like,
    mode: 'sandbox',
    issuer: url,
    port: held.port,
    dataDirectory: path.join(directory, 'hub'),
    keys: { file: hubKeysFile },
    clientsFile: '',
    sources: authorities.sources,
    register: { url: authorities.populationRegister.url, key: secrets.populationRegister },
    simulator: true,
    testPeople: await readTestPeople(settings.registers, registers, authorities.sources),
  };
  const close = async () => void (await Promise.all(Object.values(at).map((listener) => listener.close())));
  return { configuration, url, authorities, registers, letGo: () => held.close(), close };
}

/** Cookies know hosts, not ports: by the same name it would take those of the country for its own. */
function onItsOwnHost(listener: Listener): Listener {
  return { ...listener, url: listener.url.replace('localhost', '127.0.0.1') };
}

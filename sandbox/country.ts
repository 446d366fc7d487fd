/** Owns the composition of the sandbox: authorities, agencies, control and the hub among them, started and ended as one. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClientRegistration } from '../src/clients.ts';
import type { Configuration } from '../src/config.ts';
import { startHub } from '../src/hub.ts';
import { createVault } from '../src/vault/vault.ts';
import { type Agency, openAgency } from './agencies/agency.ts';
import { LIBRARY, SONG_HONG } from './agencies/profiles.ts';
import { clientRegistrations } from './clients.ts';
import { openControl } from './control.ts';
import { type Listener, listen } from './listener.ts';
import { openPopulationRegister, type PopulationRegister } from './population-register/population-register.ts';
import { Registers } from './registers.ts';
import { prepareSecrets, publicHalf, type Secrets } from './secrets.ts';
import { callbackOf, HUB_AT_TAX_AUTHORITY, sandboxSources } from './sources.ts';
import { openTaxAuthority, type TaxAuthority } from './tax-authority/tax-authority.ts';

/** The ports `npm start` uses. */
export const PORTS = {
  hub: 3000,
  taxAuthority: 3101,
  populationRegister: 3110,
  control: 3190,
  songHong: 3201,
  library: 3202,
};
export type Ports = typeof PORTS;
const ANY_PORT: Ports = { hub: 0, taxAuthority: 0, populationRegister: 0, control: 0, songHong: 0, library: 0 };

/** The registers that come with the sandbox. */
export const REGISTERS = path.join(import.meta.dirname, 'registers');

export interface CountrySettings {
  /** Keys, secrets and the hub's store live here and outlast the process. */
  readonly directory: string;
  /** Any free port for each that is not named. */
  readonly ports?: Partial<Ports>;
  /** Folder of registers; the sandbox's own unless told. */
  readonly registers?: string;
  readonly logLevel?: string;
  /** Services registered besides the sample ones. */
  readonly moreClients?: readonly ClientRegistration[];
  /** Last word on the hub's configuration. */
  readonly configure?: (configuration: Configuration) => Configuration;
}

type RunningHub = Awaited<ReturnType<typeof startHub>>;

export interface Country {
  /** The hub's issuer. */
  readonly hub: string;
  /** Address of the control. */
  readonly control: string;
  readonly taxAuthority: TaxAuthority;
  readonly populationRegister: PopulationRegister;
  readonly songHong: Agency;
  readonly library: Agency;
  readonly registers: Registers;
  readonly secrets: Secrets;
  readonly configuration: Configuration;
  /** The hub as it runs now; another one after `reset` or `restartHub`. */
  runningHub(): RunningHub;
  /** Ends the hub and starts it again on what it had stored. */
  restartHub(): Promise<void>;
  /** Leaves an empty hub among registers and services as they were at the start. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

type Listeners = { readonly [Service in keyof Ports]: Listener };

/** Opens all ports before anything else, so that a taken one is told at once and addresses are known to everybody. */
async function openPorts(ports: Ports): Promise<Listeners> {
  const opened: Partial<Record<keyof Ports, Listener>> = {};
  try {
    for (const service of Object.keys(ports) as (keyof Ports)[]) {
      opened[service] = await listen(
        ports[service],
        service.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      );
    }
  } catch (error) {
    await Promise.all(Object.values(opened).map((listener) => listener.close()));
    throw error;
  }
  return opened as Listeners;
}

/** Starts the whole country and the hub in this process; resolves when every address answers. */
export async function startCountry(settings: CountrySettings): Promise<Country> {
  const registers = await Registers.read(settings.registers ?? REGISTERS);
  const { secrets, hubKeys, hubKeysFile } = await prepareSecrets(settings.directory);
  const at = await openPorts({ ...ANY_PORT, ...settings.ports });
  const hub = at.hub.url;

  const taxAuthority = await openTaxAuthority({
    listener: at.taxAuthority,
    registers,
    signingKey: secrets.taxAuthority,
    hub: {
      client_id: HUB_AT_TAX_AUTHORITY,
      redirect_uri: callbackOf(hub, 'tax-code'),
      jwks: { keys: [publicHalf(hubKeys.client)] },
    },
  });
  const populationRegister = openPopulationRegister({
    listener: at.populationRegister,
    registers,
    key: secrets.populationRegister,
  });
  const songHong = openAgency({
    profile: SONG_HONG,
    listener: at.songHong,
    hub,
    proof: { method: 'private_key_jwt', key: secrets.songHong },
  });
  const library = openAgency({
    profile: LIBRARY,
    listener: at.library,
    hub,
    proof: { method: 'client_secret_basic', secret: secrets.library },
  });

  const clientsFile = path.join(settings.directory, 'clients.json');
  const addresses = { songHong: songHong.url, library: library.url };
  const clients = [...clientRegistrations(addresses, secrets, createVault(hubKeys)), ...(settings.moreClients ?? [])];
  await writeFile(clientsFile, `${JSON.stringify(clients, null, 2)}\n`, { mode: 0o600 });

  const ordinary: Configuration = {
    mode: 'sandbox',
    issuer: hub,
    port: at.hub.port,
    host: '127.0.0.1',
    dataDirectory: path.join(settings.directory, 'hub'),
    keysFile: hubKeysFile,
    clientsFile,
    sources: sandboxSources({ taxAuthority: taxAuthority.issuer }),
    register: { url: populationRegister.url, key: secrets.populationRegister },
    hotline: '1900 0000',
    minimumAge: 14,
    patience: 4_500,
    outgoing: { allowLoopback: true, privateNetworks: [] },
    logLevel: settings.logLevel ?? 'warn',
  };
  const configuration = settings.configure?.(ordinary) ?? ordinary;

  // The port was held until here so that nobody takes it; the hub opens its own.
  await at.hub.close();
  const others = [at.taxAuthority, at.populationRegister, at.control, at.songHong, at.library];
  const closeOthers = () => Promise.all(others.map((listener) => listener.close()));
  let running = await startHub(configuration).catch(async (error) => {
    await closeOthers();
    throw error;
  });

  const restartHub = async () => {
    await running.close();
    running = await startHub(configuration);
  };
  const reset = async () => {
    taxAuthority.forge(undefined);
    for (const { faults } of [taxAuthority, populationRegister]) faults.set('none');
    registers.restore();
    // A hub that starts on nothing is the surest empty one, and asks no such ability of the hub itself.
    await running.close();
    await rm(configuration.dataDirectory, { recursive: true, force: true });
    running = await startHub(configuration);
  };
  openControl({ listener: at.control, registers, reset, taxAuthority, populationRegister });

  return {
    hub,
    control: at.control.url,
    taxAuthority,
    populationRegister,
    songHong,
    library,
    registers,
    secrets,
    configuration,
    runningHub: () => running,
    restartHub,
    reset,
    close: async () => {
      await running.close();
      await closeOthers();
    },
  };
}

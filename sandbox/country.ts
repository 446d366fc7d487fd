/** Owns the composition of the sandbox: authorities, agencies, control and the hub among them, started and ended as one. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EMBEDDED } from '../adapters/store.ts';
import type { ClientRegistration } from '../src/clients.ts';
import type { Configuration } from '../src/config.ts';
import { startHub } from '../src/hub.ts';
import { createVault } from '../src/vault/vault.ts';
import type { Log } from '../src/web/log.ts';
import { type Agency, openAgency } from './agencies/agency.ts';
import { LIBRARY, SONG_HONG } from './agencies/profiles.ts';
import { AUTHORITY_PORTS, openAuthorities } from './authorities.ts';
import type { Authority } from './authority/authority.ts';
import type { CardAuthority } from './card-authority/card-authority.ts';
import { clientRegistrations } from './clients.ts';
import { openControl } from './control.ts';
import type { Misbehaving } from './faults.ts';
import { type Listener, listen, listenForSockets, type SocketListener } from './listener.ts';
import { type Messages, openMessages } from './messages/messages.ts';
import type { MobileOperator } from './mobile-operator/mobile-operator.ts';
import type { PopulationRegister } from './population-register/population-register.ts';
import { Registers } from './registers.ts';
import { openSandboxIssuer, type SandboxIssuer } from './sandbox-issuer.ts';
import { prepareSecrets, type Secrets } from './secrets.ts';
import type { SocialInsurance } from './social-insurance/social-insurance.ts';

/** The ports `npm start` uses. */
export const PORTS = {
  hub: 3000,
  ...AUTHORITY_PORTS,
  mailbox: 3140,
  smtp: 3141,
  control: 3190,
  songHong: 3201,
  library: 3202,
};
export type Ports = typeof PORTS;
const ANY_PORT = Object.fromEntries(Object.keys(PORTS).map((service) => [service, 0])) as Ports;

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
  /** Who hears the hub's log; standard output unless told. */
  readonly log?: Log;
  /** Whether an issuer for trying services stands beside the hub, and with it the developer console; at which port. */
  readonly sandboxIssuer?: boolean | number;
  /** Services registered besides the sample ones. */
  readonly moreClients?: readonly ClientRegistration[];
  /** Starts the hub elsewhere than in this process. */
  readonly startHub?: HubStart;
  /** Empties the servers on which the hub keeps its state, where it does: the sandbox can only empty files by itself. */
  readonly emptyServers?: () => Promise<void>;
  /** Last word on the hub's configuration. */
  readonly configure?: (configuration: Configuration) => Configuration;
}

type RunningHub = Awaited<ReturnType<typeof startHub>>;

/** Starts a hub on a configuration; what it returns ends it. */
export type HubStart = (configuration: Configuration, log?: Log) => Promise<Pick<RunningHub, 'close'>>;

export interface Country {
  /** The hub's issuer. */
  readonly hub: string;
  /** Address of the control. */
  readonly control: string;
  readonly taxAuthority: Authority;
  readonly socialInsurance: SocialInsurance;
  readonly nationalEid: Authority;
  readonly populationRegister: PopulationRegister;
  readonly mobileOperator: MobileOperator;
  readonly cardAuthority: CardAuthority;
  /** Everybody's mail and text messages. */
  readonly messages: Messages;
  readonly songHong: Agency;
  readonly library: Agency;
  readonly registers: Registers;
  readonly secrets: Secrets;
  /** The issuer at which services are tried, if the country has one. */
  readonly sandboxIssuer?: SandboxIssuer;
  readonly configuration: Configuration;
  /** The hub as it runs now; another one after `reset` or `restartHub`. Only of one in this process more than its end. */
  runningHub(): RunningHub;
  /** Ends the hub and starts it again on what it had stored. */
  restartHub(): Promise<void>;
  /** Leaves an empty hub among registers and services as they were at the start. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

type Listeners = { readonly [Service in Exclude<keyof Ports, 'smtp'>]: Listener } & { readonly smtp: SocketListener };

/** Opens all ports before anything else, so that a taken one is told at once and addresses are known to everybody. */
async function openPorts(ports: Ports): Promise<Listeners> {
  const opened: Partial<Record<keyof Ports, Pick<Listener, 'close'>>> = {};
  try {
    for (const service of Object.keys(ports) as (keyof Ports)[]) {
      const open = service === 'smtp' ? listenForSockets : listen;
      opened[service] = await open(
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

const standsOnServers = ({ databaseUrl, stateUrl }: Configuration) =>
  [databaseUrl, stateUrl].some((url) => url !== undefined && url !== EMBEDDED);

/** Starts the whole country and the hub in this process; resolves when every address answers. */
export async function startCountry(settings: CountrySettings): Promise<Country> {
  const registers = await Registers.read(settings.registers ?? REGISTERS);
  const { secrets, hubKeys, hubKeysFile } = await prepareSecrets(settings.directory);
  const at = await openPorts({ ...ANY_PORT, ...settings.ports });
  const hub = at.hub.url;

  const authorities = await openAuthorities({ at, registers, secrets, hub: { issuer: hub, key: hubKeys.client } });
  const { taxAuthority, socialInsurance, nationalEid, populationRegister, mobileOperator, cardAuthority } = authorities;
  const messages = openMessages({ listener: at.mailbox, smtp: at.smtp, key: secrets.smsGateway });
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
    keys: { file: hubKeysFile },
    clientsFile,
    sources: authorities.sources,
    register: { url: populationRegister.url, key: secrets.populationRegister },
    mail: { url: messages.mail.url, from: 'Liên Thông <khong-tra-loi@lienthong.example>' },
    sms: { url: messages.sms.url, key: secrets.smsGateway },
    hotline: '1900 0000',
    minimumAge: 14,
    patience: 4_500,
    outgoing: { allowLoopback: true, privateNetworks: [] },
    trustedProxies: [],
    // All of this country lives at one address, and its tests are in a hurry.
    limits: { perAddress: 1_000_000, perBrowser: 1_000_000, perClient: 1_000_000 },
    logLevel: settings.logLevel ?? 'warn',
  };
  const { sandboxIssuer: wanted } = settings;
  const sandboxIssuer = wanted
    ? await openSandboxIssuer({
        directory: settings.directory,
        port: wanted === true ? 0 : wanted,
        registers: settings.registers ?? REGISTERS,
        like: ordinary,
      })
    : undefined;
  const whole = sandboxIssuer ? { ...ordinary, sandbox: sandboxIssuer.configuration } : ordinary;
  const configuration = settings.configure?.(whole) ?? whole;

  // The port was held until here so that nobody takes it; the hub opens its own.
  const { hub: held, ...others } = at;
  await Promise.all([held.close(), sandboxIssuer?.letGo()]);
  const closeOthers = () =>
    Promise.all([...Object.values(others).map((listener) => listener.close()), sandboxIssuer?.close()]);
  const start = settings.startHub ?? startHub;
  let running = await start(configuration, settings.log).catch(async (error) => {
    await closeOthers();
    throw error;
  });

  const restartHub = async () => {
    await running.close();
    running = await start(configuration, settings.log);
  };
  const services: Readonly<Record<string, Misbehaving>> = {
    'tax-authority': taxAuthority,
    'social-insurance': socialInsurance,
    'national-eid': nationalEid,
    'population-register': populationRegister,
    'mobile-operator': mobileOperator,
    'card-authority': cardAuthority,
    'mail-server': messages.mail,
    'sms-gateway': messages.sms,
  };
  const reset = async () => {
    const { emptyServers } = settings;
    if (emptyServers === undefined && standsOnServers(configuration))
      throw new Error('The hub keeps its state on servers: empty them there.');
    for (const { faults, forge } of Object.values(services)) {
      faults.set('none');
      forge?.(undefined);
    }
    socialInsurance.reset();
    mobileOperator.reset();
    messages.reset();
    populationRegister.corrections.forget();
    registers.restore();
    // Nothing that matters is in its processes, so emptying what they share is enough.
    if (emptyServers !== undefined) return emptyServers();
    // A hub that starts on nothing is the surest empty one, and asks no such ability of the hub itself.
    await running.close();
    for (const { dataDirectory } of [configuration, configuration.sandbox ?? configuration])
      await rm(dataDirectory, { recursive: true, force: true });
    running = await start(configuration, settings.log);
  };
  openControl({
    listener: at.control,
    registers,
    reset,
    services,
    addresses: {
      'mobile-operator': mobileOperator.url,
      'card-reader': cardAuthority.reader,
      mailbox: messages.url,
    },
  });

  return {
    hub,
    control: at.control.url,
    taxAuthority,
    socialInsurance,
    nationalEid,
    populationRegister,
    mobileOperator,
    cardAuthority,
    messages,
    songHong,
    library,
    registers,
    secrets,
    ...(sandboxIssuer ? { sandboxIssuer } : {}),
    configuration,
    runningHub: () => running as RunningHub,
    restartHub,
    reset,
    close: async () => {
      // Together: a service that hangs on purpose must not keep the hub waiting for its answer.
      await Promise.all([running.close(), closeOthers()]);
    },
  };
}

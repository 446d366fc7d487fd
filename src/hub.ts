/** Owns the composition: configuration → adapters → hub → HTTP. Nobody else knows everybody. */
import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import { createSources } from '../providers/create-sources.ts';
import { createPopulationRegister } from '../providers/population-register/population-register.ts';
import { createRenderer } from '../views/renderer.ts';
import { Delivery } from './background/delivery.ts';
import { KeyRenewal } from './background/key-renewal.ts';
import { RegisterWatch } from './background/register-watch.ts';
import { Retention } from './background/retention.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { CORRECTION } from './citizen/cases/corrections.ts';
import { openCitizenFace } from './citizen/composition.ts';
import { type Clients, readClients } from './clients.ts';
import type { Configuration } from './config.ts';
import { openDeveloperFace } from './developer/composition.ts';
import { rememberedLogos } from './developer/kept-logos.ts';
import { WithTrials } from './developer/try-it/with-trials.ts';
import { SourceLegs } from './login/prove.ts';
import { loginRoutes } from './login/routes.ts';
import { RunningSessions } from './login/running-session.ts';
import { SourceHealth } from './login/source-health.ts';
import { SourceSwitches } from './login/source-switches.ts';
import { MAIL, messageCarriers, SMS } from './messaging/carriers.ts';
import { openMailCarrier } from './messaging/mail.ts';
import { openSmsCarrier } from './messaging/sms.ts';
import { LOGOUT } from './oidc/back-channel-logout.ts';
import { objectionTo } from './oidc/client-models.ts';
import { openOpenIdFace } from './oidc/composition.ts';
import { OperatorCommands } from './operator/commands.ts';
import { CITIZEN, DEVELOPER, ownPageRegistration } from './own-pages/own-page.ts';
import { LiveRegistrations } from './registrations.ts';
import { type Closing, serve } from './serving.ts';
import type { FaultSimulator } from './simulator/simulator.ts';
import { HubUnstartable, openClients, openOperatorChannel, openStore, unlistenable, usableKeys } from './starting.ts';
import { type Store, StoreUnavailable } from './store.ts';
import { listKeys } from './vault/rotation.ts';
import { createVault, type Vault } from './vault/vault.ts';
import { SightingsCollector } from './watching/sightings-collector.ts';
import { Watching } from './watching/watching.ts';
import { Limits } from './web/limits.ts';
import { createLog, type Log } from './web/log.ts';
import { logosRoute } from './web/logos.ts';
import { createOutgoing, type Outgoing } from './web/outgoing.ts';
import { Presentation } from './web/presentation.ts';
import { createEdge } from './web/server.ts';

export { HubUnstartable } from './starting.ts';

export interface Hub {
  readonly issuer: string;
  /** Where it listens. */
  readonly url: string;
  readonly store: Store;
  /** The registrations it serves. */
  readonly clients: LiveRegistrations;
  /** Protects what it keeps, under its own keys. */
  readonly vault: Vault;
  /** Its way to other hosts, as open as its own settings say. */
  readonly outgoing: Outgoing;
  /** The issuer for trying, when there is one beside it. */
  readonly sandbox?: Hub;
  /** Answers services wrongly on demand, where there is one. */
  readonly simulator?: FaultSimulator;
  /** Its readiness and numbers; where it has no port of its own for them, its primary asks here. */
  readonly watching: Watching;
  /**
   * Says that it is not ready any more, answers what is under way, then lets go of port and store. With `idle`, for who
   * renews processes behind one port, connections may bring a last request for so many milliseconds. With `asked`, who still
   * asks this hub without its port: it takes nobody new at once, and lets go when that has ended.
   */
  close(how?: Closing): Promise<void>;
}

/** Starts a hub and resolves when it listens. Throws `HubUnstartable`. */
export async function startHub(
  configuration: Configuration,
  log: Log = createLog(configuration.logLevel),
): Promise<Hub> {
  const { watch: at } = configuration;
  // Of several workers the primary has the port, and asks each for its report.
  const watching = await Watching.begin(cluster.isWorker ? undefined : at, cluster.isWorker).catch((error) => {
    throw unlistenable(error, at!, 'HUB_WATCH_HOST, HUB_WATCH_PORT');
  });
  try {
    return await assemble(configuration, log, watching);
  } catch (error) {
    await watching.close();
    throw error instanceof StoreUnavailable ? new HubUnstartable(error.code, [error.message]) : error;
  }
}

/** Where the clients of a sandbox issuer come from: the hub it stands beside, and nothing else of it. */
interface Beside extends Pick<Store, 'registrations' | 'changes'> {
  /** The issuer of that hub, at which the console tries services. */
  readonly console: string;
  /** The pictures of services are the same at both. */
  readonly logos: Store['developer']['logos'];
}

async function assemble(configuration: Configuration, log: Log, watching: Watching, beside?: Beside): Promise<Hub> {
  const problems: string[] = [];
  const keys = usableKeys(configuration.keys, problems);
  const clientsFile = beside ? [] : readClients(configuration.clientsFile, configuration.mode, problems);
  if (configuration.simulator && configuration.mode === 'production')
    problems.push('simulator: a production hub answers nobody wrongly');
  if (keys === undefined || problems.length > 0)
    throw new HubUnstartable(keys ? 'configuration_invalid' : 'keys_invalid', problems);

  const vault = createVault(keys);
  const clock = () => Date.now();
  const opened = await openStore(configuration, vault, clock, log);
  const { store, metrics } = watching.over(opened, {
    client: (id) => clients.get(id),
    sources: configuration.sources.map(({ id }) => id),
    kinds: [LOGOUT, 'notice', MAIL, SMS, CORRECTION],
    isUp: (source) => !health.isClosed(source),
    happened: (event) => sightings.happened(event),
  });
  const sightings = new SightingsCollector({
    store,
    isKnown: (client) => clients.get(client) !== undefined,
    sources: configuration.sources.map(({ id }) => id),
    interval: configuration.sightingsInterval,
    clock,
    log,
  });
  const own = configuration.sandbox ? [CITIZEN, DEVELOPER] : [CITIZEN];
  const clients = new LiveRegistrations({
    store: beside ?? store,
    mode: configuration.mode,
    builtIn: own.map((page) => ownPageRegistration(page, configuration.issuer, vault)),
    objection: (registration) => objectionTo(provider, registration),
    clock,
    log,
  });
  // Whom sign-ins are for: at a sandbox issuer also the console, in the place of a service that it tries.
  const relyingParties: Clients = beside ? new WithTrials(clients, { vault, console: beside.console }) : clients;
  const outgoing = createOutgoing(configuration.outgoing);
  // OCSP responders speak plain http; their answers are signed.
  const ocsp = createOutgoing({ ...configuration.outgoing, plainHttp: true });
  const renderer = createRenderer();
  const presentation = new Presentation(renderer, configuration.hotline);
  const health = new SourceHealth({ clock, patience: configuration.patience });
  const sources = await createSources(configuration, keys, { outgoing, health, ocsp, state: store.state, clock });
  const ids = configuration.sources.map(({ id }) => id);
  const switches = new SourceSwitches({ file: configuration.switchesFile, sources: ids, log, clock });
  const secure = configuration.issuer.startsWith('https:');
  const limits = new Limits({ settings: configuration.limits, cookieKeys: keys.cookies, secure, clock });

  const openId = openOpenIdFace({
    configuration,
    keys,
    clients: relyingParties,
    store,
    vault,
    outgoing,
    limits,
    presentation,
    sources,
    sightings,
    wake: () => delivery.wake(),
    clock,
    log,
  });
  const { provider, grants, logout, ended, signedOut, requests, simulator } = openId;
  const register = createPopulationRegister(configuration.register, outgoing);
  const watch = new RegisterWatch({
    feed: register,
    store,
    endSessionsOf: openId.endSessionsOf,
    interval: configuration.registerInterval,
    clock,
    log,
  });
  const operator = new OperatorCommands({
    store,
    clients,
    keys: listKeys(keys),
    mode: configuration.mode,
    endSessionsOf: openId.endSessionsOf,
    wake: () => delivery.wake(),
    clock,
  });
  const { historyYears } = configuration;
  const retention = new Retention({ store, historyYears, clock, log });
  const renewal = new KeyRenewal({ store, interval: configuration.renewalInterval, log });
  const citizen = openCitizenFace({
    configuration,
    keys,
    store,
    vault,
    clients: relyingParties,
    sources,
    provider,
    grants,
    logout,
    ended,
    wake: () => delivery.wake(),
    presentation,
    signedOut,
    limits,
    register,
    hub: () => hub(),
    clock,
    log,
  });
  const { mail, sms } = configuration;
  const delivery = new Delivery({
    outbox: store.outbox,
    carriers: new Map([
      [LOGOUT, logout],
      ...citizen.carriers,
      ...messageCarriers({
        mail: mail && openMailCarrier(mail, { plainLoopback: configuration.mode === 'sandbox', log }),
        sms: sms && openSmsCarrier(sms, { outgoing, log }),
      }),
    ]),
    pauses: configuration.deliveryPauses,
    clock,
    log,
  });
  const login = loginRoutes({
    configuration,
    sources,
    now: { switches, health },
    limits,
    store,
    register,
    requests,
    legs: new SourceLegs(vault, store, secure),
    sessions: new RunningSessions(provider, store.state, ended),
    presentation,
    messages: delivery,
    clock,
    log,
  });
  const hub = () => ownAddress(server.address() as AddressInfo);
  const sandbox = await openSandboxIssuer(configuration, store, log).catch(async (problem) => {
    await Promise.all([store.close(), outgoing.close(), ocsp.close()]);
    throw problem;
  });
  const developer =
    sandbox &&
    openDeveloperFace({
      configuration,
      store,
      vault,
      clients,
      sandbox,
      provider,
      grants,
      presentation,
      outgoing,
      limits,
      wake: () => delivery.wake(),
      hub,
      clock,
      log,
    });
  const catalogue = catalogueRoutes({ clients, mode: configuration.mode, presentation });
  const server = createEdge({
    issuer: configuration.issuer,
    trustedProxies: configuration.trustedProxies,
    limits,
    renderer,
    presentation,
    login,
    ownPages: [
      citizen.router,
      ...(developer ? [developer.router] : []),
      ...(beside ? [] : [catalogue]),
      logosRoute(rememberedLogos((id) => (beside?.logos ?? store.developer.logos).find(id))),
    ],
    hasConsole: developer !== undefined,
    provider,
    agencyBehind: (uid) => requests.agencyBehind(uid),
    log,
    begin: () => metrics.begin(),
  });
  const serving = await serve({
    configuration,
    server,
    watching,
    // Operators speak to the hub; the sandbox issuer beside it does as the console says.
    open: () =>
      openClients(clients, clientsFile).then(() =>
        beside ? undefined : openOperatorChannel(configuration, operator, log),
      ),
    background: [
      { start: () => delivery.wake(), close: () => delivery.close() },
      watch,
      renewal,
      citizen,
      ...(developer ? [developer] : []),
      retention,
      sightings,
    ],
    stopped: () => health.close(),
    beside: sandbox,
    letGo: [[clients], [outgoing, ocsp], [store]],
  });
  return {
    issuer: configuration.issuer,
    store: opened,
    vault,
    outgoing,
    clients,
    ...(sandbox ? { sandbox } : {}),
    ...(simulator ? { simulator } : {}),
    watching,
    ...serving,
  };
}

/** The issuer at which services are tried with made-up people: a hub of its own, that shares the table of clients. */
async function openSandboxIssuer(
  { sandbox: configuration, issuer: console }: Configuration,
  { sandboxRegistrations: registrations, changes, developer: { logos } }: Store,
  log: Log,
): Promise<Hub | undefined> {
  if (configuration === undefined) return undefined;
  const ofSandbox: Log = (code, details) => log(code, { ...details, issuer: 'sandbox' });
  const beside = { registrations, changes, console, logos };
  // Nobody asks it whether it is ready: balancers ask the hub, which has waited for them before it ends.
  const { drain: _drain, ...own } = configuration;
  return assemble(own, ofSandbox, await Watching.begin(undefined), beside).catch((problem) => {
    if (!(problem instanceof HubUnstartable)) throw problem;
    const { code, problems } = problem;
    throw new HubUnstartable(
      code,
      problems.map((one) => `HUB_SANDBOX ${one}`),
    );
  });
}

/** Where a hub reaches itself. */
function ownAddress({ address, family, port }: AddressInfo): string {
  const local = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${local}:${port}`;
}

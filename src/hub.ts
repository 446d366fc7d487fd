/** Owns the composition: configuration → adapters → hub → HTTP. Nobody else knows everybody. */
import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createSources } from '../providers/create-sources.ts';
import { createPopulationRegister } from '../providers/population-register/population-register.ts';
import { createRenderer } from '../views/renderer.ts';
import { Delivery } from './background/delivery.ts';
import { KeyRenewal } from './background/key-renewal.ts';
import { RegisterWatch } from './background/register-watch.ts';
import { Retention } from './background/retention.ts';
import { CORRECTION } from './citizen/cases/corrections.ts';
import { openCitizenFace } from './citizen/composition.ts';
import { citizenPageRegistration } from './citizen/registration.ts';
import { readClients } from './clients.ts';
import type { Configuration } from './config.ts';
import { entry } from './journal/events.ts';
import { SourceLegs } from './login/prove.ts';
import { SignInRequests } from './login/request.ts';
import { loginRoutes } from './login/routes.ts';
import { RunningSessions } from './login/running-session.ts';
import { SourceHealth } from './login/source-health.ts';
import { SourceSwitches } from './login/source-switches.ts';
import { MAIL, messageCarriers, SMS } from './messaging/carriers.ts';
import { openMailCarrier } from './messaging/mail.ts';
import { openSmsCarrier } from './messaging/sms.ts';
import { BackChannelLogout, clientsOf, LOGOUT } from './oidc/back-channel-logout.ts';
import { objectionTo } from './oidc/client-models.ts';
import { Interactions } from './oidc/interaction.ts';
import { createLibraryPages } from './oidc/pages.ts';
import { createOpenIdFace } from './oidc/provider.ts';
import { endSessionsOf, type SessionEnded } from './oidc/session.ts';
import { SignedOutNotes } from './oidc/signed-out-notes.ts';
import { OperatorCommands } from './operator/commands.ts';
import { LiveRegistrations } from './registrations.ts';
import { HubUnstartable, openClients, openOperatorChannel, openStore, unlistenable, usableKeys } from './starting.ts';
import { type Store, StoreUnavailable } from './store.ts';
import { listKeys } from './vault/rotation.ts';
import { createVault } from './vault/vault.ts';
import { Watching } from './watching/watching.ts';
import { Limits } from './web/limits.ts';
import { createLog, type Log } from './web/log.ts';
import { createOutgoing } from './web/outgoing.ts';
import { Presentation } from './web/presentation.ts';
import { createEdge } from './web/server.ts';
import { stopServing } from './web/stop-serving.ts';

export { HubUnstartable } from './starting.ts';

export interface Hub {
  /** Where it listens. */
  readonly url: string;
  readonly store: Store;
  /** Its readiness and numbers; where it has no port of its own for them, its primary asks here. */
  readonly watching: Watching;
  /**
   * Says that it is not ready any more, answers what is under way, then lets go of port and store. With `idle`, for who
   * renews processes behind one port, connections may bring a last request for so many milliseconds.
   */
  close(how?: { readonly idle?: number }): Promise<void>;
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

async function assemble(configuration: Configuration, log: Log, watching: Watching): Promise<Hub> {
  const problems: string[] = [];
  const keys = usableKeys(configuration.keys, problems);
  const clientsFile = readClients(configuration.clientsFile, configuration.mode, problems);
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
  });
  const clients = new LiveRegistrations({
    store,
    mode: configuration.mode,
    builtIn: [citizenPageRegistration(configuration.issuer, vault)],
    objection: (registration) => objectionTo(provider, registration),
    clock,
    log,
  });
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

  const logout = new BackChannelLogout({
    clients,
    store,
    outgoing,
    provider: () => provider,
    wake: () => delivery.wake(),
    clock,
  });
  const ended: SessionEnded = {
    before: async (session) => {
      if (session.accountId) await logout.tell(session.accountId, clientsOf(session));
    },
    after: async ({ accountId, authorizations }) => {
      const left = Object.keys(authorizations ?? {}).length;
      if (accountId) await store.journal.record([entry(clock(), { type: 'signed_out', clients: left }, accountId)]);
    },
  };
  const endTheirSessions = (person: string) => endSessionsOf(store.state, person, ended);
  const signedOut = new SignedOutNotes(store.state, clients, logout, () => sources);
  const pages = createLibraryPages({
    presentation,
    clients,
    signedOut,
    endSessionsOf: endTheirSessions,
    log,
    later: () => ({ provider, requests }),
  });
  const interactions = new Interactions(vault, store.state, secure);
  const { provider, grants } = createOpenIdFace({
    configuration,
    keys,
    clients,
    store,
    vault,
    outgoing,
    limits,
    pages,
    ended,
    logout,
    interactions,
  });
  const register = createPopulationRegister(configuration.register, outgoing);
  const watch = new RegisterWatch({
    feed: register,
    store,
    endSessionsOf: endTheirSessions,
    interval: configuration.registerInterval,
    clock,
    log,
  });
  const operator = new OperatorCommands({
    store,
    clients,
    keys: listKeys(keys),
    mode: configuration.mode,
    endSessionsOf: endTheirSessions,
    wake: () => delivery.wake(),
    clock,
  });
  const { historyYears } = configuration;
  const retention = new Retention({ store, historyYears, clock, log });
  const renewal = new KeyRenewal({ store, interval: configuration.renewalInterval, log });
  const requests = new SignInRequests(interactions, store, clients);
  const citizen = openCitizenFace({
    configuration,
    keys,
    store,
    vault,
    clients,
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
    hub: () => ownAddress(server.address() as AddressInfo),
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
  provider.on('server_error', ({ req }, cause) => {
    if (!(cause instanceof StoreUnavailable)) log('internal_error', { incident: req.incident, cause });
  });
  // Without a listener Koa prints whole errors, and with them what citizens sent.
  (provider as NodeJS.EventEmitter).on('error', (cause: unknown) => log('internal_error', { cause }));

  const server = createEdge({
    issuer: configuration.issuer,
    trustedProxies: configuration.trustedProxies,
    limits,
    renderer,
    presentation,
    login,
    citizen: citizen.router,
    provider,
    agencyBehind: (uid) => requests.agencyBehind(uid),
    log,
    begin: () => metrics.begin(),
  });
  const letGo = () => clients.close().then(() => Promise.all([store.close(), outgoing.close(), ocsp.close()]));
  const opening = openClients(clients, clientsFile).then(() => openOperatorChannel(configuration, operator, log));
  const channel = await opening.catch(async (problem) => {
    await letGo();
    throw problem;
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(configuration.port, configuration.host, resolve);
    });
  } catch (error) {
    await channel.close();
    await letGo();
    throw unlistenable(error as NodeJS.ErrnoException, configuration, 'HUB_HOST, HUB_PORT');
  }
  // Goes on with what an earlier run of the hub left.
  delivery.wake();
  watch.start();
  renewal.start();
  citizen.start();
  retention.start();
  const { port } = server.address() as AddressInfo;
  watching.readiness.running();
  let closing: Promise<void> | undefined;
  async function close(idle: number): Promise<void> {
    watching.readiness.stopping();
    if (configuration.drain && idle === 0) await pause(configuration.drain);
    await stopServing(server, { idle });
    health.close();
    await Promise.all([
      channel.close(),
      watch.close(),
      delivery.close(),
      clients.close(),
      renewal.close(),
      citizen.close(),
      retention.close(),
    ]);
    await Promise.all([outgoing.close(), ocsp.close()]);
    await store.close();
    await watching.close();
  }
  return {
    url: `http://${configuration.host}:${port}`,
    store: opened,
    watching,
    close({ idle = 0 } = {}) {
      closing ??= close(idle);
      return closing;
    },
  };
}

/** Where a hub reaches itself. */
function ownAddress({ address, family, port }: AddressInfo): string {
  const local = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${local}:${port}`;
}

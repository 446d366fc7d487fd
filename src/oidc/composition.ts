/** Owns of which parts the OpenID provider is made, and how they are brought together for the hub. */
import type Provider from 'oidc-provider';
import { entry } from '../journal/events.ts';
import type { Sources } from '../login/choose.ts';
import { SignInRequests } from '../login/request.ts';
import { FaultSimulator } from '../simulator/simulator.ts';
import { StoreUnavailable } from '../store.ts';
import type { SightingsCollector } from '../watching/sightings-collector.ts';
import type { Presentation } from '../web/presentation.ts';
import { BackChannelLogout, clientsOf } from './back-channel-logout.ts';
import type { Grants } from './grant.ts';
import { Interactions } from './interaction.ts';
import { createLibraryPages } from './pages.ts';
import { seeFailures } from './protocol-failures.ts';
import { createOpenIdFace, type OpenIdParts } from './provider.ts';
import { endSessionsOf, type SessionEnded, type SessionPayload } from './session.ts';
import { SignedOutNotes } from './signed-out-notes.ts';

export interface OpenIdSurroundings extends Omit<OpenIdParts, 'pages' | 'ended' | 'logout' | 'interactions'> {
  readonly presentation: Presentation;
  readonly sources: Sources;
  /** Sees what services do wrongly. */
  readonly sightings: SightingsCollector;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
}

export interface OpenedOpenId {
  readonly provider: Provider;
  readonly grants: Grants;
  readonly logout: BackChannelLogout;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  readonly endSessionsOf: (person: string) => Promise<readonly SessionPayload[]>;
  /** What the page after a sign-out tells. */
  readonly signedOut: SignedOutNotes;
  /** The sign-ins under way. */
  readonly requests: SignInRequests;
  /** Answers services wrongly on demand, where the configuration wants it. */
  readonly simulator?: FaultSimulator;
}

/** Brings the OpenID provider together. */
export function openOpenIdFace(surroundings: OpenIdSurroundings): OpenedOpenId {
  const { configuration, keys, clients, store, vault, outgoing, presentation, sources, wake, clock, log } =
    surroundings;
  const secure = configuration.issuer.startsWith('https:');
  const logout = new BackChannelLogout({ clients, store, outgoing, provider: () => provider, wake, clock });
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
  const interactions = new Interactions(vault, store.state, secure);
  const requests = new SignInRequests(interactions, store, clients);
  const pages = createLibraryPages({
    presentation,
    clients,
    signedOut,
    endSessionsOf: endTheirSessions,
    log,
    later: () => ({ provider, requests }),
  });
  const { provider, grants } = createOpenIdFace({ ...surroundings, pages, ended, logout, interactions });
  const { simulator: simulates, simulatorTimes: times } = configuration;
  const faults = { state: store.state, faultTrials: store.faultTrials, clients, signing: keys.signing, clock };
  const simulator = simulates ? new FaultSimulator({ ...faults, ...times }) : undefined;
  simulator?.install(provider);
  seeFailures(provider, surroundings.sightings);
  provider.on('server_error', ({ req }, cause) => {
    if (!(cause instanceof StoreUnavailable)) log('internal_error', { incident: req.incident, cause });
  });
  // Without a listener Koa prints whole errors, and with them what citizens sent.
  (provider as NodeJS.EventEmitter).on('error', (cause: unknown) => log('internal_error', { cause }));
  return {
    provider,
    grants,
    logout,
    ended,
    endSessionsOf: endTheirSessions,
    signedOut,
    requests,
    ...(simulator ? { simulator } : {}),
  };
}

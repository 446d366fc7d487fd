/** Owns of which parts the citizen's page is made, and how they are brought together for the hub. */
import type { Router } from 'express';
import type Provider from 'oidc-provider';
import type { Carrier } from '../background/delivery.ts';
import type { Clients } from '../clients.ts';
import type { Configuration } from '../config.ts';
import type { Sources } from '../login/choose.ts';
import type { BackChannelLogout } from '../oidc/back-channel-logout.ts';
import type { Grants } from '../oidc/grant.ts';
import type { SessionEnded } from '../oidc/session.ts';
import type { SignedOutNotes } from '../oidc/signed-out-notes.ts';
import { CITIZEN } from '../own-pages/own-page.ts';
import { openOwnPage } from '../own-pages/sign-in-routes.ts';
import type { Store } from '../store.ts';
import type { Keys } from '../vault/keys.ts';
import type { Vault } from '../vault/vault.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import type { Presentation } from '../web/presentation.ts';
import { CORRECTION, Corrections, type TakesCorrections } from './cases/corrections.ts';
import { type ChangeMakers, Changes } from './changes.ts';
import { citizenRoutes } from './console.ts';
import { Receipts } from './documents/own-receipts.ts';
import { RecordKeys } from './documents/record-keys.ts';
import { noticeCarrier } from './notices/notice-carrier.ts';
import { NOTICE } from './notices/notices.ts';
import type { ContactKind } from './ports.ts';
import { ContactCodes } from './rooms/contact-codes.ts';
import { type ContactsParts, contactChanges } from './rooms/contacts.ts';
import { erasureMaker } from './rooms/erasure.ts';
import { waysChanges } from './rooms/ways-changes.ts';
import { Withdrawals } from './rooms/withdrawal.ts';

export interface CitizenSurroundings {
  readonly configuration: Configuration;
  readonly keys: Keys;
  readonly store: Store;
  readonly vault: Vault;
  readonly clients: Clients;
  readonly sources: Sources;
  readonly provider: Provider;
  readonly grants: Grants;
  readonly logout: BackChannelLogout;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  /** What the page after a sign-out tells. */
  readonly signedOut: SignedOutNotes;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly presentation: Presentation;
  readonly limits: Limits;
  /** That is told of corrections. */
  readonly register: TakesCorrections;
  /** Where this hub listens, once it does. */
  readonly hub: () => string;
  readonly clock: () => number;
  readonly log: Log;
}

export interface CitizenFace {
  readonly router: Router;
  /** Of what is told to citizens, by kind of message. */
  readonly carriers: ReadonlyMap<string, Carrier>;
  /** Begins what goes on beside requests. */
  start(): void;
  close(): Promise<void>;
}

/** Brings the citizen's page together. */
export function openCitizenFace(surroundings: CitizenSurroundings): CitizenFace {
  const { configuration, keys, store, clients, sources, wake, register, clock, log } = surroundings;
  const { issuer } = configuration;
  const contacts = contactsParts(surroundings);
  const changes = new Changes({
    store,
    makers: makersOf(surroundings, contacts),
    reachable: contacts.reachable,
    wake,
    wait: configuration.changeWait,
    interval: configuration.changeInterval,
    clock,
    log,
  });
  const corrections = new Corrections({ store, register, wake, interval: configuration.changeInterval, clock, log });
  const { visits, routes: signInRoutes } = openOwnPage({ ...surroundings, page: CITIZEN, issuer });
  const recordKeys = new RecordKeys(store.publishedKeys, keys);
  const { hotline } = configuration;
  const router = citizenRoutes({
    ...surroundings,
    issuer,
    withdrawals: new Withdrawals(surroundings),
    receipts: new Receipts({ store, clients, keys, recordKeys, issuer, hotline, clock }),
    visits,
    signInRoutes,
    changes,
    contacts,
    corrections,
    recordKeys,
    changeWait: configuration.changeWait,
    levelOf: levelsOf(configuration),
  });
  const notices = noticeCarrier({
    store,
    issuer,
    hotline: configuration.hotline,
    agencyOf: (client) => clients.get(client)?.agency.name,
    sourceOf: (source) => sources.get(source)?.card.name,
  });
  return {
    router,
    carriers: new Map<string, Carrier>([
      [NOTICE, notices],
      [CORRECTION, corrections],
    ]),
    start() {
      changes.start();
      corrections.start();
      // Once more by whoever signs, should the store fail now.
      recordKeys.published().catch((cause) => log('internal_error', { cause }));
    },
    close: async () => void (await Promise.all([changes.close(), corrections.close()])),
  };
}

/** Registered level of a source. */
const levelsOf = (configuration: Configuration) => (source: string) =>
  configuration.sources.find(({ id }) => id === source)?.acr;

/** How each kind of change is made. */
function makersOf(surroundings: CitizenSurroundings, contacts: ContactsParts): ChangeMakers {
  return { ...waysChanges(surroundings), ...contactChanges(contacts), erasure: erasureMaker(surroundings) };
}

/** What this hub cannot write to, it does not offer. */
function contactsParts({ configuration, store, wake, clock }: CitizenSurroundings): ContactsParts {
  const { hotline, mail, sms } = configuration;
  const reachable: ContactKind[] = [...(mail ? ['mail' as const] : []), ...(sms ? ['phone' as const] : [])];
  const codes = new ContactCodes({ store, hotline, wake, clock });
  return { store, codes, reachable, levelOf: levelsOf(configuration), clock };
}

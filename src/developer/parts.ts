/** Owns what the operations of the console are given: the hub they belong to, the sandbox issuer beside it, the store. */

import type { Configuration } from '../config.ts';
import type { Hub } from '../hub.ts';
import type { LiveRegistrations } from '../registrations.ts';
import type { Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import type { Outgoing } from '../web/outgoing.ts';

export interface DeveloperParts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly vault: Vault;
  /** The registrations of the hub itself. */
  readonly clients: LiveRegistrations;
  /** The issuer at which services are tried. */
  readonly sandbox: Hub;
  /** The guarded client: whatever address an agency gives is fetched through it, or not at all. */
  readonly outgoing: Outgoing;
  readonly limits: Limits;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly clock: () => number;
  readonly log: Log;
}

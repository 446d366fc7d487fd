/** Owns what can keep a hub from starting: its keys, its store, its file of clients, its addresses. Each is told in words. */
import { openStore as openStoreAt, StoreUnusable, serversAt } from '../adapters/store.ts';
import { type ClientEntry, RegistrationInvalid } from './clients.ts';
import type { Configuration } from './config.ts';
import type { ErrorCode } from './errors.ts';
import { type Channel, openChannel } from './operator/channel.ts';
import type { OperatorCommands } from './operator/commands.ts';
import type { LiveRegistrations } from './registrations.ts';
import type { Store } from './store.ts';
import { type Keys, type KeysFrom, KeysUnusable, loadKeys } from './vault/keys.ts';
import type { Vault } from './vault/vault.ts';
import { EngineMissing, openWhenAvailable, START_PATIENCE } from './watching/start-patience.ts';
import type { Log } from './web/log.ts';

/** The hub does not start; `code` is one of the table's, `problems` says it in lines for a terminal. */
export class HubUnstartable extends Error {
  override readonly name = 'HubUnstartable';
  readonly code: ErrorCode;
  readonly problems: readonly string[];

  constructor(code: ErrorCode, problems: readonly string[]) {
    super(`${code}: ${problems.join('; ')}`);
    this.code = code;
    this.problems = problems;
  }
}

/** A port that cannot be listened at. */
export function unlistenable(
  { code }: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  settings: string,
): HubUnstartable {
  return code === 'EADDRINUSE'
    ? new HubUnstartable('port_taken', [`port ${port} is taken by another program`])
    : new HubUnstartable('configuration_invalid', [`${settings}: cannot listen at ${host}, ${port} (${code})`]);
}

/** Seeds the registrations from the file. Throws `HubUnstartable`. */
export async function openClients(clients: LiveRegistrations, file: readonly ClientEntry[]): Promise<void> {
  const objections = clients.objections(file).map((objection) => `HUB_CLIENTS ${objection}`);
  if (objections.length > 0) throw new HubUnstartable('configuration_invalid', objections);
  await clients.open(file).catch((error) => {
    if (!(error instanceof RegistrationInvalid)) throw error;
    throw new HubUnstartable('configuration_invalid', [`HUB_CLIENTS ${error.message}`]);
  });
}

/** Throws `HubUnstartable`. */
export async function openOperatorChannel(
  { dataDirectory }: Configuration,
  operator: OperatorCommands,
  log: Log,
): Promise<Channel> {
  try {
    return await openChannel(dataDirectory, (question) => operator.answer(question), log);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = `HUB_DATA: no socket for operators can be made there (${code}); its path may be too long`;
    throw new HubUnstartable('configuration_invalid', [problem]);
  }
}

/** The keys; `undefined`, and why among the problems, when they cannot be used. */
export function usableKeys(from: KeysFrom, problems: string[]): Keys | undefined {
  try {
    return loadKeys(from);
  } catch (error) {
    if (!(error instanceof KeysUnusable)) throw error;
    problems.push(`${'file' in from ? 'HUB_KEYS' : 'HUB_KEYS_JSON'}: ${error.message}`);
    return undefined;
  }
}

/** Waits for the engines as long as the configuration says. Throws `HubUnstartable`. */
export async function openStore(
  { dataDirectory: directory, databaseUrl, stateUrl, startPatience: patience = START_PATIENCE }: Configuration,
  vault: Vault,
  clock: () => number,
  log: Log,
): Promise<Store> {
  const open = () => openStoreAt({ directory, databaseUrl, stateUrl, vault, clock });
  try {
    return await openWhenAvailable(open, { patience, log, addresses: serversAt({ databaseUrl, stateUrl }) });
  } catch (error) {
    if (error instanceof StoreUnusable) throw new HubUnstartable(error.code, [error.message]);
    if (error instanceof EngineMissing) throw new HubUnstartable('store_unavailable', [error.message]);
    throw error;
  }
}

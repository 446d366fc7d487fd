/**
 * Owns the stage of a drill: both engines, citizens whom no hub has seen yet, and a country whose hub is many processes on
 * those engines. Opened before the first test of a file, and cleared after its last one.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { type CountryOfProcesses, type ManyProcesses, openCountryWithWorkers } from '../many-processes.ts';
import { endAll } from '../start/program.ts';
import { type Newcomers, registerNewcomers } from './newcomers.ts';

/** Milliseconds in which all of it stands, or is gone again, on a machine that has other things to do. */
export const STAGING = 90_000;

export interface Stage {
  readonly engines: EnginePair;
  readonly newcomers: Newcomers;
  readonly country: CountryOfProcesses;
  /** On which the sandbox issuer keeps what is its own, where there is one; its database is `SANDBOX_DATABASE`. */
  readonly sandboxState?: RedisServer;
}

/** Beside the hub's, on the same server. */
export const SANDBOX_DATABASE = 'sandbox';

export interface StageWish extends Omit<ManyProcesses, 'databaseUrl' | 'stateUrl' | 'emptyServers' | 'registers'> {
  /** How many of them; nobody unless told. */
  readonly newcomers?: number;
}

/** Its parts are there from the first `beforeAll` after this call. */
export function openStage({ newcomers = 0, ...processes }: StageWish): Stage {
  const stage = {} as { -readonly [Part in keyof Stage]: Stage[Part] };
  beforeAll(async () => {
    // Each is kept as soon as it is there, so that what came is cleared when the other did not.
    await Promise.all([
      startEnginePair().then((engines) => Object.assign(stage, { engines })),
      registerNewcomers(newcomers).then((town) => Object.assign(stage, { newcomers: town })),
      processes.sandboxIssuer &&
        startRedis({ persistent: true }).then((redis) => Object.assign(stage, { sandboxState: redis })),
    ]);
    const { sandboxState, engines } = stage;
    const beside = sandboxState && {
      databaseUrl: await engines.postgresql.create(SANDBOX_DATABASE),
      stateUrl: sandboxState.url,
    };
    stage.country = await openCountryWithWorkers({
      ...processes,
      ...stage.engines.addresses,
      emptyServers: stage.engines.empty,
      registers: stage.newcomers.folder,
      configure: (usual) => {
        const ours = beside ? { ...usual, sandbox: { ...usual.sandbox!, ...beside } } : usual;
        return processes.configure?.(ours) ?? ours;
      },
    });
  }, STAGING);
  afterAll(async () => {
    await stage.country?.close();
    await endAll();
    await Promise.all([stage.engines?.remove(), stage.newcomers?.remove(), stage.sandboxState?.remove()]);
  }, STAGING);
  return stage;
}

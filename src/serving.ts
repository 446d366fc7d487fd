/** Owns the life of a hub once it is composed: it listens, goes on with what was left, and lets go in order. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from './config.ts';
import type { Channel } from './operator/channel.ts';
import { unlistenable } from './starting.ts';
import type { Watching } from './watching/watching.ts';
import { stopServing } from './web/stop-serving.ts';

/** How a hub is ended: see `Hub.close`. */
export interface Closing {
  readonly idle?: number;
  readonly asked?: Promise<unknown>;
}

interface Closable {
  close(): Promise<unknown>;
}

export interface Composed {
  readonly configuration: Configuration;
  readonly server: Server;
  readonly watching: Watching;
  /** What has to be there before anybody is answered. */
  readonly open: () => Promise<Channel | undefined>;
  /** What goes on beside requests, in the order in which it begins. */
  readonly background: readonly (Closable & { start(): void })[];
  /** Nobody is answered any more. */
  readonly stopped: () => void;
  /** The issuer for trying: it is asked by this hub, too, without its port. */
  readonly beside: { close(how: Closing): Promise<void> } | undefined;
  /** What everything else rests on, the last to be let go last. */
  readonly letGo: readonly (readonly Closable[])[];
}

export interface Serving {
  readonly url: string;
  close(how?: Closing): Promise<void>;
}

/** Begins to serve; resolves when it listens. Throws `HubUnstartable`, with nothing left open. */
export async function serve({ configuration, server, watching, ...hub }: Composed): Promise<Serving> {
  const { host, port, drain } = configuration;
  let channel: Channel | undefined;
  try {
    channel = await hub.open();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(unlistenable(error, configuration, 'HUB_HOST, HUB_PORT')));
      server.listen(port, host, resolve);
    });
  } catch (problem) {
    await Promise.all([channel?.close(), hub.beside?.close({})]);
    await inTurn(hub.letGo);
    throw problem;
  }
  // Goes on with what an earlier run of the hub left.
  for (const one of hub.background) one.start();
  watching.readiness.running();

  async function end({ idle = 0, asked }: Closing): Promise<void> {
    watching.readiness.stopping();
    if (drain && idle === 0) await pause(drain);
    const stopped = stopServing(server, { idle });
    // It takes nobody new from now on, and lets go when nobody here asks it any more.
    const beside = hub.beside?.close({ idle, asked: stopped });
    await Promise.all([stopped, asked]);
    hub.stopped();
    await Promise.all([beside, channel?.close(), ...hub.background.map((one) => one.close())]);
    await inTurn(hub.letGo);
    await watching.close();
  }
  let ending: Promise<void> | undefined;
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close(how = {}) {
      ending ??= end(how);
      return ending;
    },
  };
}

async function inTurn(groups: readonly (readonly Closable[])[]): Promise<void> {
  for (const group of groups) await Promise.all(group.map((one) => one.close()));
}

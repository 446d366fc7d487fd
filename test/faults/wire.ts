/** Owns the wire between a hub and one of its engines, which a test can cut: refused, or taken and never answered. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Wire {
  readonly port: number;
  /** Everything passes again. */
  mend(): Promise<void>;
  /** Connections are cut and no new ones taken, as of a machine whose program has ended. */
  refuse(): Promise<void>;
  /** Connections stay and new ones are taken, and nothing passes, as behind a firewall that drops. */
  silence(): void;
  /** How often somebody has asked and then been answered: what is asked before the answer comes travels together. */
  readonly flights: number;
  close(): Promise<void>;
}

/** A wire to an engine at this port of this machine. */
export async function layWire(to: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let flights = 0;
  let server: Server | undefined;

  function pass(near: Socket): void {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => {}));
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let asked = false;
    const carry = (from: Socket, towards: Socket) =>
      from.on('data', (bytes) => {
        if (from === near && !asked) flights += 1;
        asked = from === near;
        if (!isSilent) towards.write(bytes);
      });
    carry(near, far);
    carry(far, near);
  }
  async function listen(port: number): Promise<number> {
    server = createServer(pass).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  }
  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  async function refuse(): Promise<void> {
    const closing = server;
    server = undefined;
    cut();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  }

  const port = await listen(0);
  return {
    port,
    get flights() {
      return flights;
    },
    refuse,
    silence() {
      isSilent = true;
    },
    async mend() {
      // What was swallowed meanwhile is missing: nobody could go on with such a connection.
      if (isSilent) cut();
      isSilent = false;
      if (!server) await listen(port);
    },
    close: refuse,
  };
}

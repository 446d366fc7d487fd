/** Owns a line between a client and a server on this machine that a test can cut, at the very byte it wants, or hold. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  /** Cuts the connection over which these bytes next come from that end, before the other end gets them. */
  cutAt(bytes: string, from: 'client' | 'server'): void;
  /** Lets nothing through any more, in neither direction, and takes connections as if nothing were wrong. */
  hold(): void;
  /** Cuts what was held and lets everything through again. */
  letGo(): void;
  close(): Promise<void>;
}

/** A line on the loopback interface to a port of the same. */
export async function lineTo(port: number): Promise<Line> {
  const clients = new Set<Socket>();
  let isHeld = false;
  let cut: { readonly bytes: string; readonly from: 'client' | 'server' } | undefined;

  function isToBeCut(bytes: Buffer | string, from: 'client' | 'server'): boolean {
    if (cut?.from !== from || !bytes.includes(cut.bytes)) return false;
    cut = undefined;
    return true;
  }

  const server = createServer((client) => {
    clients.add(client);
    const upstream = connect(port, '127.0.0.1');
    const end = () => {
      clients.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (sent) => {
      if (isToBeCut(sent, 'client')) end();
      else if (!isHeld) upstream.write(sent);
    });
    upstream.on('data', (answered) => {
      if (isToBeCut(answered, 'server')) end();
      else if (!isHeld) client.write(answered);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cutAll = () => {
    for (const client of clients) client.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cutAt(bytes, from) {
      cut = { bytes, from };
    },
    hold() {
      isHeld = true;
    },
    letGo() {
      isHeld = false;
      cutAll();
    },
    async close() {
      server.close();
      cutAll();
      await once(server, 'close');
    },
  };
}

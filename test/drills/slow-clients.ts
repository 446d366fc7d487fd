/**
 * Owns clients that hold connections and send next to nothing: half of them never end their headers, half of them never end
 * a body. Who is cut comes again, so they are always as many.
 */
import { connect, type Socket } from 'node:net';

export interface SlowClients {
  /** Connections that are open now. */
  readonly open: number;
  /** Those that the hub has ended. */
  readonly cut: number;
  close(): Promise<void>;
}

const HEADERS = 'GET /authorize HTTP/1.1\r\nhost: slow.example\r\nx-slow: ';
const BODY =
  'POST /token HTTP/1.1\r\nhost: slow.example\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 10000\r\n\r\n';
/** Milliseconds between two bytes of one client, who do not all send at once. */
const BETWEEN_BYTES = 500;
const PARTS = 10;

/** Opens so many connections to a port of this machine; resolves when all of them are there. */
export async function openSlowClients(port: number, count: number): Promise<SlowClients> {
  const sockets = new Map<number, Socket>();
  let cut = 0;
  let part = 0;
  let isGoing = true;

  function begin(n: number, ready = () => {}): void {
    let isTaken = false;
    const socket = connect(port, '127.0.0.1', () => {
      isTaken = true;
      ready();
    });
    socket.write(n % 2 === 0 ? HEADERS : BODY);
    sockets.set(n, socket);
    // What it is told, before it is cut, it does not care to read.
    socket.on('error', () => {}).resume();
    socket.once('close', () => {
      sockets.delete(n);
      // Nobody listens any more: to knock on would be a flood.
      if (!isGoing || !isTaken) return;
      cut += 1;
      begin(n);
    });
  }

  const sending = setInterval(() => {
    part += 1;
    for (const [n, socket] of sockets) if (n % PARTS === part % PARTS) socket.write('a');
  }, BETWEEN_BYTES / PARTS);
  await Promise.all(Array.from({ length: count }, (_, n) => new Promise<void>((ready) => begin(n, ready))));
  return {
    get open() {
      return sockets.size;
    },
    get cut() {
      return cut;
    },
    async close() {
      isGoing = false;
      clearInterval(sending);
      const closing = Array.from(sockets.values(), (socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets.values()) socket.destroy();
      await Promise.all(closing);
    },
  };
}

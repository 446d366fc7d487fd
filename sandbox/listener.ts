/** Owns a port of this machine: opened before anything is served on it, closed without leaving a connection behind. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';

export interface Listener {
  /** `http://localhost:…`, as others will call it. */
  readonly url: string;
  readonly port: number;
  /** Begins to answer with this application; until then every request gets 503. */
  serve(application: RequestListener): void;
  close(): Promise<void>;
}

/** A port for a protocol that is not HTTP. */
export interface SocketListener extends Omit<Listener, 'url' | 'serve'> {
  /** Hands over each connection from now on; until then all are closed at once. */
  serve(application: (socket: Socket) => void): void;
}

/** The port somebody else already holds; its message is meant for the person who started the sandbox. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(port: number, service: string) {
    super(`Port ${port} (${service}) is already taken: is the sandbox running in another window?`);
  }
}

const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('starting\n');
};

/**
 * Opens a port on the loopback interface (0: any free one). Ports come first and applications later, because each
 * service of the country has to be told the addresses of the others before it can be built.
 */
export async function listen(port: number, service: string): Promise<Listener> {
  let application = starting;
  const server = createServer((request, response) => application(request, response));
  const opened = await openPort(server, port, service);
  return {
    url: `http://localhost:${opened}`,
    port: opened,
    serve: (next) => {
      application = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A request that hangs on purpose (a fault) must not keep the sandbox alive.
        server.closeAllConnections();
      }),
  };
}

/** The same for connections of another protocol. */
export async function listenForSockets(port: number, service: string): Promise<SocketListener> {
  let application = (socket: Socket): void => void socket.destroy();
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    // Whoever called may be gone before anybody looks at it.
    socket.on('error', () => {});
    application(socket);
  });
  return {
    port: await openPort(server, port, service),
    serve: (next) => {
      application = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function openPort(server: Server, port: number, service: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port, service) : error),
    );
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Owns the mail servers of the tests: a willing one that keeps what it hears, and ones that only speak as they are told. */
import type { AddressInfo, Server } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface HeardLetter {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly user: string | undefined;
  /** How the client greeted. */
  readonly greeting: string;
  readonly secure: boolean;
}

export interface TestMailServer {
  readonly port: number;
  readonly letters: readonly HeardLetter[];
  connections(): number;
  close(): Promise<void>;
}

/** What a server says of a step instead of yes. */
export const saying = (responseCode: number, text = 'no') => Object.assign(new Error(text), { responseCode });

/** A server that takes everything its options let through; at this port, or any free one. */
export async function openMailServer(options: SMTPServerOptions = {}, port = 0): Promise<TestMailServer> {
  const letters: HeardLetter[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    ...(options.key === undefined ? { disabledCommands: ['STARTTLS'] } : {}),
    onData(stream, { envelope, user, hostNameAppearsAs, secure }, done) {
      buffer(stream).then((raw) => {
        letters.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          raw: raw.toString(),
          user: user as string | undefined,
          greeting: String(hostNameAppearsAs),
          secure,
        });
        done();
      }, done);
    },
    ...options,
  });
  smtp.on('error', () => {});
  return { ...(await listening(smtp.server, port)), letters };
}

/** A server that says to each connection what it is told to. */
export async function openRawServer(talk: (socket: Socket) => void): Promise<Omit<TestMailServer, 'letters'>> {
  return listening(createServer(talk), 0);
}

async function listening(server: Server, port: number): Promise<Omit<TestMailServer, 'letters'>> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

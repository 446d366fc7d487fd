/**
 * Owns a load balancer as tests need one: every request goes to any of several processes, chosen at random, over a
 * connection of its own unless told. A process that takes no connection is passed over; a request that got half way is not
 * repeated.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Balancer {
  /** Of each request the place in the list of where it was answered, in order of the answers. */
  readonly answeredBy: readonly number[];
  /** How many requests went over a connection that an earlier one had used. */
  readonly overKept: number;
  /** From now on sends everything to this place in the list, for as long as somebody is there; to any again when told none. */
  prefer(place?: number): void;
  close(): Promise<void>;
}

export interface BalancerOptions {
  /** Every other request goes over a connection that is kept for the next one. */
  readonly keepsConnections?: boolean;
}

/** Listens on a port of the loopback interface, in front of others. */
export async function openBalancer(
  port: number,
  behind: readonly number[],
  { keepsConnections = false }: BalancerOptions = {},
): Promise<Balancer> {
  const answeredBy: number[] = [];
  // The one that has waited longest goes first, so that none waits until it is cut.
  const kept = new Agent({ keepAlive: true, scheduling: 'fifo' });
  const counted = { asked: 0, overKept: 0 };
  let preferred: number | undefined;
  const choose = () => {
    counted.asked += 1;
    return keepsConnections && counted.asked % 2 === 0 ? kept : undefined;
  };
  const reused = () => {
    counted.overKept += 1;
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return response.destroy();
    for (const place of shuffled(behind.keys(), preferred)) {
      const outcome = await pass({ port: behind[place]!, agent: choose(), reused }, request, body, response);
      if (outcome === 'not_there') continue;
      if (outcome === 'answered') answeredBy.push(place);
      else if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end('bad gateway\n');
      return;
    }
    response.writeHead(503, { 'content-type': 'text/plain' }).end('nobody there\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    answeredBy,
    get overKept() {
      return counted.overKept;
    },
    prefer: (place) => {
      preferred = place;
    },
    close: () =>
      new Promise((resolve) => {
        kept.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Onto {
  readonly port: number;
  /** None for a connection that nobody else uses. */
  readonly agent: Agent | undefined;
  /** Told when the connection had been used before. */
  reused(): void;
}

function pass(
  { port, agent, reused }: Onto,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<'answered' | 'not_there' | 'broken'> {
  return new Promise((resolve) => {
    const { connection: _, 'keep-alive': __, ...others } = headers;
    const onward = request({
      host: '127.0.0.1',
      port,
      method,
      path: url,
      headers: others,
      agent: agent ?? false,
      setHost: false,
    });
    onward.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' ? 'not_there' : 'broken'),
    );
    onward.once('response', (answer) => {
      if (onward.reusedSocket) reused();
      response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.rawHeaders));
      answer.pipe(response);
      answer.once('end', () => resolve('answered')).once('error', () => resolve('broken'));
    });
    onward.end(body);
  });
}

/** Headers that are about one connection stay there (RFC 9110 7.6.1). */
function withoutConnection(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2)
    if (!/^(connection|keep-alive|transfer-encoding)$/i.test(raw[at]!)) kept.push(raw[at]!, raw[at + 1]!);
  return kept;
}

function shuffled(places: Iterable<number>, first: number | undefined): number[] {
  return Array.from(places, (place) => ({ place, at: place === first ? -1 : Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ place }) => place);
}

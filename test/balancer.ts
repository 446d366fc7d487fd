/**
 * Owns a load balancer as tests need one: every request goes to any of several processes, chosen at random, over a
 * connection of its own. A process that takes no connection is passed over; a request that got half way is not repeated.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Balancer {
  /** Of each request the place in the list of where it was answered, in order of the answers. */
  readonly answeredBy: readonly number[];
  close(): Promise<void>;
}

/** Listens on a port of the loopback interface, in front of others. */
export async function openBalancer(port: number, behind: readonly number[]): Promise<Balancer> {
  const answeredBy: number[] = [];
  const server = createServer(async (asked, response) => {
    const body = await buffer(asked).catch(() => undefined);
    if (body === undefined) return response.destroy();
    for (const place of shuffled(behind.keys())) {
      const outcome = await pass(behind[place]!, asked, body, response);
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<'answered' | 'not_there' | 'broken'> {
  return new Promise((resolve) => {
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false, setHost: false });
    onward.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' ? 'not_there' : 'broken'),
    );
    onward.once('response', (answer) => {
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

function shuffled(places: Iterable<number>): number[] {
  return Array.from(places, (place) => ({ place, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ place }) => place);
}

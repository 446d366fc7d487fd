/** Owns how a server stops: nobody new, those under way to their end, and not for ever. */
import type { Server, ServerResponse } from 'node:http';
import { Server as Listener } from 'node:net';

/** Milliseconds that requests under way are given. */
export const FINISH = 10_000;
const BETWEEN_SWEEPS = 50;

export interface StopServing {
  /** Milliseconds for which a connection on which nothing is under way may bring a last request; none when not said. */
  readonly idle?: number;
  readonly finish?: number;
}

/** Takes no more connections and resolves when the last request was answered, or cut off because its time was over. */
export async function stopServing(server: Server, { idle = 0, finish = FINISH }: StopServing = {}): Promise<void> {
  // Who holds a connection cannot know that it ends; this tells them to come back by another.
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  // Not the HTTP server's own way, which cuts off at once who is just about to ask.
  const closed = new Promise<void>((resolve) => Listener.prototype.close.call(server, () => resolve()));
  const from = performance.now() + idle;
  // A connection whose answer is still under way becomes idle, not closed, once it has been given.
  const sweep = () => {
    if (performance.now() >= from) server.closeIdleConnections();
  };
  sweep();
  const sweeping = setInterval(sweep, BETWEEN_SWEEPS);
  const impatience = setTimeout(() => server.closeAllConnections(), finish);
  await closed;
  clearInterval(sweeping);
  clearTimeout(impatience);
}

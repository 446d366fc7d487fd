/**
 * Owns the port on which operators' machines watch a hub: `/livez`, `/readyz`, `/metrics`, and nothing that citizens or
 * agencies use. It stays open while the hub starts and while it stops, because that is when somebody looks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReadinessReport } from './readiness.ts';

export interface Watched {
  readonly readiness: () => Promise<ReadinessReport>;
  /** The numbers in Prometheus' text format; nothing while there are none yet. */
  readonly metrics: () => Promise<string>;
}

export interface WatchPort {
  readonly url: string;
  close(): Promise<void>;
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';
const LONGEST_REQUEST = 5_000;
const MOST_CONNECTIONS = 64;

/** Opens the port and resolves when it answers. Rejects with what Node says when it cannot be listened at. */
export async function openWatchPort(
  at: { readonly host: string; readonly port: number },
  watched: Watched,
): Promise<WatchPort> {
  const server = createServer(
    { requestTimeout: LONGEST_REQUEST, headersTimeout: LONGEST_REQUEST, maxHeaderSize: 8_192 },
    (request, response) => {
      answer(request, response, watched).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, watched: Watched): Promise<void> {
  const send = (status: number, type: string, body: string) =>
    response
      .writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .end(request.method === 'HEAD' ? undefined : body);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, 'text/plain', 'GET only\n');
  switch (request.url?.split('?')[0]) {
    case '/livez':
      return void send(200, 'application/json', '{"live":true}\n');
    case '/readyz': {
      const report = await watched.readiness();
      return void send(report.ready ? 200 : 503, 'application/json', `${JSON.stringify(report)}\n`);
    }
    case '/metrics':
      return void send(200, TEXT_FORMAT, await watched.metrics());
    default:
      return void send(404, 'text/plain', '/livez /readyz /metrics\n');
  }
}

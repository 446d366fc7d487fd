/** Owns every call the hub makes to other hosts: public addresses only, pinned, no redirects, small and quick. */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { readPrivateNetworks, standingOf } from './public-address.ts';

/** Why a call was refused or failed. The codes are stable: callers switch on them, never on messages. */
export type OutgoingCode =
  | 'url_refused' // not a URL, or one that carries credentials
  | 'scheme_refused' // neither https, nor http where that is allowed
  | 'address_not_public' // the host is, or also resolves to, an address that is not open
  | 'unreachable' // no such name, no connection, no trusted certificate, cut off half-way
  | 'redirect_refused' // any 3xx
  | 'encoding_refused' // a compressed answer, which nobody asked for
  | 'malformed_answer' // not HTTP
  | 'too_large' // in its body, its headers or its number of interim answers
  | 'too_slow'; // not complete within the time limit, name resolution and connection included

/** A call that did not happen or was cut. Names the host only: paths and queries may tell of persons, answers of tokens. */
export class OutgoingRefused extends Error {
  override readonly name = 'OutgoingRefused';
  readonly code: OutgoingCode;
  readonly host: string;
  /** The system's or parser's own code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); for the log, not for strangers. */
  readonly detail: string | undefined;

  constructor(code: OutgoingCode, host: string, detail?: string) {
    super(`outgoing call to ${host || 'an unreadable address'}: ${code}${detail === undefined ? '' : ` (${detail})`}`);
    this.code = code;
    this.host = host;
    this.detail = detail;
  }
}

/** Resolves a host name to all its addresses. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface OutgoingSettings {
  /** Lets calls reach this very host, also over plain http: for the sandbox and tests. Production must refuse it. */
  readonly allowLoopback: boolean;
  /** Private networks the operator opens, in CIDR form; https there too, since keys fetched in clear prove nothing. */
  readonly privateNetworks: readonly string[];
  /**
   * Lets calls go over http, too: only for answers that are signed by themselves, as OCSP's are. Which addresses are open
   * stays the same.
   */
  readonly plainHttp?: boolean;
  /** For a whole call, from name resolution to the last byte; 3000 milliseconds unless told. */
  readonly timeoutMs?: number;
  /** Of an answer's body; 65536 unless told. */
  readonly maximumBytes?: number;
  /** The system's resolver (hosts file, then DNS) unless told. */
  readonly lookup?: Lookup;
}

/** The part of `RequestInit` that has a say here; callers such as openid-client pass its values as undefined, too. */
export interface OutgoingInit {
  readonly method?: string | undefined;
  readonly headers?: RequestInit['headers'] | undefined;
  readonly body?: RequestInit['body'] | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

export interface Outgoing {
  /**
   * Calls a host as WHATWG `fetch` would, for bodies that are text, form parameters or bytes; the answer is complete when
   * it resolves. Rejects with `OutgoingRefused`, or with the reason of `init.signal`. Any port of an open address may be
   * called; `Request` objects, streams, `dispatcher` and `redirect` have no say.
   */
  readonly fetch: (input: string | URL | Request, init?: OutgoingInit) => Promise<Response>;
  /** Ends idle connections, and resolves when the calls under way have ended. Later calls are `unreachable`. */
  readonly close: () => Promise<void>;
}

/**
 * Makes the guarded client. No environment variable bends it: neither a proxy nor switched-off certificate checks.
 * Throws `RangeError` when a named network is not private.
 */
export function createOutgoing(settings: OutgoingSettings): Outgoing {
  const { timeoutMs = 3000, maximumBytes = 65_536 } = settings;
  const agent = new Agent({
    connect: guardedConnector(settings, timeoutMs),
    connections: 64, // to one host: a stalling one must not eat the hub's file descriptors
    keepAliveMaxTimeout: 60_000, // whatever the host proposes
    maxHeaderSize: 16_384,
    headersTimeout: 0, // one deadline over everything replaces these two
    bodyTimeout: 0,
  });
  const fetch: Outgoing['fetch'] = async (input, init = {}) => {
    const url = admissibleUrl(input, settings.allowLoopback || settings.plainHttp === true);
    return exchange(agent, url, init, timeoutMs, maximumBytes);
  };
  return { fetch, close: () => agent.close() };
}

/** What a URL alone can be refused for, before anything is resolved. */
function admissibleUrl(input: string | URL | Request, allowHttp: boolean): URL {
  const url = URL.parse(String(input));
  if (url === null) throw new OutgoingRefused('url_refused', '');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowHttp)) {
    throw new OutgoingRefused('scheme_refused', url.hostname);
  }
  if (url.username !== '' || url.password !== '') throw new OutgoingRefused('url_refused', url.hostname);
  return url;
}

/**
 * The one gate every connection passes. The addresses that were checked are the addresses connected to (the name is not
 * resolved a second time: no DNS rebinding), while the certificate is still checked against the name.
 */
function guardedConnector(settings: OutgoingSettings, timeoutMs: number): buildConnector.connector {
  const named = readPrivateNetworks(settings.privateNetworks);
  const resolve: Lookup = settings.lookup ?? ((host) => systemLookup(host, { all: true, order: 'verbatim' }));

  /** Public and named addresses are open over https (over http only when all calls may), loopback (when allowed) over both. */
  const assertOpen = (host: string, address: string, protocol: string) => {
    const standing = standingOf(address, named);
    if (standing === 'closed' || (standing === 'loopback' && !settings.allowLoopback)) {
      throw new OutgoingRefused('address_not_public', host);
    }
    if (standing !== 'loopback' && protocol !== 'https:' && settings.plainHttp !== true)
      throw new OutgoingRefused('scheme_refused', host);
  };

  const connectorFor = (protocol: string) => {
    const resolveOpen = async (host: string) => {
      const found = [...(await resolve(host))];
      if (found.length === 0) throw new OutgoingRefused('unreachable', host, 'ENOTFOUND');
      // One closed address among open ones is an attack, not a choice: it refuses them all.
      for (const { address } of found) assertOpen(host, address, protocol);
      return found;
    };
    const lookup: LookupFunction = (host, _options, callback) => {
      resolveOpen(host).then(
        (addresses) => callback(null, addresses),
        (error) => callback(error, []),
      );
    };
    // Verification is said outright because NODE_TLS_REJECT_UNAUTHORIZED could say otherwise.
    return buildConnector({ lookup, autoSelectFamily: true, rejectUnauthorized: true, timeout: timeoutMs });
  };
  const plain = connectorFor('http:');
  const secure = connectorFor('https:');

  return (options, callback) => {
    const { hostname, protocol } = options;
    try {
      // Node looks up no literal address, so one would slip past the check above.
      if (isIP(hostname) !== 0) assertOpen(hostname, hostname, protocol);
    } catch (error) {
      queueMicrotask(() => callback(error as OutgoingRefused, null));
      return;
    }
    (protocol === 'https:' ? secure : plain)(options, callback);
  };
}

/** Interim answers (1xx) mean nothing to the hub; a flood of them counts as too much. */
const MAXIMUM_INTERIM_ANSWERS = 8;

/**
 * One request and its whole answer. It drives the dispatcher itself: no stream and no `Request` in between, which is where
 * the time of global `fetch` goes.
 */
function exchange(
  agent: Agent,
  url: URL,
  init: OutgoingInit,
  timeoutMs: number,
  maximumBytes: number,
): Promise<Response> {
  const request = requestOf(url, init);
  const signal = init.signal ?? undefined;
  const host = url.hostname;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let interim = 0;
    let head: Head | undefined;
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = () => {
      settled = true;
      clearTimeout(deadline);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (reason: unknown) => {
      if (settled) return;
      settle();
      reject(reason);
      controller?.abort(asError(reason));
    };
    const refuse = (code: OutgoingCode) => fail(new OutgoingRefused(code, host));
    const onAbort = () => fail(signal?.reason);
    const deadline = setTimeout(() => refuse('too_slow'), timeoutMs);

    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    agent.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // The time may have run out while the connection was still being made.
        if (settled) started.abort(new OutgoingRefused('too_slow', host));
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) {
          interim += 1;
          if (interim > MAXIMUM_INTERIM_ANSWERS) refuse('too_large');
          return;
        }
        if (status >= 300 && status < 400) return refuse('redirect_refused');
        if ((headers['content-encoding'] ?? 'identity') !== 'identity') return refuse('encoding_refused');
        // Refuse on the announcement already; a lying one is caught while counting.
        const announced = request.method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
        if (announced > maximumBytes) return refuse('too_large');
        head = { status, headers };
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > maximumBytes) refuse('too_large');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (settled || head === undefined) return;
        try {
          const response = responseOf(head, Buffer.concat(chunks));
          settle();
          // The connection is free again one turn of the loop later; a caller who goes on at once would open another.
          queueMicrotask(() => setImmediate(resolve, response));
        } catch {
          refuse('malformed_answer'); // a status or a header that no Response can carry
        }
      },
      onResponseError(_controller, error) {
        fail(error instanceof OutgoingRefused ? error : new OutgoingRefused(...meaningOf(error, host)));
      },
    });
  });
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function responseOf({ status, headers }: Head, body: Uint8Array<ArrayBuffer>): Response {
  const response = new Response(body.length === 0 ? null : body, { status });
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values ?? []].flat()) response.headers.append(name, value);
  }
  return response;
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));

/** Says in our codes what the transport met. Its message and data are dropped: they may quote the answer. */
function meaningOf(error: Error & { code?: unknown }, host: string): [OutgoingCode, string, string?] {
  const detail = typeof error.code === 'string' ? error.code : error.name;
  if (detail === 'UND_ERR_HEADERS_OVERFLOW') return ['too_large', host, detail];
  if (detail === 'UND_ERR_CONNECT_TIMEOUT') return ['too_slow', host, detail];
  if (error.name === 'HTTPParserError' || detail === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return ['malformed_answer', host, detail];
  }
  return ['unreachable', host, detail];
}

/** Headers that steer the connection belong to the client; `host` would even choose which certificate name is checked. */
const OWN_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Reads the request as `fetch` would; throws `TypeError` for a method or a kind of body that the hub never sends. */
function requestOf(url: URL, init: OutgoingInit): Dispatcher.DispatchOptions {
  const method = (init.method ?? 'GET').toUpperCase();
  if (!METHODS.has(method)) throw new TypeError(`the hub makes no ${method} requests`);
  const [body, contentType] = bodyOf(init.body);
  const headers: Record<string, string> = { accept: '*/*' };
  if (contentType !== undefined) headers['content-type'] = contentType;
  for (const [name, value] of new Headers(init.headers)) if (!OWN_HEADERS.has(name)) headers[name] = value;
  headers['accept-encoding'] = 'identity'; // 64 KB must be 64 KB, not a bomb that unfolds
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: method as Dispatcher.HttpMethod,
    headers,
    body,
  };
}

function bodyOf(body: OutgoingInit['body']): [body: string | Uint8Array | null, contentType?: string] {
  if (body === undefined || body === null) return [null];
  if (typeof body === 'string') return [body, 'text/plain;charset=UTF-8'];
  if (body instanceof URLSearchParams) return [body.toString(), 'application/x-www-form-urlencoded;charset=UTF-8'];
  if (body instanceof Uint8Array) return [body];
  throw new TypeError('a body of an outgoing call is text, form parameters or bytes');
}

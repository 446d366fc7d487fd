/**
 * Owns a citizen's browser at its cheapest: cookies by path, redirects one at a time, forms found by searching the text.
 * One for each sign-in; connections are shared and stay open, as those of a proxy in front of the hub do.
 */
import { Pool } from 'undici';

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
  readonly cookies: readonly string[];
}

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly value: string;
}

type Headers = Readonly<Record<string, string>>;

/** Connections to all that is called, so many to each. */
export class Connections {
  readonly #each: number;
  readonly #pools = new Map<string, Pool>();

  constructor(each: number) {
    this.#each = each;
  }

  send(origin: string, method: 'GET' | 'POST', path: string, headers: Headers, body?: string): Promise<Answer> {
    const pool = this.#pools.get(origin) ?? this.#open(origin);
    return new Promise((resolve, reject) => {
      let status = 0;
      let location: string | undefined;
      let cookies: readonly string[] = [];
      const chunks: Buffer[] = [];
      pool.dispatch(
        { method, path, headers, body: body ?? null },
        {
          // By this one undici knows which kind of handler it is.
          onRequestStart() {},
          onResponseStart(_controller, code, received) {
            status = code;
            location = received.location as string | undefined;
            cookies = [received['set-cookie'] ?? []].flat();
          },
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd: () => resolve({ status, location, cookies, body: Buffer.concat(chunks).toString('utf8') }),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #open(origin: string): Pool {
    const pool = new Pool(origin, { connections: this.#each });
    this.#pools.set(origin, pool);
    return pool;
  }
}

export class Browser {
  readonly #connections: Connections;
  /** Where its cookies come from and go to; the stub sets none. */
  readonly #home: string;
  readonly #elsewhere: Headers;
  #cookies: Cookie[] = [];

  constructor(connections: Connections, home: string, elsewhere: Headers) {
    this.#connections = connections;
    this.#home = home;
    this.#elsewhere = elsewhere;
  }

  get(address: string): Promise<Answer> {
    return this.#go('GET', address);
  }

  /** Sends the form that has `marker` in it, with its hidden fields and these. */
  submit(page: string, marker: string, fields: string): Promise<Answer> {
    const at = page.indexOf(marker);
    const form = page.slice(page.lastIndexOf('<form', at), page.indexOf('</form>', at));
    const action = /action="([^"]+)"/.exec(form)?.[1];
    if (at < 0 || action === undefined) throw new Error(`no form with ${marker}`);
    let body = fields;
    for (const [, name, value] of form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
      body += `&${name}=${encodeURIComponent(unescaped(value!))}`;
    return this.#go('POST', unescaped(action), body);
  }

  async #go(method: 'GET' | 'POST', address: string, body?: string): Promise<Answer> {
    const [origin, path] = this.#placeOf(address);
    if (origin !== this.#home) return this.#connections.send(origin, method, path, this.#elsewhere, body);
    const headers: Record<string, string> = { accept: 'text/html', 'accept-language': 'vi' };
    const cookie = this.#cookiesFor(path);
    if (cookie !== '') headers.cookie = cookie;
    if (method === 'POST') {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers.origin = this.#home;
      headers['sec-fetch-site'] = 'same-origin';
    }
    const answer = await this.#connections.send(origin, method, path, headers, body);
    for (const cookie of answer.cookies) this.#keep(cookie);
    return answer;
  }

  #placeOf(address: string): [origin: string, path: string] {
    if (address.startsWith('/')) return [this.#home, address];
    const end = address.indexOf('/', 8);
    return [address.slice(0, end), address.slice(end)];
  }

  #cookiesFor(path: string): string {
    let text = '';
    for (const cookie of this.#cookies)
      if (path.startsWith(cookie.path)) text += `${text === '' ? '' : '; '}${cookie.name}=${cookie.value}`;
    return text;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(name.length + 1);
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice('path='.length) ?? '/';
    this.#cookies = this.#cookies.filter((one) => one.name !== name || one.path !== path);
    if (value !== '') this.#cookies.push({ name, path, value });
  }
}

const unescaped = (html: string) => html.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');

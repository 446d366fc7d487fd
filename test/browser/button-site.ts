/** Owns a small site of somebody else that has the login button: its pages, its policy, what its visitors sent. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load } from 'cheerio';
import { request } from 'undici';
import type { ButtonForm } from '../../views/button-kit.ts';

/** What the hub's page of the button offers to copy, as text, in Vietnamese. */
export interface CopiedKit {
  readonly style: string;
  readonly ownStyle: string;
  readonly policy: string;
  readonly ownPolicy: string;
  readonly form: (form: ButtonForm) => string;
  /** The files to serve oneself, by name. */
  readonly files: ReadonlyMap<string, { readonly body: Buffer; readonly type: string }>;
}

/** Reads the page as a developer does: the code in its boxes, the files behind its links. */
export async function copyKit(hub: string): Promise<CopiedKit> {
  const page = load(await (await request(`${hub}/button`, { headers: { 'accept-language': 'vi' } })).body.text());
  const code = (name: string) => page(`pre[data-code=${name}]`).text();
  const files = new Map<string, { body: Buffer; type: string }>();
  for (const link of page('a[download]').toArray()) {
    const answer = await request(new URL(page(link).attr('href')!, hub));
    const body = Buffer.from(await answer.body.arrayBuffer());
    files.set(page(link).attr('download')!, { body, type: String(answer.headers['content-type']) });
  }
  return {
    style: code('style'),
    ownStyle: code('own-style'),
    policy: code('policy'),
    ownPolicy: code('own-policy'),
    form: code,
    files,
  };
}

interface SitePage {
  readonly head: string;
  readonly body: string;
  /** Beside `default-src 'none'`. */
  readonly policy?: string;
}

export class ButtonSite {
  readonly #server: Server;
  readonly #files = new Map<string, { readonly body: Buffer; readonly type: string }>();
  #page: SitePage = { head: '', body: '' };
  /** Where `/login` leads on to. */
  leadsTo = '/arrived';
  /** How `/login` was asked for. */
  readonly presses: string[] = [];

  private constructor() {
    this.#server = createServer((incoming, answer) => {
      const path = incoming.url!.split('?')[0]!;
      const file = this.#files.get(path);
      if (path === '/login') {
        this.presses.push(incoming.method!);
        return void answer.writeHead(303, { location: this.leadsTo }).end();
      }
      if (file) return void answer.writeHead(200, { 'content-type': file.type }).end(file.body);
      // Browsers ask for it by themselves.
      if (path === '/favicon.ico') return void answer.writeHead(204).end();
      if (path !== '/' && path !== '/arrived') return void answer.writeHead(404).end();
      const { head, body, policy } = this.#page;
      const strict = `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; ${policy}`;
      answer.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        ...(policy === undefined ? {} : { 'content-security-policy': strict }),
      });
      const main = path === '/' ? body : '<p data-arrived>Đến rồi</p>';
      answer.end(
        `<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Cơ quan</title>${head}</head><body><main><h1>Cơ quan</h1>${main}</main></body></html>`,
      );
    });
  }

  static async open(): Promise<ButtonSite> {
    const site = new ButtonSite();
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The page at `/` from now on. */
  shows(page: SitePage): void {
    this.#page = page;
    this.presses.length = 0;
    this.leadsTo = '/arrived';
  }

  /** A file of the site's own. */
  serves(path: string, type: string, body: Buffer): void {
    this.#files.set(path, { type, body });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

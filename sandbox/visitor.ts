/** Owns a citizen's browser without a screen: cookies, redirects, links and forms over HTTP, and no scripts. */
import { type CheerioAPI, load } from 'cheerio';
import { CookieJar } from 'tough-cookie';
import { Agent, request } from 'undici';

/** Browsers give up at about this many redirects too. */
const MOST_REDIRECTS = 20;
/** One connection a request: a hub that restarts between two of them is not written to through one it just closed. */
const connections = new Agent({ pipelining: 0 });

export interface VisitorSettings {
  /** What the browser prefers to read; Vietnamese unless told. */
  readonly language?: string;
  /** Patience for one request. */
  readonly timeoutMilliseconds?: number;
  /** Redirects to such an address are not followed: the visitor stays at the answer whose `location` it is. */
  readonly stopsBefore?: (address: URL) => boolean;
}

/** Where a visitor ended up after following every redirect. */
export class Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The document, for questions the properties below do not answer. */
  readonly $: CheerioAPI;

  constructor(url: URL, status: number, headers: Headers, body: string) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.$ = load(body, { scriptingEnabled: false });
  }

  /** `data-code` of the page: which page it is, or which error. */
  get code(): string | undefined {
    return this.$('main').attr('data-code');
  }

  /** `data-reason`: why this page came again. */
  get reason(): string | undefined {
    return this.$('main').attr('data-reason');
  }

  /** `data-error` of an agency's error page. */
  get error(): string | undefined {
    return this.$('main').attr('data-error');
  }

  get heading(): string {
    return this.text('h1');
  }

  get language(): string | undefined {
    return this.$('html').attr('lang');
  }

  has(selector: string): boolean {
    return this.$(selector).length > 0;
  }

  /** The text of what a selector finds, with white space as a reader sees it. */
  text(selector: string): string {
    return this.$(selector).text().replace(/\s+/g, ' ').trim();
  }

  /** The claims an agency's hello page shows. Values that are JSON (objects, numbers) come as such. */
  get claims(): Readonly<Record<string, unknown>> {
    const shown = this.$('[data-claim]').toArray();
    return Object.fromEntries(shown.map((each) => [this.$(each).attr('data-claim'), valueIn(this.$(each).text())]));
  }
}

/** Objects, lists and truth values are JSON on the page; digits stay text, since most of them are names of something. */
function valueIn(text: string): unknown {
  if (!/^[[{]|^(true|false|null)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a form sends when one of its buttons is pressed. */
interface Submission {
  readonly action: URL;
  readonly method: 'GET' | 'POST';
  readonly fields: URLSearchParams;
}

export class Visitor {
  readonly #jar: CookieJar;
  readonly #language: string;
  readonly #timeout: number;
  readonly #stopsBefore: (address: URL) => boolean;
  #page: Page | undefined;
  #filled = new Map<string, string | readonly string[]>();
  /** Every address this browser asked for, redirects included. */
  readonly trail: URL[] = [];

  constructor(settings: VisitorSettings = {}, jar = new CookieJar()) {
    const { language = 'vi', timeoutMilliseconds = 15_000, stopsBefore = () => false } = settings;
    this.#language = language;
    this.#timeout = timeoutMilliseconds;
    this.#stopsBefore = stopsBefore;
    this.#jar = jar;
  }

  /** Another tab of the same browser: its cookies, a page of its own. */
  newTab(): Visitor {
    const settings = { language: this.#language, timeoutMilliseconds: this.#timeout, stopsBefore: this.#stopsBefore };
    return new Visitor(settings, this.#jar);
  }

  /** The page this visitor looks at. */
  get page(): Page {
    if (this.#page === undefined) throw new Error('no page is open yet');
    return this.#page;
  }

  /** Keeps what an answer sets that somebody else than this visitor received: a script of its page. */
  async keep(cookies: readonly string[], url: string | URL): Promise<void> {
    for (const cookie of cookies) await this.#jar.setCookie(cookie, String(url), { ignoreError: true });
  }

  /** The names and values of the cookies this browser would send to an address. */
  async cookies(url: string | URL): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries((await this.#jar.getCookies(String(url))).map(({ key, value }) => [key, value]));
  }

  /** Goes to an address, relative ones from the present page. */
  async open(url: string | URL): Promise<Page> {
    return this.#go(new URL(url, this.#page?.url), 'GET');
  }

  /** Asks for the present page's address again. */
  async reload(): Promise<Page> {
    return this.open(this.page.url);
  }

  /** Follows the link that a selector or its text names. */
  async follow(link: string): Promise<Page> {
    const found = this.#find('a[href]', link);
    return this.open(found.attr('href') ?? '');
  }

  /** Fills fields by name; a list ticks the boxes of that name with these values. */
  fill(values: Readonly<Record<string, string | readonly string[]>>): this {
    for (const [name, value] of Object.entries(values)) {
      if (!this.page.has(`[name="${name}"]`)) throw new Error(`no field "${name}" on ${this.#whereabouts()}`);
      this.#filled.set(name, value);
    }
    return this;
  }

  /** Ticks every box on the page. */
  tickAll(): this {
    const { $ } = this.page;
    const boxes = $('input[type=checkbox][name]').toArray();
    const names = new Set(boxes.map((box) => $(box).attr('name') ?? ''));
    for (const name of names) {
      const values = boxes.filter((box) => $(box).attr('name') === name).map((box) => $(box).attr('value') ?? 'on');
      this.#filled.set(name, values);
    }
    return this;
  }

  /** Presses the button that `name=value`, a selector or its text names, and sends its form. */
  async press(button: string): Promise<Page> {
    const { action, method, fields } = this.#submissionOf(button);
    if (method === 'POST') return this.#go(action, 'POST', fields);
    action.search = fields.toString();
    return this.#go(action, 'GET');
  }

  /** Sends fields to an address as a form would, from wherever the visitor is. */
  async post(url: string | URL, fields: Readonly<Record<string, string>>): Promise<Page> {
    return this.#go(new URL(url, this.#page?.url), 'POST', new URLSearchParams(fields));
  }

  #submissionOf(name: string): Submission {
    const { $, url } = this.page;
    const button = this.#find('button:not([type=button]), input[type=submit]', name);
    const form = button.attr('form') ? $(`form[id="${button.attr('form')}"]`) : button.closest('form');
    if (form.length === 0) throw new Error(`button "${name}" belongs to no form on ${this.#whereabouts()}`);
    const fields = new URLSearchParams();
    for (const element of form.find('input[name], select[name], textarea[name]').toArray()) {
      const field = $(element);
      if (field.is('[disabled], [type=submit]')) continue;
      for (const value of this.#valuesOf(field)) fields.append(field.attr('name') ?? '', value);
    }
    const own = button.attr('name');
    if (own !== undefined) fields.append(own, button.attr('value') ?? '');
    const action = new URL(button.attr('formaction') ?? form.attr('action') ?? '', url);
    const method = (button.attr('formmethod') ?? form.attr('method') ?? 'get').toUpperCase();
    return { action, method: method === 'POST' ? 'POST' : 'GET', fields };
  }

  #valuesOf(field: ReturnType<CheerioAPI>): readonly string[] {
    const filled = this.#filled.get(field.attr('name') ?? '');
    if (field.is('[type=checkbox], [type=radio]')) {
      const value = field.attr('value') ?? 'on';
      const ticked = filled === undefined ? field.is('[checked]') : [filled].flat().includes(value);
      return ticked ? [value] : [];
    }
    return [filled ?? field.val() ?? ''].flat().slice(0, 1);
  }

  /** The one element among `kind` that `name=value`, a selector or a text names. */
  #find(kind: string, name: string): ReturnType<CheerioAPI> {
    const { $ } = this.page;
    const all = $(kind);
    const pair = /^([\w-]+)=([\w.:-]+)$/.exec(name);
    const looksLikeSelector = /[#.[>:]/.test(name) && !name.includes(' ');
    const found = pair
      ? all.filter(`[name="${pair[1]}"][value="${pair[2]}"]`)
      : looksLikeSelector
        ? all.filter(name)
        : all.filter(
            (_index, element) => $(element).text().replace(/\s+/g, ' ').trim() === name || $(element).is(name),
          );
    if (found.length === 0) throw new Error(`nothing called "${name}" on ${this.#whereabouts()}`);
    return found.first();
  }

  #whereabouts(): string {
    return `${this.page.url.origin}${this.page.url.pathname} (${this.page.code ?? this.page.status})`;
  }

  async #go(first: URL, firstMethod: 'GET' | 'POST', firstFields?: URLSearchParams): Promise<Page> {
    let [url, method, fields] = [first, firstMethod, firstFields];
    const chain: URL[] = [];
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      chain.push(url);
      const { status, headers, body } = await this.#request(chain, method, fields);
      const location = headers.get('location');
      const leadsOn = location !== null && status >= 300 && status <= 399 && !this.#stopsBefore(new URL(location, url));
      if (!leadsOn) {
        this.#filled = new Map();
        this.#page = new Page(url, status, headers, body);
        return this.#page;
      }
      url = new URL(location, url);
      if (status !== 307 && status !== 308) [method, fields] = ['GET', undefined];
    }
    throw new Error(`too many redirects, the last one to ${url.origin}${url.pathname}`);
  }

  /** One request to the last address of a chain of redirects. */
  async #request(chain: readonly URL[], method: 'GET' | 'POST', fields: URLSearchParams | undefined) {
    const url = chain.at(-1)!;
    this.trail.push(url);
    const cookie = await this.#jar.getCookieString(url.href);
    const answer = await request(url, {
      method,
      dispatcher: connections,
      // A connection kept may have been closed by a hub that was restarted, which a POST would not survive.
      reset: true,
      signal: AbortSignal.timeout(this.#timeout),
      headers: {
        accept: 'text/html',
        'accept-language': this.#language,
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': this.#siteOf(chain),
        ...(cookie === '' ? {} : { cookie }),
        ...(method === 'POST' ? { origin: this.#originOf(chain) } : {}),
        ...(fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: fields === undefined ? null : fields.toString(),
    });
    const headers = new Headers();
    for (const [name, values] of Object.entries(answer.headers)) {
      for (const value of [values ?? []].flat()) headers.append(name, value);
    }
    for (const set of headers.getSetCookie()) await this.#jar.setCookie(set, url.href, { ignoreError: true });
    return { status: answer.statusCode, headers, body: await answer.body.text() };
  }

  /** `Sec-Fetch-Site`: how the page that started it stands to every address of the chain. Ports make no other site. */
  #siteOf(chain: readonly URL[]): string {
    const from = this.#page?.url;
    if (from === undefined) return 'none';
    if (chain.every((url) => url.origin === from.origin)) return 'same-origin';
    return chain.every((url) => url.hostname === from.hostname) ? 'same-site' : 'cross-site';
  }

  /** `Origin` of a form: browsers hide it when the page has asked for no referrer, even from itself. */
  #originOf(chain: readonly URL[]): string {
    const page = this.#page;
    const hidden =
      page?.headers.get('referrer-policy') === 'no-referrer' || page?.has('meta[name=referrer][content=no-referrer]');
    const redirected = new Set(chain.map((url) => url.origin)).size > 1;
    return page === undefined || hidden || redirected ? 'null' : page.url.origin;
  }
}

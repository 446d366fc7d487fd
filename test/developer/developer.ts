/** Owns how tests come to the developer console, and ask its API as its own pages or as a script would. */
import { request } from 'undici';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { byTaxCode, type Proof } from '../citizen/citizen.ts';
import { openTestCountry, type TestCountry, type TestCountrySettings } from '../country.ts';

/** A country with a sandbox issuer, and so with a console. */
export const openDeveloperCountry = (settings: TestCountrySettings = {}): Promise<TestCountry> =>
  openTestCountry([], { sandboxIssuer: true, ...settings });

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the operation answers with
  readonly body: any;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Somebody at the console, in a browser of their own. */
export class Developer {
  readonly visitor = new Visitor();
  readonly #country: Pick<TestCountry, 'hub'>;
  #formToken = '';

  constructor(country: Pick<TestCountry, 'hub'>) {
    this.#country = country;
  }

  /** Signs in, for the first time or anew, and comes to a page of the console. */
  async signIn(prove: Proof = byTaxCode(), back = '/developer'): Promise<Page> {
    const query = new URLSearchParams({ back, fresh: 'yes' });
    let page = await this.visitor.open(new URL(`/developer/sign-in?${query}`, this.#country.hub));
    if (page.code === 'choose_source') page = await prove(this.visitor);
    this.#formToken = page.$('input[name=form_token]').first().attr('value') ?? '';
    return page;
  }

  /** Says who they are, as everybody does before anything else. */
  async introduce(name: string, mail = 'can-bo@co-quan.example'): Promise<this> {
    await this.ask('PUT', '/account', { name, mail });
    return this;
  }

  open(path: string): Promise<Page> {
    return this.visitor.open(new URL(`/developer${path}`, this.#country.hub));
  }

  /** Calls the API as a script of the console's pages would. */
  async call(method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    return callApi(this.#country, method, path, body, { ...(await this.proof()), ...headers });
  }

  /** What a script of the console's pages sends beside its question. */
  async proof(): Promise<{ readonly cookie: string; readonly 'x-form-token': string }> {
    const cookies = Object.entries(await this.visitor.cookies(new URL('/developer', this.#country.hub)));
    return {
      cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
      'x-form-token': this.#formToken,
    };
  }

  /** The same where everything is right: the values, or an error that says what was not. */
  async ask(method: Method, path: string, body?: unknown) {
    return wellAnswered(await this.call(method, path, body), `${method} ${path}`);
  }
}

/** Calls the API with nothing but what is given. */
export async function callApi(
  { hub }: Pick<TestCountry, 'hub'>,
  method: Method,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const answer = await request(new URL(`/developer/api${path}`, hub), {
    // A connection that is kept may have been ended while a test was busy by itself.
    reset: true,
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  const isJson = String(answer.headers['content-type'] ?? '').startsWith('application/json');
  return { status: answer.statusCode, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
}

export const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

export function wellAnswered({ status, body }: ApiAnswer, what = 'the API') {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Somebody who is signed in and has introduced themselves. */
export async function newDeveloper(country: TestCountry, name: string, prove?: Proof): Promise<Developer> {
  const developer = new Developer(country);
  await developer.signIn(prove);
  return developer.introduce(name);
}

/** Settings with which a service may go live in the sandbox; its addresses stand at `origin`. */
export function goodSettings(origin: string, more: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' },
    short_name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' },
    purpose: { vi: 'Cho bạn xem hồ sơ của mình.', en: 'To show you your files.' },
    landing_page: `${origin}/`,
    login_uri: `${origin}/login`,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/signed-out`],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    minimum_acr: 'loa1',
    claims: [
      {
        item: 'name',
        purpose: { vi: 'Để chào bạn bằng tên.', en: 'To greet you by name.' },
        basis: 'consent',
        optional: false,
      },
    ],
    verified_claims: false,
    consent_days: 180,
    life_situations: ['other'],
    contact: { mail: 'ky-thuat@co-quan.example' },
    ...more,
  };
}

export const AGENCY = {
  name: { vi: 'Sở Tư pháp Hà Nội', en: 'Hanoi Department of Justice' },
  sector: 'justice',
  contact: { mail: 'cntt@sotuphap.example' },
} as const;

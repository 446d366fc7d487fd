/**
 * Owns a sign-in from the button to the claims, looked at as a careful agency does: the id token is verified against the
 * keys it has kept of the hub's, and a citizen has the same `sub` there every time.
 */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, type TestCountry } from '../country.ts';
import type { Changes } from '../oidc/asking.ts';
import { codeFor, redeem, userinfo } from '../oidc/redeeming.ts';
import type { Account } from './newcomers.ts';

/** What an agency got, and must be able to use until it ends. */
export interface Issued {
  readonly service: string;
  readonly sub: string;
  readonly access: string;
  readonly idToken: string;
}

export interface Wish {
  readonly account?: Account;
  /** The browser, when it is not a new one. */
  readonly visitor?: Visitor;
  readonly asking?: Changes;
}

export class CompleteSignIns {
  readonly #country: TestCountry;
  /** Published keys by service, as each has kept them; fetched again only for a `kid` that is not among them. */
  readonly #kept = new Map<string, ReturnType<typeof createRemoteJWKSet>>();
  /** `sub`s by service and account. */
  readonly #subjects = new Map<string, string>();

  constructor(country: TestCountry) {
    this.#country = country;
  }

  /** Citizens that have signed in, and pairs of citizen and service. */
  get seen(): { readonly citizens: number; readonly pairs: number } {
    const citizens = new Set(Array.from(this.#subjects.keys(), (pair) => pair.split(' ')[1]));
    return { citizens: citizens.size, pairs: this.#subjects.size };
  }

  /** The whole of it. Throws where anything is otherwise than it has to be. */
  async signIn(service: string, { account = AN, visitor = new Visitor(), asking = {} }: Wish = {}): Promise<Issued> {
    const changes = { scope: 'openid profile', ...asking };
    const code = await codeFor(this.#country, service, changes, { visitor, account });
    return this.redeem(service, code, account);
  }

  /** From the code on. */
  async redeem(service: string, code: string, account: Account): Promise<Issued> {
    const { status, text, body } = await redeem(this.#country, service, code);
    if (status !== 200) throw new Error(`no tokens: ${status} ${text.slice(0, 200)}`);
    const issued = { service, access: body.access_token, idToken: body.id_token };
    const sub = await this.verify(issued);
    const pair = `${service} ${account.taxCode}`;
    const before = this.#subjects.get(pair);
    if (before !== undefined && before !== sub) throw new Error(`another sub of ${pair}`);
    this.#subjects.set(pair, sub);
    await this.claims({ ...issued, sub });
    return { ...issued, sub };
  }

  /** Verifies an id token as its agency does; returns its `sub`. */
  async verify({ service, idToken }: Pick<Issued, 'service' | 'idToken'>): Promise<string> {
    const { hub } = this.#country;
    let keys = this.#kept.get(service);
    if (keys === undefined) {
      keys = createRemoteJWKSet(new URL('/jwks', hub), { cooldownDuration: 0, cacheMaxAge: Number.POSITIVE_INFINITY });
      this.#kept.set(service, keys);
    }
    const { payload } = await jwtVerify(idToken, keys, { issuer: hub, audience: service });
    return payload.sub!;
  }

  /** Asks for the claims with an access token. */
  async claims({ access, sub }: Pick<Issued, 'access' | 'sub'>): Promise<void> {
    const { status, text, body } = await userinfo(this.#country, access);
    if (status !== 200) throw new Error(`no claims: ${status} ${text.slice(0, 200)}`);
    if (body.sub !== sub || !body.name) throw new Error('the claims are not those of who signed in');
  }
}

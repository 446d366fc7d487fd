/**
 * Owns a citizen who wants to sign in at a service and does not give up: whatever breaks off is tried again, as people do.
 * Keeps what the hub has told them meanwhile, which from then on has to be true.
 */
import { decodeJwt } from 'jose';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { proveByTaxCode } from '../country.ts';
import { until } from '../engines/until.ts';
import type { CountryOfProcesses } from '../many-processes.ts';
import { addressOf } from '../oidc/asking.ts';
import { type Answer, redeem } from '../oidc/redeeming.ts';
import type { Account } from './newcomers.ts';

/** A citizen meets at most: choice, continue, consent, the service. More than this is a circle. */
const MOST_PAGES = 8;
/** Milliseconds. */
const PATIENCE = 25_000;

export interface Wanted {
  readonly service: string;
  readonly account: Account;
  /** The browser: a tab of one in which the citizen may be signed in already. */
  readonly visitor: Visitor;
  /** How the service redeems the codes it gets. */
  readonly redeeming: Redeeming;
}
type Redeeming = 'in_order' | 'twice_at_once';

export class PersistentCitizen {
  readonly service: string;
  readonly account: Account;
  readonly #country: CountryOfProcesses;
  readonly #redeeming: Redeeming;
  readonly #visitor: Visitor;
  /** The hub's or the source's page that was seen last. */
  #seen: URL | undefined;
  /** Requests in which the hub has answered a consent with the way on to the code. */
  readonly agreedIn = new Set<string>();
  /** Consent pages that were shown in others after that. Back in the same request it is shown again, and changes nothing. */
  askedAgain = 0;
  /** By code how often it gave tokens. */
  readonly codes = new Map<string, number>();
  /** Whom the tokens name. */
  readonly subjects = new Set<string>();
  /** What came in between, once each time. */
  readonly troubles: string[] = [];

  constructor(country: CountryOfProcesses, { service, account, visitor, redeeming }: Wanted) {
    this.#country = country;
    this.service = service;
    this.account = account;
    this.#visitor = visitor;
    this.#redeeming = redeeming;
  }

  get #address(): URL {
    return addressOf(this.#country, this.service, { scope: 'openid profile' });
  }

  /** Tries until the service has tokens. */
  async signIn(): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (performance.now() < end) {
      // Whoever finds nobody there comes back when somebody is.
      await until(async () => this.#country.workerPids().length > 0, PATIENCE);
      try {
        const code = await this.#toCode();
        if (code !== undefined && (await this.#toTokens(code, end))) return;
      } catch (error) {
        this.troubles.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Error(`${this.service}: not signed in after ${this.troubles.join('; ')}`);
  }

  /** Signs in once more in the same browser, where nothing may be asked; the code, or what came instead. */
  async signInSilently(): Promise<string> {
    const address = addressOf(this.#country, this.service, { scope: 'openid profile', prompt: 'none' });
    const { searchParams } = (await this.#visitor.open(address)).url;
    return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : 'neither');
  }

  /** Signs in in another browser; the pages that were shown there. */
  async signInElsewhere(): Promise<readonly (string | undefined)[]> {
    const visitor = new Visitor();
    const choice = await visitor.open(this.#address);
    const end = await proveByTaxCode(visitor, this.account);
    return [choice.code, end.code];
  }

  /** Redeems every code again; the statuses of the answers, which must not be 200. */
  async redeemAgain(): Promise<readonly number[]> {
    const answers: number[] = [];
    for (const code of this.codes.keys()) answers.push((await this.#redeem(code)).status);
    return answers;
  }

  /** From the button, or from the page before the one that never came, to a code. */
  async #toCode(): Promise<string | undefined> {
    const visitor = this.#visitor;
    const goesBack = this.#seen !== undefined && Math.random() < 0.5;
    let page = await visitor.open(goesBack ? this.#seen! : this.#address);
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const step = this.#stepFrom(page);
      if (step === undefined) break;
      this.#seen = page.url;
      page = await step();
    }
    const code = page.code === 'test_callback' ? page.url.searchParams.get('code') : null;
    // A page that tells what is wrong is not gone back from.
    if (page.code !== undefined) this.#seen = undefined;
    if (code !== null) return code;
    this.troubles.push(page.code ?? `${page.status} ${page.body.slice(0, 60).trim()}`);
    return undefined;
  }

  #stepFrom(page: Page): (() => Promise<Page>) | undefined {
    if (page.code === 'choose_source') return () => this.#visitor.press('source=tax-code');
    if (page.has('input[name=tax_code]')) return () => this.#prove();
    if (page.code === 'continue_as') return () => this.#visitor.press('decision=continue');
    return page.code === 'consent' ? () => this.#agree() : undefined;
  }

  async #prove(): Promise<Page> {
    const { taxCode, password } = this.account;
    return this.#visitor.fill({ tax_code: taxCode, password }).press('decision=sign_in');
  }

  async #agree(): Promise<Page> {
    const { trail, page } = this.#visitor;
    const request = page.url.pathname;
    if (this.agreedIn.size > 0 && !this.agreedIn.has(request)) this.askedAgain += 1;
    const before = trail.length;
    try {
      return await this.#visitor.press('decision=agree');
    } finally {
      // The form's own address, and another one only if its answer arrived: a step that fails leads back to its page.
      const next = trail[before + 1];
      if (next?.pathname.startsWith('/authorize')) this.agreedIn.add(request);
    }
  }

  async #redeem(code: string): Promise<Answer> {
    const answer = await redeem(this.#country, this.service, code);
    if (answer.status === 200) {
      this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
      this.subjects.add(decodeJwt(answer.body.id_token).sub!);
    }
    return answer;
  }

  /**
   * Redeems a code, again where the answer was lost, for as long as the citizen has patience. `false` when there will be
   * none: it was lost after its one use.
   */
  async #toTokens(code: string, end: number): Promise<boolean> {
    this.codes.set(code, 0);
    const times = this.#redeeming === 'in_order' ? 1 : 2;
    while (performance.now() < end) {
      const tries = await Promise.allSettled(Array.from({ length: times }, () => this.#redeem(code)));
      const answers = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      if (answers.some(({ status }) => status === 200)) return true;
      this.troubles.push(answers.map(({ status }) => `token ${status}`).join() || 'token lost');
      if (answers.some(({ status }) => status === 400)) return false;
    }
    return false;
  }
}

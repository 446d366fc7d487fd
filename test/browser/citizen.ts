/** Owns what a citizen does at a browser: opens tabs, presses, types, and sees which page has come. */
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { Interactions, readSignInId } from '../../src/oidc/interaction.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { openChromium } from '../chromium.ts';
import { AN, openTestCountry, type TestCountry, type TestCountrySettings } from '../country.ts';

/** How long a page may take before a test gives up on it; far above what any page needs. */
const PATIENCE = 12_000;

type Account = { readonly taxCode: string; readonly password: string };

/** A country and a browser for one test file, ended with it; each test finds a hub that knows nobody. */
export function openStage(settings: Pick<TestCountrySettings, 'honestPasswords' | 'sandboxIssuer'> = {}): {
  readonly country: TestCountry;
  readonly browser: Browser;
} {
  const stage = {} as { country: TestCountry; browser: Browser };
  beforeAll(async () => {
    [stage.country, stage.browser] = await Promise.all([openTestCountry([], settings), openChromium()]);
  });
  beforeEach(() => stage.country.reset());
  afterAll(async () => {
    await stage.browser?.close();
    await stage.country?.close();
  });
  return stage;
}

/** One browser of one citizen: cookies of its own, and a record of whatever a strict page must not cause. */
export class Citizen {
  readonly context: BrowserContext;
  readonly country: TestCountry;
  /** What the console complained about (content policy, scripts), refused pages aside. */
  readonly complaints: string[] = [];
  /** Requests that left the country. */
  readonly strangers: string[] = [];

  private constructor(context: BrowserContext, country: TestCountry, more: readonly string[]) {
    this.context = context;
    this.country = country;
    const { hub, taxAuthority, socialInsurance, nationalEid, songHong, library, callback } = country;
    const authorities = issuersOf({ taxAuthority, socialInsurance, nationalEid });
    const { sandboxIssuer } = country;
    const tried = sandboxIssuer ? [sandboxIssuer.url, ...issuersOf(sandboxIssuer.authorities)] : [];
    const all = [hub, ...authorities, ...tried, songHong.url, library.url, callback.origin, ...more];
    const known = all.map((url) => new URL(url).origin);
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'data:' && !known.includes(origin)) this.strangers.push(request.url());
    });
    context.on('console', (message) => {
      // A page that says what went wrong comes with a status that says so too; Chromium reports that as an error.
      if (!/^Failed to load resource: the server responded with a status of/.test(message.text()))
        this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    context.on('weberror', (error) => this.complaints.push(`script: ${error.error().message}`));
  }

  static async at(
    { browser, country }: { readonly browser: Browser; readonly country: TestCountry },
    { alsoAt = [], ...options }: BrowserContextOptions & { readonly alsoAt?: readonly string[] } = {},
  ): Promise<Citizen> {
    const context = await browser.newContext({ locale: 'vi-VN', javaScriptEnabled: false, ...options });
    context.setDefaultTimeout(PATIENCE);
    return new Citizen(context, country, alsoAt);
  }

  /** A new tab at an address. */
  async open(address: string | URL): Promise<Tab> {
    const tab = await this.context.newPage();
    await tab.goto(String(address));
    return tab;
  }

  /** A tab at the hub's choice page, as the portal's login button leads to it. */
  async atChoice(agency: { readonly url: string } = this.country.songHong): Promise<Tab> {
    const tab = await this.open(`${agency.url}/login`);
    await sees(tab, 'choose_source');
    return tab;
  }

  /** A tab whose citizen has proved who they are and is asked to agree. */
  async atConsent(agency: { readonly url: string } = this.country.songHong, account: Account = AN): Promise<Tab> {
    const tab = await this.open(await this.#provesUnseen(agency, account));
    await sees(tab, 'consent');
    return tab;
  }

  /** A tab that has been through everything. */
  async atHello(agency: { readonly url: string } = this.country.songHong): Promise<Tab> {
    const tab = await this.atConsent(agency);
    await agrees(tab);
    return tab;
  }

  /** The steps that a test is not about, with this browser's cookies but without its screen; the address of the next. */
  async #provesUnseen(agency: { readonly url: string }, { taxCode, password }: Account): Promise<string> {
    const { request } = this.context;
    const choice = await request.get(`${agency.url}/login`);
    const atTaxAuthority = await request.post(`${choice.url()}/source`, { form: { source: 'tax-code' } });
    const form = { decision: 'sign_in', tax_code: taxCode, password };
    return (await request.post(atTaxAuthority.url(), { form })).url();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

type Issuers = Pick<TestCountry, 'taxAuthority' | 'socialInsurance' | 'nationalEid'>;
const issuersOf = ({ taxAuthority, socialInsurance, nationalEid }: Issuers) =>
  [taxAuthority, socialInsurance, nationalEid].map(({ issuer }) => issuer);

/** Presses a link or button with the Enter key. */
export async function presses(tab: Tab, selector: string): Promise<void> {
  await tab.locator(selector).press('Enter');
}

/** From the choice through the tax authority; ends wherever that leads. */
export async function proves(tab: Tab, account: Account = AN): Promise<void> {
  await presses(tab, 'button[value=tax-code]');
  await provesAtTaxAuthority(tab, account);
}

export async function provesAtTaxAuthority(tab: Tab, account: Account = AN): Promise<void> {
  await sees(tab, 'tax_sign_in');
  await tab.fill('#tax_code', account.taxCode);
  await tab.fill('#password', account.password);
  await presses(tab, 'button[value=sign_in]');
}

/** Agrees and, where the answer travels as a form and no script sends it, presses on. */
export async function agrees(tab: Tab): Promise<void> {
  await presses(tab, 'button[value=agree]');
  await arrives(tab);
}

/** At the agency's hello, by way of the form-post page where there is one. */
export async function arrives(tab: Tab): Promise<void> {
  const landing = tab.locator('main[data-code=hello], main[data-code=form_post]');
  await landing.waitFor().catch(() => undefined);
  if ((await codeOf(tab)) === 'form_post') await presses(tab, 'main button').catch(() => undefined);
  await sees(tab, 'hello');
}

/** Waits until this is the page the citizen looks at; says which one it is when it does not come. */
export async function sees(tab: Tab, code: string): Promise<void> {
  const shown = await tab
    .locator(`main[data-code=${code}]`)
    .waitFor()
    .then(
      () => code,
      () => codeOf(tab),
    );
  expect(shown).toBe(code);
}

/** Which page this is, or which error; the address where it is none of ours. */
export async function codeOf(tab: Tab): Promise<string> {
  return (
    (await tab
      .locator('main')
      .getAttribute('data-code', { timeout: 500 })
      .catch(() => null)) ?? tab.url()
  );
}

/** The request a page of the hub belongs to. */
export function signInOf(tab: Tab): string {
  return readSignInId(new URL(tab.url()).pathname.split('/')[2] ?? '')!.uid;
}

/** As if the citizen had gone to lunch: the time of the request on this page is over. */
export async function expire({ context, country }: Citizen, uid: string): Promise<void> {
  const { hub, configuration } = country;
  const vault = createVault(loadKeys(configuration.keys));
  const cookies = await context.cookies(hub);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const interactions = new Interactions(vault, country.runningHub().store.state, false);
  const kept = await interactions.read({ headers: { cookie } } as IncomingMessage, uid);
  const own = cookies.find(({ value }) => vault.openState(`sign-in ${uid}`, Buffer.from(value, 'base64url')));
  const value = vault.sealState(`sign-in ${uid}`, { ...kept!, exp: 1 }).toString('base64url');
  await context.addCookies([{ name: own!.name, value, url: hub }]);
}

/** Owns what the steps of a sign-in share: opening it for the right browser, showing its pages, to a source and through. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { asksHere, type Source } from '../../providers/source.ts';
import type { Page } from '../../views/pages.ts';
import type { Configuration } from '../config.ts';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { levelOfCredential, levelOfUnanchored } from '../identity/assurance.ts';
import { isOpenToDoubleProof } from '../identity/double-proof.ts';
import type { IdentityRefusal } from '../identity/person.ts';
import type { Presentation } from '../web/presentation.ts';
import { type Assured, assurePerson, boundTo } from './assure.ts';
import { chosenSource, type Sources, type SourcesNow, usableSource } from './choose.ts';
import { ClosedWay } from './closed-ways.ts';
import { BrowserMemory } from './device.ts';
import {
  findTogether,
  type Identified,
  type IdentifyParts,
  identifyPerson,
  identifyTogether,
  type Occasion,
  type Pair,
  type PopulationRegister,
  pendingProofOf,
} from './identify.ts';
import { type Http, type OutcomeParts, Outcomes } from './outcome.ts';
import type { SourceLegs } from './prove.ts';
import type { Progress, SignInRequest } from './request.ts';
import type { SourceHealth } from './source-health.ts';

export interface StepParts extends OutcomeParts {
  readonly configuration: Configuration;
  readonly sources: Sources;
  readonly now: SourcesNow & { readonly health: SourceHealth };
  readonly register: PopulationRegister;
  readonly legs: SourceLegs;
  readonly presentation: Presentation;
  /** Carries what waits in the outbox. */
  readonly messages: { wake(): void };
}

export class Steps {
  readonly outcomes: Outcomes;
  readonly #parts: StepParts;
  readonly #browsers: BrowserMemory;

  constructor(parts: StepParts) {
    this.#parts = parts;
    this.#browsers = new BrowserMemory(parts.configuration.issuer.startsWith('https:'));
    this.outcomes = new Outcomes(parts);
  }

  /** The request of this address, for the browser that began it. Throws `Refusal` `other_browser`, `request_expired`. */
  async open({ request, response }: Http): Promise<SignInRequest> {
    const uid = String(request.params.uid);
    this.belongsTo(request, uid);
    const signIn = await this.#parts.requests.open({ request, response }, uid);
    request.uiLocales = signIn.params.ui_locales;
    return signIn;
  }

  /**
   * The request of a form whose press ends it; nothing when it has just ended. A second press, while the answer is on its
   * way, makes the browser let go of that answer: it is led on to the agency.
   */
  async openOrLeadOn(http: Http, to: 'login_uri' | 'home_uri'): Promise<SignInRequest | undefined> {
    try {
      return await this.open(http);
    } catch (error) {
      const ended = error instanceof Refusal && error.code === 'request_expired';
      const uid = String(http.request.params.uid);
      const address = ended ? (await this.#parts.requests.agencyJustAnswered(uid))?.[to] : undefined;
      if (address === undefined) throw error;
      http.response.redirect(303, address);
      return undefined;
    }
  }

  /** Whatever this request is answered with can be asked for again, or begun anew, under the sign-in's own address. */
  belongsTo(request: Request, uid: string | undefined): void {
    if (uid === undefined) return;
    request.pagePath = `/sign-in/${uid}`;
    request.signInUid = uid;
  }

  /** To the chosen source: to its own sign-in, or to the page on which it asks here. */
  async toSource(id: string, signIn: SignInRequest, http: Http, sharedComputer?: boolean): Promise<void> {
    const { sources, now, legs, requests, configuration } = this.#parts;
    try {
      const { notice: _notice, attempt: _former, sharedComputer: formerly, ...before } = signIn.progress;
      const shared = sharedComputer ?? formerly ?? false;
      // Stays ticked whatever comes of this try.
      signIn.progress = { ...signIn.progress, sharedComputer: shared };
      const source = chosenSource(sources, id, signIn, now);
      signIn.progress = shared ? { ...before, sharedComputer: true } : before;
      const chosen = { type: 'source_chosen', client: signIn.client.client_id, source: source.id } as const;
      if (asksHere(source)) {
        const attempt = { source: id, id: randomBytes(24).toString('base64url') };
        this.outcomes.tellLater(signIn, chosen);
        await requests.save(signIn, { ...signIn.progress, attempt });
        return http.response.redirect(303, `/sign-in/${signIn.uid}/prove`);
      }
      await now.health.look(source);
      const redirect = await legs.begin(source, signIn, http, AbortSignal.timeout(configuration.patience));
      this.outcomes.tellLater(signIn, chosen);
      await requests.save(signIn, signIn.progress);
      http.response.redirect(303, redirect.href);
    } catch (error) {
      await this.outcomes.refused(signIn, error, id, http);
    }
  }

  /** A source under way may have been forbidden or switched off since it was chosen. Throws `Refusal`. */
  stillUsable(source: Source, signIn: SignInRequest): void {
    usableSource(this.#parts.sources, source.id, signIn, this.#parts.now);
  }

  /**
   * From a source's answer to the person and on. The source is asked for again: it may have been forbidden since. It never
   * vouches for more than it is registered for, whatever it says.
   */
  async through(
    source: Source,
    signIn: SignInRequest,
    http: Http,
    prove: (signal: AbortSignal) => Promise<Assertion>,
  ): Promise<void> {
    const signal = AbortSignal.timeout(this.#parts.configuration.patience);
    try {
      this.stillUsable(source, signIn);
      const proven = await prove(signal);
      const assertion = { ...proven, acr: levelOfCredential({ asserted: proven.acr, registered: source.acr }) };
      if (await this.#offersLink(signIn, assertion, signal, http)) return;
      await this.alone(signIn, assertion, signal, http);
    } catch (error) {
      await this.outcomes.refused(signIn, error, source.id, http);
    }
  }

  /** Identifies an assertion by itself; one that cannot say whose it is waits for a second (rule 4). */
  async alone(signIn: SignInRequest, assertion: Assertion, signal: AbortSignal, http: Http): Promise<void> {
    const { pending: _former, offer: _offer, tooWeakFor: _refused, ...progress } = signIn.progress;
    signIn.progress = progress;
    try {
      // Once more: the citizen may have thought about a second account for long.
      usableSource(this.#parts.sources, assertion.source, signIn, this.#parts.now);
      const assure = (identified: Identified) => this.#assure(signIn, assertion, identified);
      const occasion = this.#occasion(signIn);
      const assured = await identifyPerson(assertion, occasion, signal, this.#identity(), assure);
      this.#browsers.keep(occasion.browser, http.response);
      await this.outcomes.identified(signIn, assured, http);
    } catch (error) {
      if (error instanceof Refusal && isOpenToDoubleProof(error.code as IdentityRefusal))
        signIn.progress = { ...signIn.progress, pending: await pendingProofOf(assertion, this.#identity()) };
      throw error;
    }
  }

  /** The citizen said that both accounts are theirs: looked at again, linked, and signed in with the second. */
  async together(signIn: SignInRequest, pair: Omit<Pair, 'newPersonId'>, http: Http): Promise<void> {
    const signal = AbortSignal.timeout(this.#parts.configuration.patience);
    const { second, pending } = pair;
    const { pending: _used, offer: _answered, ...progress } = signIn.progress;
    signIn.progress = progress;
    try {
      usableSource(this.#parts.sources, second.source, signIn, this.#parts.now);
      // Somebody new keeps the id that the page was made for.
      const newPersonId = pair.offeredTo ?? randomUUID();
      const assure = (identified: Identified) => {
        const acr = identified.record === null ? levelOfUnanchored(pending.assertion.acr, second.acr) : second.acr;
        return this.#assure(signIn, { ...second, acr }, identified);
      };
      const together = { ...pair, newPersonId };
      const occasion = this.#occasion(signIn);
      const assured = await identifyTogether(together, occasion, signal, this.#identity(), assure);
      this.#browsers.keep(occasion.browser, http.response);
      await this.outcomes.identified(signIn, assured, http);
    } catch (error) {
      await this.outcomes.refused(signIn, error, second.source, http);
    }
  }

  /** When an account waits for a second and this is it, the citizen is asked before anything is written. */
  async #offersLink(signIn: SignInRequest, second: Assertion, signal: AbortSignal, http: Http): Promise<boolean> {
    const { pending, tooWeakFor } = signIn.progress;
    if (pending === undefined || tooWeakFor === second.source) return false;
    const pair = { pending, second, newPersonId: randomUUID() };
    const found = findTogether(pair, this.#occasion(signIn), signal, this.#identity());
    const person = await found.catch((error) => {
      if (error instanceof ClosedWay) signIn.progress = afterClosedWay(error, signIn.progress, second.source);
      throw error;
    });
    if (person === undefined) return false;
    const { notice: _notice, attempt: _attempt, ...progress } = signIn.progress;
    await this.#parts.requests.save(signIn, { ...progress, offer: { second, person } });
    http.response.redirect(303, `/sign-in/${signIn.uid}`);
    return true;
  }

  /** A source may sign in more weakly than it is registered for: then the decree's level, which is the registered one's, is not told. */
  #assure(signIn: SignInRequest, assertion: Assertion, identified: Identified): Assured {
    const { clock, configuration } = this.#parts;
    const settings = configuration.sources.find(({ id }) => id === assertion.source);
    const vnAuthLevel = settings?.acr === assertion.acr ? settings.vn_auth_level : undefined;
    return assurePerson(signIn, assertion, identified, clock, vnAuthLevel);
  }

  #occasion(signIn: SignInRequest): Occasion {
    const { client, progress, browser } = signIn;
    return {
      client,
      browser: this.#browsers.see(browser.request, progress.sharedComputer ?? false),
      stepUp: boundTo(signIn) !== undefined,
      untold: () => signIn.progress.untold ?? [],
      told: () => void this.#parts.requests.takeUntold(signIn),
    };
  }

  #identity(): IdentifyParts {
    const { store, register, clock, configuration, messages } = this.#parts;
    const { minimumAge, sources } = configuration;
    const levelOf = (source: string) => sources.find(({ id }) => id === source)?.acr;
    return { store, register, clock, minimumAge, levelOf, messages };
  }

  show(signIn: SignInRequest, page: Page, { request, response }: Http): void {
    const notice = signIn.progress.notice?.incident;
    if (notice) request.shownIncident = notice;
    this.#parts.presentation.send(request, response, page, this.#formTargets(signIn));
  }

  /** Where forms of a sign-in may end: at a source, or back at the agency (Chromium checks the whole chain). */
  #formTargets({ client }: SignInRequest): string[] {
    const issuers = this.#parts.configuration.sources.flatMap((source) => ('issuer' in source ? [source.issuer] : []));
    const addresses = [...client.redirect_uris, client.login_uri, client.home_uri, ...issuers];
    return addresses.flatMap((address) => (address === undefined ? [] : [new URL(address).origin]));
  }
}

/**
 * The first proof waits on where only the second was too weak: a stronger one may follow, or the same once more, by itself. Any
 * other objection would meet every second proof, and the citizen may still sign in by one alone.
 */
function afterClosedWay({ code }: ClosedWay, progress: Progress, second: string): Progress {
  if (code === 'link_too_weak') return { ...progress, tooWeakFor: second };
  const { pending: _pending, ...rest } = progress;
  return rest;
}

/**
 * Owns what the hub asks of an identity source: begin a sign-in, finish it with an assertion, name its level and what
 * its card says. What only some sources can do is an interface of its own beside this one.
 */
import type { Acr, Assertion, SourceId } from '../src/identity/assertion.ts';
import type { Json } from '../src/store.ts';
import type { Language, Localised, Page, Service, SourceCard } from '../views/pages.ts';

export interface BeginRequest {
  /** One-use and unguessable; comes back with the source's answer and binds it to the browser that asked. */
  readonly state: string;
  readonly language: Language;
  /** Aborts what takes too long for a citizen who waits. */
  readonly signal: AbortSignal;
}

export interface Begun {
  /** Where the citizen's browser goes next. */
  readonly redirect: URL;
  /** What `finish` needs again; travels sealed in the citizen's browser. */
  readonly memory: Json;
}

export interface SourceAnswer {
  /** The address at which the browser came back, with everything the source put into it. */
  readonly address: URL;
  readonly state: string;
  readonly memory: Json;
  readonly signal: AbortSignal;
}

/** What every source is, however it asks. */
export interface SourceFacts {
  readonly id: SourceId;
  /** The registered level: no assertion of this source is ever above it. */
  readonly acr: Acr;
  readonly card: Omit<SourceCard, 'closed' | 'notice'>;
}

/** A source with a sign-in of its own, to which the browser is sent. */
export interface RedirectSource extends SourceFacts {
  /** Throws `Refusal` `source_unavailable` when the source cannot be reached. */
  begin(request: BeginRequest): Promise<Begun>;
  /** Throws `Refusal` with the source's own reason, or `source_answer_invalid` when the answer does not verify. */
  finish(answer: SourceAnswer): Promise<Assertion>;
}

/** One try at a source that asks on pages of the hub. */
export interface PageAttempt {
  /** A secret of this browser and this try; whatever the source keeps of the try, it keeps under it. */
  readonly id: string;
  readonly service: Service;
  /** What the service is called where there is little room; the agency's name stands in for it. */
  readonly shortName?: Localised;
  readonly language: Language;
  /** Where the page's form is sent, where it may ask again by itself, and where giving up leads. */
  readonly action: string;
  readonly waitAction: string;
  readonly cancelAction: string;
  readonly signal: AbortSignal;
}

/** A source that asks on pages of the hub: a phone that signs, a card in the reader. */
export interface PageSource extends SourceFacts {
  /** The page that is due in this try; asked again by a refresh it is the same. */
  page(attempt: PageAttempt): Promise<Page>;
  /**
   * Takes what the page's form sent: an assertion when it proves the holder, a page when something in it was wrong,
   * nothing when the page that is due tells all. Throws `Refusal` with the source's own reason.
   */
  answer(attempt: PageAttempt, fields: Readonly<Record<string, unknown>>): Promise<Assertion | Page | undefined>;
  /** Looks whether what the page waits for has come. */
  wait?(attempt: PageAttempt): Promise<Assertion | undefined>;
  /** The citizen gave up; what comes later counts no more. */
  cancel?(attempt: PageAttempt): Promise<void>;
}

/** What some sources offer besides: a sign-out of their own, for whoever leaves a session behind there. */
export interface SignsOut {
  /** Where the citizen signs out there; nothing when the source offers none, or does not answer now. */
  signOutAddress(signal: AbortSignal): Promise<URL | undefined>;
}

export type Source = RedirectSource | PageSource;

/** Whether a source may offer a sign-out of its own. */
export function signsOut(source: Source): source is Source & SignsOut {
  return 'signOutAddress' in source;
}

/** What a source may be able to do besides: tell, before a citizen is sent there, whether it is there at all. */
export interface Health {
  /** Costs the source little. Throws `Refusal` `source_unavailable` when it cannot be reached. */
  reachable(signal: AbortSignal): Promise<void>;
}

/** Whether a source can be asked that. */
export function tellsHealth<Some extends Source>(source: Some): source is Some & Health {
  return 'reachable' in source;
}

/** Whether a source asks on pages of the hub. */
export function asksHere(source: Source): source is PageSource {
  return 'page' in source;
}

/**
 * Owns what the hub asks of an identity source: begin a sign-in, finish it with an assertion, name its level and what
 * its card says. What only some sources can do is an interface of its own beside this one.
 */
import type { Acr, Assertion, SourceId } from '../src/identity/assertion.ts';
import type { Json } from '../src/store.ts';
import type { Language, SourceCard } from '../views/pages.ts';

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

export interface Source {
  readonly id: SourceId;
  /** The registered level: no assertion of this source is ever above it. */
  readonly acr: Acr;
  readonly card: Omit<SourceCard, 'closed'>;
  /** Throws `Refusal` `source_unavailable` when the source cannot be reached. */
  begin(request: BeginRequest): Promise<Begun>;
  /** Throws `Refusal` with the source's own reason, or `source_answer_invalid` when the answer does not verify. */
  finish(answer: SourceAnswer): Promise<Assertion>;
}

/**
 * Owns the numbers of a running hub, as Prometheus reads them: what they are called and what they may be told apart by.
 * Labels are words of the hub and ids that are registered, never anything somebody sent; so their number is bounded.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ClientRegistration } from '../clients.ts';
import { errorOf, isErrorCode } from '../errors.ts';
import type { Event } from '../journal/events.ts';
import type { Readiness } from './readiness.ts';
import type { StoreWatcher } from './watched-store.ts';

export interface MetricsParts {
  /** A registered client by its id. */
  readonly client: (id: string) => Pick<ClientRegistration, 'agency'> | undefined;
  /** Ids of the configured sources. */
  readonly sources: readonly string[];
  /** Kinds of messages that there always are, also when none waits. */
  readonly kinds: readonly string[];
  /** How many wait; asked when somebody reads the numbers. */
  readonly queues: () => Promise<Queues>;
  /** Whether citizens are sent to a source now. */
  readonly isUp: (source: string) => boolean;
  readonly readiness: Readiness;
  /** Also those of the process: memory, CPU, the event loop. Once a process is enough. */
  readonly ofProcess: boolean;
}

export interface Queues {
  /** Messages that wait, by kind. */
  readonly outbox: ReadonlyMap<string, number>;
  readonly reviews: number;
}

/** Milliseconds that a store may take to say how long its queues are; then that is left out. */
const PATIENCE = 1_000;
const NONE = '(none)';

/** One way a sign-in can end, or a try at a source within it. */
type SignInOutcome = 'signed_in' | 'refused' | 'cancelled' | 'unavailable' | 'consent_refused';

export class Metrics implements StoreWatcher {
  readonly registry = new Registry();
  readonly #parts: MetricsParts;
  readonly #signIns: Counter<'source' | 'sector' | 'outcome'>;
  readonly #refusals: Counter<'source' | 'code'>;
  readonly #steps: Histogram<'step' | 'status'>;
  readonly #inFlight: Gauge;
  readonly #store: Histogram<'port' | 'operation' | 'outcome'>;
  readonly #outbox: Gauge<'kind'>;
  readonly #reviews: Gauge;
  readonly #sources: Gauge<'source'>;
  readonly #engines: Gauge<'engine'>;
  readonly #ready: Gauge;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    const registers = [this.registry];
    if (parts.ofProcess) collectDefaultMetrics({ register: this.registry });
    this.#signIns = new Counter({
      name: 'lien_thong_sign_ins_total',
      help: 'Sign-ins that ended, and tries at a source that did, by how.',
      labelNames: ['source', 'sector', 'outcome'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'lien_thong_refusals_total',
      help: 'Tries that were refused, by the code the citizen was told.',
      labelNames: ['source', 'code'],
      registers,
    });
    this.#steps = new Histogram({
      name: 'lien_thong_step_seconds',
      help: 'Time to answer a request, by step and class of status.',
      labelNames: ['step', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#inFlight = new Gauge({ name: 'lien_thong_requests_in_flight', help: 'Requests being answered.', registers });
    this.#store = new Histogram({
      name: 'lien_thong_store_seconds',
      help: 'Time the store took, by port, operation and outcome.',
      labelNames: ['port', 'operation', 'outcome'],
      buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    // Of workers beside each other: each sees the same queue, and is only as well as the one in trouble.
    this.#outbox = new Gauge({
      name: 'lien_thong_outbox_waiting',
      help: 'Messages that still have to be told to others.',
      labelNames: ['kind'],
      aggregator: 'max',
      registers,
    });
    this.#reviews = new Gauge({
      name: 'lien_thong_reviews_open',
      help: 'Doubts that wait for an operator.',
      aggregator: 'max',
      registers,
    });
    this.#sources = new Gauge({
      name: 'lien_thong_source_up',
      help: 'Whether citizens are sent to a source.',
      labelNames: ['source'],
      aggregator: 'min',
      registers,
    });
    this.#engines = new Gauge({
      name: 'lien_thong_engine_up',
      help: 'Whether what the store rests on can be read and written.',
      labelNames: ['engine'],
      aggregator: 'min',
      registers,
    });
    this.#ready = new Gauge({ name: 'lien_thong_ready', help: 'Processes that are ready for citizens.', registers });
  }

  /** A request has come. Tell what is returned how it ended. */
  begin(): (step: string, status: number) => void {
    const begun = performance.now();
    this.#inFlight.inc();
    return (step, status) => {
      this.#inFlight.dec();
      this.#steps.observe({ step, status: `${Math.floor(status / 100)}xx` }, (performance.now() - begun) / 1000);
    };
  }

  answered(call: Parameters<StoreWatcher['answered']>[0], seconds: number): void {
    this.#store.observe(call, seconds);
  }

  happened(event: Event): void {
    const outcome = outcomeOf(event);
    if (outcome === undefined) return;
    const { client, source } = event as { readonly client?: string; readonly source?: string };
    const known = { source: this.#known(source), sector: this.#sectorOf(client), outcome };
    this.#signIns.inc(known);
    if (event.type === 'sign_in_refused')
      this.#refusals.inc({ source: known.source, code: isErrorCode(event.reason) ? event.reason : 'internal_error' });
  }

  /** Everything as it is now, for other processes to add theirs. */
  async values(): Promise<Awaited<ReturnType<Registry['getMetricsAsJSON']>>> {
    await this.#look();
    return this.registry.getMetricsAsJSON();
  }

  /** Everything as it is now, in the text format. */
  async text(): Promise<string> {
    await this.#look();
    return this.registry.metrics();
  }

  async #look(): Promise<void> {
    const { queues, sources, kinds, isUp, readiness } = this.#parts;
    const [report, lengths] = await Promise.all([readiness.look(), inTime(queues())]);
    this.#ready.set(report.ready ? 1 : 0);
    for (const [engine, up] of Object.entries(report.engines)) this.#engines.set({ engine }, up ? 1 : 0);
    for (const source of sources) this.#sources.set({ source }, isUp(source) ? 1 : 0);
    this.#outbox.reset();
    this.#reviews.remove();
    // What is not known is left out: a zero would say that all is well.
    if (lengths === undefined) return;
    for (const kind of kinds) this.#outbox.set({ kind }, 0);
    for (const [kind, waiting] of lengths.outbox) this.#outbox.set({ kind }, waiting);
    this.#reviews.set(lengths.reviews);
  }

  #known(source: string | undefined): string {
    return source !== undefined && this.#parts.sources.includes(source) ? source : NONE;
  }

  #sectorOf(client: string | undefined): string {
    return (client === undefined ? undefined : this.#parts.client(client)?.agency.id) ?? NONE;
  }
}

/** How a sign-in ended, or a try within it, when that is what an event says. */
export function outcomeOf(event: Event): SignInOutcome | undefined {
  switch (event.type) {
    case 'tokens_issued':
      return 'signed_in';
    case 'consent_refused':
      return 'consent_refused';
    case 'sign_in_refused':
      if (!isErrorCode(event.reason)) return 'refused';
      if (event.reason === 'source_cancelled') return 'cancelled';
      return errorOf(event.reason).oauth === 'temporarily_unavailable' ? 'unavailable' : 'refused';
    default:
      return undefined;
  }
}

/** What was asked for, or nothing when it fails or takes too long. */
async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), PATIENCE);
  try {
    return await Promise.race([asked.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

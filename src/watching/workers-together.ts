/**
 * Owns watching several worker processes as one hub: a worker answers its primary's question with a report, the primary
 * adds the reports up. One port for all, because nobody outside can tell which worker would answer.
 */

import type { Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { AggregatorRegistry } from 'prom-client';
import type { Metrics } from './metrics.ts';
import type { ReadinessReport } from './readiness.ts';
import { openWatchPort, type WatchPort } from './watch-port.ts';

/** What one worker says of itself. */
export interface WorkerReport {
  readonly readiness: ReadinessReport;
  readonly metrics: Awaited<ReturnType<Metrics['values']>>;
}

/** Several workers as one: ready while one of them is. */
export interface WorkersReport extends ReadinessReport {
  readonly workers: { readonly ready: number; readonly running: number };
}

interface Question {
  readonly type: typeof QUESTION;
  readonly id: string;
}
interface Answer {
  readonly type: typeof ANSWER;
  readonly id: string;
  readonly report: WorkerReport;
}

const QUESTION = 'watching:question';
const ANSWER = 'watching:answer';
/** Milliseconds after which a worker that has not answered counts as one that is not ready. */
const PATIENCE = 2_500;

/** In a worker: answers the primary whenever it asks. Returns how to stop that. */
export function answerPrimary(report: () => Promise<WorkerReport>): () => void {
  const listener = (message: unknown) => {
    if ((message as Partial<Question> | null)?.type !== QUESTION) return;
    const { id } = message as Question;
    // Who asked has stopped waiting, or has gone, when it cannot be sent.
    report().then(
      (answer) => process.send?.({ type: ANSWER, id, report: answer } satisfies Answer, undefined, {}, () => undefined),
      () => undefined,
    );
  };
  process.on('message', listener);
  return () => void process.off('message', listener);
}

/** In the primary: what each of these workers says; nothing of those that are silent. */
export async function askWorkers(workers: Iterable<Worker>): Promise<readonly (WorkerReport | undefined)[]> {
  return Promise.all(Array.from(workers, ask));
}

function ask(worker: Worker): Promise<WorkerReport | undefined> {
  const { promise, resolve } = Promise.withResolvers<WorkerReport | undefined>();
  const id = randomUUID();
  const listener = (message: unknown) => {
    const answer = message as Partial<Answer> | null;
    if (answer?.type === ANSWER && answer.id === id) resolve(answer.report);
  };
  const silent = () => resolve(undefined);
  const timer = setTimeout(silent, PATIENCE);
  worker.on('message', listener).once('exit', silent).once('disconnect', silent);
  if (worker.isConnected()) worker.send({ type: QUESTION, id } satisfies Question, (error) => error && silent());
  else silent();
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', listener).off('exit', silent).off('disconnect', silent);
  });
}

/** In the primary: the port on which all workers are watched as one. `workers` are those there are at the moment. */
export function openPortOfAll(
  at: Parameters<typeof openWatchPort>[0],
  workers: () => Iterable<Worker>,
): Promise<WatchPort> {
  return openWatchPort(at, {
    readiness: async () => readinessTogether(await askWorkers(workers())),
    metrics: async () => metricsTogether(await askWorkers(workers())),
  });
}

/** Whether workers are ready together; `red` names what any of them lacks. */
export function readinessTogether(reports: readonly (WorkerReport | undefined)[]): WorkersReport {
  const answers = reports.flatMap((report) => (report === undefined ? [] : [report.readiness]));
  const ready = answers.filter((answer) => answer.ready).length;
  const silent = answers.length < reports.length ? ['worker'] : [];
  const engines: Record<string, boolean> = {};
  for (const answer of answers)
    for (const [name, up] of Object.entries(answer.engines)) engines[name] = (engines[name] ?? true) && up;
  return {
    ready: ready > 0,
    red: [...new Set([...(answers.length === 0 ? ['starting'] : silent), ...answers.flatMap(({ red }) => red)])],
    engines,
    workers: { ready, running: reports.length },
  };
}

/** The numbers of workers added up, in the text format. */
export async function metricsTogether(reports: readonly (WorkerReport | undefined)[]): Promise<string> {
  const metrics = reports.flatMap((report) => (report === undefined ? [] : [report.metrics]));
  return metrics.length === 0 ? '' : AggregatorRegistry.aggregate(metrics).metrics();
}

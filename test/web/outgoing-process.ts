/** Owns the process that the outgoing client is tested in: takes jobs from its parent, makes the calls, reports back. */
import { allowInsecureRequests, ClientSecretPost, customFetch, discovery } from 'openid-client';
import { createOutgoing, OutgoingRefused, type OutgoingSettings } from '../../src/web/outgoing.ts';

export interface Call {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly form?: Record<string, string>;
  readonly text?: string;
  readonly bytes?: number[];
  /** Gives up after as many milliseconds, by the caller's own signal. */
  readonly abortMs?: number;
  /** Lets openid-client read the metadata of this issuer through the client instead. */
  readonly discover?: boolean;
}

/** Addresses, or none ever, or this very host as soon as the first call has ended. */
export type Resolution = readonly string[] | 'never' | 'after the first call';

export interface Job {
  readonly id: number;
  readonly settings: Omit<OutgoingSettings, 'lookup'>;
  /** What successive resolutions of a host find, the last one for good; or the system's own resolver. */
  readonly names: Readonly<Record<string, readonly Resolution[]>> | 'system';
  readonly calls: readonly Call[];
  readonly together?: boolean;
}

export interface Outcome {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly code?: string;
  readonly detail?: string | undefined;
  readonly error?: string;
}

export interface Report {
  readonly id: number;
  readonly outcomes: readonly Outcome[];
  readonly lookups: readonly string[];
  /** What creating the client threw, when it did. */
  readonly thrown?: string;
}

async function work(job: Job): Promise<Report> {
  const lookups: string[] = [];
  const firstCall = Promise.withResolvers<void>();
  const { names } = job;
  const lookup = async (host: string) => {
    const answers = (names !== 'system' && names[host]) || [[]];
    const answer = answers[Math.min(lookups.filter((each) => each === host).length, answers.length - 1)]!;
    lookups.push(host);
    if (answer === 'never') return new Promise<never>(() => undefined);
    if (answer === 'after the first call') {
      await firstCall.promise;
      return [{ address: '127.0.0.1', family: 4 }];
    }
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const outgoing = createOutgoing(names === 'system' ? job.settings : { ...job.settings, lookup });

  const outcomeOf = async (call: Call): Promise<Outcome> => {
    try {
      if (call.discover === true) {
        const options = { execute: [allowInsecureRequests], [customFetch]: outgoing.fetch };
        const found = await discovery(new URL(call.url), 'client', undefined, ClientSecretPost('secret'), options);
        return { body: found.serverMetadata().token_endpoint ?? '' };
      }
      const body = call.form ? new URLSearchParams(call.form) : call.bytes ? new Uint8Array(call.bytes) : call.text;
      const response = await outgoing.fetch(call.url, {
        method: call.method ?? 'GET',
        headers: call.headers ?? {},
        body: body ?? null,
        signal: call.abortMs === undefined ? null : AbortSignal.timeout(call.abortMs),
      });
      if (!(response instanceof Response)) throw new Error('not a Response');
      return { status: response.status, body: await response.text(), headers: [...response.headers] };
    } catch (error) {
      if (!(error instanceof OutgoingRefused)) return { error: String(error) };
      return { code: error.code, detail: error.detail, error: `${error.stack} ${JSON.stringify(error)}` };
    }
  };

  const outcomes: Outcome[] = [];
  if (job.together) outcomes.push(...(await Promise.all(job.calls.map(outcomeOf))));
  else {
    for (const call of job.calls) {
      outcomes.push(await outcomeOf(call));
      firstCall.resolve();
    }
  }
  await outgoing.close();
  return { id: job.id, outcomes, lookups };
}

process.on('message', (job: Job) => {
  work(job).then(
    (report) => process.send!(report),
    (error) => process.send!({ id: job.id, outcomes: [], lookups: [], thrown: String(error) } satisfies Report),
  );
});

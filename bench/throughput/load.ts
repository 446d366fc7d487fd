/**
 * Owns the load: a process that is told how many sign-ins to drive, drives them, and tells what it saw. So many are under
 * way at once; each begins when another has ended, so a provider is as busy as it can be and never flooded.
 */
import { createPrivateKey } from 'node:crypto';
import type { JWK } from 'jose';
import { Connections } from './browser.ts';
import { visit } from './citizens.ts';
import { cpuOf, microseconds, type Span } from './processes.ts';
import { clientIdOf, redirectUriOf } from './services.ts';
import { type Agency, type Target, type Walk, walk } from './walk.ts';

/** What the process is told. */
export interface Order {
  readonly issuer: string;
  /** The one client of the yardstick; absent, there are `services` of them. */
  readonly client?: { readonly id: string; readonly redirectUri: string };
  readonly services: number;
  readonly persons: number;
  /** Citizens that the database does not know begin here. */
  readonly citizensFrom: number;
  readonly firstTurn: number;
  readonly signIns: number;
  readonly atOnce: number;
  /** The key with which every agency proves itself, as JWK. */
  readonly key: JWK;
  /** The pages each sign-in has to show. */
  readonly pages: string;
  /** All take one step, then all the next: what each step costs the process of this id. Instead of a run as usual. */
  readonly inStep?: number;
}

/** What it tells. */
export interface Seen {
  readonly milliseconds: number;
  /** Of each sign-in, in milliseconds. */
  readonly durations: readonly number[];
  readonly failures: readonly string[];
  readonly steps?: readonly Step[];
}

/** One step that all took: what it cost the provider each time, in milliseconds, and when that was. */
export interface Step extends Span {
  readonly name: string;
  readonly cpu: number;
}

/** Somebody who fails may not be alone; so many end the run rather than measure refusals. */
const MOST_FAILURES = 5;

process.on('message', (order: Order) => {
  (order.inStep === undefined ? drive(order) : driveInStep(order, order.inStep)).then(
    (seen) => process.send?.(seen),
    (error: Error) => process.send?.({ milliseconds: 0, durations: [], failures: [error.message] } satisfies Seen),
  );
});
process.once('disconnect', () => process.exit(0));

/** Begins the sign-in of a turn. */
async function beginners(order: Order): Promise<{ begin: (turn: number) => Walk; connections: Connections }> {
  const connections = new Connections(order.atOnce);
  const target = await describe(order.issuer);
  const key = createPrivateKey({ key: order.key, format: 'jwk' } as never);
  const begin = (turn: number) => {
    const { citizen, service } = visit(turn, order.persons, order.services);
    const agency: Agency = order.client
      ? { clientId: order.client.id, redirectUri: order.client.redirectUri, key }
      : { clientId: clientIdOf(service), redirectUri: redirectUriOf(service), key };
    return walk(connections, target, agency, order.citizensFrom + citizen);
  };
  return { begin, connections };
}

async function drive(order: Order): Promise<Seen> {
  const { begin, connections } = await beginners(order);
  const durations: number[] = [];
  const failures: string[] = [];
  let turn = order.firstTurn;
  const end = turn + order.signIns;
  const begun = performance.now();

  const one = async (at: number) => {
    const from = performance.now();
    const walked = begin(at);
    let step = await walked.next();
    while (!step.done) step = await walked.next();
    if (step.value.join() !== order.pages) throw new Error(`pages shown: ${step.value.join()}`);
    durations.push(performance.now() - from);
  };
  const lane = async () => {
    while (turn < end && failures.length < MOST_FAILURES)
      await one(turn++).catch((error: Error) => failures.push(error.message));
  };
  await Promise.all(Array.from({ length: order.atOnce }, lane));
  const milliseconds = performance.now() - begun;
  await connections.close();
  return { milliseconds, durations, failures };
}

async function driveInStep(order: Order, server: number): Promise<Seen> {
  const { begin, connections } = await beginners(order);
  const walks = Array.from({ length: order.signIns }, (_, position) => begin(order.firstTurn + position));
  const steps: Step[] = [];
  for (let done = false; !done; ) {
    const [before, from] = [cpuOf(server), microseconds()];
    const waiting = walks.values();
    const names = new Set<string>();
    const lane = async () => {
      for (const walked of waiting) {
        const step = await walked.next();
        if (step.done) done = true;
        else names.add(step.value);
      }
    };
    await Promise.all(Array.from({ length: order.atOnce }, lane));
    const cpu = (cpuOf(server) - before) / order.signIns;
    if (!done) steps.push({ name: [...names].join(' or '), cpu, from, to: microseconds() });
  }
  await connections.close();
  return { milliseconds: 0, durations: [], failures: [], steps };
}

async function describe(issuer: string): Promise<Target> {
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  const path = (name: string) => new URL(metadata[name]!).pathname;
  return {
    issuer,
    authorizationPath: path('authorization_endpoint'),
    tokenPath: path('token_endpoint'),
    userinfoPath: path('userinfo_endpoint'),
  };
}

/** The console's API under everything that can be sent to it, on either store: no failure, nothing undescribed, nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TestCountry } from '../country.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { Asker, type Told } from '../fuzz/wire.ts';
import { anyCall, type Call, developerOperations, isRight, objections, operationAt } from './any-call.ts';
import { openDeveloperCountry } from './developer.ts';
import { openRichLife, type RichLife } from './rich-agencies.ts';

const SECRET_HEADERS = { cookie: undefined, authorization: undefined, 'x-form-token': undefined };

describe.each([
  // Milliseconds, and calls, after which it is enough of one operation; and the fewest.
  ['the file of this machine', { longest: 250, most: 120, least: 15 }],
  ['PostgreSQL and Redis', { longest: 100, most: 40, least: 8 }],
])('E12 on %s', (store, { longest, most, least }) => {
  let engines: EnginePair | undefined;
  let country: TestCountry;
  let asker: Asker;
  let life: RichLife;
  beforeAll(async () => {
    if (store.startsWith('PostgreSQL')) engines = await startEnginePair();
    const { addresses = {} } = engines ?? {};
    country = await openDeveloperCountry({ configure: (configuration) => ({ ...configuration, ...addresses }) });
    asker = new Asker(country);
    life = await openRichLife(country);
  }, 120_000);
  afterAll(async () => {
    await asker?.close();
    await country?.close();
    await engines?.remove();
  });

  test('E12 whatever it is asked, it answers as described, and a stranger never with what is not theirs', async () => {
    // Where it fails, the seed and the path lead to the smallest call.
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed}`);
    const done = new Map<string, number>();
    const failures: unknown[] = [];
    for (const described of developerOperations) {
      const end = performance.now() + longest;
      let calls = 0;
      const property = fc.asyncProperty(anyCall(described, life), async (call) => {
        calls += 1;
        if (calls > least && performance.now() > end) return;
        const told = await asker.send(call.wire);
        const { operationId } = described.operation;
        if (told.status < 300) done.set(operationId, (done.get(operationId) ?? 0) + 1);
        const [status, body, who] = [told.status, told.text.slice(0, 500), call.caller.name];
        expect({ who, status, body, wrong: wrongWith(call, told) }).toEqual({ who, status, body, wrong: [] });
      });
      const {
        failed,
        counterexample,
        counterexamplePath: path,
        errorInstance,
      } = await fc.check(property, {
        seed,
        numRuns: most,
      });
      if (failed) failures.push({ ...shown(counterexample?.[0]), path, error: String(errorInstance).slice(0, 2_000) });
    }
    expect(failures).toEqual([]);
    // It got past the first check: most operations were carried out at least once.
    expect(done.size).toBeGreaterThan(developerOperations.length / 2);
  }, 180_000);

  const shown = (call: Call | undefined) =>
    call && { who: call.caller.name, ...call.wire, headers: { ...call.wire.headers, ...SECRET_HEADERS } };

  function wrongWith(call: Call, told: Told): readonly unknown[] {
    const { wire, caller } = call;
    const described = operationAt(wire.method, wire.path.split('?')[0]!);
    const sent = JSON.stringify(wire);
    const isDone = told.status < 300;
    const forAnybody = described?.operation.security === undefined || described.operation.security.length === 0;
    const changes = !['GET', 'HEAD'].includes(wire.method);
    return [
      ...objections(wire, told),
      ...(caller.isInside ? [] : life.secrets.filter((secret) => told.text.includes(secret) && !sent.includes(secret))),
      ...(isDone && !caller.isKnown && !forAnybody ? ['nobody is signed in'] : []),
      ...(isDone && changes && !caller.mayChange && !forAnybody ? ['no token of a form'] : []),
      ...(isDone && described && !isRight(described, call) ? ['it took what is not described'] : []),
      ...(isDone && !described ? ['no such operation'] : []),
    ];
  }
});

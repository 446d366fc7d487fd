/** The citizen's API under everything that can be sent to it, on either store: no failure, nothing undescribed, nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openTestCountry, type TestCountry } from '../country.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import type { Told } from '../fuzz/wire.ts';
import { anyCall, type Call, isRight } from './any-call.ts';
import { OwnApi, objections, operationAt, ownOperations } from './described.ts';
import { type Life, lifeOfAn, lifeOfHoa, SERVICES } from './rich-lives.ts';

/** Milliseconds, and calls, after which it is enough of one operation. */
const LONGEST = 150;
const MOST = 60;
const LEAST = 8;

describe.each(['the file of this machine', 'PostgreSQL and Redis'])('D18 on %s', (store) => {
  let engines: EnginePair | undefined;
  let country: TestCountry;
  let api: OwnApi;
  let an: Life;
  let hoa: Life;
  beforeAll(async () => {
    if (store.startsWith('PostgreSQL')) engines = await startEnginePair();
    const { addresses = {} } = engines ?? {};
    country = await openTestCountry(SERVICES, {
      configure: (configuration) => ({ ...configuration, ...addresses, deliveryPauses: [50] }),
    });
    api = new OwnApi(country);
    an = await lifeOfAn(country, api);
    hoa = await lifeOfHoa(country, api);
  }, 120_000);
  afterAll(async () => {
    await api?.close();
    await country?.close();
    await engines?.remove();
  });

  test('D18 whatever it is asked, it answers as described, and never with what is somebody else’s', async () => {
    // Where it fails, fast-check names the seed and the path to the smallest call.
    const seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    for (const described of ownOperations) {
      const end = performance.now() + LONGEST;
      let calls = 0;
      const property = fc.asyncProperty(anyCall(described, an, hoa), async (call) => {
        calls += 1;
        if (calls > LEAST && performance.now() > end) return;
        const told = await api.send(call.wire);
        const [status, body] = [told.status, told.text.slice(0, 500)];
        expect({ status, body, wrong: wrongWith(call, told) }).toEqual({ status, body, wrong: [] });
      });
      await fc.assert(property, { seed, numRuns: MOST });
    }
    expect((await api.ask('getOverview', an.page)).status).toBe(200);
  }, 60_000);

  test('D18 what no database can hold is like any other nonsense', async () => {
    for (const described of ownOperations.filter(({ method }) => method === 'POST')) {
      const { properties = {} } = described.operation.requestBody?.content?.['application/json']?.schema ?? {};
      for (const name of Object.keys(properties)) {
        for (const value of ['a\0b', '\0', '\ud800', 'x\udfff']) {
          const body = JSON.stringify({ ...hoa.ids, [name]: value }, Object.keys(properties));
          const headers = { ...an.page, 'content-type': 'application/json' };
          const told = await api.send({ method: 'POST', path: described.path, headers, body });
          expect([described.path, body, told.status, objections(described, told)]).toEqual([
            described.path,
            body,
            told.status,
            [],
          ]);
        }
      }
    }
    for (const described of ownOperations.filter(({ path }) => path.includes('{'))) {
      const told = await api.send({ method: 'GET', path: described.path.replace(/\{\w+\}/, '%00'), headers: an.page });
      expect([described.path, objections(described, told)]).toEqual([described.path, []]);
    }
  });

  const pathnameOf = ({ wire }: Call) => wire.path.split('?')[0]!;

  function wrongWith(call: Call, told: Told): readonly unknown[] {
    const { wire, isSignedIn, mayChange } = call;
    const described = operationAt(wire.method, pathnameOf(call));
    const sent = JSON.stringify(wire);
    const isDone = told.status < 300;
    return [
      ...objections(described, told),
      ...hoa.secrets.filter((secret) => told.text.includes(secret) && !sent.includes(secret)),
      ...(isDone && !isSignedIn ? ['nobody is signed in'] : []),
      ...(isDone && wire.method === 'POST' && !mayChange ? ['no token of a form'] : []),
      ...(isDone && described && !isRight(described, call) ? ['it took what is not described'] : []),
    ];
  }
});

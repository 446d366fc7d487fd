/** Several workers seen as one hub: ready while one is, their numbers added up, the worst of what all of them see. */
import { expect, test } from '@jest/globals';
import { Metrics } from '../../src/watching/metrics.ts';
import { Readiness } from '../../src/watching/readiness.ts';
import { metricsTogether, readinessTogether, type WorkerReport } from '../../src/watching/workers-together.ts';
import { seriesIn } from './asking.ts';

async function worker(up: boolean, signIns: number): Promise<WorkerReport> {
  const readiness = new Readiness();
  readiness.restsOn([
    { name: 'redis', address: '', ping: () => (up ? Promise.resolve() : Promise.reject(new Error())) },
  ]);
  readiness.running();
  const metrics = new Metrics({
    client: () => ({ agency: { id: 'office', name: { vi: 'Sở', en: 'Office' } } }),
    sources: ['tax-code'],
    kinds: ['logout'],
    queues: async () => ({ outbox: new Map([['logout', 3]]), reviews: 2 }),
    isUp: () => up,
    readiness,
    ofProcess: false,
  });
  const issued = { type: 'tokens_issued', client: 'any', scope: 'openid', source: 'tax-code' } as const;
  for (let at = 0; at < signIns; at += 1) metrics.happened(issued);
  return { readiness: await readiness.look(), metrics: await metrics.values() };
}

test('ready while one of them is; what any of them lacks is told', async () => {
  const [well, ill] = [await worker(true, 0), await worker(false, 0)];
  expect(readinessTogether([well, ill])).toEqual({
    ready: true,
    red: ['redis'],
    engines: { redis: false },
    workers: { ready: 1, running: 2 },
  });
  expect(readinessTogether([ill, ill]).ready).toBe(false);
  expect(readinessTogether([well, undefined])).toMatchObject({ ready: true, red: ['worker'] });
  expect(readinessTogether([undefined])).toMatchObject({ ready: false, red: ['starting'] });
  expect(readinessTogether([])).toMatchObject({ ready: false, red: ['starting'] });
});

test('counts are added, queues that all of them see are not', async () => {
  // As it comes over the channel between processes.
  const reports: WorkerReport[] = JSON.parse(JSON.stringify([await worker(true, 2), await worker(false, 5)]));
  const text = await metricsTogether([...reports, undefined]);
  for (const [series, value] of [
    ['lien_thong_sign_ins_total{source="tax-code",sector="office",outcome="signed_in"}', 7],
    ['lien_thong_outbox_waiting{kind="logout"}', 3],
    ['lien_thong_reviews_open', 2],
    ['lien_thong_source_up{source="tax-code"}', 0],
    ['lien_thong_engine_up{engine="redis"}', 0],
    ['lien_thong_ready', 1],
  ] as const)
    expect([series, seriesIn(text, series)]).toEqual([series, value]);
  expect(await metricsTogether([undefined])).toBe('');
});

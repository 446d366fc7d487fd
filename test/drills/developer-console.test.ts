/**
 * Owns the drill that the developer console and the sandbox issuer are one each in all processes of two machines: what
 * somebody has live at one process is so in the others within two seconds; and whatever process or engine goes away
 * meanwhile, a service is never live by half.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { proveByTaxCode } from '../country.ts';
import { type ApiAnswer, callApi, type Developer, withToken } from '../developer/developer.ts';
import { agree, type Opened, openService, redraft } from '../developer/production.ts';
import { until } from '../engines/until.ts';
import type { Machine } from '../many-processes.ts';
import {
  at,
  cast,
  country,
  everywhere,
  failures,
  fate,
  MACHINES,
  openLive,
  pressed,
  redemptionAt,
  requestOf,
  SIDES,
  serviceOf,
  soEverywhere,
  stage,
  tokenAt,
  vaults,
  WORKERS,
} from './console-stage.ts';
import { beginToSend, untilToldToEnd } from './kept-connection.ts';
import { standingsOf } from './service-halves.ts';
import { SANDBOX_DATABASE, STAGING } from './stage.ts';
import { working } from './work.ts';

/** Milliseconds, here and below: within which everything works again once an engine is back. */
const RESUMED = 5_000;
const BETWEEN_KILLS = 800;
const KILLS = 4;

describe('E6 E8 what is done at one process is so in every other within two seconds', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openLive();
  }, STAGING);

  test('E6 a service that goes live in the sandbox at one machine is signed in to at the other', async () => {
    const { token } = await cast.author.ask('POST', '/tokens', {
      name: 'drill',
      scopes: ['read', 'write', 'secrets'],
      days: 1,
    });
    const ask = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
      callApi(at('hub', 0), method, path, body, withToken(token));
    const id = `moi-${opened.service.slice(-8)}`;
    const name = { vi: 'Dịch vụ mới', en: 'New service' };
    expect((await ask('POST', `/agencies/${opened.agency}/services`, { id, name })).status).toBe(201);
    const { secret } = (await ask('POST', `/services/${id}/sandbox/secrets`, {})).body;
    const { sandbox } = (await ask('GET', `/services/${opened.service}`)).body;
    const draft = await ask('PUT', `/services/${id}/sandbox/draft`, sandbox.draft);
    expect([draft.status, draft.body.problems]).toEqual([200, []]);
    expect(await pressed('sandbox', id)(at('sandbox', 1))).not.toBe('goes on');

    expect((await ask('POST', `/services/${id}/sandbox/publication`)).status).toBe(200);
    await soEverywhere('sandbox', pressed('sandbox', id), 'goes on');
    await tokenAt('sandbox', { ...opened, service: id, secrets: { sandbox: secret, production: '' } });
    // Nobody has agreed to it: no process of the main issuer has heard of it.
    expect(await everywhere('hub', pressed('hub', id))).not.toContain('goes on');
  });

  test('E6 a service goes live in production in every process, and steps back in every process', async () => {
    const { service } = opened;
    const moved = `https://${service.slice(-8)}.dich-vu.example/moved`;
    expect(await everywhere('hub', pressed('hub', service, moved))).not.toContain('goes on');
    expect(await redraft(cast.author, service, (draft) => ({ ...draft, redirect_uris: [moved] }))).toEqual([]);
    await cast.author.ask('POST', `/services/${service}/production/submission`);
    expect(await everywhere('hub', pressed('hub', service, moved))).not.toContain('goes on');

    await agree(cast, service);
    await soEverywhere('hub', pressed('hub', service, moved), 'goes on');
    const before = await everywhere('hub', pressed('hub', service));
    expect(before).not.toContain('goes on');

    await cast.owner.ask('POST', `/services/${service}/production/step-back`);
    await soEverywhere('hub', pressed('hub', service), 'goes on');
    await soEverywhere('hub', pressed('hub', service, moved), before[0]!);
  });

  test.each(SIDES)('E8 of a service suspended at the %s the tokens are dead in every process', async (side) => {
    const { service } = opened;
    const environment = side === 'hub' ? 'production' : 'sandbox';
    const token = await tokenAt(side, opened);
    expect(new Set(await everywhere(side, fate(token)))).toEqual(new Set([200]));
    await cast.owner.ask('POST', `/services/${service}/${environment}/suspend`, { reason: 'Diễn tập.' });
    await Promise.all([
      soEverywhere(side, fate(token), 401),
      soEverywhere(side, pressed(side, service), 'client_suspended'),
    ]);
    await cast.owner.ask('POST', `/services/${service}/${environment}/resume`);
    await soEverywhere(side, pressed(side, service), 'goes on');
    expect(new Set(await everywhere(side, fate(token)))).toEqual(new Set([401]));
  });
});

/** What may become of a question while processes die: it is answered, refused, or nobody answers it. */
const TOLERATED = new Set([409, 422, 502, 503]);
/** An answer where there was one; nothing where there was none. Throws for what is no answer at all. */
function given({ status, body }: ApiAnswer) {
  if (status < 300) return body ?? {};
  if (!TOLERATED.has(status)) throw new Error(`answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
  return undefined;
}

test(
  'E6 E9 workers killed amid publishing, agreeing and rotating: nothing is live by half, nothing that was answered is lost',
  async () => {
    const [first, second] = [await openLive(), await openLive()];
    const promised = { sandbox: new Set<number>(), production: new Set<number>() };
    const ended = new Set<string>();
    const secrets = new Map<string, string>();
    let turn = 0;
    const purpose = () => ({ vi: `Mục đích ${++turn}.`, en: `Purpose ${turn}.` });
    const call = async (who: Developer, ...[method, path, body]: Parameters<Developer['ask']>) =>
      given(await who.call(method, path, body));

    const publish = async () => {
      const on = `/services/${first.service}/sandbox`;
      const { draft } = (await serviceOf(first.service)).sandbox;
      if (!(await call(cast.author, 'PUT', `${on}/draft`, { ...draft, purpose: purpose() }))) return;
      const published = await call(cast.author, 'POST', `${on}/publication`);
      if (published) promised.sandbox.add(published.version);
    };
    const goLive = async () => {
      const on = `/services/${second.service}/production`;
      const { draft, submission, previous } = (await serviceOf(second.service)).production;
      if (submission?.state === 'open') {
        await call(cast.author, 'DELETE', `${on}/submission`);
        return;
      }
      if (previous !== undefined && turn % 3 === 0) return void (await call(cast.owner, 'POST', `${on}/step-back`));
      if (!(await call(cast.author, 'PUT', `${on}/draft`, { ...draft, purpose: purpose() }))) return;
      if (!(await call(cast.author, 'POST', `${on}/submission`))) return;
      const differences = await call(cast.registrar, 'GET', `${on}/differences`);
      if (!differences) return;
      const { submission: handed, live } = differences;
      const decision = { version: handed.version, ...(live ? { against: live } : {}), says: 'approve' };
      if (!(await call(cast.owner, 'POST', `${on}/decisions`, { ...decision, as: 'owner' }))) return;
      if (await call(cast.registrar, 'POST', `${on}/decisions`, { ...decision, as: 'registrar' }))
        promised.production.add(handed.version);
    };
    const rotate = async () => {
      const on = `/services/${second.service}/sandbox`;
      const { credentials } = (await serviceOf(second.service)).sandbox;
      if (credentials.length > 1) {
        const { id } = credentials[0]!;
        // Begun is as good as done: who was not answered cannot know.
        ended.add(id);
        await call(cast.author, 'DELETE', `${on}/credentials/${id}`);
        return;
      }
      const added = await call(cast.author, 'POST', `${on}/secrets`, {});
      if (added) secrets.set(added.id, added.secret);
    };

    const work = working([publish, goLive, rotate]);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await Promise.all([work.more(3), pause(BETWEEN_KILLS)]);
      const pids = stage.country.workerPids();
      stage.country.kill(pids[kill % pids.length]!);
    }
    await until(async () => stage.country.workerPids().length === MACHINES * WORKERS, 30_000);
    // Otherwise nothing was tried.
    await until(
      async () => work.failures.length > 0 || [...Object.values(promised), secrets].every(({ size }) => size > 0),
      30_000,
    );
    await work.end();
    expect(work.failures).toEqual([]);

    for (const { is, whole, ...what } of await standingsOf([first.service, second.service]))
      expect({ ...what, ...is }).toEqual({ ...what, ...whole });
    const numbers = async (service: string, environment: 'sandbox' | 'production') =>
      (await country.runningHub().store.developer.services.versions(service, environment)).map(({ number }) => number);
    expect(await numbers(first.service, 'sandbox')).toEqual(expect.arrayContaining([...promised.sandbox]));
    expect(await numbers(second.service, 'production')).toEqual(expect.arrayContaining([...promised.production]));
    // Every secret that was shown and not ended is one of the service's.
    const kept = (await serviceOf(second.service)).sandbox.credentials;
    for (const [id, secret] of secrets) {
      if (ended.has(id)) continue;
      const hash = vaults.sandbox.hashClientSecret(secret);
      expect(JSON.stringify(kept)).toContain(hash);
      await tokenAt('sandbox', { ...second, secrets: { ...second.secrets, sandbox: secret } });
    }
    expect(failures()).toEqual([]);
  },
  STAGING,
);

test(
  'E6 E7 workers renewed while services go live and citizens sign in at both issuers: nothing fails',
  async () => {
    const opened = await openLive();
    const { service } = opened;
    let turn = 0;
    const publish = async () => {
      const { draft } = (await serviceOf(service)).sandbox;
      // Nothing that a citizen reads: who is at the page of consent would be asked anew.
      const contact = { mail: `lan-${++turn}@co-quan.example` };
      await cast.author.ask('PUT', `/services/${service}/sandbox/draft`, { ...draft, contact });
      await cast.author.ask('POST', `/services/${service}/sandbox/publication`);
    };
    const work = working([publish, () => tokenAt('sandbox', opened), () => tokenAt('hub', opened)]);
    await work.more(3);
    const before = stage.country.workerPids();
    const [{ url, sandboxUrl }] = stage.country.machines as [Machine];
    const kept = [url, sandboxUrl].map((port) => untilToldToEnd(`${port}/jwks`));
    await stage.country.reload();
    // Some came before: it was no connection that ended at once.
    for (const answers of await Promise.all(kept)) expect(answers).toBeGreaterThan(1);
    expect(stage.country.workerPids().filter((pid) => before.includes(pid))).toEqual([]);
    await work.more(6);
    await work.end();
    expect(work.failures).toEqual([]);
    expect(work.times.length).toBeGreaterThan(9);
  },
  STAGING,
);

test(
  'E6 a machine that is told to stop closes both ports, answers what is under way at either, and ends well',
  async () => {
    const opened = await openLive();
    const { program, url, sandboxUrl } = stage.country.machines[0]!;
    const halves = [];
    for (const side of SIDES) {
      const { fields, headers } = await redemptionAt(side, opened);
      halves.push(await beginToSend(`${side === 'hub' ? url : sandboxUrl}/token`, fields!, headers));
    }
    program.send('SIGTERM');
    for (const port of [url, sandboxUrl])
      await until(
        () =>
          fetch(`${port}/jwks`, { headers: { connection: 'close' } }).then(
            () => false,
            () => true,
          ),
        RESUMED,
      );
    for (const half of halves)
      expect(await half.finish()).toMatchObject({ status: 200, body: expect.stringContaining('id_token') });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    await stage.country.restartHub();
  },
  STAGING,
);

const ready = async (machine: number) => {
  const answer = await fetch(`${stage.country.machines[machine]!.watchUrl}/readyz`);
  return [answer.status, ((await answer.json()) as { red?: readonly string[] }).red];
};

describe('E6 engines go away for a while', () => {
  let opened: Opened;
  let token: string;
  beforeAll(async () => {
    opened = await openService(country, cast);
    ({ token } = await cast.author.ask('POST', '/tokens', { name: 'outage', scopes: ['read', 'write'], days: 1 }));
  }, STAGING);

  const publication = () =>
    callApi(at('hub'), 'POST', `/services/${opened.service}/sandbox/publication`, undefined, withToken(token));
  const republish = async () => {
    const { draft } = (await serviceOf(opened.service)).sandbox;
    const purpose = { vi: `Lần ${performance.now()}.`, en: `Time ${performance.now()}.` };
    await cast.author.ask('PUT', `/services/${opened.service}/sandbox/draft`, { ...draft, purpose });
    expect((await publication()).status).toBe(200);
  };
  const page = async (path: string, one = at('hub')) => {
    const visitor = cast.author.visitor.newTab();
    await visitor.open(new URL(path, one.hub));
    return [visitor.page.status, visitor.page.code];
  };

  test.each([
    'PostgreSQL',
    'Redis',
  ])('E6 without %s the console says that it is busy, and goes on by itself', async (engine) => {
    const { postgresql, redis } = stage.engines;
    const isPostgresql = engine === 'PostgreSQL';
    await (isPostgresql ? postgresql.stop() : redis.pause());
    try {
      // Who comes with a token of the API needs no session, and so no Redis.
      const asked = isPostgresql ? await publication() : await cast.author.call('GET', '/account');
      expect([asked.status, asked.body.error]).toEqual([503, 'store_unavailable']);
      expect(await page('/developer')).toEqual([503, 'store_unavailable']);
      expect(await page(`/developer/services/${opened.service}`)).toEqual([503, 'store_unavailable']);
    } finally {
      await (isPostgresql ? postgresql.start() : redis.resume());
    }
    await until(async () => (await cast.author.call('GET', '/account')).status === 200, RESUMED);
    await until(async () => (await ready(0))[0] === 200 && (await ready(1))[0] === 200, RESUMED);
    await republish();
    expect(failures()).toEqual([]);
  });

  test('E6 without its own engines the sandbox issuer stops, and nobody at the hub notices', async () => {
    const { postgresql } = stage.engines;
    const live = await openLive();
    await tokenAt('sandbox', live);
    await postgresql.run(`alter database ${SANDBOX_DATABASE} with allow_connections false`);
    await postgresql.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${SANDBOX_DATABASE}'`,
    );
    await stage.sandboxState!.stop();
    try {
      const visitor = new Visitor();
      await visitor.open(new URL(requestOf('sandbox', live.service), at('sandbox').hub));
      // The choice itself is no state of anybody's.
      if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor);
      expect([visitor.page.status, visitor.page.code]).toEqual([503, 'store_unavailable']);
      // Balancers ask this, and are to go on sending citizens.
      expect([await ready(0), await ready(1)]).toEqual([
        [200, []],
        [200, []],
      ]);
      // Nor when a worker dies meanwhile, though another one comes with the engines only.
      const [dying] = stage.country.workerPids();
      stage.country.kill(dying!);
      await until(async () => !stage.country.workerPids().includes(dying!), RESUMED);
      await tokenAt('hub', live);
      expect(await page('/developer/services')).toEqual([200, 'developer_services']);
      // What goes live is a row of the hub's own database.
      await republish();
      const asked = await cast.author.call('GET', `/services/${live.service}/simulator`);
      expect([asked.status, asked.body.error]).toEqual([503, 'store_unavailable']);
    } finally {
      await postgresql.run(`alter database ${SANDBOX_DATABASE} with allow_connections true`);
      await stage.sandboxState!.start();
    }
    await until(
      () =>
        tokenAt('sandbox', live).then(
          () => true,
          () => false,
        ),
      RESUMED,
    );
    await until(async () => stage.country.workerPids().length === MACHINES * WORKERS, 30_000);
    await soEverywhere('sandbox', pressed('sandbox', opened.service), 'goes on');
    expect(failures()).toEqual([]);
  });
});

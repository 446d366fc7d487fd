/** Owns the tests of several processes behind one port: one that dies comes back, all are renewed without a gap. */
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { hubEnvironment } from '../../sandbox/hub-environment.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { readConfiguration } from '../../src/issuers.ts';
import { relyingParty, tokensFor } from '../country.ts';
import { openStage, STAGING } from '../drills/stage.ts';
import type { CountryOfProcesses } from '../many-processes.ts';
import { addressOf } from '../oidc/asking.ts';
import { runCommand } from '../operator/run-command.ts';
import { run } from './program.ts';

const WORKERS = 2;

const stage = openStage({ workers: WORKERS, moreClients: [{ client_id: 'one' }, { client_id: 'changing' }] });
let country: CountryOfProcesses;
beforeAll(() => {
  ({ country } = stage);
});

const machine = () => country.machines[0]!;

/** Status of one request over a connection of its own. */
async function statusOf(address: string | URL): Promise<number> {
  const { status, body } = await fetch(address, { headers: { connection: 'close' }, redirect: 'manual' });
  await body?.cancel();
  return status;
}

/** Asks again and again until told to end; what came of it. */
function asking(): { end(): Promise<ReadonlyMap<string, number>> } {
  const outcomes = new Map<string, number>();
  let going = true;
  const ask = async (connection: 'close' | 'keep-alive') => {
    while (going) {
      const answered = fetch(`${machine().url}/jwks`, { headers: { connection } });
      const outcome = await answered.then(
        async (answer) => {
          await answer.arrayBuffer();
          return String(answer.status);
        },
        ({ cause }) => String(cause?.code),
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const all = [ask('close'), ask('keep-alive'), ask('keep-alive')];
  return {
    end: async () => {
      going = false;
      await Promise.all(all);
      return outcomes;
    },
  };
}

test(
  'one that is killed comes back, and citizens sign in meanwhile',
  async () => {
    await country.serving(WORKERS);
    const before = country.workerPids();
    country.kill(before[0]!);
    const tokens = await tokensFor(country, await relyingParty(country, 'one'));
    expect(tokens.claims()?.sub).toBeDefined();
    await country.serving(WORKERS);
    const after = country.workerPids();
    expect(after).toHaveLength(WORKERS);
    expect(after).toContain(before[1]);
    const told = country
      .logs()
      .split('\n')
      .filter((line) => line.includes(`"worker":${before[0]}`));
    expect(told.at(-1)).toContain('"code":"internal_error","error":"SIGKILL"');
  },
  STAGING,
);

test(
  'C8 all are renewed one by one, and no request fails',
  async () => {
    await country.serving(WORKERS);
    const before = country.workerPids();
    const requests = asking();
    await country.reload();
    const outcomes = await requests.end();
    expect([...outcomes.keys()]).toEqual(['200']);
    expect(outcomes.get('200')).toBeGreaterThan(20);
    const after = country.workerPids();
    expect(after).toHaveLength(WORKERS);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  },
  STAGING,
);

test(
  'one that is told to end answers what is under way, and is replaced',
  async () => {
    await country.serving(WORKERS);
    const before = country.workerPids();
    const slow = await half('/token');
    for (const pid of before) country.kill(pid, 'SIGTERM');
    await country.serving(WORKERS, before);
    // Whoever took it takes nothing else any more.
    expect(await statusOf(`${machine().url}/jwks`)).toBe(200);
    expect(await slow.finish()).toBe(400);
  },
  STAGING,
);

/** A request of which the hub has the headers, and no body yet. */
function half(path: string): Promise<{ finish(): Promise<number | undefined> }> {
  const body = 'grant_type=authorization_code';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
    expect: '100-continue',
  };
  return new Promise((resolve, reject) => {
    const begun = request(`${machine().url}${path}`, { method: 'POST', agent: false, headers });
    const answered = new Promise<number | undefined>((answer, fail) => {
      begun.once('response', (response) => answer(response.resume().statusCode)).once('error', fail);
    });
    begun.once('error', reject).once('continue', () => {
      const finish = () => {
        begun.end(body);
        return answered;
      };
      resolve({ finish });
    });
    begun.flushHeaders();
  });
}

test(
  'C9 what an operator changes through any worker is live in all of them within two seconds',
  async () => {
    await country.serving(WORKERS);
    const address = addressOf(country, 'changing');
    expect(await statusOf(address)).toBe(303);
    const at = `${machine().url}${address.pathname}${address.search}`;
    // The command goes to the machine's own folder, where its workers share one socket.
    const removed = await runCommand(`${country.directory}/hub-0`, 'clients', ['remove', 'changing']);
    const deadline = performance.now() + 2_000;
    expect(removed).toMatchObject({ code: 0, answer: { state: 'removed' } });
    const round = async () => Promise.all(Array.from({ length: 5 * WORKERS }, () => statusOf(at)));
    let statuses = await round();
    while (statuses.includes(303) && performance.now() < deadline) statuses = await round();
    expect(new Set(statuses)).toEqual(new Set([400]));
    const visitor = new Visitor();
    await visitor.open(address);
    expect(visitor.page.code).toBe('client_unknown');
  },
  STAGING,
);

test(
  'where a new one cannot start, the old ones go on',
  async () => {
    await country.serving(WORKERS);
    const before = country.workerPids();
    const file = country.configuration.clientsFile;
    const right = await readFile(file, 'utf8');
    await writeFile(file, '[{}]');
    try {
      await expect(country.reload()).rejects.toThrow('HUB_CLIENTS 0.client_id');
    } finally {
      await writeFile(file, right);
    }
    expect(country.workerPids()).toEqual(before);
    expect(await statusOf(`${machine().url}/jwks`)).toBe(200);
  },
  STAGING,
);

describe('the start', () => {
  test('several on a file are refused', async () => {
    const environment = await hubEnvironment(country.configuration, country.directory);
    const read = readConfiguration({ ...environment, DATABASE_URL: 'sqlite:', WORKERS: '2' });
    expect(read).toEqual({ ok: false, problems: [expect.stringMatching(/^WORKERS: .*DATABASE_URL/)] });
    expect(readConfiguration({ ...environment, WORKERS: '2' })).toMatchObject({ ok: true });
  });

  test('addresses of engines are checked, and a password in them is not told', async () => {
    const environment = await hubEnvironment(country.configuration, country.directory);
    const wrong = { DATABASE_URL: 'mysql://me:secret@here/hub', STATE_URL: 'redis://me:secret@a,b' };
    const read = readConfiguration({ ...environment, ...wrong });
    if (read.ok) throw new Error('it was taken');
    expect(read.problems.map((problem) => problem.split(':')[0])).toEqual(['DATABASE_URL', 'STATE_URL']);
    expect(read.problems.join()).not.toContain('secret');
  });

  test(
    'what keeps the first worker from starting is told once, and the program ends',
    async () => {
      const environment = await hubEnvironment(country.configuration, country.directory);
      const port = new URL(machine().url).port;
      const program = run('src/main.ts', { ...environment, HUB_PORT: port, HUB_DATA: `${country.directory}/other` });
      expect(await program.ended).toEqual({ code: 1, signal: null });
      expect(program.said().complaints).toBe(`The hub does not start:\n  port ${port} is taken by another program\n`);
    },
    STAGING,
  );

  test(
    'a folder that another hub uses is refused, and stays its',
    async () => {
      const environment = await hubEnvironment(country.configuration, country.directory);
      const data = { HUB_PORT: '0', HUB_DATA: `${country.directory}/hub-0` };
      const program = run('src/main.ts', { ...environment, ...data });
      expect(await program.ended).toEqual({ code: 1, signal: null });
      expect(program.said().complaints).toContain('HUB_DATA: another hub uses this folder');
      expect((await runCommand(`${country.directory}/hub-0`, 'clients', ['show', 'one'])).code).toBe(0);
    },
    STAGING,
  );
});

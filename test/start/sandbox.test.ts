/** Owns the tests of `npm start`: ready soon, telling what it is, ending when asked, remembering the day after. */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, proveByTaxCode } from '../country.ts';
import { endAll, run } from './program.ts';
import { ANY_PORTS, runSandbox, type SandboxProgram } from './sandbox-program.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'npm-start-'));
});
afterEach(async () => {
  await endAll();
  await rm(directory, { recursive: true });
});

/** Presses the button at an agency and proves who one is; ends at consent, or already at hello. */
async function proveAt(agency: string, visitor = new Visitor()): Promise<Visitor> {
  await visitor.open(`${agency}/login`);
  await proveByTaxCode(visitor);
  return visitor;
}

/** Ends it as Ctrl-C does; how it ended, and how long that took. */
async function interrupt(country: SandboxProgram): Promise<{ code: number | null; took: number }> {
  const begun = performance.now();
  country.send('SIGINT');
  const { code } = await country.ended;
  return { code, took: performance.now() - begun };
}

test('is ready within five seconds of its first start, and says where to begin and as whom', async () => {
  const country = await runSandbox(directory);
  expect(country.readyAfter).toBeLessThan(5_000);
  const { output, complaints } = country.said();
  expect(output).toContain(`${AN.taxCode} / ${AN.password}`);
  expect(complaints).toBe('');
  const visitor = await proveAt(country.at.songHong);
  expect((await visitor.press('decision=agree')).code).toBe('hello');
  expect(await interrupt(country)).toMatchObject({ code: 0 });
  // Nothing that goes wrong is hidden at the end.
  expect(country.said().complaints).toBe('');
});

test('A24 the second start knows whom the first one knew: the same subject, and nothing to agree to again', async () => {
  const subjects: unknown[] = [];
  for (const day of ['yesterday', 'today']) {
    const country = await runSandbox(directory);
    for (const agency of [country.at.songHong, country.at.library]) {
      const visitor = await proveAt(agency);
      if (day === 'yesterday') {
        expect(visitor.page.code).toBe('consent');
        await visitor.press('decision=agree');
      }
      if (visitor.page.code === 'form_post') await visitor.press('button');
      expect(visitor.page.code).toBe('hello');
      subjects.push(visitor.page.claims.sub);
    }
    expect(await interrupt(country)).toMatchObject({ code: 0 });
  }
  expect(subjects[0]).not.toBe(subjects[1]);
  expect(subjects.slice(2)).toEqual(subjects.slice(0, 2));
});

describe('Ctrl-C ends everything with 0 within three seconds', () => {
  test('while browsers keep their connections open in the middle of a sign-in', async () => {
    const country = await runSandbox(directory);
    const agent = new Agent({ keepAlive: true });
    const addresses = [country.at.hub, country.at.songHong, country.at.library];
    for (const address of addresses)
      await new Promise((resolve, reject) => {
        get(address, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
      });
    const visitor = await proveAt(country.at.songHong);
    expect(visitor.page.code).toBe('consent');
    const { code, took } = await interrupt(country);
    agent.destroy();
    expect(code).toBe(0);
    expect(took).toBeLessThan(3_000);
    // What was begun before can be gone on with after, or is told kindly: never half of it.
    expect(country.said().complaints).toBe('');
  });

  test('while the hub waits for a register that never answers', async () => {
    const country = await runSandbox(directory);
    const control = `${country.at.control}/faults`;
    const fault = JSON.stringify({ service: 'population-register', fault: 'hang' });
    await fetch(control, { method: 'POST', headers: { 'content-type': 'application/json' }, body: fault });
    const visitor = new Visitor();
    await visitor.open(`${country.at.songHong}/login`);
    await visitor.press('source=tax-code');
    visitor.fill({ tax_code: AN.taxCode, password: AN.password });
    const waiting = visitor.press('decision=sign_in').catch((error: Error) => error);
    await atCallback(visitor);
    const { code, took } = await interrupt(country);
    expect(code).toBe(0);
    expect(took).toBeLessThan(3_000);
    await waiting;
  });

  test('with SIGTERM as well, and after a reset', async () => {
    const country = await runSandbox(directory);
    await new ControlClient(country.at.control).reset();
    country.send('SIGTERM');
    expect(await country.ended).toEqual({ code: 0, signal: null });
  });
});

/** Resolves when the browser has been sent back to the hub with the source's answer. */
async function atCallback(visitor: Visitor): Promise<void> {
  while (!visitor.trail.some(({ pathname }) => pathname.endsWith('/callback')))
    await new Promise((resolve) => setImmediate(resolve));
}

describe('what stands in its way is one line, and it ends with 1', () => {
  test('a port that is taken', async () => {
    const country = await runSandbox(directory);
    const { port } = new URL(country.at.hub);
    const second = run('sandbox/main.ts', { HUB_PORT: port, SANDBOX_DATA: path.join(directory, 'other') });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.said().complaints).toBe(
      `Port ${port} (hub) is already taken: is the sandbox running in another window?\n`,
    );
  });

  test('a store that another one has', async () => {
    const country = await runSandbox(directory);
    const second = run('sandbox/main.ts', { ...ANY_PORTS, SANDBOX_DATA: directory });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.said().complaints).toMatch(/^Another process has the store at \S+ open\. Stop it first\.\n$/);
    // The first one is none the worse for it.
    expect((await proveAt(country.at.songHong)).page.code).toBe('consent');
  });

  test('wrong settings and registers, all of them', async () => {
    const wrong = run('sandbox/main.ts', { HUB_PORT: 'http', CONTROL_PORT: '70000', HUB_LOG_LEVEL: 'loud' });
    expect(await wrong.ended).toEqual({ code: 1, signal: null });
    expect(
      wrong
        .said()
        .complaints.trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['HUB_LOG_LEVEL', 'HUB_PORT', 'CONTROL_PORT']);
    const elsewhere = run('sandbox/main.ts', { SANDBOX_DATA: directory, SANDBOX_REGISTERS: directory });
    expect(await elsewhere.ended).toEqual({ code: 1, signal: null });
    expect(elsewhere.said().complaints).toMatch(/^\S+\.json: ENOENT.*\n$/);
  });
});

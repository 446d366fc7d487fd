/** The script of the developers' page, run as it is: on a service the console made, whose login the console wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReadyPiece } from '../../src/developer/ready-pieces/piece.ts';
import { FAULTS } from '../../src/simulator/faults.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, type Developer, goodSettings, newDeveloper, openDeveloperCountry } from '../developer/developer.ts';
import { freePorts, type PieceFolder, type RunningPiece, start, unpack } from '../ready-pieces/running-piece.ts';
import { TIMES } from '../simulator/trying.ts';

const SCRIPT = path.join(import.meta.dirname, '../../docs/examples/run-simulator.mjs');
const SIGN_IN = path.join(import.meta.dirname, 'sign-in-once.ts');
/** Milliseconds of a whole run, on a machine that is busy with other tests. */
const LONG = 60_000;

let country: TestCountry;
let developer: Developer;
let service: { readonly id: string };
let token: string;
let folder: PieceFolder;
let site: RunningPiece;
beforeAll(async () => {
  country = await openDeveloperCountry({
    configure: (configuration) => ({
      ...configuration,
      sandbox: { ...configuration.sandbox!, simulatorTimes: TIMES },
    }),
  });
  const [port] = (await freePorts(1)) as [number];
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  const agency = await developer.ask('POST', '/agencies', AGENCY);
  const settings = goodSettings(`http://localhost:${port}`);
  service = await developer.ask('POST', `/agencies/${agency.id}/services`, { name: settings.name });
  const { secret } = await developer.ask('POST', `/services/${service.id}/sandbox/secrets`, {});
  await developer.ask('PUT', `/services/${service.id}/sandbox/draft`, settings);
  await developer.ask('POST', `/services/${service.id}/sandbox/publication`);
  const { pieces } = await developer.ask('GET', `/services/${service.id}/sandbox/ready-pieces`);
  const piece = (pieces as ReadyPiece[]).find(({ id }) => id === 'openid-client')!;
  folder = unpack(piece);
  site = await start(piece, folder, port, secret);
  ({ token } = await developer.ask('POST', '/tokens', { name: 'simulator', scopes: ['read', 'write'], days: 1 }));
}, LONG);
afterAll(async () => {
  await site?.stop();
  await country?.close();
  folder?.remove();
});

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, HUB: country.hub, TOKEN: token, SERVICE: service.id, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function outcomeOf(script: ChildProcess) {
  const [said, complained, [status]] = await Promise.all([
    text(script.stdout!),
    text(script.stderr!),
    once(script, 'exit'),
  ]);
  return { said, complained, status };
}

test(
  'E11 the script of the page tries every fault, and the login the console wrote has a full card',
  async () => {
    const open = `"${process.execPath}" "${SIGN_IN}"`;
    const { said, complained, status } = await outcomeOf(run(['--open', open]));
    const lines = FAULTS.map(({ id }) => `passed     ${id} `);
    expect([complained.replaceAll(/^.*Warning.*$\n?/gm, ''), said.split('\n')]).toEqual([
      '',
      [...lines, 'The card is full.', ''],
    ]);
    expect(status).toBe(0);
    const card = await developer.ask('GET', `/services/${service.id}/simulator`);
    expect(card).toMatchObject({ full: true });
    expect(card).not.toHaveProperty('armed');
  },
  LONG,
);

test(
  'E11 the script asks a developer to press the button, again when no sign-in has come, and goes on',
  async () => {
    const script = run([]);
    const ended = outcomeOf(script);
    const asked: string[] = [];
    script.stdout!.on('data', async (chunk) => {
      const [, what] = /^(.*): sign in at/m.exec(String(chunk)) ?? [];
      if (what === undefined) return;
      asked.push(what);
      const isTooEarly = what === FAULTS[0]!.id && asked.length === 2;
      if (!isTooEarly) await once(spawn(process.execPath, [SIGN_IN], { env: signInAt(String(chunk)) }), 'exit');
      script.stdin!.write('\n');
    });
    const { said, status } = await ended;
    const ids = FAULTS.map(({ id }) => id);
    expect(asked).toEqual(['no fault', ids[0], ...ids]);
    expect([said.split('\n').at(-2), status]).toEqual(['The card is full.', 0]);
  },
  LONG,
);

const signInAt = (asked: string) => ({ ...process.env, LOGIN_URI: /sign in at (\S+)/.exec(asked)![1]! });

test('E11 the script says so when its command signs nobody in, and calls no former card its own', async () => {
  const { said, complained, status } = await outcomeOf(run(['--open', 'true']));
  expect(status).toBe(1);
  expect(complained).toContain('no sign-in has come to wrong_issuer');
  expect(said).not.toContain('The card is full.');
});

test('E11 the script says what went wrong when its token is not good', async () => {
  const { complained, status } = await outcomeOf(run([], { TOKEN: `${token.slice(0, -4)}AAAA` }));
  expect(status).toBe(1);
  expect(complained).toContain('401');
  expect(complained).not.toContain(token.slice(0, -4));
});

/**
 * Owns the drill of changing every kind of key by the operator's own command, two workers restarted one by one after each
 * step, while citizens sign in, stay signed in, and come for the first time.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { readKeys } from '../../src/vault/keys.ts';
import { KEY_KINDS, type KeyKind, listKeys } from '../../src/vault/rotation.ts';
import { proveByTaxCode } from '../country.ts';
import { until } from '../engines/until.ts';
import { addressOf } from '../oidc/asking.ts';
import { get } from '../oidc/redeeming.ts';
import { COMPILED } from '../start/program.ts';
import { CompleteSignIns, type Issued } from './complete-sign-ins.ts';
import type { Account } from './newcomers.ts';
import { openStage } from './stage.ts';
import { working } from './work.ts';

const COMMAND = path.join(import.meta.dirname, '../../scripts/keys.ts');
const ALGORITHMS = { one: 'ES256', rsa: 'RS256', pss: 'PS256' } as const;
const SERVICES = Object.keys(ALGORITHMS);
/** Who signs in again and again; all others do it once. */
const REGULARS = 6;

const stage = openStage({
  workers: 2,
  newcomers: 1_000,
  moreClients: SERVICES.map((id) => ({ client_id: id, id_token_signed_response_alg: ALGORITHMS[id as 'one'] })),
});

const fileOf = () => path.join(stage.country.directory, 'keys.json');
const idOf = (kind: KeyKind, state: 'active' | 'accepted') =>
  listKeys(readKeys(fileOf())).find((one) => one.kind === kind && one.state === state)?.id ?? '';

/** `npm run keys`, asking the hub that runs. */
async function keys(...words: readonly string[]): Promise<string> {
  const env = { ...COMPILED, HUB_KEYS: fileOf(), HUB_DATA: path.join(stage.country.directory, 'hub-0') };
  return (await promisify(execFile)(process.execPath, [COMMAND, ...words], { env })).stdout;
}

/** Somebody who has begun: at the choice, or at the page that asks for consent. What is left for them to do. */
async function begun(
  signIns: CompleteSignIns,
  account: Account,
  at: 'choice' | 'consent',
): Promise<() => Promise<void>> {
  const visitor = new Visitor();
  await visitor.open(addressOf(stage.country, 'one', { scope: 'openid profile' }));
  if (at === 'consent') await proveByTaxCode(visitor, account);
  return async () => {
    if (at === 'choice') await proveByTaxCode(visitor, account);
    await visitor.tickAll().press('decision=agree');
    await signIns.redeem('one', visitor.page.url.searchParams.get('code') ?? '', account);
  };
}

test('C7 key rotation drill under load: nothing fails, what was issued is good until it ends, `sub`s unchanged', async () => {
  const { country, newcomers, engines } = stage;
  const signIns = new CompleteSignIns(country);
  const issued: Issued[] = [];
  let turn = 0;
  let next = REGULARS;
  const serviceOf = (n: number) => SERVICES[n % SERVICES.length]!;
  const newcomer = () => newcomers.accounts[next++]!;

  /** One of those who come back, in a browser that nobody has used before. */
  async function comeBack(): Promise<void> {
    const n = turn++;
    issued.push(await signIns.signIn(serviceOf(n), { account: newcomers.accounts[n % REGULARS]! }));
  }
  /** Nobody has seen them yet, and they come to two services at once. */
  async function comeFirst(): Promise<void> {
    const n = turn++;
    const account = newcomer();
    const both = [serviceOf(n), serviceOf(n + 1)].map((service) => signIns.signIn(service, { account }));
    issued.push(...(await Promise.all(both)));
  }
  /** Signed in once, they go from service to service; one that needed them to prove themselves would show a page. */
  async function sessionOf(account: Account) {
    const visitor = new Visitor();
    const first: Issued[] = [];
    for (const service of SERVICES) first.push(await signIns.signIn(service, { account, visitor }));
    return async () => {
      for (const [n, service] of SERVICES.entries()) {
        await signIns.claims(first[n]!);
        await signIns.signIn(service, { account, visitor, asking: { prompt: 'none' } });
      }
    };
  }

  let stay = await sessionOf(newcomer());
  const work = working([comeBack, comeFirst, () => stay()]);

  /** All workers are replaced, amid it all. */
  async function restart(): Promise<void> {
    const unfinished = [await begun(signIns, newcomer(), 'choice'), await begun(signIns, newcomer(), 'consent')];
    const before = country.workerPids();
    await country.reload();
    expect(country.workerPids().filter((pid) => before.includes(pid))).toEqual([]);
    for (const finish of unfinished) await finish();
    // What a worker did that is gone now has come back.
    await work.round();
    await expectGood(issued);
    expect(work.failures).toEqual([]);
  }
  /** By agencies that kept the published keys, and by one that never saw them; at userinfo some of each service. */
  async function expectGood(all: readonly Issued[]): Promise<void> {
    const fresh = new CompleteSignIns(country);
    for (const one of all) expect([await signIns.verify(one), await fresh.verify(one)]).toEqual([one.sub, one.sub]);
    for (const one of [...all.slice(0, 3), ...all.slice(-3)]) await signIns.claims(one);
  }
  const kidsIn = (all: readonly Issued[]) => [...new Set(all.map(({ idToken }) => decodeProtectedHeader(idToken).kid))];

  await work.more(5);
  const former = Object.fromEntries(KEY_KINDS.map((kind) => [kind, idOf(kind, 'active')]));
  for (const kind of KEY_KINDS) await keys('add', kind);
  const fresh = Object.fromEntries(KEY_KINDS.map((kind) => [kind, idOf(kind, 'accepted')]));
  await restart();
  const signing = (ids: Readonly<Record<string, string>>) => [ids['signing-ec'], ids['signing-rsa']].toSorted();
  expect(kidsIn(issued).toSorted()).toEqual(signing(former));

  for (const kind of KEY_KINDS) await keys('activate', kind, fresh[kind]!);
  await restart();
  const underFormer = issued.length;

  // Two days later: what was issued under the former keys has ended, and whoever was signed in has signed in again.
  stay = await sessionOf(newcomer());
  await Promise.all([work.round(), until(async () => !/\d$/m.test(await keys('list')), 20_000)]);
  issued.splice(0, underFormer);
  expect(kidsIn(issued).toSorted()).toEqual(signing(fresh));

  for (const kind of KEY_KINDS) await keys('retire', kind, former[kind]!);
  await restart();
  await work.more(5);
  await work.end();
  expect(work.failures).toEqual([]);
  const { body: published } = await get(country, '/jwks');
  expect(published.keys.map(({ kid }: { kid: string }) => kid).toSorted()).toEqual(signing(fresh));

  const { citizens, pairs } = signIns.seen;
  const [stored] = await engines.rows(`select (select count(*) from person)::int as persons,
    (select count(*) from link)::int as links, (select count(*) from pairwise)::int as pairs,
    (select count(*) from anchor where index_version <> 2)::int + (select count(*) from link where index_version <> 2)::int as former`);
  expect(stored).toEqual({ persons: citizens, links: citizens, pairs, former: 0 });
  expect(work.times.length).toBeGreaterThan(20);
}, 90_000);

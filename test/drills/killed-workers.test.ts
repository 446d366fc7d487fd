/**
 * Owns the drill that workers are killed, one each second, while many sign in: what anybody was told is in the database,
 * nothing is there by half, and no code works twice.
 */
import { expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { QUESTIONS } from '../halves.ts';
import { PersistentCitizen } from './persistent-citizen.ts';
import { openStage, STAGING } from './stage.ts';

const WORKERS = 3;
const SERVICES = ['one', 'other'] as const;
/** Of whom each signs in at each service: 200 sign-ins. */
const CITIZENS = 100;
const AT_ONCE = 24;
const ELSEWHERE = 8;
/** On a machine that has other things to do, each costs the others a start. */
const MOST_KILLS = 12;
/** Milliseconds, here and below. */
const BETWEEN_KILLS = 1000;
/** Who has died often is not waited for longer than who dies the first time: a start, and a breath. */
const BACK_WITHIN = 8_000;

const stage = openStage({
  workers: WORKERS,
  newcomers: CITIZENS,
  moreClients: SERVICES.map((client_id) => ({ client_id, secret: 'basic' })),
});

/** Kills one of the workers each second, any of them: but the last one, while others start, has everything in its hands. */
function killing(): { end(): readonly number[] } {
  const { country } = stage;
  const killed: number[] = [];
  const timer = setInterval(() => {
    const pids = country.workerPids();
    if (pids.length < 2 || killed.length === MOST_KILLS) return;
    const pid = pids[Math.floor(Math.random() * pids.length)]!;
    country.kill(pid);
    killed.push(pid);
  }, BETWEEN_KILLS);
  return {
    end: () => {
      clearInterval(timer);
      return killed;
    },
  };
}

/** Does something for all, so many at once. Once it fails nothing more is begun. */
async function forEach<T, R>(all: readonly T[], thing: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...all.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, one] = next;
      results[place] = await thing(one).catch((error) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** How many of each there are in the database by service and `sub`, as an agency knows its citizens. */
async function countedBySubject(sql: string): Promise<ReadonlyMap<string, number>> {
  const rows = await stage.engines.rows(
    `select client, sub, count(*)::int as n from (${sql}) as found
       join pairwise on pairwise.person = found.person and pairwise.sector = 'agency-of-' || found.client
      group by client, sub`,
  );
  return new Map(rows.map(({ client, sub, n }) => [`${client} ${sub}`, Number(n)]));
}

const eventsOf = (type: string) =>
  `select content::json ->> 'client' as client, person from event join event_subject on event = event.id where type = '${type}'`;
/** What a person has, as every service may ask. */
const atEachService = (sql: string) =>
  `select person, client from (${sql}) as owned cross join (values ${SERVICES.map((id) => `('${id}')`).join()}) as services (client)`;

test(
  'C3 200 sign-ins while a worker is killed each second: what was confirmed is there, and no code works twice',
  async () => {
    const { country, newcomers, engines } = stage;
    const pairs = newcomers.accounts.map((account, n) => {
      const browser = new Visitor();
      const at = (service: string, redeeming: 'in_order' | 'twice_at_once') =>
        new PersistentCitizen(country, { service, account, visitor: browser.newTab(), redeeming });
      return [
        at('one', n % 4 === 0 ? 'twice_at_once' : 'in_order'),
        at('other', n % 4 === 1 ? 'twice_at_once' : 'in_order'),
      ];
    });
    const citizens = pairs.flat();
    const kills = killing();
    const signIns = forEach(pairs, async (pair) => {
      for (const citizen of pair) await citizen.signIn();
    });
    await signIns.finally(() => kills.end());
    const killed = kills.end();
    // Otherwise nothing was tried.
    expect(killed.length).toBeGreaterThanOrEqual(3);
    expect(citizens.flatMap(({ troubles }) => troubles)).not.toEqual([]);

    // Nobody who redeemed any of them is left.
    const before = country.workerPids();
    for (const pid of before) country.kill(pid);
    const ended = performance.now();
    await country.serving(WORKERS, before);
    expect(performance.now() - ended).toBeLessThan(BACK_WITHIN);
    const again = await forEach(citizens, (citizen) => citizen.redeemAgain());
    expect(new Set(again.flat())).toEqual(new Set([400]));

    for (const { codes, subjects, askedAgain, agreedIn } of citizens) {
      expect([...codes.values()].filter((times) => times > 0)).toEqual([1]);
      expect(subjects.size).toBe(1);
      expect([askedAgain, agreedIn.size <= 1]).toEqual([0, true]);
    }
    const everybody = new Map(citizens.map(({ service, subjects }) => [`${service} ${[...subjects][0]}`, 1]));
    expect(everybody.size).toBe(citizens.length);
    const once = {
      consents: 'select client, person from consent where end_reason is null',
      'all consents': 'select client, person from consent',
      'events of consents': eventsOf('consent_given'),
      links: atEachService(`select person from link where state = 'active'`),
      'events of links': atEachService(`select person from (${eventsOf('link_added')}) as added`),
      anchors: atEachService('select person from anchor'),
    };
    for (const [what, sql] of Object.entries(once))
      expect([what, await countedBySubject(sql)]).toEqual([what, everybody]);
    const issued = await countedBySubject(eventsOf('tokens_issued'));
    expect([...everybody.keys()].filter((one) => !issued.has(one))).toEqual([]);
    for (const table of ['person', 'link', 'anchor'])
      expect(await engines.rows(`select count(*)::int as n from ${table}`)).toEqual([{ n: CITIZENS }]);
    for (const question of QUESTIONS) expect([question, await engines.rows(question)]).toEqual([question, []]);

    const silently = await forEach(citizens, (citizen) => citizen.signInSilently());
    expect(new Set(silently)).toEqual(new Set(['code']));
    const elsewhere = await forEach(citizens.slice(0, ELSEWHERE), (citizen) => citizen.signInElsewhere());
    for (const pages of elsewhere) expect(pages).toEqual(['choose_source', 'test_callback']);
  },
  STAGING,
);

/**
 * Owns the part of the trial that goes over HTTP: a drawn country's registers under a whole sandbox, each account signed in
 * by a visitor from the agency's button to its hello page, and the same sign-ins by the pure rules beside it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Country, startCountry } from '../../sandbox/country.ts';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { walk } from '../../sandbox/expected/walk.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { dateInVietnam } from '../../src/calendar.ts';
import type { Identification } from '../../src/identity/person.ts';
import { type Account, Accounts } from './accounts.ts';
import { Played, type PlayedHub, type Seen } from './playing.ts';
import { Population } from './population.ts';
import { Random } from './random.ts';
import type { SourceName } from './rates.ts';
import { entryOf, loginOf, writeRegisters } from './registers-folder.ts';
import { SmallHub } from './small-hub.ts';
import { givenAway, type Settings } from './trial.ts';

/** Enough to keep two processors busy: one with the hub, the other with the authorities' passwords. */
const VISITORS_AT_ONCE = 4;

export interface HttpResult {
  readonly settings: Settings;
  readonly population: Population;
  readonly overHttp: Played;
  readonly pure: Played;
  /** Accounts with which the hub did otherwise than its rules: what each saw. */
  readonly disagreements: readonly { readonly account: Account; readonly http: string; readonly pure: string }[];
}

/** Draws the country, starts it, signs everybody in, and once more whoever got another's account since. `told` hears how far it is. */
export async function runOverHttp(settings: Settings, told: (signIns: number) => void = () => {}): Promise<HttpResult> {
  const drawn = drawCountry(settings);
  const { population, random, accounts } = drawn;
  const small = new SmallHub(settings.rules);
  small.today = dateInVietnam(Date.now());
  const rules = pureHub(small, population);
  const [pure, overHttp] = [new Played(population), new Played(population)];
  await withCountry(drawn, async (country) => {
    const hub = hubOf(country);
    const telling = setInterval(() => told(overHttp.signIns), 10_000);
    try {
      const households = random.shuffled(householdsOf(accounts));
      await pure.play(rules, households, 1);
      await overHttp.play(hub, households, VISITORS_AT_ONCE);
      const holders = new Set(giveAway(drawn, country).map(({ owner }) => owner));
      const changed = householdsOf(accounts.filter(({ owner }) => holders.has(owner)));
      await pure.play(rules, changed, 1);
      await overHttp.play(hub, changed, VISITORS_AT_ONCE);
    } finally {
      clearInterval(telling);
    }
  });
  const both = accounts.map((account) => {
    return { account, http: overHttp.seen.get(account) ?? '', pure: pure.seen.get(account) ?? '' };
  });
  return { settings, population, overHttp, pure, disagreements: both.filter(({ http, pure }) => http !== pure) };
}

interface DrawnCountry {
  readonly random: Random;
  readonly population: Population;
  readonly drawn: Accounts;
  /** Those of them that a register has a form for. */
  readonly accounts: readonly Account[];
}

function drawCountry({ people, seed, errors = 1 }: Settings): DrawnCountry {
  const random = new Random(seed);
  const population = new Population(people, random);
  const drawn = new Accounts(population, random, errors);
  return { random, population, drawn, accounts: drawn.all.filter(canBeIssued) };
}

/** Starts the drawn country in a folder that goes when it ends. */
async function withCountry({ population, accounts }: DrawnCountry, live: (country: Country) => Promise<void>) {
  const directory = await mkdtemp(path.join(tmpdir(), 'lien-thong-trial-'));
  try {
    const registers = path.join(directory, 'registers');
    await mkdir(registers);
    await writeRegisters(registers, population, accounts);
    const country = await startCountry({ directory, registers, logLevel: 'silent' });
    await live(country).finally(() => country.close());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Phones are recycled and accounts change hands, in their registers too; tells which did. */
function giveAway({ random, population, drawn, accounts }: DrawnCountry, country: Country): readonly Account[] {
  return accounts.filter((account) => {
    if (!random.chance(givenAway(account.attested.source))) return false;
    const human = random.below(population.residents.length);
    const { personalNumber } = population.residents[human]!.record;
    if (human === account.owner || personalNumber === null || population.mayNotSignIn(human)) return false;
    drawn.give(account, human);
    country.registers.change(account.attested.source as SourceName, loginOf(account), { ...entryOf(account) });
    return true;
  });
}

const householdsOf = (accounts: readonly Account[]) => [...Map.groupBy(accounts, ({ owner }) => owner).values()];

/** No phone and no card has a certificate without a number; the sandbox's registers have no form for one. */
function canBeIssued({ attested: { source, attributes } }: Account): boolean {
  return attributes.personalNumber !== undefined || (source !== 'mobile-id' && source !== 'digital-signature');
}

/** A citizen who remembers having agreed to link two accounts. */
class Citizen extends Visitor {
  hasLinked = false;

  override press(button: string): Promise<Page> {
    this.hasLinked ||= this.page.code === 'link';
    return super.press(button);
  }
}

function hubOf(country: Country): PlayedHub {
  const around = new ControlClient(country.control);
  const prove = async (citizen: Citizen, account: Account, goOn: boolean): Promise<Seen> => {
    const { source } = account.attested;
    const [login, entry] = [loginOf(account), entryOf(account)];
    const route = { agency: country.songHong.url, source, login, entry, around, acceptLink: true };
    // A sign-in that breaks is one that ended otherwise than the rules say.
    const broken = (error: Error) => ({ outcome: 'broken', reason: error.message });
    const ending = await walk(citizen, route, goOn).catch(broken);
    if (!('claims' in ending)) return { signedIn: false, reason: ending.reason ?? ending.outcome };
    const { sub, personal_number: number } = ending.claims;
    return {
      signedIn: true,
      as: String(sub),
      number: number === undefined ? undefined : String(number),
      linked: citizen.hasLinked,
    };
  };
  return {
    async signIn(account) {
      const citizen = new Citizen();
      return { seen: await prove(citizen, account, false), goOn: (second) => prove(citizen, second, true) };
    },
  };
}

/** As the hub goes on when two accounts are not one person's: the second by itself. */
function pureHub(hub: SmallHub, population: Population): PlayedHub {
  const register = (number: string) => population.find(number);
  const seen = (decision: Identification, linked: boolean): Seen =>
    decision.outcome === 'refused'
      ? { signedIn: false, reason: decision.reason }
      : { signedIn: true, as: decision.person, number: decision.record?.personalNumber ?? undefined, linked };
  return {
    async signIn({ attested }) {
      const alone = hub.signIn(attested, register);
      return {
        seen: seen(alone, false),
        async goOn(second) {
          const pending = hub.leavePending(attested, alone);
          const together = hub.proveSecond(pending, second.attested, register);
          if (together.outcome === 'identified') return seen(together, true);
          return seen(hub.signIn(second.attested, register), false);
        },
      };
    },
  };
}

/**
 * Owns the drill that every store is stolen after everybody has signed in by every source: nobody can be read in it, and
 * nothing that is still good for anything.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { WAYS } from '../../sandbox/expected/ways.ts';
import type { Entry } from '../../sandbox/registers.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { NOT_ME_PATH } from '../../src/citizen/notices/letters.ts';
import { byCard, byTaxCode, callApi, signInToPage } from '../citizen/citizen.ts';
import { codeIn, giveContact, lettersFor, linkIn, proposeContact } from '../citizen/letters-come.ts';
import { openTestCountry, pressButton, proveByNationalEid, relyingParty, type TestCountry } from '../country.ts';
import { beginLog, dumpOfPostgresql, dumpOfRedis } from '../engines/dumps.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { until } from '../engines/until.ts';
import { Haystack, spellings } from '../haystack.ts';
import { bytesOfStore } from '../store-copy.ts';
import { Unreadable } from '../unreadable.ts';

const STARTING = 90_000;
const DELIVERY = 10_000;
const SERVICE = 'one';
const SCOPE = 'openid profile birth personal_number tax_code phone verified_claims';
/** The tax account of a citizen that knows no number, and the same citizen's insurance. */
const NUMBERLESS = { taxCode: '8000002315', socialInsuranceNumber: '9700000231' };
const SOURCES = ['tax-code', 'social-insurance', 'mobile-id', 'digital-signature', 'national-eid'] as const;
type Source = (typeof SOURCES)[number];
/** What a citizen tells the hub about themselves on their own page. */
const OWN = {
  mail: 'nguyen.van.an.1990@thu-dien-tu.example',
  phone: '+84912345678',
  otherMail: 'dia-chi-khac-cua-an@thu-dien-tu.example',
  complaint: 'Cơ quan này vẫn gửi thư cho tôi sau khi tôi đã rút lại.',
};
/** What is recorded of that. */
const DECIDED = ['contact_added', 'case_opened', 'change_requested'];

let engines: EnginePair;
let countries: readonly TestCountry[];
/** How many accounts of each source were let in. */
const came: { readonly source: Source; readonly letIn: number }[] = [];
const unreadable = new Unreadable();
const dumps = new Map<string, Haystack>();

beforeAll(async () => {
  engines = await startEnginePair({ redis: { persistent: true } });
  const logBegun = await beginLog(engines);
  const wishes = [{ client_id: SERVICE }];
  const onServers = await openTestCountry(wishes, { configure: (usual) => ({ ...usual, ...engines.addresses }) });
  const onFile = await openTestCountry(wishes);
  countries = [onServers, onFile];
  await Promise.all([everybodySignsIn(onServers, SOURCES), everybodySignsIn(onFile, SOURCES.slice(0, -1))]);
  for (const country of countries) await oneDecides(country);
  unreadable.everybodyIn(onFile.registers);
  for (const each of Object.values(OWN)) unreadable.personal.add(each);
  dumps.set('Redis', new Haystack(await dumpOfRedis(engines)));
  dumps.set('PostgreSQL', new Haystack(await dumpOfPostgresql(engines, logBegun)));
  dumps.set('SQLite', new Haystack(await bytesOfStore(onFile.configuration.dataDirectory)));
}, STARTING);
afterAll(async () => {
  await Promise.all((countries ?? []).map((country) => country.close()));
  await engines?.remove();
}, STARTING);

type Prove = (visitor: Visitor) => Promise<unknown>;

/** Every account that the registers know at a source. */
function accountsAt(source: Source, country: TestCountry): readonly Prove[] {
  const { registers } = country;
  if (source === 'national-eid') {
    const numbers = registers.all('population').flatMap(({ personalNumber }) => personalNumber ?? []);
    return numbers.map((personalNumber) => (visitor) => proveByNationalEid(visitor, { personalNumber, level: '2' }));
  }
  return registers.all(source).map((entry) => proveBy(country, source, entry));
}

function proveBy({ control }: TestCountry, source: Source, entry: Entry): Prove {
  return async (visitor) => {
    await visitor.press(`source=${source}`);
    await WAYS[source]!(visitor, loginOf(entry), entry, new ControlClient(control));
  };
}

/** The account that cannot say whose it is, together with one that can. */
function proveTwo(country: TestCountry): Prove {
  const { registers } = country;
  const first = proveBy(country, 'tax-code', registers.find('tax-code', NUMBERLESS.taxCode)!);
  const second = registers.find('social-insurance', NUMBERLESS.socialInsuranceNumber)!;
  return async (visitor) => {
    await first(visitor);
    await visitor.follow('a[href$="/choose"]');
    await proveBy(country, 'social-insurance', second)(visitor);
    expect(visitor.page.code).toBe('link');
    await visitor.press('decision=agree');
  };
}

function loginOf(entry: Entry): string {
  if ('taxCode' in entry) return String(entry.taxCode);
  if ('socialInsuranceNumber' in entry) return String(entry.socialInsuranceNumber);
  return String('serial' in entry ? entry.serial : entry.phone);
}

/** All accounts at these sources, one after the other. */
async function everybodySignsIn(country: TestCountry, sources: readonly Source[]): Promise<void> {
  const agency = await relyingParty(country, SERVICE);
  for (const source of sources) {
    let letIn = 0;
    for (const prove of accountsAt(source, country)) if (await comeBy(country, agency, prove)) letIn += 1;
    came.push({ source, letIn });
    // Before there is a stronger way than the second of the two: then that one would not do.
    if (source === 'social-insurance') expect(await comeBy(country, agency, proveTwo(country))).toBe(true);
  }
}

/** One account's try in a browser of its own, to tokens where it is let in; whether it was. */
async function comeBy(country: TestCountry, agency: client.Configuration, prove: Prove): Promise<boolean> {
  const visitor = new Visitor();
  const pressed = await pressButton(agency, country, { scope: SCOPE });
  await visitor.open(pressed.address);
  await prove(visitor);
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  const isLetIn = visitor.page.code === 'test_callback';
  if (isLetIn) {
    const tokens = await client.authorizationCodeGrant(agency, visitor.page.url, {
      ...pressed.checks,
      idTokenExpected: true,
    });
    const { sub } = tokens.claims()!;
    await client.fetchUserInfo(agency, tokens.access_token, sub);
    unreadable.atAgency(pressed, tokens, sub);
    // And a code that nobody has redeemed yet.
    await visitor.open((await pressButton(agency, country, { prompt: 'none' })).address);
    expect(visitor.page.url.searchParams.get('code')).not.toBeNull();
  }
  await unreadable.inBrowser(visitor);
  return isLetIn;
}

/**
 * One of them leaves on their own page whatever the hub keeps of somebody besides: contacts, a case, a change that waits,
 * alerts, and letters that have not been carried yet.
 */
async function oneDecides(country: TestCountry): Promise<void> {
  const [strong, weak, stranger] = [new Visitor(), new Visitor(), new Visitor()];
  await signInToPage(country, strong, byCard(country));
  for (const address of [OWN.mail, OWN.phone]) await giveContact(country, strong, address);
  const body = { kind: 'complain', text: OWN.complaint };
  expect((await callApi(country, strong, '/rights/open', { method: 'POST', body })).status).toBe(200);

  await signInToPage(country, weak, byTaxCode());
  await proposeContact(country, weak, OWN.otherMail);
  const [letter] = await lettersFor(country, OWN.otherMail);
  const alerts = (await lettersFor(country, OWN.mail)).filter(({ text }) => text.includes(NOT_ME_PATH));
  expect(alerts).toHaveLength(1);
  unreadable.secret.add(linkIn(country, alerts[0]!).pathname.split('/').at(-1)!);
  await weak.fill({ code: codeIn(letter!) }).press('button.primary');
  country.messages.mail.faults.set('down');
  country.messages.sms.faults.set('down');
  expect((await weak.press('wait=yes')).code).toBe('citizen_changes');
  await signInToPage(country, stranger, byTaxCode());
  for (const visitor of [strong, weak, stranger]) await unreadable.inBrowser(visitor);
  const sealed = async () => [...(await country.runningHub().store.outbox.lengths()).keys()];
  await until(async () => (await sealed()).sort().join() === 'mail,sms', DELIVERY);
}

test('C6 everybody came, and each store was written to', () => {
  const letIn = SOURCES.map((source) => came.filter((one) => one.source === source).map((one) => one.letIn));
  // As the registers are written. At the hub on a file by all sources but the last.
  expect(letIn).toEqual([[9, 9], [18, 18], [3, 3], [4, 4], [27]]);
  const subjectsIn = (store: string) => dumps.get(store)!.find(unreadable.subjects).length;
  expect([subjectsIn('PostgreSQL'), subjectsIn('SQLite')]).toEqual([27, 23]);
  for (const store of ['PostgreSQL', 'SQLite'])
    expect(dumps.get(store)!.find(['consent_given', 'tokens_issued', ...DECIDED])).toHaveLength(2 + DECIDED.length);
  // The keys of what it holds, and the first command in the file of all of them.
  expect(dumps.get('Redis')!.find(['lt:{', 'SELECT'])).toHaveLength(2);
  expect(unreadable.personal.size).toBeGreaterThan(150);
  expect(unreadable.secret.size).toBeGreaterThan(1000);
});

describe.each(['Redis', 'PostgreSQL', 'SQLite'])('a dump of %s', (store) => {
  test('C6 contains no name, number, telephone number, birth date or password', () => {
    expect(dumps.get(store)!.find(unreadable.personal, spellings)).toEqual([]);
  });

  test('C6 contains no token, code, cookie, state or id of a sign-in', () => {
    expect(dumps.get(store)!.find(unreadable.secret)).toEqual([]);
  });
});

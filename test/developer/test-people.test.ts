/** The people with whom services are tried are as they are told: each of their ways is gone, at the sandbox issuer itself. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { REGISTERS } from '../../sandbox/country.ts';
import { WAYS } from '../../sandbox/expected/ways.ts';
import { readHubConfiguration } from '../../src/config.ts';
import { readTestPeople, type TestPerson } from '../../src/test-people.ts';
import { byNationalEid } from '../citizen/citizen.ts';
import type { TestCountry } from '../country.ts';
import { callApi, type Developer, newDeveloper, openDeveloperCountry } from './developer.ts';
import { type LivingService, liveService, type OwnSignIn, ownSignIn, RICH } from './living-service.ts';

const written = JSON.parse(await readFile(path.join(REGISTERS, 'test-people.json'), 'utf8')) as { id: string }[];

let country: TestCountry;
let developer: Developer;
let service: LivingService;
let people: readonly TestPerson[];
beforeAll(async () => {
  country = await openDeveloperCountry();
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  service = await liveService(country, developer, RICH);
  people = (await developer.ask('GET', '/test-people')).people;
});
afterAll(() => country?.close());

type Account = TestPerson['accounts'][number];

const typed = ({ credentials }: Account) =>
  Object.fromEntries(credentials.map(({ kind, value }) => [kind, value])) as Readonly<Record<string, string>>;

/** Goes one way in with nothing but what the list tells of it. */
function tryWay(account: Account): Promise<OwnSignIn> {
  const { authorities } = country.sandboxIssuer!;
  const addresses: Readonly<Record<string, string>> = {
    'mobile-operator': authorities.mobileOperator.url,
    'card-reader': authorities.cardAuthority.reader,
  };
  const around = { addressOf: async (place: string) => addresses[place]! };
  const told = typed(account);
  return ownSignIn(country, service, { prompt: 'consent' }, async (visitor) => {
    if (account.source === 'national-eid') return byNationalEid(told.personal_number)(visitor);
    await visitor.press(`source=${account.source}`);
    const login = told.tax_code ?? told.social_insurance_number ?? told.phone ?? told.card!;
    // A phone with a trouble answers by itself, whether or not somebody would have confirmed.
    const result = account.outcome === 'signed_in' ? 'OK' : 'other';
    await WAYS[account.source]!(visitor, login, { ...told, idNumber: told.personal_number, result }, around);
    return visitor.page;
  });
}

test.each(written.map(({ id }) => id))('%s is as the list says', async (id) => {
  const person = people.find((one) => one.id === id)!;
  for (const account of person.accounts) {
    const { citizen, finish } = await tryWay(account);
    const { page } = citizen;
    const way = [id, ...account.credentials.map(({ value }) => value)];
    if (account.outcome === 'choose_again')
      expect([...way, page.code, page.reason]).toEqual([...way, 'choose_source', account.reason]);
    else if (account.outcome === 'refused') expect([...way, page.code]).toEqual([...way, account.reason]);
    else {
      expect([...way, page.code]).toEqual([...way, 'consent']);
      const { claims, userinfo } = await finish();
      expect([...way, claims.acr]).toEqual([...way, account.level]);
      const { name, birth_date, birth_place, personal_number } = person.attributes!;
      expect(userinfo.name).toBe(name);
      // The birth date to the day, or its year.
      expect(userinfo.birthdate).toBe(birth_date);
      expect(userinfo.place_of_birth).toEqual({ locality: birth_place });
      expect(userinfo.personal_number).toBe(personal_number);
      expect(userinfo.tax_code).toBe(account.attributes?.tax_code);
    }
  }
});

test('the page tells each way with what is typed there, in both languages, to whoever is signed in', async () => {
  const page = await developer.open('/test-people');
  expect(page.$('[data-person]')).toHaveLength(people.length);
  for (const { id, accounts } of people)
    for (const { credentials } of accounts)
      for (const { value } of credentials) expect(page.text(`[data-person="${id}"]`)).toContain(value);
  expect((await callApi(country, 'GET', '/test-people')).status).toBe(401);
});

test('a file of them is read whole or refused with what is wrong', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lien-thong-people-'));
  const file = path.join(folder, 'people.json');
  const read = async (content: unknown) => {
    await writeFile(file, JSON.stringify(content));
    const problems: string[] = [];
    return { people: readTestPeople(file, problems), problems };
  };
  expect(await read(people)).toEqual({ people, problems: [] });
  const [one] = people;
  expect((await read([one, one])).problems).toEqual(['HUB_TEST_PEOPLE an id is there twice']);
  expect((await read([{ ...one, accounts: [] }])).problems).toHaveLength(1);
  const refused = { ...one!.accounts[0]!, outcome: 'refused', reason: 'no_such_code' };
  expect((await read([{ ...one, accounts: [refused] }])).problems).toHaveLength(1);
  await writeFile(file, '[');
  const problems: string[] = [];
  expect(readTestPeople(file, problems)).toEqual([]);
  expect(problems).toEqual(['HUB_TEST_PEOPLE is no readable JSON file']);
  await rm(folder, { recursive: true });
});

test('E14 a hub in production has none of them', () => {
  const read = readHubConfiguration({ HUB_MODE: 'production', HUB_TEST_PEOPLE: path.join(REGISTERS, 'none.json') });
  expect(read.ok).toBe(false);
  if (!read.ok)
    expect(read.problems.join('\n')).toContain('HUB_TEST_PEOPLE: a production hub knows nobody who is made up');
});

/** Owns the tests that agencies meet one person, whichever source is used and whatever a register corrects. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { type RegisterEntry, WAYS } from '../../sandbox/expected/ways.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, AN_INSURED, AN_NUMBER, openTestCountry, pressButton, relyingParty, type TestCountry } from '../country.ts';

const OTHER_AGENCY = { id: 'another-agency', name: { vi: 'Cơ quan khác', en: 'Another agency' } };
const CORRECTED = { personalNumber: '097090000033', name: 'Nguyễn Văn Ân' };
const ACCOUNTS: readonly (readonly [source: string, login: string, entry: RegisterEntry])[] = [
  ['tax-code', AN.taxCode, AN],
  ['social-insurance', AN_INSURED.socialInsuranceNumber, AN_INSURED],
  ['mobile-id', '+84912000011', { idNumber: AN_NUMBER, result: 'OK' }],
  ['digital-signature', 'CARD-AN', {}],
];

let country: TestCountry;
let agencies: readonly client.Configuration[];
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }, { client_id: 'other', agency: OTHER_AGENCY }]);
  agencies = await Promise.all([relyingParty(country, 'one'), relyingParty(country, 'other')]);
});
afterAll(() => country.close());

/** What an agency is told of who signs in with an account, in a browser of its own. */
async function toldOf(agency: client.Configuration, [source, login, entry]: (typeof ACCOUNTS)[number]) {
  const visitor = new Visitor();
  const { address, checks } = await pressButton(agency, country, { scope: 'openid profile personal_number' });
  await visitor.open(address);
  await visitor.press(`source=${source}`);
  await WAYS[source]!(visitor, login, entry, new ControlClient(country.control));
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  expect(visitor.page.code).toBe('test_callback');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(agency, answer, { ...checks, idTokenExpected: true });
  return client.fetchUserInfo(agency, tokens.access_token, tokens.claims()!.sub);
}

test('B13 one subject through four sources, another at another sector, both unchanged by corrections', async () => {
  const subjectsAt = async (agency: client.Configuration) => {
    const told = [];
    for (const account of ACCOUNTS) told.push(await toldOf(agency, account));
    return told;
  };
  const [one, other] = [await subjectsAt(agencies[0]!), await subjectsAt(agencies[1]!)];
  const subjects = (told: readonly { readonly sub: string }[]) => [...new Set(told.map(({ sub }) => sub))];
  expect([subjects(one).length, subjects(other).length]).toEqual([1, 1]);
  expect(subjects(one)).not.toEqual(subjects(other));

  const entry = country.registers.find('population', AN_NUMBER) as { readonly formerNumbers: readonly string[] };
  country.registers.change('population', AN_NUMBER, {
    ...CORRECTED,
    formerNumbers: [...entry.formerNumbers, AN_NUMBER],
    formerNames: ['Nguyễn Văn An'],
  });
  const later = await subjectsAt(agencies[0]!);
  expect(subjects(later)).toEqual(subjects(one));
  for (const told of later)
    expect(told).toMatchObject({ name: CORRECTED.name, personal_number: CORRECTED.personalNumber });
});

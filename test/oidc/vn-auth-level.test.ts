/** The level of the decree on electronic identification: a claim of its own, told as the sources file has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { SourceSettings } from '../../src/sources.ts';
import {
  openTestCountry,
  pressButton,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
} from '../country.ts';

const LEVELS: Readonly<Record<string, number>> = { 'tax-code': 1, 'national-eid': 2 };
const certified = (source: SourceSettings): SourceSettings => {
  const level = LEVELS[source.id];
  return level === undefined ? source : { ...source, vn_auth_level: level };
};

let country: TestCountry;
let agency: client.Configuration;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'agency' }], {
    configure: (usual) => ({ ...usual, sources: usual.sources.map(certified) }),
  });
  agency = await relyingParty(country, 'agency');
});
afterAll(() => country.close());

const eid = (level: '1' | '2') => (visitor: Visitor) => proveByNationalEid(visitor, { level });

test.each<[string, (visitor: Visitor) => Promise<Page>, string, number | undefined]>([
  ['as it is registered', proveByTaxCode, 'loa1', 1],
  ['beside a higher acr, which it leaves alone', eid('2'), 'loa3', 2],
  ['not for a weaker sign-in than the registered one', eid('1'), 'loa1', undefined],
  ['not where none is registered', proveBySocialInsurance, 'loa2', undefined],
])('vn_auth_level is told %s', async (_name, prove, acr, level) => {
  const visitor = new Visitor();
  const pressed = await pressButton(agency, country);
  await visitor.open(pressed.address);
  if ((await prove(visitor)).code === 'consent') await visitor.press('decision=agree');
  const { address } = country.callback.answers.at(-1)!;
  const tokens = await client.authorizationCodeGrant(agency, address, { ...pressed.checks, idTokenExpected: true });
  const claims = tokens.claims()!;
  expect([claims.acr, claims.vn_auth_level]).toEqual([acr, level]);
  expect('vn_auth_level' in claims).toBe(level !== undefined);
  expect(await client.fetchUserInfo(agency, tokens.access_token, claims.sub)).toEqual({ sub: claims.sub });
});

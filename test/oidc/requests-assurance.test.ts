/** How strong a sign-in an agency may ask for: what is enough, what is not, and what is told. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  HOA,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  signIn,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { addressOf, answerAfter, type Changes, refusalOf } from './asking.ts';

let country: TestCountry;
let configuration: client.Configuration;
let visitor: Visitor;
beforeAll(async () => {
  country = await openTestCountry(
    [
      { client_id: 'ordinary' },
      { client_id: 'high', minimum_acr: 'loa3' },
      { client_id: 'picky', sources: ['weak-code', 'weaker-code'] },
      { client_id: 'lonely', sources: ['no-such-source'] },
    ],
    {
      // The one source there is, worth loa2 here, and twins of it as good and weaker, which nobody can sign in with.
      configure: (usual) => {
        const [source] = usual.sources;
        const sources = [
          { ...source!, acr: 'loa2' as const },
          { ...source!, id: 'good-code', acr: 'loa2' as const },
          { ...source!, id: 'weak-code' },
          { ...source!, id: 'weaker-code' },
        ];
        return { ...usual, sources };
      },
    },
  );
  configuration = await relyingParty(country, 'ordinary');
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const acrClaim = (acr: unknown): Changes => ({ claims: JSON.stringify({ id_token: { acr } }) });
const tokensNow = (parameters: Changes = {}) =>
  tokensFor(country, configuration, parameters as Record<string, string>, { visitor });

test.each<[string, string, Changes]>([
  ['acr_values above every source', 'ordinary', { acr_values: 'loa3' }],
  ['all of acr_values above every source', 'ordinary', { acr_values: 'loa4 loa3' }],
  ['acr_values above the sources of this service', 'picky', { acr_values: 'loa2' }],
  ['the registered minimum above every source', 'high', {}],
  ['the registered minimum, whatever acr_values say', 'high', { acr_values: 'loa1' }],
  ['an essential level above every source', 'ordinary', acrClaim({ essential: true, value: 'loa3' })],
  ['essential levels above every source', 'ordinary', acrClaim({ essential: true, values: ['loa3', 'loa4'] })],
  ['essential levels nobody knows', 'ordinary', acrClaim({ essential: true, values: ['urn:surprise'] })],
  ['the stricter of both, by claims', 'ordinary', { acr_values: 'loa1', ...acrClaim({ value: 'loa3' }) }],
  ['the stricter of both, by acr_values', 'ordinary', { acr_values: 'loa3', ...acrClaim({ value: 'loa1' }) }],
  ['a service whose sources do not exist', 'lonely', {}],
])('A6 what no source can meet ends at the agency at once: %s', async (_name, id, changes) => {
  expect(await refusalOf(country, id, changes)).toEqual({
    error: 'unmet_authentication_requirements',
    error_description: expect.any(String),
    state: 'the-state',
    iss: country.hub,
  });
});

test.each<[string, Changes, string]>([
  ['nothing', {}, 'loa2'],
  ['acr_values that are met', { acr_values: 'loa2' }, 'loa2'],
  ['acr_values of which one is met', { acr_values: 'loa4 loa1' }, 'loa2'],
  ['acr_values nobody knows', { acr_values: 'urn:surprise loa9' }, 'loa2'],
  ['a voluntary level', acrClaim({ value: 'loa1' }), 'loa2'],
  ['a voluntary level nobody knows', acrClaim({ values: ['urn:surprise'] }), 'loa2'],
  ['an essential level that is met', acrClaim({ essential: true, value: 'loa2' }), 'loa2'],
  ['an essential level below', acrClaim({ essential: true, value: 'loa1' }), 'loa1'],
  [
    'essential levels: the highest one reached',
    acrClaim({ essential: true, values: ['loa1', 'loa2', 'loa4'] }),
    'loa2',
  ],
  ['essential without a level', acrClaim({ essential: true }), 'loa2'],
])('A8 the level told when an agency asks for %s', async (_name, changes, acr) => {
  expect((await tokensNow(changes)).claims()).toMatchObject({ acr });
  // From the running session it is the same.
  expect((await tokensNow(changes)).claims()).toMatchObject({ acr });
});

test('A6 a source that is too weak cannot be chosen, and says why', async () => {
  const page = await visitor.open(addressOf(country, 'ordinary', { acr_values: 'loa2' }));
  expect(page.has('button[name=source][value=tax-code]')).toBe(true);
  expect(page.has('button[name=source][value=weak-code]')).toBe(false);
  expect(page.text('#closed-weak-code')).not.toBe('');
});

test.each<[string, string, Changes, string]>([
  ['too weak', 'ordinary', { acr_values: 'loa2' }, 'weak-code'],
  ['not for this service', 'picky', {}, 'tax-code'],
  ['unknown', 'ordinary', {}, 'no-such-source'],
  ['a property of objects', 'ordinary', {}, '__proto__'],
])('A6 a source that is %s cannot be forced by a form either', async (_name, id, changes, source) => {
  const { url } = await visitor.open(addressOf(country, id, changes));
  const page = await visitor.post(`${url.pathname}/source`, { source });
  expect(page).toMatchObject({ code: 'choose_source', reason: 'source_not_allowed' });
  expect(visitor.trail.every(({ origin }) => origin === country.hub)).toBe(true);
});

test('A6 a hint cannot force a source either', async () => {
  const page = await visitor.open(addressOf(country, 'picky', { idp_hint: 'tax-code' }));
  expect(page).toMatchObject({ code: 'choose_source', reason: 'source_not_allowed' });
});

/** Makes the session of this browser one that was begun at a level. */
async function beginAt(acr: string): Promise<void> {
  await signIn(country, await pressButton(configuration, country), { visitor });
  const { lt_session: cookie } = await visitor.cookies(country.hub);
  const uid = cookie!.split('.')[0]!;
  const { state } = country.runningHub().store;
  const session = (await state.get('Session', uid))!.value as Readonly<Record<string, string>>;
  await state.put('Session', uid, { ...session, acr }, 600);
}

test('A7 prompt=none with a session that is too weak: login_required', async () => {
  await beginAt('loa1');
  const address = addressOf(country, 'ordinary', { acr_values: 'loa2', prompt: 'none' });
  expect(await answerAfter(country, visitor, address)).toMatchObject({ error: 'login_required', iss: country.hub });
});

test('A8 a session that is too weak steps up at a source that is strong enough', async () => {
  await beginAt('loa1');
  const pressed = await pressButton(configuration, country, { acr_values: 'loa2' });
  expect((await visitor.open(pressed.address)).code).toBe('choose_source');
  expect((await proveByTaxCode(visitor)).code).toBe('test_callback');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    ...pressed.checks,
    idTokenExpected: true,
  });
  expect(tokens.claims()).toMatchObject({ acr: 'loa2' });
});

test('A8 stepping up does not make the session somebody else’s', async () => {
  await beginAt('loa1');
  await visitor.open(addressOf(country, 'ordinary', { acr_values: 'loa2' }));
  const page = await proveByTaxCode(visitor, HOA);
  expect(page.code).toBe('another_person');
  await visitor.press('form[action$="/cancel"] button');
  const { parameters } = country.callback.answers.at(-1)!;
  expect(Object.fromEntries(parameters)).toMatchObject({ error: 'access_denied', iss: country.hub });
  expect((await tokensNow()).claims()).toMatchObject({ acr: 'loa1' });
});

test('A8 a session begun at loa4 counts as loa3 later', async () => {
  await beginAt('loa4');
  expect((await tokensNow()).claims()).toMatchObject({ acr: 'loa3' });
});

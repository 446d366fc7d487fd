/** A request that is wrong in one place: the agency that sent it is told, at its registered address and at once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCountry, type TestCountry } from '../country.ts';
import { addressOf, ask, type Changes, destinationOf, newBrowser, refusalOf } from './asking.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'mistaken' }, { client_id: 'another' }]);
});
afterAll(() => country.close());

const claims = (value: unknown): Changes => ({ claims: JSON.stringify(value) });
const verified = (value: unknown): Changes => claims({ userinfo: { verified_claims: value } });
const WELL_VERIFIED = { verification: { trust_framework: null }, claims: { name: null } };

test.each<[string, Changes, string]>([
  ['no scope', { scope: undefined, nonce: undefined }, 'invalid_scope'],
  ['a scope without openid', { scope: 'profile', nonce: undefined }, 'invalid_scope'],
  ['a nonce without openid', { scope: 'profile' }, 'invalid_request'],
  ['a scope with foreign characters', { scope: 'openid "profile"' }, 'invalid_scope'],
  ['two scopes', { scope: ['openid', 'openid profile'] }, 'invalid_request'],
  ['no response type', { response_type: undefined }, 'invalid_request'],
  ['an unknown response type', { response_type: 'surprise' }, 'unsupported_response_type'],
  ['the implicit flow', { response_type: 'id_token' }, 'invalid_request'],
  ['the implicit flow with a token', { response_type: 'id_token token' }, 'invalid_request'],
  ['a token alone', { response_type: 'token' }, 'invalid_request'],
  ['the hybrid flow', { response_type: 'code id_token' }, 'invalid_request'],
  ['a response in a fragment', { response_mode: 'fragment' }, 'invalid_request'],
  ['a response by web message', { response_mode: 'web_message' }, 'unsupported_response_mode'],
  ['a response as a token', { response_mode: 'jwt' }, 'unsupported_response_mode'],
  ['an unknown prompt', { prompt: 'please' }, 'invalid_request'],
  ['account creation, which a hub has none of', { prompt: 'create' }, 'invalid_request'],
  ['prompt none beside another', { prompt: 'none login' }, 'invalid_request'],
  ['two prompts', { prompt: ['none', 'login'] }, 'invalid_request'],
  ['a negative age', { max_age: '-1' }, 'invalid_request'],
  ['an age that is no number', { max_age: 'young' }, 'invalid_request'],
  ['a broken age', { max_age: '1.5' }, 'invalid_request'],
  ['an age without end', { max_age: '1e400' }, 'invalid_request'],
  ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ['a request elsewhere', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
  ['a registration', { registration: '{}' }, 'registration_not_supported'],
  ['claims that are no JSON', { claims: '{"userinfo":' }, 'invalid_request'],
  ['claims that are a list', claims([]), 'invalid_request'],
  ['claims that are nothing', claims(null), 'invalid_request'],
  ['claims for nobody', claims({}), 'invalid_request'],
  ['claims of userinfo as a list', claims({ userinfo: [] }), 'invalid_request'],
  ['claims of userinfo as nothing', claims({ userinfo: null }), 'invalid_request'],
  ['claims of the id token as text', claims({ id_token: 'name' }), 'invalid_request'],
  ['a level list that is none', claims({ id_token: { acr: { values: 'loa1' } } }), 'invalid_request'],
  ['levels that are numbers', claims({ id_token: { acr: { essential: true, values: [1] } } }), 'invalid_request'],
  ['a level that is a number', claims({ id_token: { acr: { value: 1 } } }), 'invalid_request'],
  [
    'a level list that is none, asked together with a choice of account',
    { ...claims({ id_token: { acr: { values: 'loa1' } } }), prompt: 'select_account' },
    'invalid_request',
  ],
  ['verified claims as text', verified('name'), 'invalid_request'],
  ['verified claims that are empty', verified({}), 'invalid_request'],
  ['verified claims as an empty list', verified([]), 'invalid_request'],
  ['verified claims without claims', verified({ verification: { trust_framework: null } }), 'invalid_request'],
  ['verified claims with none', verified({ ...WELL_VERIFIED, claims: {} }), 'invalid_request'],
  ['verified claims without verification', verified({ claims: { name: null } }), 'invalid_request'],
  ['verified claims without a framework', verified({ ...WELL_VERIFIED, verification: {} }), 'invalid_request'],
  ['verified claims that ask for a number', verified({ ...WELL_VERIFIED, claims: { name: 1 } }), 'invalid_request'],
  ['verified claims of which one is wrong', verified([WELL_VERIFIED, { claims: {} }]), 'invalid_request'],
  ['a broken id_token_hint', { id_token_hint: 'not.a.token' }, 'invalid_request'],
  ['two states', { state: ['one', 'two'] }, 'invalid_request'],
])('A6 the agency is told of %s', async (_name, changes, error) => {
  const refusal = await refusalOf(country, 'mistaken', changes);
  expect(refusal).toMatchObject({ error, iss: country.hub });
  expect(refusal.state).toBe(Array.isArray(changes.state) ? undefined : 'the-state');
  expect(refusal).not.toHaveProperty('code');
});

test('A6 by form_post when the agency wants its answers so', async () => {
  const visitor = newBrowser();
  const page = await visitor.open(addressOf(country, 'mistaken', { response_mode: 'form_post', prompt: 'please' }));
  expect(page).toMatchObject({ code: 'form_post', status: 200 });
  await visitor.press('button.primary');
  const { method, parameters } = country.callback.answers.at(-1)!;
  expect(method).toBe('POST');
  expect(Object.fromEntries(parameters)).toMatchObject({
    error: 'invalid_request',
    state: 'the-state',
    iss: country.hub,
  });
});

test('A6 what is said of an error is never what the request said', async () => {
  const secret = '079096000011';
  for (const changes of [{ prompt: secret }, { max_age: secret.replace('0', '-') }, { claims: `{"${secret}"` }]) {
    const { error_description } = await refusalOf(country, 'mistaken', changes);
    expect(error_description).not.toContain(secret);
  }
});

test('A6 a state comes back as it was, whatever it is made of', async () => {
  const state = 'a b+c&d=e%20"<script>…ệ';
  expect(await refusalOf(country, 'mistaken', { state, prompt: 'please' })).toMatchObject({ state });
});

test('A6 an id token of another agency is no hint', async () => {
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.`;
  expect(await refusalOf(country, 'mistaken', { id_token_hint: unsigned })).toMatchObject({ error: 'invalid_request' });
});

test.each<[string, Changes]>([
  ['a parameter nobody knows', { surprise: 'yes', __proto__: 'x', toString: 'y' }],
  ['a scope nobody knows', { scope: 'openid surprise' }],
  ['claims nobody knows', claims({ userinfo: { surprise: null }, surprise: null, another: 5 })],
  ['a claim asked for in a strange way', claims({ userinfo: { name: 5 }, id_token: { birthdate: 'please' } })],
  ['a level nobody knows', { acr_values: 'urn:surprise' }],
  ['a language nobody speaks', { ui_locales: 'fr-CA tlh' }],
  ['a display nobody has', { display: 'wap' }],
  ['a source nobody knows', { idp_hint: 'surprise' }],
])('A6 ignored, as the standard says: %s', async (_name, changes) => {
  const destination = destinationOf(await ask(country, 'mistaken', changes), country);
  expect(destination.pathname).toMatch(/^\/sign-in\//);
  const page = await newBrowser().open(addressOf(country, 'mistaken', changes));
  expect(page).toMatchObject({ code: 'choose_source', status: 200 });
});

/** Owns the tests of a session that is too weak: it steps up as the same citizen, and nobody else takes it over on the way. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { signWithCard } from '../../sandbox/card-authority/sign-with-card.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import {
  HOA,
  openTestCountry,
  type Pressed,
  pressButton,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { addressOf, answerAfter, type Changes } from '../oidc/asking.ts';
import { journalIn, knownIn } from '../store-copy.ts';

const HOA_NUMBER = '097185000021';

let country: TestCountry;
let first: client.Configuration;
let second: client.Configuration;
let visitor: Visitor;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'first' }, { client_id: 'second' }, { client_id: 'third' }]);
  [first, second] = await Promise.all([relyingParty(country, 'first'), relyingParty(country, 'second')]);
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  visitor = new Visitor();
});

const known = () => knownIn(country.configuration.dataDirectory);
const happened = async (type: string) =>
  (await journalIn(country.configuration.dataDirectory)).filter((event) => event.type === type).length;
const sessionCookie = async () => (await visitor.cookies(country.hub)).lt_session!;
const sessionUid = async () => (await sessionCookie()).split('.')[0];
const silently = (changes: Changes = {}) =>
  answerAfter(country, visitor, addressOf(country, 'first', { prompt: 'none', ...changes }));
const strongly = (one: client.Configuration) => pressButton(one, country, { acr_values: 'loa2' });

/** Through consent, if it is asked for, to the tokens. */
async function tokensAfter(page: Page, one: client.Configuration, { checks }: Pressed) {
  const arrived = page.code === 'consent' ? await visitor.tickAll().press('decision=agree') : page;
  expect(arrived.code).toBe('test_callback');
  const { address } = country.callback.answers.at(-1)!;
  return client.authorizationCodeGrant(one, address, { ...checks, idTokenExpected: true });
}

/** On the page that asks for it, the card of Nguyễn Văn An. */
async function signByCard(): Promise<Page> {
  const form = visitor.page.$('form[data-nonce]');
  const order = { serial: 'CARD-AN', pin: '1234', nonce: form.attr('data-nonce')!, origin: country.hub };
  const token = await signWithCard(country.cardAuthority.reader, order);
  return visitor.post(form.attr('action')!, { token: JSON.stringify(token) });
}

describe('the same person', () => {
  test('B16 keeps the session and what agencies hold of it, at the level that was reached', async () => {
    const before = await tokensFor(country, first, { scope: 'openid profile' }, { visitor });
    const uid = await sessionUid();
    const pressed = await strongly(second);
    expect((await visitor.open(pressed.address)).code).toBe('choose_source');
    const after = await tokensAfter(await proveBySocialInsurance(visitor), second, pressed);
    expect([before.claims()!.acr, after.claims()!.acr]).toEqual(['loa1', 'loa2']);
    expect(await sessionUid()).toBe(uid);
    const { sub } = before.claims()!;
    expect(await client.fetchUserInfo(first, before.access_token, sub)).toMatchObject({ name: 'Nguyễn Văn An' });
    const again = await tokensFor(country, first, { acr_values: 'loa2' }, { visitor });
    expect(again.claims()).toMatchObject({ sub, acr: 'loa2', amr: ['pwd', 'otp'] });
  });
});

describe('another person', () => {
  /** An signed in at the first agency; the second one wants more, and Hoà proves herself. */
  async function hoaComesBack(): Promise<Page> {
    await visitor.open((await strongly(second)).address);
    return proveByNationalEid(visitor, { personalNumber: HOA_NUMBER, level: '2' });
  }

  test('B16 is told so, and nothing is created, linked or agreed to', async () => {
    await tokensFor(country, first, {}, { visitor });
    const [before, identified] = [await known(), await happened('person_identified')];
    const page = await hoaComesBack();
    expect(page).toMatchObject({ code: 'another_person' });
    expect(await known()).toEqual(before);
    expect(await happened('person_identified')).toBe(identified);
    await visitor.press('form[action$="/cancel"] button');
    const { parameters } = country.callback.answers.at(-1)!;
    expect(Object.fromEntries(parameters)).toMatchObject({ error: 'access_denied', iss: country.hub });
  });

  test('B16 does not touch the session: same cookie, same tokens, single sign-on as before', async () => {
    const tokens = await tokensFor(country, first, {}, { visitor });
    const [cookie, uid] = [await sessionCookie(), await sessionUid()];
    await hoaComesBack();
    expect(await sessionCookie()).toBe(cookie);
    const { sub } = tokens.claims()!;
    expect(await client.fetchUserInfo(first, tokens.access_token, sub)).toEqual({ sub });
    expect(await silently()).toHaveProperty('code');
    expect(await silently({ acr_values: 'loa2' })).toMatchObject({ error: 'login_required' });
    expect((await tokensFor(country, first, {}, { visitor })).claims()).toMatchObject({ sub, acr: 'loa1' });
    expect(await sessionUid()).toBe(uid);
  });

  test('B16 may be somebody the hub knows well: refused all the same, and the right one still comes in', async () => {
    await tokensFor(country, second, {}, { account: HOA });
    const { sub } = (await tokensFor(country, first, {}, { visitor })).claims()!;
    const before = await known();
    const pressed = await strongly(first);
    await visitor.open(pressed.address);
    const refused = await proveByNationalEid(visitor, { personalNumber: HOA_NUMBER, level: '2' });
    expect(refused.code).toBe('another_person');
    expect(await known()).toEqual(before);
    await visitor.follow('a[href$="/choose"]');
    const tokens = await tokensAfter(await proveBySocialInsurance(visitor), first, pressed);
    expect(tokens.claims()).toMatchObject({ sub, acr: 'loa2' });
  });

  test('B16 is refused in a second tab too, when the right one stands before the consent already', async () => {
    await tokensFor(country, first, {}, { visitor });
    const { address } = await strongly(second);
    const { url } = await visitor.open(address);
    expect((await proveBySocialInsurance(visitor)).code).toBe('consent');
    const tab = visitor.newTab();
    await tab.open(`${url.href}/choose`);
    expect((await proveByNationalEid(tab, { personalNumber: HOA_NUMBER, level: '2' })).code).toBe('another_person');
  });
});

describe('whom the agency named', () => {
  test('A8 somebody else is turned away before anything is agreed to, and the session runs on', async () => {
    const hoa = await tokensFor(country, second, {}, { account: HOA });
    await tokensFor(country, first, {}, { visitor });
    const before = await known();
    const claims = JSON.stringify({ id_token: { sub: { value: hoa.claims()!.sub } } });
    for (const wish of [{ id_token_hint: hoa.id_token! }, { claims }]) {
      expect((await visitor.open(addressOf(country, 'second', { scope: 'openid profile', ...wish }))).code).toBe(
        'choose_source',
      );
      expect((await proveByTaxCode(visitor)).code).toBe('test_callback');
      const { parameters } = country.callback.answers.at(-1)!;
      expect(Object.fromEntries(parameters)).toMatchObject({ error: 'login_required' });
    }
    expect(await known()).toEqual(before);
    expect(await silently()).toHaveProperty('code');
  });

  test('A8 going on as the wrong one leads to the choice, not to a consent', async () => {
    const hoa = await tokensFor(country, second, {}, { account: HOA });
    await tokensFor(country, first, {}, { visitor });
    const wish = { prompt: 'select_account', id_token_hint: hoa.id_token! };
    expect((await visitor.open(addressOf(country, 'second', wish))).code).toBe('continue_as');
    expect((await visitor.press('decision=continue')).code).toBe('choose_source');
  });
});

describe('single sign-on', () => {
  test('B17 never lifts the level: it is that of the session, not the best one ever', async () => {
    const strong = await strongly(first);
    await visitor.open(strong.address);
    await tokensAfter(await proveBySocialInsurance(visitor), first, strong);
    visitor = new Visitor();
    expect((await tokensFor(country, first, {}, { visitor })).claims()).toMatchObject({ acr: 'loa1' });
    const wish = { acr_values: 'urn:surprise', claims: '{"id_token":{"acr":{"values":["loa1"]}}}' };
    expect((await tokensFor(country, second, wish, { visitor })).claims()).toMatchObject({ acr: 'loa1', amr: ['pwd'] });
    expect(await silently({ acr_values: 'loa2' })).toMatchObject({ error: 'login_required' });
  });

  test('B17 loa4 is never from a session: the card is needed each time', async () => {
    const pressed = await pressButton(first, country);
    await visitor.open(pressed.address);
    await visitor.press('source=digital-signature');
    const begun = await tokensAfter(await signByCard(), first, pressed);
    expect(begun.claims()).toMatchObject({ acr: 'loa4' });
    const later = await tokensFor(country, second, {}, { visitor });
    expect(later.claims()).toMatchObject({ acr: 'loa3', auth_time: begun.claims()!.auth_time });
    for (const wish of [{ acr_values: 'loa4' }, { claims: '{"id_token":{"acr":{"essential":true,"value":"loa4"}}}' }]) {
      expect(await silently(wish)).toMatchObject({ error: 'login_required' });
      const again = await pressButton(first, country, wish as Record<string, string>);
      expect((await visitor.open(again.address)).code).toBe('digital_signature');
      const tokens = await tokensAfter(await signByCard(), first, again);
      expect(tokens.claims()).toMatchObject({ acr: 'loa4', sub: begun.claims()!.sub });
    }
  });

  test('shows whom one is about to be, once for each agency of the session', async () => {
    await tokensFor(country, first, {}, { visitor });
    const page = await visitor.open(addressOf(country, 'second'));
    expect(page.code).toBe('continue_as');
    expect(page.text('button.primary')).toContain('Nguyễn Văn An');
    // Looked at but not answered, it is shown again.
    expect((await visitor.open(addressOf(country, 'second'))).code).toBe('continue_as');
    expect((await visitor.press('decision=continue')).code).toBe('consent');
    expect((await visitor.press('decision=agree')).code).toBe('test_callback');
    expect((await visitor.open(addressOf(country, 'second'))).code).toBe('test_callback');
    expect((await visitor.open(addressOf(country, 'first'))).code).toBe('test_callback');
  });

  test('shows it where an earlier consent would let it pass in silence', async () => {
    await tokensFor(country, second);
    await tokensFor(country, first, {}, { visitor });
    const { url, code } = await visitor.open(addressOf(country, 'second'));
    expect(code).toBe('continue_as');
    expect((await visitor.reload()).code).toBe('continue_as');
    expect((await visitor.open(addressOf(country, 'second'))).code).toBe('continue_as');
    expect(url.pathname).toMatch(/^\/sign-in\//);
    expect((await visitor.press('decision=continue')).code).toBe('test_callback');
  });

  test('lets another person in, whose browser it is from then on', async () => {
    const an = await tokensFor(country, first, {}, { visitor });
    const pressed = await pressButton(second, country);
    expect((await visitor.open(pressed.address)).code).toBe('continue_as');
    expect((await visitor.press('decision=other')).code).toBe('choose_source');
    const hoa = await tokensAfter(await proveByTaxCode(visitor, HOA), second, pressed);
    expect(hoa.claims()!.sub).toBeTruthy();
    await expect(client.fetchUserInfo(first, an.access_token, an.claims()!.sub)).rejects.toThrow();
  });
});

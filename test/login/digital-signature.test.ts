/** Owns the tests of a sign-in with a card, from the choice to the agency: what is believed, and what never is. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { CookieJar } from 'tough-cookie';
import { type CardOrder, signWithCard } from '../../sandbox/card-authority/sign-with-card.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { atSecond } from '../oidc/time.ts';
import { askStore, journalIn, knownIn, NOBODY } from '../store-copy.ts';

const kept = keepLog();
let country: TestCountry;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], { log: kept.log });
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  kept.lines.length = 0;
});

const store = () => country.configuration.dataDirectory;
const hands = (page: Page) => [page.code, page.reason];

/** A visitor at the hub's page that asks for a card. */
async function atCardPage(visitor = new Visitor()): Promise<Visitor> {
  const { address } = await pressButton(await relyingParty(country, 'stock'), country);
  await visitor.open(address);
  expect((await visitor.press('source=digital-signature')).code).toBe('digital_signature');
  return visitor;
}

const nonceOn = ({ page }: Visitor): string => page.$('form[data-nonce]').attr('data-nonce')!;

/** What a card signs for the page a visitor sees, unless told otherwise. */
async function tokenFor(visitor: Visitor, order: Partial<CardOrder> = {}): Promise<string> {
  const card = { serial: 'CARD-AN', pin: '1234', nonce: nonceOn(visitor), origin: country.hub, ...order };
  return JSON.stringify(await signWithCard(country.cardAuthority.reader, card));
}

/** Another tab of a browser, at a page of the hub: from nowhere else may anything be handed in. */
async function elsewhere(visitor = new Visitor({}, new CookieJar())): Promise<Visitor> {
  const tab = visitor.newTab();
  await tab.open(`${country.hub}/help`);
  return tab;
}

const handIn = (visitor: Visitor, token: string): Promise<Page> =>
  visitor.post(visitor.page.$('form[data-nonce]').attr('action')!, { token });

async function signs(serial: string): Promise<Page> {
  const visitor = await atCardPage();
  return handIn(visitor, await tokenFor(visitor, { serial }));
}

/** That nothing came of it but what the journal and the log say. */
async function expectNobody(reason: string): Promise<void> {
  expect(await knownIn(store())).toEqual(NOBODY);
  expect(kept.entries(reason)[0]).toMatchObject({ source: 'digital-signature', client: 'stock' });
}

describe('a card that is believed', () => {
  test('B1 signs in at the highest level, and the agency learns how', async () => {
    const party = await relyingParty(country, 'stock');
    const pressed = await pressButton(party, country, {
      scope: 'openid profile personal_number',
      acr_values: 'loa4',
      claims: JSON.stringify({
        userinfo: {
          verified_claims: {
            verification: { trust_framework: null, evidence: [{ type: { value: 'electronic_signature' } }] },
            claims: { name: null },
          },
        },
      }),
    });
    const visitor = new Visitor();
    // Nothing else is so strong: the choice is left out.
    expect((await visitor.open(pressed.address)).code).toBe('digital_signature');
    expect(Buffer.from(nonceOn(visitor), 'base64')).toHaveLength(32);
    expect((await handIn(visitor, await tokenFor(visitor))).code).toBe('consent');
    await visitor.tickAll().press('decision=agree');
    const { address } = country.callback.answers.at(-1)!;
    const checks = { ...pressed.checks, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(party, address, checks);
    const { sub, acr, amr } = tokens.claims()!;
    expect([acr, amr]).toEqual(['loa4', ['hwk', 'pin', 'sc']]);
    const { name, verified_claims } = await client.fetchUserInfo(party, tokens.access_token, sub);
    expect(name).toBe('Nguyễn Văn An');
    expect(verified_claims).toMatchObject({
      verification: {
        evidence: [
          {
            type: 'electronic_signature',
            signature_type: 'digital_certificate',
            issuer: expect.stringContaining('công cộng'),
            serial_number: expect.stringMatching(/^[0-9A-F]+$/),
          },
        ],
      },
    });
    expect(await knownIn(store())).toMatchObject({ person: 1, link: 1, anchor: 1 });
  });

  test('B1 is one account with its authority: a renewed card is the same one, another authority’s is another', async () => {
    expect((await signs('CARD-YEN-GOV')).code).toBe('consent');
    const change = (fields: object) => country.registers.change('digital-signature', 'CARD-YEN-GOV', { ...fields });
    change({ name: 'TÔ HẢI YẾN' });
    expect((await signs('CARD-YEN-GOV')).code).toBe('consent');
    expect(await knownIn(store())).toMatchObject({ person: 1, link: 1 });
    change({ ca: 'public' });
    expect((await signs('CARD-YEN-GOV')).code).toBe('consent');
    expect(await knownIn(store())).toMatchObject({ person: 1, link: 2 });
  });

  test('B1 the same person as by another source', async () => {
    const visitor = new Visitor();
    const { address } = await pressButton(await relyingParty(country, 'stock'), country);
    await visitor.open(address);
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
    expect((await signs('CARD-AN')).code).toBe('consent');
    expect(await knownIn(store())).toMatchObject({ person: 1, link: 2, anchor: 1 });
  });
});

describe('the nonce', () => {
  test('B9 a token is taken once: handed in again it leads back to the page, which has a new nonce', async () => {
    const visitor = await atCardPage();
    const [token, nonce, action] = [await tokenFor(visitor), nonceOn(visitor), `${visitor.page.url}`];
    expect((await handIn(visitor, token)).code).toBe('consent');
    const again = await (await elsewhere(visitor)).post(action, { token });
    expect(hands(again)).toEqual(['digital_signature', 'request_expired']);
    expect(again.$('form[data-nonce]').attr('data-nonce')).not.toBe(nonce);
    expect((await journalIn(store())).filter(({ type }) => type === 'source_answered')).toHaveLength(1);
  });

  test('B9 handed in twenty times at once it is taken once', async () => {
    const visitor = await atCardPage();
    const [token, action] = [await tokenFor(visitor), `${visitor.page.url}`];
    const tabs = await Promise.all(Array.from({ length: 20 }, () => elsewhere(visitor)));
    await Promise.all(tabs.map((tab) => tab.post(action, { token })));
    expect((await journalIn(store())).filter(({ type }) => type === 'source_answered')).toHaveLength(1);
  });

  test('B9 it is burnt by a failed try, too', async () => {
    const visitor = await atCardPage();
    const [good, bad] = [await tokenFor(visitor), await tokenFor(visitor, { origin: 'http://localhost:1' })];
    const action = `${visitor.page.url}`;
    expect(hands(await visitor.post(action, { token: bad }))).toEqual(['choose_source', 'signature_invalid']);
    const page = await (await elsewhere(visitor)).post(action, { token: good });
    expect(page.code).not.toBe('consent');
    await expectNobody('signature_invalid');
  });

  test('B9 it lives five minutes', async () => {
    const visitor = await atCardPage();
    const token = await tokenFor(visitor);
    const late = await atSecond(5 * 60 + 1, () => handIn(visitor, token));
    expect(hands(late)).toEqual(['digital_signature', 'request_expired']);
    expect(await knownIn(store())).toEqual(NOBODY);
  });

  test('B9 a later showing of the page voids the one before', async () => {
    const visitor = await atCardPage();
    const token = await tokenFor(visitor);
    const before = nonceOn(visitor);
    await visitor.reload();
    expect(nonceOn(visitor)).not.toBe(before);
    expect(hands(await handIn(visitor, token))).toEqual(['choose_source', 'signature_invalid']);
    await expectNobody('signature_invalid');
  });

  test('B9 a token for another browser’s page is void, and nobody hands it in for them', async () => {
    const [mine, theirs] = [await atCardPage(), await atCardPage()];
    const token = await tokenFor(theirs);
    expect(hands(await handIn(mine, token))).toEqual(['choose_source', 'signature_invalid']);
    const stranger = await (await elsewhere()).post(theirs.page.url, { token });
    expect([stranger.status, stranger.code]).toEqual([400, 'other_browser']);
    await expectNobody('signature_invalid');
    // Nobody has used up what was theirs.
    expect((await handIn(theirs, token)).code).toBe('consent');
  });

  test('B9 what a card signed for another site is void here', async () => {
    const visitor = await atCardPage();
    const token = await tokenFor(visitor, { origin: 'http://localhost:3999' });
    expect(hands(await handIn(visitor, token))).toEqual(['choose_source', 'signature_invalid']);
    await expectNobody('signature_invalid');
  });

  test('B9 is readable nowhere at rest', async () => {
    const visitor = await atCardPage();
    const rows = await askStore(store(), (ask) => JSON.stringify(ask('SELECT * FROM state')));
    expect(rows).not.toContain(nonceOn(visitor));
  });
});

test.each([
  ['none', ''],
  ['short', '{"format":"web-eid:1.0"}'],
  ['long', `{"unverifiedCertificate":"${'A'.repeat(10_000)}"}`],
  ['no JSON', 'a'.repeat(500)],
])('B7 a token that is none: %s', async (_name, token) => {
  const page = await handIn(await atCardPage(), token);
  expect(hands(page)).toEqual(['choose_source', 'source_answer_invalid']);
  await expectNobody('source_answer_invalid');
});

describe('a certificate that must not be believed', () => {
  test.each([
    ['CARD-YEN-REVOKED', 'certificate_revoked', 403],
    ['CARD-YEN-SUSPENDED', 'certificate_revoked', 403],
    ['CARD-YEN-EXPIRED', 'certificate_expired', 403],
    ['CARD-YEN-ROGUE', 'certificate_not_trusted', 403],
  ])('B10 %s is told on a page of its own: %s', async (serial, code, status) => {
    const page = await signs(serial);
    expect([page.status, page.code]).toEqual([status, code]);
    expect(page.has('a.primary[href$="/choose"]')).toBe(true);
    await expectNobody(code);
  });

  test('B10 one that was good is refused from the moment it is revoked', async () => {
    expect((await signs('CARD-AN')).code).toBe('consent');
    country.registers.change('digital-signature', 'CARD-AN', { state: 'revoked' });
    expect((await signs('CARD-AN')).code).toBe('certificate_revoked');
  });
});

describe('the authority’s responder', () => {
  const { forge, faults } = { forge: 'forge', faults: 'fault' } as const;

  test.each([
    [faults, 'down', 'certificate_status_unknown'],
    [faults, 'slow', 'certificate_status_unknown'],
    [faults, 'garbage', 'certificate_status_unknown'],
    [forge, 'stale', 'certificate_status_unknown'],
    [forge, 'wrong_nonce', 'certificate_status_unknown'],
    [forge, 'no_nonce', 'certificate_status_unknown'],
    [forge, 'two_answers', 'certificate_status_unknown'],
    [forge, 'other_certificate', 'certificate_status_unknown'],
    [forge, 'wrong_responder', 'certificate_status_unknown'],
    [forge, 'bad_signature', 'certificate_status_unknown'],
    [forge, 'try_later', 'certificate_status_unknown'],
    [forge, 'unknown', 'certificate_unknown'],
  ] as const)('B10 %s %s: %s, and nobody is linked', async (kind, wish, code) => {
    if (kind === 'fault') country.cardAuthority.faults.set(wish);
    else country.cardAuthority.forge!(wish);
    expect((await signs('CARD-AN')).code).toBe(code);
    await expectNobody(code);
  });

  test('B10 when it is back, trying again is enough', async () => {
    const visitor = await atCardPage();
    country.cardAuthority.faults.set('down');
    const refused = await handIn(visitor, await tokenFor(visitor));
    expect([refused.status, refused.code]).toEqual([503, 'certificate_status_unknown']);
    country.cardAuthority.faults.set('none');
    await visitor.follow('a.primary');
    await visitor.press('source=digital-signature');
    expect((await handIn(visitor, await tokenFor(visitor))).code).toBe('consent');
  });
});

test('giving up leads back to the choice, and the nonce is void', async () => {
  const visitor = await atCardPage();
  const [token, action] = [await tokenFor(visitor), `${visitor.page.url}`];
  expect((await visitor.press('button.quiet')).code).toBe('choose_source');
  expect((await visitor.post(action, { token })).code).not.toBe('consent');
  expect(await knownIn(store())).toEqual(NOBODY);
});

test('the page stays itself in the other language', async () => {
  const visitor = await atCardPage();
  const page = await visitor.follow('English');
  expect([page.code, page.language]).toEqual(['digital_signature', 'en']);
});

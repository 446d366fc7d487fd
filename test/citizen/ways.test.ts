/** The room of the ways to sign in, from outside: what it shows, what it lets be done, and by whom. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { Block } from '../../src/citizen/ports.ts';
import type { OwnLink } from '../../src/store.ts';
import {
  AN,
  AN_INSURED,
  AN_NUMBER,
  HOA,
  openTestCountry,
  pressButton,
  proveBySocialInsurance,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { atSecond, DAY } from '../oidc/time.ts';
import { journalIn } from '../store-copy.ts';
import {
  byCard,
  byMobileId,
  byNationalEid,
  bySocialInsurance,
  byTaxCode,
  callApi,
  hasLookedForDue,
  type Proof,
  signInAnew,
  signInToPage,
  until,
} from './citizen.ts';

let country: TestCountry;
let stock: client.Configuration;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], {
    configure: (configuration) => ({ ...configuration, changeInterval: 20 }),
  });
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const personOf = async (source = 'tax-code', subject: string = AN.taxCode) =>
  (await store().people.findLink(source, subject))!.person;
const linksOf = async (person?: string): Promise<readonly OwnLink[]> =>
  store().people.linksOf(person ?? (await personOf()));
const linkAt = async (source: string, person?: string) =>
  (await linksOf(person)).find((link) => link.source === source)!;
const blocksOf = async (person?: string): Promise<readonly Block[]> =>
  store().own.blocks.of(person ?? (await personOf()));
const waitingOf = async () => store().own.waiting.of(await personOf());
const events = async (...types: string[]) =>
  (await journalIn(country.configuration.dataDirectory)).filter(({ type }) => types.includes(String(type)));

/** A browser in which somebody is at the page, each way linked on the way there; the last one is the one in use. */
async function at(...proofs: readonly Proof[]): Promise<Visitor> {
  for (const proof of proofs.slice(0, -1)) await signInToPage(country, new Visitor(), proof, '/citizen/ways');
  const visitor = new Visitor();
  const page = await signInToPage(country, visitor, proofs.at(-1), '/citizen/ways');
  expect(page.code).toBe('citizen_ways');
  return visitor;
}

/** Whether a source's way in is open, in a browser of its own. */
const comesIn = async (proof: Proof): Promise<string | undefined> =>
  (await signInToPage(country, new Visitor(), proof, '/citizen/ways')).code;

const post = (visitor: Visitor, path: string, fields: Readonly<Record<string, string>>) =>
  visitor.post(`${country.hub}/citizen${path}`, { form_token: tokenOn(visitor.page), ...fields });
const tokenOn = (page: Page): string => page.$('input[name=form_token]').first().attr('value') ?? '';

async function addContact(person: string): Promise<void> {
  const contact = {
    id: 'c1',
    kind: 'mail',
    address: 'an@example.vn',
    language: 'vi',
    confirmedAt: Date.now(),
  } as const;
  await store().own.contacts.put(person, contact, { entries: [] });
}

async function suspend(source: string): Promise<void> {
  const person = await personOf();
  const now = Date.now();
  const opened = {
    number: 'KHQ7-2M9P',
    person,
    kind: 'not_me',
    content: {},
    openedAt: now,
    acknowledgeBy: now + DAY,
    answerBy: now + DAY,
    deleteAfter: now + 30 * DAY * 1000,
  } as const;
  expect(await store().own.blocks.suspend(person, source, opened, { entries: [] })).toBe(true);
}

describe('what it shows', () => {
  test('each source in order, what is linked there, shortened, and which one this session uses', async () => {
    const visitor = await at(byTaxCode(), bySocialInsurance());
    const { $ } = visitor.page;
    const shown = $('[data-source]').toArray();
    expect(shown.map((one) => $(one).attr('data-source'))).toEqual(country.configuration.sources.map(({ id }) => id));
    expect(visitor.page.text('[data-source=social-insurance]')).toContain('…11');
    expect(visitor.page.body).not.toContain(AN.taxCode);
    expect(visitor.page.has('[data-source=social-insurance] [data-state=in_use]')).toBe(true);
    expect(visitor.page.has('[data-source=tax-code] [data-state=in_use]')).toBe(false);
    const { body } = await callApi(country, visitor, '/ways');
    expect(body.ways.map(({ source, level, inUse }: Record<string, unknown>) => [source, level, inUse])).toEqual([
      ['tax-code', 'loa1', false],
      ['social-insurance', 'loa2', true],
      ['mobile-id', 'loa3', false],
      ['digital-signature', 'loa4', false],
      ['national-eid', 'loa3', false],
    ]);
    expect(body.ways[0].links).toEqual([
      {
        id: (await linkAt('tax-code')).id,
        account: '…11',
        state: 'active',
        removable: true,
        endsSession: false,
        how: 'number',
        first: expect.stringMatching(/^\d{4}-.*Z$/),
        last: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(AN.taxCode);
  });

  test('nobody who is not signed in', async () => {
    expect((await new Visitor().open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    expect((await callApi(country, new Visitor(), '/ways')).status).toBe(401);
  });
});

describe('linking another', () => {
  test('a source that attests a number is linked by signing in there', async () => {
    const visitor = await at(byTaxCode());
    await visitor.follow('[data-source=mobile-id] a');
    await byMobileId(country)(visitor);
    expect(visitor.page.code).toBe('citizen_ways');
    expect((await linkAt('mobile-id')).how).toBe('number');
    expect(visitor.page.has('[data-source=mobile-id] [data-state=in_use]')).toBe(true);
    // Linked by the same session, which rests on both now.
    expect(visitor.page.has('[data-source=tax-code] [data-state=in_use]')).toBe(true);
  });

  /** Cao Thị Thu Hương: a tax account without a number. */
  const NUMBERLESS = { taxCode: '8000002315', password: AN.password };
  const INSURED = { socialInsuranceNumber: '9700000231', password: AN_INSURED.password };

  test('one without a number asks for a second proof, and comes back to the page', async () => {
    const visitor = await at(bySocialInsurance(INSURED));
    await visitor.follow('[data-source=tax-code] a');
    visitor.fill({ tax_code: NUMBERLESS.taxCode, password: NUMBERLESS.password });
    expect((await visitor.press('decision=sign_in')).code).toBe('needs_second_source');
    await visitor.follow('a[href$="/choose"]');
    expect((await proveBySocialInsurance(visitor, INSURED)).code).toBe('link');
    expect((await visitor.press('decision=agree')).code).toBe('citizen_ways');
    const person = await personOf('tax-code', NUMBERLESS.taxCode);
    expect(await linkAt('tax-code', person)).toMatchObject({ how: 'double_proof', state: 'active' });
  });

  test('D10 one without a number is not linked by less than the strongest', async () => {
    const { personalNumber } = country.registers.find('population', AN_NUMBER) as { personalNumber: string };
    expect(personalNumber).toBe(AN_NUMBER);
    await at(bySocialInsurance(), byNationalEid());
    // An account in An's very name and birth date, which does not say whose it is.
    country.registers.change('tax-code', NUMBERLESS.taxCode, { name: 'NGUYEN VAN AN', birthDate: '1990-03-14' });
    const thief = await at(bySocialInsurance());
    await thief.follow('[data-source=tax-code] a');
    thief.fill({ tax_code: NUMBERLESS.taxCode, password: NUMBERLESS.password });
    expect((await thief.press('decision=sign_in')).code).toBe('needs_second_source');
    await thief.follow('a[href$="/choose"]');
    expect((await proveBySocialInsurance(thief)).code).toBe('link_too_weak');
    expect(await store().people.findLink('tax-code', NUMBERLESS.taxCode)).toBeUndefined();
  });

  test('while what is not linked yet is blocked, it is refused, and the page says so beforehand', async () => {
    const visitor = await at(byTaxCode(), byNationalEid());
    expect((await post(visitor, '/ways/block', { source: '*' })).code).toBe('citizen_ways');
    expect(visitor.page.has('[data-source=mobile-id] a')).toBe(false);
    expect(visitor.page.text('[aria-labelledby=more]')).toContain('bỏ chặn trước');
    expect(await comesIn(bySocialInsurance())).toBe('source_blocked');
    expect(await comesIn(byTaxCode())).toBe('citizen_ways');
    expect((await post(visitor, '/ways/unblock', { source: '*' })).code).toBe('citizen_ways');
    expect(await comesIn(bySocialInsurance())).toBe('citizen_ways');
  });
});

describe('D5 blocking a way', () => {
  test('D5 ends the sessions that it began elsewhere, at once, and tells their agencies', async () => {
    const elsewhere = new Visitor();
    const tokens = await tokensFor(country, stock, {}, { visitor: elsewhere });
    await elsewhere.open(`${country.songHong.url}/login`);
    if (elsewhere.page.code === 'continue_as') await elsewhere.press('decision=continue');
    if (elsewhere.page.code === 'consent') await elsewhere.tickAll().press('decision=agree');
    expect(elsewhere.page.code).toBe('hello');
    await signInToPage(country, elsewhere, byTaxCode(), '/citizen/ways');
    expect(elsewhere.page.code).toBe('citizen_ways');
    const other = await at(bySocialInsurance());

    expect((await post(other, '/ways/block', { source: 'tax-code' })).code).toBe('citizen_ways');
    expect(other.page.has('[data-source=tax-code] [data-state=blocked]')).toBe(true);
    expect((await elsewhere.open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    const sub = tokens.claims()!.sub;
    await expect(client.fetchUserInfo(stock, tokens.access_token, sub)).rejects.toThrow();
    expect((await elsewhere.open((await pressButton(stock, country)).address)).code).toBe('choose_source');
    expect((await proveByTaxCode(elsewhere)).code).toBe('source_blocked');
    const agency = elsewhere.newTab();
    await until(async () => (await agency.open(country.songHong.url)).code === 'home');
    expect(await events('source_blocked', 'session_ended')).toEqual([
      { type: 'source_blocked', source: 'tax-code' },
      { type: 'session_ended', clients: 3 },
    ]);

    expect((await post(other, '/ways/unblock', { source: 'tax-code' })).code).toBe('citizen_ways');
    expect(await comesIn(byTaxCode())).toBe('citizen_ways');
    expect(await events('source_unblocked')).toHaveLength(1);
  });

  test('D5 unlinking it does the same', async () => {
    const elsewhere = await at(byTaxCode());
    const other = await at(bySocialInsurance());
    const { id } = await linkAt('tax-code');
    expect((await post(other, '/ways/unlink', { link: id })).code).toBe('citizen_ways');
    expect((await elsewhere.open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    expect((await linkAt('tax-code')).state).toBe('unlinked');
    expect(other.page.text('[data-source=tax-code]')).toContain('Đã bỏ');
    // It comes back by two proofs only.
    expect(await comesIn(byTaxCode())).toBe('needs_second_source');
    expect(await events('link_unlinked')).toEqual([{ type: 'link_unlinked', source: 'tax-code' }]);
    // Once is enough.
    expect((await post(other, '/ways/unlink', { link: id })).code).toBe('not_found');
  });
});

describe('D6 nobody strands themselves', () => {
  test('D6 who removes an account that is frozen stays signed in by another one of the same source', async () => {
    const accounts = ['8000001015', '097083000101'].map((taxCode) => ({ taxCode, password: AN.password }));
    await at(...accounts.map((account) => byTaxCode(account)));
    const [frozen, kept] = accounts as [(typeof accounts)[number], (typeof accounts)[number]];
    country.registers.change('tax-code', frozen.taxCode, {
      idNumber: AN_NUMBER,
      name: 'Nguyễn Văn An',
      birthDate: '1990-03-14',
    });
    expect(await comesIn(byTaxCode(frozen))).toBe('account_changed');
    const visitor = await at(byTaxCode(kept));
    const links = await linksOf(await personOf('tax-code', kept.taxCode));
    const { id } = links.find(({ state }) => state === 'frozen')!;
    expect((await post(visitor, '/ways/unlink', { link: id })).code).toBe('citizen_ways');
    expect(visitor.page.text('[data-source=tax-code]')).toContain('Đã bỏ');
  });

  test('D6 the last way is neither removed nor blocked, and what is in use only knowingly', async () => {
    const visitor = await at(byTaxCode());
    const { id } = await linkAt('tax-code');
    for (const [path, fields] of [
      ['/ways/unlink', { link: id }],
      ['/ways/block', { source: 'tax-code' }],
    ] as const) {
      expect((await post(visitor, path, fields as Record<string, string>)).code).toBe('source_in_use');
      await visitor.open(`${country.hub}/citizen/ways`);
      expect((await post(visitor, path, { ...fields, end_session: 'yes' })).code).toBe('last_way');
      await visitor.open(`${country.hub}/citizen/ways`);
      const answer = await callApi(country, visitor, path, { method: 'POST', body: { ...fields, end_session: 'yes' } });
      expect([answer.status, answer.body.error]).toEqual([409, 'last_way']);
    }
    // A block of what is not linked takes nothing from anybody.
    expect((await post(visitor, '/ways/block', { source: 'mobile-id' })).code).toBe('citizen_ways');
    expect(await comesIn(byTaxCode())).toBe('citizen_ways');
  });

  test('D6 a blocked or suspended way is none that is left', async () => {
    const visitor = await at(byTaxCode(), bySocialInsurance());
    await post(visitor, '/ways/block', { source: 'tax-code' });
    expect((await post(visitor, '/ways/block', { source: 'social-insurance', end_session: 'yes' })).code).toBe(
      'last_way',
    );
    await visitor.open(`${country.hub}/citizen/ways`);
    await post(visitor, '/ways/unblock', { source: 'tax-code' });
    await suspend('tax-code');
    const { id } = await linkAt('social-insurance');
    expect((await post(visitor, '/ways/unlink', { link: id, end_session: 'yes' })).code).toBe('last_way');
  });

  test('D6 knowingly one may close what one uses, and is signed out', async () => {
    const visitor = await at(byTaxCode(), bySocialInsurance());
    visitor.fill({ end_session: ['yes'] });
    expect((await visitor.press('[data-source=social-insurance] form[action$="/block"] button')).code).toBe(
      'signed_out',
    );
    expect((await visitor.open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    expect(await comesIn(byTaxCode())).toBe('citizen_ways');
  });

  test.each([1, 2, 3])('D6 blocks and removals of both ways, crossed in two sessions, leave one (%i)', async () => {
    const one = await at(byTaxCode(), bySocialInsurance());
    const other = await at(bySocialInsurance());
    const [tax, insurance] = [await linkAt('tax-code'), await linkAt('social-insurance')];
    const wishes = [
      ['/ways/block', { source: 'tax-code', end_session: 'yes' }],
      ['/ways/unlink', { link: insurance.id, end_session: 'yes' }],
      ['/ways/unlink', { link: tax.id, end_session: 'yes' }],
      ['/ways/block', { source: 'social-insurance', end_session: 'yes' }],
    ] as const;
    const tokens = new Map([one, other].map((visitor) => [visitor, tokenOn(visitor.page)]));
    // With every connection open, all of them are on their way before the first is answered.
    await Promise.all([...Array(20)].map(() => callApi(country, one, '/changes')));
    const order = Array.from({ length: 20 }, (_, at) => at).sort(() => Math.random() - 0.5);
    const codes = await Promise.all(
      order.map(async (at) => {
        const [path, body] = wishes[at % wishes.length]!;
        const visitor = at % 8 < 4 ? one : other;
        const call = { method: 'POST', body, formToken: tokens.get(visitor) } as const;
        const { status, body: answer } = await callApi(country, visitor, path, call);
        return status === 200 ? 'made' : answer.error;
      }),
    );
    expect(codes).toContain('made');
    expect(new Set(codes)).not.toContain('internal_error');
    const closed = new Set((await blocksOf()).map(({ source }) => source));
    const left = (await linksOf()).filter(({ source, state }) => state === 'active' && !closed.has(source));
    expect(left).toHaveLength(1);
    expect(await comesIn(left[0]!.source === 'tax-code' ? byTaxCode() : bySocialInsurance())).toBe('citizen_ways');
  });

  test('D6 who has no number needs both accounts', async () => {
    const tax = { taxCode: '8000002315', password: AN.password };
    const insured = { socialInsuranceNumber: '9700000231', password: AN_INSURED.password };
    country.registers.change('social-insurance', insured.socialInsuranceNumber, { idNumber: null });
    const visitor = new Visitor();
    expect((await signInToPage(country, visitor, byTaxCode(tax), '/citizen/ways')).code).toBe('needs_second_source');
    await visitor.follow('a[href$="/choose"]');
    expect((await proveBySocialInsurance(visitor, insured)).code).toBe('link');
    expect((await visitor.press('decision=agree')).code).toBe('citizen_ways');
    const person = await personOf('tax-code', tax.taxCode);
    const { id } = await linkAt('tax-code', person);
    for (const [path, fields] of [
      ['/ways/unlink', { link: id }],
      ['/ways/block', { source: 'tax-code' }],
    ] as const) {
      await visitor.open(`${country.hub}/citizen/ways`);
      expect((await post(visitor, path, { ...fields, end_session: 'yes' })).code).toBe('last_way');
    }
    expect((await linksOf(person)).every(({ state }) => state === 'active')).toBe(true);
  });
});

describe('D9 somebody else', () => {
  test('D9 their link is not found, on the page and by the API, whatever is tried', async () => {
    await at(byTaxCode(HOA));
    const theirs = await linkAt('tax-code', await personOf('tax-code', HOA.taxCode));
    const visitor = await at(byTaxCode(), bySocialInsurance());
    for (const more of [{}, { end_session: 'yes' }, { wait: 'yes' }]) {
      await visitor.open(`${country.hub}/citizen/ways`);
      const page = await post(visitor, '/ways/unlink', { link: theirs.id, ...more });
      expect([page.status, page.code]).toEqual([404, 'not_found']);
      const call = { method: 'POST', body: { link: theirs.id, ...more } } as const;
      const answer = await callApi(country, visitor, '/ways/unlink', call);
      expect([answer.status, answer.body.error]).toEqual([404, 'not_found']);
    }
    expect((await linkAt('tax-code', await personOf('tax-code', HOA.taxCode))).state).toBe('active');
    expect(await comesIn(byTaxCode(HOA))).toBe('citizen_ways');
  });

  test('D9 what is no link, and no source, is told apart by nothing but its form', async () => {
    const visitor = await at(byTaxCode());
    const codes = async (path: string, body: object) =>
      (await callApi(country, visitor, path, { method: 'POST', body })).body.error;
    expect(await codes('/ways/unlink', { link: 'nothing' })).toBe('not_found');
    expect(await codes('/ways/block', { source: 'nowhere' })).toBe('not_found');
    expect(await codes('/ways/unblock', { source: 'tax-code' })).toBe('not_found');
    expect(await codes('/ways/restore', { source: 'tax-code' })).toBe('not_found');
    for (const body of [
      {},
      { link: 1 },
      { link: 'a'.repeat(301) },
      { link: 'x', more: 'y' },
      { link: 'x', wait: 'no' },
    ])
      expect(['request_invalid', 'not_found']).toContain(await codes('/ways/unlink', body));
    expect(await codes('/ways/block', { source: '../x' })).toBe('request_invalid');
  });
});

describe('D10 who has only the weakest password', () => {
  const CHANGES = [
    ['/ways/unlink', async () => ({ link: (await linkAt('social-insurance')).id })],
    ['/ways/block', async () => ({ source: 'social-insurance' })],
    ['/ways/block', async () => ({ source: '*' })],
    ['/ways/unblock', async () => ({ source: 'mobile-id' })],
  ] as const;

  /** An, who has three ways and has blocked a fourth; and a thief of the tax password. */
  async function thief(): Promise<Visitor> {
    const owner = await at(byTaxCode(), bySocialInsurance(), byNationalEid());
    expect((await post(owner, '/ways/block', { source: 'mobile-id' })).code).toBe('citizen_ways');
    return at(byTaxCode());
  }

  const standing = async () => ({
    links: (await linksOf()).map(({ source, state }) => [source, state]),
    blocks: (await blocksOf()).map(({ source }) => source),
  });

  test('D10 makes nothing, and cannot even wait where nobody would be told', async () => {
    const visitor = await thief();
    const before = await standing();
    for (const [path, fields] of CHANGES) {
      const body = await fields();
      await visitor.open(`${country.hub}/citizen/ways`);
      const page = await post(visitor, path, body as Record<string, string>);
      expect(page.code).toBe('citizen_sign_in_again');
      expect(page.text('h1 + p')).toContain('Mức 3');
      expect(page.has('button[name=wait]')).toBe(false);
      await visitor.open(`${country.hub}/citizen/ways`);
      expect((await post(visitor, path, { ...body, wait: 'yes' } as Record<string, string>)).code).toBe('no_contact');
      const { status, body: answer } = await callApi(country, visitor, path, { method: 'POST', body });
      expect([status, answer.error, answer.acr_values]).toEqual([403, 'stronger_sign_in_needed', 'loa3']);
    }
    // Neither is one that was strong a while ago, nor a middling one.
    const middling = await at(bySocialInsurance());
    expect((await post(middling, '/ways/block', { source: 'tax-code' })).code).toBe('citizen_sign_in_again');
    const stale = await at(byNationalEid());
    await atSecond(5 * 60 + 2, async () =>
      expect((await post(stale, '/ways/block', { source: 'tax-code' })).code).toBe('citizen_sign_in_again'),
    );
    expect(await standing()).toEqual(before);
    expect(await waitingOf()).toEqual([]);
  });

  test('D10 with contacts it waits, everybody is told, and it is made after seven days', async () => {
    const visitor = await thief();
    await addContact(await personOf());
    const before = await standing();
    await visitor.open(`${country.hub}/citizen/ways`);
    await post(visitor, '/ways/block', { source: 'social-insurance' });
    // As somebody would press it who cannot use the strongest.
    expect((await visitor.press('wait=yes')).code).toBe('citizen_changes');
    expect(visitor.page.text('[data-change]')).toContain('Mã số BHXH');
    const link = await linkAt('national-eid');
    const call = { method: 'POST', body: { link: link.id, wait: 'yes' } } as const;
    const answer = await callApi(country, visitor, '/ways/unlink', call);
    expect([answer.status, answer.body.waits.kind]).toEqual([202, 'unlink']);
    // The same wish once more is the same change: nobody is told twice.
    expect((await callApi(country, visitor, '/ways/unlink', call)).body.waits.id).toBe(answer.body.waits.id);
    expect(await waitingOf()).toHaveLength(2);
    expect(await standing()).toEqual(before);
    expect(await events('change_requested')).toHaveLength(2);

    const stopped = (await waitingOf()).find(({ kind }) => kind === 'unlink')!;
    const owner = await at(byNationalEid());
    await owner.open(`${country.hub}/citizen/changes`);
    expect((await owner.press(`[data-change="${stopped.id}"] button`)).code).toBe('citizen_changes');
    expect(await waitingOf()).toHaveLength(1);

    await atSecond(7 * DAY - 60, async () => hasLookedForDue(country, await personOf()));
    expect(await standing()).toEqual(before);
    const insured = await at(bySocialInsurance());
    await atSecond(7 * DAY + 1, () => until(async () => (await waitingOf()).length === 0));
    const after = await standing();
    expect(after.links).toEqual(before.links);
    expect(after.blocks.toSorted()).toEqual([...before.blocks, 'social-insurance'].toSorted());
    expect((await insured.open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    expect(await comesIn(bySocialInsurance())).toBe('source_blocked');
    expect(await events('change_carried_out')).toContainEqual({
      type: 'change_carried_out',
      change: 'block',
      possible: true,
    });
  });

  test('D10 what cannot be made any more after the wait is not, and is told', async () => {
    const visitor = await at(byTaxCode(), bySocialInsurance());
    await addContact(await personOf());
    const weak = await at(byTaxCode());
    const call = { method: 'POST', body: { source: 'social-insurance', wait: 'yes' } } as const;
    expect((await callApi(country, weak, '/ways/block', call)).status).toBe(202);
    expect((await post(visitor, '/ways/block', { source: 'tax-code' })).code).toBe('citizen_ways');
    await atSecond(7 * DAY + 1, () => until(async () => (await waitingOf()).length === 0));
    expect(await events('change_carried_out')).toEqual([
      { type: 'change_carried_out', change: 'block', possible: false },
    ]);
    expect(await comesIn(bySocialInsurance())).toBe('citizen_ways');
  });

  test('D10 contacts are not flooded with changes that are asked for and stopped', async () => {
    const visitor = await thief();
    await addContact(await personOf());
    const wish = { method: 'POST', body: { source: '*', wait: 'yes' } } as const;
    for (let times = 0; times < 20; times += 1) {
      const { body } = await callApi(country, visitor, '/ways/block', wish);
      const stop = { method: 'POST', body: { change: body.waits.id } } as const;
      expect((await callApi(country, visitor, '/changes/stop', stop)).status).toBe(200);
    }
    const { status, body } = await callApi(country, visitor, '/ways/block', wish);
    expect([status, body.error]).toEqual([429, 'too_many_requests']);
    expect(await waitingOf()).toEqual([]);
  });

  test('D10 a form of nobody, of somebody else or of before is refused, and so is one of another site', async () => {
    const other = await at(byTaxCode(HOA));
    const foreign = tokenOn(other.page);
    const visitor = await at(byTaxCode(), byNationalEid());
    const old = tokenOn(visitor.page);
    await signInAnew(country, visitor, byNationalEid());
    expect(tokenOn(visitor.page)).not.toBe(old);
    const body = { source: 'tax-code' };
    for (const form_token of ['', foreign, old, 'x'.repeat(32)]) {
      await visitor.open(`${country.hub}/citizen/ways`);
      const page = await visitor.post(`${country.hub}/citizen/ways/block`, { ...body, form_token });
      expect([page.status, page.code]).toEqual([403, 'form_outdated']);
      const call = { method: 'POST', body, formToken: form_token || undefined } as const;
      const answer = await callApi(country, visitor, '/ways/block', call);
      expect([answer.status, answer.body.error]).toEqual([403, 'form_outdated']);
    }
    await visitor.open(`${country.hub}/citizen/ways`);
    const token = tokenOn(visitor.page);
    const site = visitor.newTab();
    await site.open(country.callback.origin);
    const posted = await site.post(`${country.hub}/citizen/ways/block`, { ...body, form_token: token });
    expect(posted.code).toBe('cross_site_request');
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<
      string,
      string
    >[]) {
      const call = { method: 'POST', body, formToken: token, headers } as const;
      expect((await callApi(country, visitor, '/ways/block', call)).body.error).toBe('cross_site_request');
    }
    expect(await blocksOf()).toEqual([]);
    // Nothing of it was refused for any other reason.
    expect((await callApi(country, visitor, '/ways/block', { method: 'POST', body, formToken: token })).status).toBe(
      200,
    );
  });

  test('D10 nothing is changed by a look', async () => {
    const visitor = await at(byTaxCode(), byNationalEid());
    const looks = [
      ['/citizen/ways/block?source=tax-code', 404],
      ['/citizen/api/ways/block?source=tax-code', 405],
    ] as const;
    for (const [path, status] of looks) expect((await visitor.open(`${country.hub}${path}`)).status).toBe(status);
    expect(await blocksOf()).toEqual([]);
  });
});

describe('a suspended way', () => {
  test('D10 is restored by a stronger sign-in of just now, and by no other', async () => {
    const weak = await at(byTaxCode(), bySocialInsurance());
    await at(byNationalEid());
    await suspend('social-insurance');
    expect((await weak.open(`${country.hub}/citizen/ways`)).code).toBe('choose_source');
    const restore = (visitor: Visitor, source = 'social-insurance') => post(visitor, '/ways/restore', { source });

    const visitor = await at(byTaxCode());
    expect(visitor.page.text('[data-source=social-insurance]')).toContain('KHQ7-2M9P');
    expect(visitor.page.has('form[action$="/restore"]')).toBe(false);
    expect((await restore(visitor)).code).toBe('stronger_sign_in_needed');
    expect(await comesIn(bySocialInsurance())).toBe('source_suspended');

    await visitor.open(`${country.hub}/citizen/ways`);
    await visitor.follow('[data-source=social-insurance] a.secondary');
    expect(visitor.page.code).toBe('choose_source');
    expect((await byNationalEid()(visitor)).code).toBe('citizen_ways');
    await atSecond(5 * 60 + 2, async () => expect((await restore(visitor)).code).toBe('stronger_sign_in_needed'));
    await visitor.open(`${country.hub}/citizen/ways`);
    expect((await visitor.press('form[action$="/restore"] button')).code).toBe('citizen_ways');
    expect(visitor.page.has('[data-state=suspended]')).toBe(false);
    expect(await comesIn(bySocialInsurance())).toBe('citizen_ways');
    expect(await events('source_restored')).toEqual([
      { type: 'source_restored', source: 'social-insurance', by: 'citizen' },
    ]);
    expect((await restore(visitor)).code).toBe('not_found');
  });

  test('the same level does not restore it, and where nothing is stronger only an operator can', async () => {
    const other = await at(byTaxCode(), byMobileId(country), byNationalEid());
    await suspend('mobile-id');
    await other.reload();
    expect(other.page.has('[data-source=mobile-id] a.secondary')).toBe(false);
    expect(other.page.text('[data-source=mobile-id]')).toContain('tổng đài');
    expect((await post(other, '/ways/restore', { source: 'mobile-id' })).code).toBe('stronger_sign_in_needed');
    const card = await at(byCard(country));
    expect((await post(card, '/ways/restore', { source: 'mobile-id' })).code).toBe('citizen_ways');
  });

  test('D10 the citizen’s own block is not what restores it, nor the other way round', async () => {
    const visitor = await at(byTaxCode(), byNationalEid());
    await suspend('tax-code');
    await visitor.reload();
    expect((await post(visitor, '/ways/unblock', { source: 'tax-code' })).code).toBe('not_found');
    await visitor.open(`${country.hub}/citizen/ways`);
    expect((await post(visitor, '/ways/block', { source: 'tax-code' })).code).toBe('citizen_ways');
    expect((await post(visitor, '/ways/restore', { source: 'tax-code' })).code).toBe('citizen_ways');
    expect(await comesIn(byTaxCode())).toBe('source_blocked');
  });
});

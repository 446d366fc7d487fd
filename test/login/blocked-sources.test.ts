/** Owns the tests of a way to sign in that its owner has closed: it ends in nothing, whichever door is tried. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { endSessionsThrough, sessionsOf } from '../../src/oidc/own-sessions.ts';
import { groupOf } from '../../src/oidc/session.ts';
import type { Json } from '../../src/store.ts';
import {
  AN,
  AN_INSURED,
  openTestCountry,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  type TestCountry,
} from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { addressOf, type Changes } from '../oidc/asking.ts';
import { ARCHIVE, introspect, redeem, tokensOf, userinfo } from '../oidc/redeeming.ts';
import { journalIn, knownIn } from '../store-copy.ts';

/** Cao Thị Thu Hương: an account without a number, and two with it. */
const NUMBERLESS = { taxCode: '8000002315', password: AN.password };
const NUMBERED = { socialInsuranceNumber: '9700000231', password: AN_INSURED.password };
const HER_NUMBER = '097194000231';

const kept = keepLog();
let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land' }, { client_id: 'health' }, ARCHIVE], {
    log: kept.log,
    logLevel: 'debug',
  });
});
afterAll(() => country.close());
beforeEach(() => country.reset());
afterEach(() => void jest.restoreAllMocks());

const store = () => country.runningHub().store;
const known = () => knownIn(country.configuration.dataDirectory);
const told = { entries: [] };
const silent = { before: async () => {}, after: async () => {} };
const scope = { scope: 'openid profile' };

async function open(changes: Changes = {}, visitor = new Visitor(), client = 'land'): Promise<Visitor> {
  await visitor.open(addressOf(country, client, { ...scope, ...changes }));
  return visitor;
}

/** To the code, agreeing to what is asked. */
async function through(visitor: Visitor): Promise<void> {
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  expect(visitor.page.code).toBe('test_callback');
}

async function expectWorthless({ page }: Visitor): Promise<void> {
  expect((await redeem(country, 'land', page.url.searchParams.get('code')!)).body.error).toBe('invalid_grant');
}

/** An with a tax account and one at the insurance agency. */
async function an(): Promise<string> {
  const visitor = await open();
  await proveByTaxCode(visitor);
  await through(visitor);
  await proveBySocialInsurance(await open());
  return (await store().people.findLink('tax-code', AN.taxCode))!.person;
}

async function block(person: string, source: string): Promise<void> {
  expect(await store().own.blocks.block(person, source, told)).toBe('blocked');
}

/** A refusal as the citizen sees it, as the journal has it, as the person finds it, and as the log does not tell it. */
async function refused(visitor: Visitor, person: string, reason: string, source: string): Promise<void> {
  expect(visitor.page.code).toBe(reason);
  const events = await journalIn(country.configuration.dataDirectory);
  const last = events.filter(({ type }) => type === 'sign_in_refused').at(-1)!;
  expect(Object.keys(last).sort()).toEqual(['client', 'incident', 'reason', 'source', 'type']);
  expect(last).toMatchObject({ reason, source, client: 'land' });
  const [row] = await store().journal.historyOf({ person, types: ['sign_in_refused'], most: 1 });
  expect(row!.event).toMatchObject({ reason, source, incident: last.incident });
  // How it began is told with how it ended.
  expect(events.at(-2)!.type).toBe('source_chosen');
  expect(kept.lines.join('')).not.toContain(person);
}

describe('D5 a blocked source', () => {
  test('by choice, by idp_hint and by a forced POST: nothing is written, and another way is open', async () => {
    const person = await an();
    await block(person, 'tax-code');
    const before = await known();
    const chosen = await open();
    await chosen.press('source=tax-code');
    const hinted = await open({ idp_hint: 'tax-code' });
    const forced = await open();
    await forced.post(`${forced.page.url.pathname}/source`, { source: 'tax-code' });
    for (const visitor of [chosen, hinted, forced]) {
      visitor.fill({ tax_code: AN.taxCode, password: AN.password });
      await visitor.press('decision=sign_in');
      await refused(visitor, person, 'source_blocked', 'tax-code');
      expect((await visitor.cookies(country.hub)).lt_device).toBeUndefined();
    }
    expect(await known()).toEqual(before);
    await hinted.follow('a[href$="/choose"]');
    await proveBySocialInsurance(hinted);
    await through(hinted);
  });

  test('the session it began is over, and its tokens are; so is one saved a moment after the block', async () => {
    const person = await an();
    const visitor = new Visitor();
    const { access } = await tokensOf(country, 'land', scope, { visitor });
    const other = await tokensOf(country, 'health', scope, { visitor });
    const saved = (await sessionsOf(store().state, person)).find(({ authorizations }) => authorizations?.health)!;
    await block(person, 'tax-code');
    // Before any session is ended: the store itself says no.
    expect((await userinfo(country, access)).status).toBe(401);
    expect(await endSessionsThrough(store().state, person, 'tax-code', silent)).not.toEqual([]);
    await store().state.put('Session', saved.uid, saved as unknown as Json, 600, groupOf(person));
    for (const token of [access, other.access]) {
      expect((await userinfo(country, token)).status).toBe(401);
      expect((await introspect(country, 'archive', token)).body).toEqual({ active: false });
    }
    await open({ prompt: 'none' }, visitor);
    expect(visitor.page.url.searchParams.get('error')).toBe('login_required');
    for (const client of ['land', 'health']) expect((await open({}, visitor, client)).page.code).toBe('choose_source');
    await store().own.blocks.unblock(person, 'tax-code', told);
    await open({ prompt: 'none' }, visitor);
    expect(visitor.page.url.searchParams.has('code')).toBe(true);
  });

  test('blocked while the citizen stands before the consent: nothing is agreed to', async () => {
    const person = await an();
    const visitor = await open({ prompt: 'consent' });
    await proveByTaxCode(visitor);
    await block(person, 'tax-code');
    const before = await store().consents.of(person);
    expect((await visitor.press('decision=agree')).code).toBe('source_blocked');
    expect(await store().consents.of(person)).toEqual(before);
  });

  test('a session does not step up by it', async () => {
    const person = await an();
    await block(person, 'social-insurance');
    const visitor = await open();
    await proveByTaxCode(visitor);
    await through(visitor);
    await open({ acr_values: 'loa2' }, visitor);
    await proveBySocialInsurance(visitor);
    await refused(visitor, person, 'source_blocked', 'social-insurance');
  });

  test('blocked between the look and the write: looked at again, and refused', async () => {
    const person = await an();
    const { people } = store();
    const commit = people.commit.bind(people);
    const commits = jest.spyOn(people, 'commit').mockImplementationOnce(async (...given) => {
      await block(person, 'tax-code');
      const result = await commit(...given);
      expect(result).toBe('conflict');
      return result;
    });
    const visitor = await open();
    await proveByTaxCode(visitor);
    expect(commits).toHaveBeenCalledTimes(1);
    await refused(visitor, person, 'source_blocked', 'tax-code');
  });

  test('for every new way: no rule links one', async () => {
    const person = await an();
    await block(person, '*');
    const before = await known();
    const visitor = await open();
    await proveByNationalEid(visitor, { level: '2' });
    await refused(visitor, person, 'source_blocked', 'national-eid');
    expect(await known()).toEqual(before);
    // Those there are go on.
    await proveByTaxCode(await open({}, visitor));
    await through(visitor);
  });

  test('suspended, because somebody else was there; or the person is locked: they find that in their history', async () => {
    const person = await an();
    const clocks = { openedAt: 1, acknowledgeBy: 2, answerBy: 3, deleteAfter: 4 };
    const opened = { number: 'LT-1', person, kind: 'not_me', content: {}, ...clocks } as const;
    await store().own.blocks.suspend(person, 'tax-code', opened, told);
    const visitor = await open();
    await proveByTaxCode(visitor);
    await refused(visitor, person, 'source_suspended', 'tax-code');
    await store().people.lock(person, []);
    const another = await open();
    await proveByTaxCode(another);
    await refused(another, person, 'person_locked', 'tax-code');
  });
});

describe('two accounts proved together', () => {
  /** Hương, known by the account that says who she is. */
  async function huong(): Promise<string> {
    const visitor = await open();
    await proveBySocialInsurance(visitor, NUMBERED);
    await through(visitor);
    const { person } = (await store().people.findLink('social-insurance', NUMBERED.socialInsuranceNumber))!;
    return person;
  }

  /** A browser in which the account without a number waits for a second one. */
  async function waiting(): Promise<Visitor> {
    const visitor = await open();
    expect((await proveByTaxCode(visitor, NUMBERLESS)).code).toBe('needs_second_source');
    await visitor.follow('a[href$="/choose"]');
    return visitor;
  }

  const isLinked = async () => (await store().people.findLink('tax-code', NUMBERLESS.taxCode))?.state;

  test('D5 the first one’s source is blocked; the second then signs in by itself', async () => {
    const person = await huong();
    const owner = await waiting();
    await proveBySocialInsurance(owner, NUMBERED);
    await owner.press('decision=agree');
    await block(person, 'tax-code');
    const { id } = (await store().people.linksOf(person)).find(({ source }) => source === 'tax-code')!;
    expect(await store().people.unlink(person, id, [])).toBe('unlinked');
    const visitor = await waiting();
    await proveBySocialInsurance(visitor, NUMBERED);
    await refused(visitor, person, 'source_blocked', 'tax-code');
    await visitor.follow('a[href$="/choose"]');
    await proveBySocialInsurance(visitor, NUMBERED);
    await through(visitor);
    expect(await isLinked()).toBe('unlinked');
  });

  test('D5 the second one’s source is blocked', async () => {
    const person = await huong();
    await proveByNationalEid(await open(), { personalNumber: HER_NUMBER, level: '1' });
    await block(person, 'social-insurance');
    const visitor = await waiting();
    await proveBySocialInsurance(visitor, NUMBERED);
    await refused(visitor, person, 'source_blocked', 'social-insurance');
    expect(await isLinked()).toBeUndefined();
  });

  test('D5 blocked while the page that names both is open', async () => {
    const person = await huong();
    await proveByNationalEid(await open(), { personalNumber: HER_NUMBER, level: '1' });
    const visitor = await waiting();
    await proveByNationalEid(visitor, { personalNumber: HER_NUMBER, level: '2' });
    expect(visitor.page.code).toBe('link');
    await block(person, 'national-eid');
    await visitor.press('decision=agree');
    await refused(visitor, person, 'source_blocked', 'national-eid');
    expect(await isLinked()).toBeUndefined();
  });

  test('D5 no new way: nor by double proof', async () => {
    const person = await huong();
    await block(person, '*');
    const visitor = await waiting();
    await proveBySocialInsurance(visitor, NUMBERED);
    await refused(visitor, person, 'source_blocked', 'tax-code');
    expect(await isLinked()).toBeUndefined();
  });

  test('a second proof that is weaker than the strongest way adds nothing; a stronger one may follow', async () => {
    const person = await huong();
    await proveByNationalEid(await open(), { personalNumber: HER_NUMBER, level: '1' });
    const visitor = await waiting();
    await proveBySocialInsurance(visitor, NUMBERED);
    await refused(visitor, person, 'link_too_weak', 'tax-code');
    await visitor.follow('a[href$="/choose"]');
    await proveByNationalEid(visitor, { personalNumber: HER_NUMBER, level: '2' });
    expect(visitor.page.code).toBe('link');
    await visitor.press('decision=agree');
    await through(visitor);
    expect(await isLinked()).toBe('active');
  });

  test('chosen once more, the weaker one signs in by itself', async () => {
    await huong();
    await proveByNationalEid(await open(), { personalNumber: HER_NUMBER, level: '1' });
    const visitor = await waiting();
    await proveBySocialInsurance(visitor, NUMBERED);
    expect(visitor.page.code).toBe('link_too_weak');
    await visitor.follow('a[href$="/choose"]');
    await proveBySocialInsurance(visitor, NUMBERED);
    await through(visitor);
    expect(await isLinked()).toBeUndefined();
  });
});

test('D5 unlinked between the identification and the code: nothing is agreed to', async () => {
  const person = await an();
  const visitor = await open({ prompt: 'consent' });
  await proveByTaxCode(visitor);
  expect(visitor.page.code).toBe('consent');
  const { id } = (await store().people.linksOf(person)).find(({ source }) => source === 'tax-code')!;
  expect(await store().people.unlink(person, id, [])).toBe('unlinked');
  await visitor.press('decision=agree');
  await expectWorthless(visitor);
  expect((await open({ prompt: 'none' }, visitor)).page.url.searchParams.get('error')).toBe('login_required');
});

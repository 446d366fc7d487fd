/** Owns the tests of the sandbox's insurance agency: a password, then a code that is sent, typed once, and soon worthless. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { codeOnPhone } from '../../sandbox/expected/ways.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { type Attempt, type Authorities, beginSignIn, clientOf, leave, openAuthorities } from './authorities.ts';

const AN = '9700000011';
/** Her account is locked. */
const TAI = '9700000241';
const PASSWORD = 'Baohiem@2026';
const MINUTE = 60_000;

/** Milliseconds by which the agency's clock is ahead. */
let ahead = 0;
let authorities: Authorities;
let hub: client.Configuration;

beforeAll(async () => {
  authorities = await openAuthorities(() => Date.now() + ahead);
  hub = await clientOf(authorities, authorities.socialInsurance);
});
afterAll(() => authorities.close());
afterEach(() => {
  ahead = 0;
  authorities.registers.restore();
});

/** Where the citizen is after number and password. */
async function typePassword({ visitor }: Attempt, number = AN, password = PASSWORD): Promise<URL> {
  visitor.fill({ insurance_number: number, password });
  return leave(visitor, 'decision=sign_in');
}

async function atCode(number = AN): Promise<Attempt> {
  const attempt = await beginSignIn(hub);
  await typePassword(attempt, number);
  expect(attempt.visitor.page.code).toBe('insurance_code');
  return attempt;
}

async function typeCode({ visitor }: Attempt, code: string): Promise<Page> {
  visitor.fill({ code });
  return visitor.press('decision=confirm');
}

/** Types a code that is believed; where the citizen is sent. */
async function confirm({ visitor }: Attempt, code: string): Promise<URL> {
  visitor.fill({ code });
  return leave(visitor, 'decision=confirm');
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a sign-in', () => {
  test('ends with an id token of password and code, and the agency’s own claims', async () => {
    const attempt = await atCode();
    const answer = await confirm(attempt, await codeOnPhone(attempt.visitor));
    const tokens = await client.authorizationCodeGrant(hub, answer, { ...attempt.checks, idTokenExpected: true });
    expect(tokens.claims()).toMatchObject({ sub: AN, acr: 'urn:sandbox:insurance:otp', amr: ['pwd', 'otp'] });
    expect(await client.fetchUserInfo(hub, tokens.access_token, AN)).toEqual({
      sub: AN,
      so_bhxh: AN,
      ho_ten: 'Nguyễn Văn An',
      ngay_sinh: '1990-03-14',
      gioi_tinh: 'nam',
      so_dinh_danh: '097090000011',
    });
  });

  test('takes a code as it is pasted, and asks a phone’s keyboard for digits', async () => {
    const attempt = await atCode();
    const { visitor } = attempt;
    expect(visitor.page.$('#code').attr()).toMatchObject({ inputmode: 'numeric', autocomplete: 'one-time-code' });
    const code = await codeOnPhone(visitor);
    const answer = await confirm(attempt, ` ${code.slice(0, 3)} ${code.slice(3)}\t`);
    expect(answer.searchParams.has('code')).toBe(true);
  });

  test('can be cancelled on both pages', async () => {
    for (const attempt of [await beginSignIn(hub), await atCode()]) {
      const answer = await leave(attempt.visitor, 'decision=cancel');
      expect(Object.fromEntries(answer.searchParams)).toMatchObject({
        error: 'access_denied',
        error_description: 'cancelled',
      });
    }
  });

  test('speaks English, also on its second page', async () => {
    const attempt = await beginSignIn(hub, { ui_locales: 'en' });
    await typePassword(attempt);
    expect(attempt.visitor.page.heading).toBe('Enter the code sent to your phone');
    await attempt.visitor.follow('Tiếng Việt');
    expect(attempt.visitor.page.heading).toBe('Nhập mã gửi đến điện thoại');
  });
});

describe('the password', () => {
  test('wrong, unknown, and wrong for a locked account: one answer', async () => {
    const bodies = new Set<string>();
    for (const [number, password] of [
      [AN, 'wrong'],
      ['9700009999', PASSWORD],
      [TAI, 'wrong'],
    ] as const) {
      const attempt = await beginSignIn(hub);
      await typePassword(attempt, number, password);
      const { page } = attempt.visitor;
      expect([page.status, page.code, page.reason]).toEqual([401, 'insurance_sign_in', 'wrong_credentials']);
      bodies.add(page.body.replaceAll(number, '').replace(/sign-in\/[\w.-]+/g, ''));
    }
    expect(bodies.size).toBe(1);
  });

  test('right for a locked account: told, and no code is sent', async () => {
    const answer = await typePassword(await beginSignIn(hub), TAI);
    expect(answer.searchParams.get('error_description')).toBe('account_locked');
    const phone = await new Visitor().open(`${authorities.socialInsurance.issuer}/phone/%2B84912000241`);
    expect(phone.has('[data-one-time-code]')).toBe(false);
  });

  test('not typed yet: the page of the code leads back to it', async () => {
    const { visitor } = await beginSignIn(hub);
    const { pathname } = visitor.page.url;
    expect((await visitor.open(`${pathname}/code`)).code).toBe('insurance_sign_in');
    expect((await visitor.post(`${pathname}/code`, { decision: 'confirm', code: '' })).code).toBe('insurance_sign_in');
  });
});

describe('a code', () => {
  test('works once, and for its own sign-in only', async () => {
    const [mine, other] = [await atCode(), await atCode('9700000021')];
    const code = await codeOnPhone(mine.visitor);
    expect((await typeCode(other, code)).reason).toBe('wrong_code');
    const { url } = mine.visitor.page;
    expect((await confirm(mine, code)).searchParams.has('code')).toBe(true);
    const again = await mine.visitor.newTab().post(url, { decision: 'confirm', code });
    expect(again.code).not.toBe('insurance_code');
    expect(again.url.searchParams.has('code')).toBe(false);
  });

  test('typed twenty times at once is taken once', async () => {
    const { visitor } = await atCode();
    const [code, { url }] = [await codeOnPhone(visitor), visitor.page];
    const tabs = Array.from({ length: 20 }, () => visitor.newTab());
    await Promise.allSettled(tabs.map((tab) => tab.post(url, { decision: 'confirm', code })));
    const answers = tabs.filter((tab) => tab.trail.at(-1)!.searchParams.has('code'));
    expect(answers).toHaveLength(1);
  });

  test.each([
    [3 * MINUTE - 2_000, true],
    [3 * MINUTE, false],
  ])('after %d ms: good is %s', async (age, good) => {
    const attempt = await atCode();
    const code = await codeOnPhone(attempt.visitor);
    ahead = age;
    if (good) return expect((await confirm(attempt, code)).searchParams.has('code')).toBe(true);
    expect((await typeCode(attempt, code)).reason).toBe('code_expired');
    expect((await attempt.visitor.press('decision=resend')).reason).toBe('code_resent');
    const another = await confirm(attempt, await codeOnPhone(attempt.visitor));
    expect(another.searchParams.has('code')).toBe(true);
  });

  test('sent again makes the former one worthless, three times at most', async () => {
    const attempt = await atCode();
    const first = await codeOnPhone(attempt.visitor);
    for (let sent = 0; sent < 3; sent += 1)
      expect((await attempt.visitor.press('decision=resend')).reason).toBe('code_resent');
    const last = await codeOnPhone(attempt.visitor);
    expect((await attempt.visitor.press('decision=resend')).reason).toBe('no_more_codes');
    expect(await codeOnPhone(attempt.visitor)).toBe(last);
    if (first !== last) expect((await typeCode(attempt, first)).reason).toBe('wrong_code');
    expect((await confirm(attempt, last)).searchParams.has('code')).toBe(true);
  });

  test('wrong five times ends the sign-in, whatever comes after', async () => {
    const attempt = await atCode();
    const { visitor } = attempt;
    const code = await codeOnPhone(visitor);
    for (let tries = 1; tries <= 4; tries += 1)
      expect(await typeCode(attempt, wrong(code))).toMatchObject({ status: 401, reason: 'wrong_code' });
    expect((await typeCode(attempt, wrong(code))).reason).toBe('too_many_wrong_codes');
    const { url } = visitor.page;
    for (const decision of ['confirm', 'resend']) {
      const page = await visitor.newTab().post(url, { decision, code });
      expect(page.reason).toBe('too_many_wrong_codes');
    }
    // Neither the password once more nor another account gives new tries.
    const secondTry = { visitor: visitor.newTab(), checks: attempt.checks };
    for (const number of [AN, '9700000021']) {
      await secondTry.visitor.open(url.href.split('/code')[0]!);
      await typePassword(secondTry, number);
      expect(secondTry.visitor.page.reason).toBe('too_many_wrong_codes');
    }
    const answer = await leave(visitor, 'decision=cancel');
    expect(answer.searchParams.get('error_description')).toBe('too_many_wrong_codes');
  });
});

describe('the sandbox phone', () => {
  test('shared by a family shows the newest message first, and says what it is', async () => {
    const first = await atCode('9700000121');
    const older = await codeOnPhone(first.visitor);
    const second = await atCode('9700000122');
    const newer = await codeOnPhone(second.visitor);
    const link = second.visitor.page.$('a[data-sandbox-phone]').attr('href')!;
    const phone = await second.visitor.newTab().open(new URL(link, second.visitor.page.url));
    expect(phone.code).toBe('insurance_phone');
    const shown = phone.$('[data-one-time-code]').toArray();
    expect(shown.slice(0, 2).map((code) => phone.$(code).text())).toEqual([newer, older]);
    expect(phone.text('.sandbox')).toContain('môi trường thử nghiệm');
  });

  test('is not told on the page of the code but for its last digits', async () => {
    const { visitor } = await atCode();
    expect(visitor.page.text('main')).toContain('••• 011');
    expect(visitor.page.text('main')).not.toContain('912000011');
  });

  test('answers while the agency does not, and a code of another browser stays there', async () => {
    const { visitor } = await atCode();
    const stranger = await new Visitor().open(visitor.page.url);
    expect([stranger.status, stranger.error]).toEqual([400, 'expired']);
    authorities.socialInsurance.faults.set('down');
    expect(await codeOnPhone(visitor)).toMatch(/^\d{6}$/);
    expect((await visitor.reload()).status).toBe(503);
    authorities.socialInsurance.faults.set('none');
  });
});

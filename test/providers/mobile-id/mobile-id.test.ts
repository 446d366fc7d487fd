/** The phone as a source against the sandbox's operator: code before push, and what a signature has to be. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REFUSAL_OF_RESULT } from '../../../providers/mobile-id/results.ts';
import { verificationCode } from '../../../providers/mobile-id/verification-code.ts';
import type { Forgery } from '../../../sandbox/mobile-operator/forgeries.ts';
import { confirmOnPhone } from '../../../sandbox/mobile-operator/willing-subscriber.ts';
import { type ErrorCode, errorOf } from '../../../src/errors.ts';
import { AN, ending, openPhoneCountry, type PhoneCountry } from './operator-and-hub.ts';

let country: PhoneCountry;
beforeAll(async () => {
  country = await openPhoneCountry();
});
afterAll(() => country.close());

/** A whole sign-in of An's; the phone's holder compares the codes and confirms. */
async function signIn() {
  const { mobileId, operator } = country;
  const challenge = mobileId.begin(AN);
  const session = await mobileId.push(challenge);
  await confirmOnPhone(operator.url, AN.phone, challenge.code);
  return mobileId.finish(challenge, await ending(mobileId, session));
}

async function signInForged(forgery: Forgery) {
  country.operator.forge(forgery);
  return signIn().finally(() => country.operator.forge(undefined));
}

describe('a sign-in', () => {
  test('ends in an assertion of the phone and what its certificate says', async () => {
    const assertion = await signIn();
    expect(assertion).toEqual({
      source: 'mobile-id',
      subject: '+84912000011',
      holder: 'person',
      attributes: { name: 'Nguyễn Văn An', personalNumber: '097090000011' },
      acr: 'loa3',
      amr: ['hwk', 'pin', 'mca'],
      authTime: expect.any(Number),
      evidence: {
        type: 'electronic_signature',
        signature: 'mobile_id',
        issuer: expect.stringContaining('CN=Chứng thực MobileID thử nghiệm'),
        serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
        time: assertion.authTime,
      },
    });
    expect(Math.abs(assertion.authTime - Date.now() / 1000)).toBeLessThan(5);
  });

  test('B4 the code is known before anything is sent, and is that of the hash that is sent', async () => {
    const before = country.calls.length;
    const challenge = country.mobileId.begin(AN);
    expect(challenge.code).toMatch(/^\d{4}$/);
    expect(country.calls).toHaveLength(before);
    await country.mobileId.push(challenge);
    expect(country.calls).toHaveLength(before + 1);
    const sent = JSON.parse(country.calls.at(-1)?.body ?? '');
    expect(sent).toEqual({
      relyingPartyUUID: expect.any(String),
      relyingPartyName: 'Lien Thong',
      phoneNumber: AN.phone,
      nationalIdentityNumber: AN.personalNumber,
      hash: challenge.hash,
      hashType: 'SHA256',
      language: 'VIE',
      displayText: 'Đăng nhập Thư viện Điện tử',
      displayTextFormat: 'UCS-2',
    });
    expect(verificationCode(Buffer.from(sent.hash, 'base64'))).toBe(challenge.code);
    await confirmOnPhone(country.operator.url, AN.phone, challenge.code);
  });

  test('B5 each time the hash is of fresh random bytes that the operator never gets', () => {
    const challenges = Array.from({ length: 50 }, () => country.mobileId.begin(AN));
    expect(new Set(challenges.map(({ preimage }) => preimage)).size).toBe(50);
    for (const { preimage, hash } of challenges) {
      const bytes = Buffer.from(preimage, 'base64');
      expect(bytes).toHaveLength(32);
      expect(createHash('sha256').update(bytes).digest('base64')).toBe(hash);
    }
  });

  test('B5 a signature for one challenge does not finish another', async () => {
    const { mobileId, operator } = country;
    const [asked, other] = [mobileId.begin(AN), mobileId.begin(AN)];
    const session = await mobileId.push(asked);
    await confirmOnPhone(operator.url, AN.phone);
    const answer = await ending(mobileId, session);
    expect(() => mobileId.finish(other, answer)).toThrow(expect.objectContaining({ code: 'signature_invalid' }));
    expect(mobileId.finish(asked, answer).subject).toBe(AN.phone);
  });
});

test.each<[Forgery, ErrorCode]>([
  ['another_number', 'not_a_subscriber'],
  ['another_authority', 'certificate_not_trusted'],
  ['expired', 'certificate_expired'],
  ['not_yet_valid', 'certificate_not_yet_valid'],
  ['card_certificate', 'certificate_policy'],
  ['another_purpose', 'certificate_purpose'],
  ['another_hash', 'signature_invalid'],
  ['another_algorithm', 'signature_invalid'],
])('B5 a signature that is wrong in %s is refused as %s', async (forgery, code) => {
  await expect(signInForged(forgery)).rejects.toMatchObject({ name: 'Refusal', code });
});

test.each<Forgery>([
  'no_certificate',
  'no_result',
  'unknown_result',
])('B7 an answer with %s is an incident', async (forgery) => {
  await expect(signInForged(forgery)).rejects.toMatchObject({ name: 'Refusal', code: 'source_unavailable' });
});

test('a certificate is judged by the hub’s own clock', async () => {
  const { mobileId, operator } = country;
  const challenge = mobileId.begin(AN);
  const session = await mobileId.push(challenge);
  await confirmOnPhone(operator.url, AN.phone);
  const answer = await ending(mobileId, session);
  const years = (count: number) => country.pass(count * 366 * 86_400_000);
  years(2);
  expect(() => mobileId.finish(challenge, answer)).toThrow(expect.objectContaining({ code: 'certificate_expired' }));
  years(-4);
  expect(() => mobileId.finish(challenge, answer)).toThrow(
    expect.objectContaining({ code: 'certificate_not_yet_valid' }),
  );
  years(2);
});

describe('a result other than OK', () => {
  test('B6 each has a code of its own, with a text of its own in vi and en', () => {
    const codes = Object.values(REFUSAL_OF_RESULT);
    expect(new Set(codes).size).toBe(7);
    for (const language of ['vi', 'en'] as const) {
      expect(new Set(codes.map((code) => errorOf(code).title[language])).size).toBe(7);
      expect(new Set(codes.map((code) => errorOf(code).text[language])).size).toBe(7);
    }
  });

  test.each(Object.entries(REFUSAL_OF_RESULT))('B6 %s from the operator is %s', async (result, code) => {
    const { mobileId, registers } = country;
    const entry = registers.all('mobile-id').find((each) => each.result === result)!;
    const challenge = mobileId.begin({ ...AN, phone: entry.phone, personalNumber: entry.idNumber });
    const answer = await ending(mobileId, await mobileId.push(challenge));
    expect(() => mobileId.finish(challenge, answer)).toThrow(expect.objectContaining({ name: 'Refusal', code }));
  });

  test.each([
    ['an unknown phone', { phone: '+84912999999' }],
    ['an unknown number', { personalNumber: '097090999999' }],
    ['the number of another subscriber', { personalNumber: '097201000052' }],
    ['the phone of another subscriber', { phone: '+84912000052' }],
  ])('B6 %s gets the same answer as any wrong pair', async (_pair, wrong) => {
    const { mobileId } = country;
    const challenge = mobileId.begin({ ...AN, ...wrong });
    const answer = await ending(mobileId, await mobileId.push(challenge));
    expect(answer).toEqual({ state: 'COMPLETE', result: 'NOT_MID_CLIENT' });
    expect(() => mobileId.finish(challenge, answer)).toThrow(expect.objectContaining({ code: 'not_a_subscriber' }));
  });
});

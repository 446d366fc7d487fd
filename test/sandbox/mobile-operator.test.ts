/** Owns the tests of the sandbox's mobile operator: its interface as SK publishes it, its phones, and its certificates. */
import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Listener, listen } from '../../sandbox/listener.ts';
import { type MobileOperator, openMobileOperator } from '../../sandbox/mobile-operator/mobile-operator.ts';
import { Registers } from '../../sandbox/registers.ts';
import { Visitor } from '../../sandbox/visitor.ts';

const AN = { phoneNumber: '+84912000011', nationalIdentityNumber: '097090000011' };
const RELYING_PARTY = { uuid: 'the-hub', name: 'Lien Thong' };
const PATIENCE = 1_500;

let listener: Listener;
let registers: Registers;
let operator: MobileOperator;

beforeAll(async () => {
  registers = await Registers.read(new URL('../../sandbox/registers', import.meta.url).pathname);
  listener = await listen(0, 'mobile operator');
  operator = await openMobileOperator({ listener, registers, relyingParty: RELYING_PARTY, patience: PATIENCE });
});
afterEach(() => {
  registers.restore();
  operator.reset();
  operator.faults.set('none');
});
afterAll(() => listener.close());

const preimage = randomBytes(32);
const hash = createHash('sha256').update(preimage).digest();

async function ask(changes: Readonly<Record<string, unknown>> = {}) {
  const response = await fetch(`${operator.url}/authentication`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      relyingPartyUUID: RELYING_PARTY.uuid,
      relyingPartyName: RELYING_PARTY.name,
      ...AN,
      hash: hash.toString('base64'),
      hashType: 'SHA256',
      language: 'VIE',
      displayText: 'Đăng nhập Thư viện',
      displayTextFormat: 'UCS-2',
      ...changes,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function status(session: string | undefined, timeoutMs: number | string = 5_000) {
  const response = await fetch(`${operator.url}/authentication/session/${session}?timeoutMs=${timeoutMs}`);
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

async function phone(number = AN.phoneNumber, language = 'vi'): Promise<Visitor> {
  const visitor = new Visitor({ language });
  await visitor.open(`${operator.url}/phones/${number}`);
  return visitor;
}

describe('a push', () => {
  test('shows text and code on the phone, and the PIN makes the SIM sign the hash', async () => {
    const { body } = await ask();
    const holder = await phone();
    expect(holder.page.code).toBe('mobile_phone');
    expect(holder.page.text('[data-display-text]')).toBe('Đăng nhập Thư viện');
    expect(holder.page.text('[data-verification-code]')).toMatch(/^\d{4}$/);
    const asked = status(body.sessionID);
    await holder.fill({ pin: '1234' }).press('decision=accept');
    expect([holder.page.code, holder.page.reason]).toEqual(['mobile_phone_quiet', 'accepted']);

    const answer = (await asked).body as unknown as { signature: { value: string; algorithm: string }; cert: string };
    expect(answer).toMatchObject({
      state: 'COMPLETE',
      result: 'OK',
      signature: { algorithm: 'SHA256WithECEncryption' },
    });
    const certificate = new X509Certificate(Buffer.from(answer.cert, 'base64'));
    expect(certificate.subject).toContain('serialNumber=PNOVN-097090000011');
    const authority = new X509Certificate(operator.authority);
    expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(true);
    const signature = Buffer.from(answer.signature.value, 'base64');
    const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(signature).toHaveLength(64);
    expect(verify('sha256', preimage, key, signature)).toBe(true);
  });

  test.each(['SHA384', 'SHA512'])('of a %s hash is signed too', async (hashType) => {
    const longer = createHash(hashType).update(preimage).digest();
    const { body } = await ask({ hash: longer.toString('base64'), hashType });
    await (await phone()).fill({ pin: '1234' }).press('decision=accept');
    const answer = (await status(body.sessionID)).body as unknown as { signature: { value: string }; cert: string };
    const { publicKey } = new X509Certificate(Buffer.from(answer.cert, 'base64'));
    const signature = Buffer.from(answer.signature.value, 'base64');
    expect(verify(hashType, preimage, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  test('needs the right PIN, can be cancelled, and is over then', async () => {
    const { body } = await ask();
    const [holder, otherTab] = [await phone(), await phone()];
    await holder.fill({ pin: '9999' }).press('decision=accept');
    expect([holder.page.status, holder.page.reason]).toEqual([401, 'wrong_pin']);
    await holder.press('decision=cancel');
    expect(holder.page.reason).toBe('cancelled');
    expect((await status(body.sessionID)).body).toMatchObject({ state: 'COMPLETE', result: 'USER_CANCELLED' });
    await otherTab.fill({ pin: '1234' }).press('decision=accept');
    expect([otherTab.page.status, otherTab.page.reason]).toEqual([409, 'over']);
    expect((await status(body.sessionID)).body).toMatchObject({ result: 'USER_CANCELLED' });
  });

  test('runs until its phone answers, and times out', async () => {
    const { body } = await ask();
    expect((await status(body.sessionID, 50)).body).toMatchObject({ state: 'RUNNING' });
    expect((await status(body.sessionID)).body).toMatchObject({ state: 'COMPLETE', result: 'TIMEOUT' });
    expect((await phone()).page.code).toBe('mobile_phone_quiet');
  });

  test('is answered from the running register: another holder has another certificate', async () => {
    registers.change('mobile-id', AN.phoneNumber, { idNumber: '097199000132', name: 'Mai Thị Ngọc' });
    expect((await status((await ask()).body.sessionID)).body).toMatchObject({ result: 'NOT_MID_CLIENT' });
    const { body } = await ask({ nationalIdentityNumber: '097199000132' });
    await (await phone()).fill({ pin: '1234' }).press('decision=accept');
    const { cert } = (await status(body.sessionID)).body;
    expect(new X509Certificate(Buffer.from(cert!, 'base64')).subject).toContain('Mai Thị Ngọc');
  });
});

test('each other result of the register answers by itself', async () => {
  const others = registers.all('mobile-id').filter(({ result }) => result !== 'OK');
  expect(others).toHaveLength(7);
  for (const { phone: phoneNumber, idNumber, result } of others) {
    const { body } = await ask({ phoneNumber, nationalIdentityNumber: idNumber });
    expect((await status(body.sessionID)).body).toEqual({ state: 'COMPLETE', result, time: expect.any(String) });
  }
});

describe('what the interface refuses', () => {
  test.each([
    ['another relying party', { relyingPartyUUID: 'somebody' }, 401],
    ['another name', { relyingPartyName: 'somebody' }, 401],
    ['a phone without country code', { phoneNumber: '0912000011' }, 400],
    ['a short number', { nationalIdentityNumber: '097' }, 400],
    ['a hash of another length', { hashType: 'SHA512' }, 400],
    ['no hash', { hash: undefined }, 400],
    ['another language', { language: 'vi' }, 400],
    ['a text too long for its format', { displayText: 'ă'.repeat(51) }, 400],
    ['marks in GSM-7', { displayTextFormat: 'GSM-7' }, 400],
  ])('%s', async (_what, changes, expected) => {
    expect((await ask(changes)).status).toBe(expected);
  });

  test('an unknown session, and a wrong patience', async () => {
    expect((await status('unknown')).status).toBe(404);
    expect((await status('unknown', 'long')).status).toBe(400);
  });
});

test('the list of phones leads to each, in two languages', async () => {
  const visitor = new Visitor({ language: 'en' });
  await visitor.open(operator.url);
  expect([visitor.page.code, visitor.page.language]).toEqual(['mobile_phones', 'en']);
  await visitor.follow('+84912000011');
  expect([visitor.page.code, visitor.page.heading]).toEqual(['mobile_phone_quiet', 'Phone +84912000011']);
  expect(visitor.page.has('meta[http-equiv=refresh]')).toBe(true);
  expect((await phone('+84900000000')).page.status).toBe(404);
});

test('faults befall the interface, and phones stay', async () => {
  operator.faults.set('down');
  await expect(ask()).rejects.toThrow();
  expect((await phone()).page.status).toBe(200);
});

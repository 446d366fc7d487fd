/** What is written to citizens, on its way: through the outbox, past servers in trouble, nobody held up by anybody. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/store.ts';
import { type Carrier, Delivery } from '../../src/background/delivery.ts';
import { MAIL, MESSAGE_LIFETIME, mailMessage, messageCarriers, SMS, smsMessage } from '../../src/messaging/carriers.ts';
import { openMailCarrier } from '../../src/messaging/mail.ts';
import type { SmsCarrier } from '../../src/messaging/messaging.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { until } from '../engines/until.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { openMailServer, openRawServer, saying, type TestMailServer } from './mail-servers.ts';

const LETTER = { subject: 'Số điện thoại mới', text: 'Số điện thoại của bạn vừa được đổi.' };
const BAD = 'khong.co@mail.example';
const addresses = Array.from({ length: 30 }, (_, at) => `nguoi-${at}@mail.example`);
const DAY = 24 * 60 * 60;
const PATIENCE = 8_000;

let store: EmbeddedStore;
let ahead: number;
let kept: KeptLog;
let delivery: Delivery | undefined;
const servers: Pick<TestMailServer, 'close'>[] = [];
const clock = () => Date.now() + ahead;
beforeEach(() => {
  ahead = 0;
  kept = keepLog();
  store = openEmbeddedStore({ directory: ':memory:', vault: createVault(generateKeys()), clock });
});
afterEach(async () => {
  await delivery?.close();
  for (const line of kept.lines) expect(line).not.toMatch(/@mail|84912|điện thoại/);
  await Promise.all([store.close(), ...servers.splice(0).map((server) => server.close())]);
});

async function mailServer(...how: Parameters<typeof openMailServer>): Promise<TestMailServer> {
  const server = await openMailServer(...how);
  servers.push(server);
  return server;
}

function deliver(port: number | undefined, sms?: SmsCarrier, others: readonly [string, Carrier][] = []): void {
  const settings = { url: `smtp://localhost:${port}`, from: 'hub@lienthong.example' };
  const mail = port === undefined ? undefined : openMailCarrier(settings, { plainLoopback: true, log: kept.log });
  delivery = new Delivery({
    outbox: store.outbox,
    carriers: new Map([...messageCarriers({ mail, sms }), ...others]),
    pauses: [30],
    clock,
    log: kept.log,
  });
  delivery.wake();
}
const write = async (...to: string[]) => {
  await store.outbox.enqueue(
    to.map((each) => mailMessage(each, LETTER)),
    MESSAGE_LIFETIME,
  );
  delivery?.wake();
};
const waiting = async (kind: string) => (await store.outbox.lengths()).get(kind) ?? 0;
const reached = ({ letters }: TestMailServer) => new Set(letters.flatMap(({ to }) => to));

test('a letter that comes while the server is down arrives when it is up', async () => {
  const gone = await openRawServer(() => {});
  await gone.close();
  deliver(gone.port);
  await write(addresses[0]!);
  await until(async () => kept.entries('mail_not_taken').length >= 2, PATIENCE);
  const server = await mailServer({}, gone.port);
  await until(async () => (await waiting(MAIL)) === 0, PATIENCE);
  expect(server.letters.map(({ to }) => to)).toEqual([[addresses[0]]]);
});

test('an address that can never be reached is given up at once, and not told to the log', async () => {
  let tries = 0;
  const server = await mailServer({
    onRcptTo({ address }, _session, done) {
      if (address !== BAD) return done();
      tries += 1;
      done(saying(550, `5.1.1 no ${address}`));
    },
  });
  deliver(server.port);
  await write(BAD, addresses[0]!);
  await until(async () => (await waiting(MAIL)) === 0, PATIENCE);
  expect([tries, [...reached(server)]]).toEqual([1, [addresses[0]]]);
  expect(kept.entries('message_given_up')).toMatchObject([{ client: 'mail' }]);
});

test('addresses that fail again and again hold up no other', async () => {
  const failing = addresses.slice(0, 8).map((address) => `x${address}`);
  const server = await mailServer({
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('x') ? saying(451) : null),
  });
  deliver(server.port);
  await write(...failing, ...addresses);
  await until(async () => reached(server).size === addresses.length, PATIENCE);
  expect([await waiting(MAIL), server.letters.length]).toEqual([failing.length, addresses.length]);
});

test('a mail server that says nothing holds up neither sign-outs nor text messages', async () => {
  const silent = await openRawServer(() => {});
  servers.push(silent);
  const [told, texts]: [string[], string[]] = [[], []];
  const sms: SmsCarrier = {
    send: async (to) => {
      texts.push(to);
      return 'taken';
    },
  };
  const logout: Carrier = {
    carry: async ({ target }) => {
      told.push(target);
      return 'taken';
    },
  };
  deliver(silent.port, sms, [['logout', logout]]);
  await write(...addresses);
  await until(async () => silent.connections() > 0, PATIENCE);
  const agencies = Array.from({ length: 40 }, (_, at) => `office-${at}`);
  await store.outbox.enqueue(
    agencies.map((target) => ({ kind: 'logout', target, key: 'k', payload: {} })),
    DAY,
  );
  await store.outbox.enqueue([smsMessage('+84912000011', LETTER.text)], MESSAGE_LIFETIME);
  delivery!.wake();
  await until(async () => told.length === agencies.length && texts.length === 1, PATIENCE);
  expect(await waiting(MAIL)).toBe(addresses.length);
});

test('a text message is tried again, and given up when its number is none', async () => {
  const answers = ['not_taken', 'taken', 'refused'] as const;
  const tried: string[] = [];
  const send: SmsCarrier['send'] = async (to, text) => {
    expect(text).toBe(LETTER.text);
    tried.push(to);
    return to === '+84912000099' ? 'refused' : answers[tried.filter((each) => each === to).length - 1]!;
  };
  deliver(undefined, { send });
  await store.outbox.enqueue(
    ['+84912000011', '+84912000099'].map((to) => smsMessage(to, LETTER.text)),
    MESSAGE_LIFETIME,
  );
  delivery!.wake();
  await until(async () => (await waiting(SMS)) === 0, PATIENCE);
  expect(tried.sort()).toEqual(['+84912000011', '+84912000011', '+84912000099']);
  expect(kept.entries('message_given_up')).toMatchObject([{ client: 'sms' }]);
});

test('what there is no way for (any more) waits for three days, and no longer', async () => {
  await write(addresses[0]!);
  deliver(undefined);
  await until(async () => ((await store.outbox.nextDue([])) ?? 0) > clock(), PATIENCE);
  expect(await waiting(MAIL)).toBe(1);
  ahead = MESSAGE_LIFETIME * 1_000;
  delivery!.wake();
  await until(async () => (await waiting(MAIL)) === 0, PATIENCE);
  expect(kept.entries('message_given_up')).toMatchObject([{ client: 'mail' }]);
});

test('the same letter twice is two, and what is readable at rest says only which way they go', async () => {
  await write(addresses[0]!, addresses[0]!);
  const due = await store.outbox.due({ now: clock(), lease: 1_000, targets: 9, each: 9, except: [] });
  expect(due.map(({ kind, target }) => [kind, target])).toEqual([
    ['mail', 'mail'],
    ['mail', 'mail'],
  ]);
  expect(smsMessage('+84912000011', 'x')).toMatchObject({
    kind: 'sms',
    target: 'sms',
    key: expect.not.stringMatching(/84912/),
  });
});

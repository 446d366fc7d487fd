/** Owns the tests of the country's mail server, its gateway for text messages, and the page on which both are read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SLOW_MILLISECONDS } from '../../sandbox/faults.ts';
import { type Listener, listen, listenForSockets, PortTaken, type SocketListener } from '../../sandbox/listener.ts';
import { type Messages, openMessages } from '../../sandbox/messages/messages.ts';
import { readMail } from '../../sandbox/messages/mime.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { MESSAGE_LIFETIME, mailMessage, smsMessage } from '../../src/messaging/carriers.ts';
import { openMailCarrier } from '../../src/messaging/mail.ts';
import { openSmsCarrier } from '../../src/messaging/sms.ts';
import { createOutgoing, type Outgoing } from '../../src/web/outgoing.ts';
import { openTestCountry } from '../country.ts';
import { until } from '../engines/until.ts';

const KEY = 'the-key-of-the-gateway-that-is-long';
const AN = 'an@mail.example';
const PHONE = '+84912000011';
const LETTER = {
  subject: 'Đăng nhập mới',
  text: 'Chào <bạn>,\nxem http://localhost:3000/me?a=1&b=2.\nLiên Thông',
  html: '<p>Chào</p>',
};
const never = () => new AbortController().signal;

let listener: Listener;
let smtp: SocketListener;
let messages: Messages;
let outgoing: Outgoing;
beforeAll(async () => {
  [listener, smtp] = await Promise.all([listen(0, 'mailbox'), listenForSockets(0, 'smtp')]);
  messages = openMessages({ listener, smtp, key: KEY });
  outgoing = createOutgoing({ allowLoopback: true, privateNetworks: [], timeoutMs: 300 });
});
afterEach(() => {
  messages.reset();
  for (const { faults } of [messages.mail, messages.sms]) faults.set('none');
});
afterAll(() => Promise.all([listener.close(), smtp.close(), outgoing.close()]));

const mail = (to = AN, letter: typeof LETTER = LETTER, timeoutMs = 5_000) =>
  openMailCarrier(
    { url: messages.mail.url, from: 'Liên Thông <hub@lienthong.example>' },
    { plainLoopback: true, log: () => {}, timeoutMs },
  ).send(to, letter, never());
const linkTo = (to: string) => `nav a[href="/?to=${encodeURIComponent(to)}"]`;
const sms = (to = PHONE, key = KEY) =>
  openSmsCarrier({ url: messages.sms.url, key }, { outgoing, log: () => {} }).send(to, 'Mã mới', never());

test('a letter and a text message are there to be read, newest first, for pages and for programs', async () => {
  expect([await mail(), await sms()]).toEqual(['taken', 'taken']);
  const reader = new Visitor({ language: 'en' });
  const page = await reader.open(messages.url);
  expect([page.code, page.language]).toEqual(['mailbox', 'en']);
  expect(
    page
      .$('article')
      .toArray()
      .map((each) => page.$(each).attr('data-to')),
  ).toEqual([PHONE, AN]);
  expect(page.text('h2')).toBe(LETTER.subject);
  expect(page.$('article[data-channel=mail] .text').text()).toBe(LETTER.text);
  expect(page.$('article a').attr('href')).toBe('http://localhost:3000/me?a=1&b=2');
  const asJson = await (await fetch(`${messages.url}/messages`)).json();
  expect(asJson).toMatchObject([
    { channel: 'sms', to: PHONE, text: 'Mã mới' },
    { channel: 'mail', to: AN, subject: LETTER.subject, text: LETTER.text, from: 'Liên Thông <hub@lienthong.example>' },
  ]);
  expect(messages.received(AN)[0]!.html?.trim()).toBe(LETTER.html);
});

test('one recipient’s are shown alone', async () => {
  for (const to of [AN, 'hoa@mail.example', AN]) expect(await mail(to)).toBe('taken');
  await sms();
  const reader = new Visitor();
  await reader.open(messages.url);
  await reader.follow(linkTo(AN));
  expect(reader.page.$('article').length).toBe(2);
  expect(reader.page.text('[aria-current]')).toBe(AN);
  await reader.follow(linkTo(PHONE));
  expect(reader.page.$('article[data-channel=sms]').length).toBe(1);
  const alone = await fetch(`${messages.url}/messages?to=${encodeURIComponent('hoa@mail.example')}`);
  expect(await alone.json()).toMatchObject([{ to: 'hoa@mail.example' }]);
});

test('the last two hundred are kept, and none after a reset', async () => {
  const body = (text: string) => JSON.stringify({ to: PHONE, text });
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  for (let at = 0; at < 203; at += 1)
    await fetch(messages.sms.url, { method: 'POST', headers, body: body(`text ${at}`) });
  expect(messages.received().length).toBe(200);
  expect([messages.received()[0]!.text, messages.received().at(-1)!.text]).toEqual(['text 202', 'text 3']);
  messages.reset();
  expect(messages.received()).toEqual([]);
});

test('nobody hands in a text message without the key, and there are addresses without anybody', async () => {
  expect(await sms(PHONE, `${KEY.slice(0, -1)}x`)).toBe('not_taken');
  expect(await sms('+84900000000')).toBe('refused');
  expect(await sms('not a number')).toBe('refused');
  expect(await mail('x@unreachable.example')).toBe('refused');
  expect(messages.received()).toEqual([]);
});

describe('mail server and gateway fail when told to', () => {
  test.each(['down', 'slow', 'hang', 'garbage'] as const)('%s', async (fault) => {
    for (const { faults } of [messages.mail, messages.sms]) faults.set(fault);
    const sent = await Promise.all([mail(AN, LETTER, 300), sms()]);
    expect(sent[0]).toBe('not_taken');
    // Whatever it says, a gateway that answers 200 has taken it.
    if (fault !== 'garbage') expect(sent[1]).toBe('not_taken');
    expect(messages.received()).toEqual([]);
  });

  test('slow is slow only', async () => {
    messages.mail.faults.set('slow');
    const begun = performance.now();
    expect(await mail(AN, LETTER, 3 * SLOW_MILLISECONDS)).toBe('taken');
    expect(performance.now() - begun).toBeGreaterThan(SLOW_MILLISECONDS - 100);
  });
});

test('mails are read in every form that programs write them', () => {
  const raw = (...lines: string[]) => readMail(Buffer.from(lines.join('\r\n')));
  expect(raw('Subject: =?UTF-8?Q?=C4=90=C4=83ng_nh?=', ' =?utf-8?B?4bqtcA==?=', 'X-A: b', '', 'xin chào', '')).toEqual({
    headers: { subject: 'Đăng nhập', 'x-a': 'b' },
    text: 'xin chào',
  });
  const quoted = ['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', ''];
  expect(raw(...quoted, '<p>_=C4=91=', '</p>')).toMatchObject({ text: '', html: '<p>_đ</p>' });
  expect(raw('Subject: only a head')).toMatchObject({ headers: { subject: 'only a head' }, text: '' });
  expect(raw('Content-Type: text/plain; charset=unheard-of', '', 'a')).toMatchObject({ text: 'a' });
});

test('a port for mail that is taken is told in one line', async () => {
  await expect(listenForSockets(smtp.port, 'smtp')).rejects.toThrow(PortTaken);
});

test('in the country: what the hub has to tell citizens comes when the server is up again, until a reset', async () => {
  const country = await openTestCountry([], {
    configure: (configuration) => ({ ...configuration, deliveryPauses: [50] }),
  });
  try {
    const fault = (service: string, wish: string) =>
      fetch(`${country.control}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ service, fault: wish }),
      });
    for (const service of ['mail-server', 'sms-gateway']) expect((await fault(service, 'down')).status).toBe(204);
    const { outbox } = country.runningHub().store;
    await outbox.enqueue([mailMessage(AN, LETTER), smsMessage(PHONE, 'Xin chào')], MESSAGE_LIFETIME);
    await country.restartHub();
    const { store } = country.runningHub();
    await until(async () => ((await store.outbox.nextDue([])) ?? 0) > Date.now(), 5_000);
    expect(country.messages.received()).toEqual([]);
    for (const service of ['mail-server', 'sms-gateway']) await fault(service, 'none');
    await until(async () => country.messages.received().length === 2, 5_000);
    expect(country.messages.received(AN)).toMatchObject([{ subject: LETTER.subject }]);
    const addresses = (await (await fetch(`${country.control}/addresses`)).json()) as Record<string, string>;
    expect(addresses.mailbox).toBe(country.messages.url);
    await country.reset();
    expect(country.messages.received()).toEqual([]);
  } finally {
    await country.close();
  }
});

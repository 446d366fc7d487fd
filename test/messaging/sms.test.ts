/** Handing text messages to a gateway: with the hub's key, refused only for good; no number is told. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openSmsCarrier } from '../../src/messaging/sms.ts';
import { createOutgoing, type Outgoing } from '../../src/web/outgoing.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';

const KEY = 'a-key-of-the-gateway-that-is-long';
const TO = '+84912000011';
const TEXT = 'Liên Thông: số điện thoại này vừa được xoá.';

let gateway: Server;
let url: string;
let answer: number | 'nothing';
const heard: { readonly headers: IncomingHttpHeaders; readonly method: string | undefined; readonly body: string }[] =
  [];
let outgoing: Outgoing;
let kept: KeptLog;
beforeAll(async () => {
  gateway = createServer(async (request, response) => {
    heard.push({ headers: request.headers, method: request.method, body: await text(request) });
    if (answer !== 'nothing') response.writeHead(answer, { location: '/' }).end();
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://localhost:${(gateway.address() as AddressInfo).port}/messages`;
});
afterAll(() => {
  gateway.close();
  gateway.closeAllConnections();
});
beforeEach(() => {
  heard.length = 0;
  kept = keepLog();
  outgoing = createOutgoing({ allowLoopback: true, privateNetworks: [], timeoutMs: 500 });
});
afterEach(async () => {
  for (const line of kept.lines) for (const secret of [TO, '912000011', TEXT, KEY]) expect(line).not.toContain(secret);
  await outgoing.close();
});
const send = (signal = new AbortController().signal, to = TO) =>
  openSmsCarrier({ url, key: KEY }, { outgoing, log: kept.log }).send(to, TEXT, signal);

test('the gateway hears number, text and key', async () => {
  answer = 202;
  expect(await send()).toBe('taken');
  expect(heard).toMatchObject([
    { method: 'POST', headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' } },
  ]);
  expect(JSON.parse(heard[0]!.body)).toEqual({ to: TO, text: TEXT });
});

test.each([
  [200, 'taken'],
  [204, 'taken'],
  [302, 'not_taken'],
  [400, 'refused'],
  [404, 'refused'],
  [422, 'refused'],
  [401, 'not_taken'],
  [403, 'not_taken'],
  [408, 'not_taken'],
  [429, 'not_taken'],
  [500, 'not_taken'],
  [503, 'not_taken'],
])('%i is %s', async (status, sent) => {
  answer = status;
  expect(await send()).toBe(sent);
  expect(kept.entries('sms_not_taken').length).toBe(sent === 'not_taken' ? 1 : 0);
});

test('a gateway that says nothing, or is not there, has not taken it', async () => {
  answer = 'nothing';
  expect(await send()).toBe('not_taken');
  url = 'http://localhost:1/';
  expect(await send()).toBe('not_taken');
  expect(kept.entries('sms_not_taken').map(({ error }) => error)).toEqual(['too_slow', 'unreachable']);
  url = `http://localhost:${(gateway.address() as AddressInfo).port}/messages`;
});

test('the end of the hub ends a try, which is no news', async () => {
  expect(await send(AbortSignal.abort())).toBe('not_taken');
  expect(kept.lines).toEqual([]);
});

/** What an operator may answer that the interface does not promise: tolerated or an incident, never another exception. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MobileId } from '../../../providers/mobile-id/mobile-id.ts';
import { wasNotSent } from '../../../providers/mobile-id/operator.ts';
import { createOutgoing, type Outgoing } from '../../../src/web/outgoing.ts';
import { AN, PATIENT, settingsFor } from './operator-and-hub.ts';

let server: Server;
let outgoing: Outgoing;
let mobileId: MobileId;
/** The next answer to anything. */
let answer: (response: ServerResponse) => void;

const hubOf = (port: number) =>
  new MobileId({
    settings: {
      ...settingsFor(`http://localhost:${port}/mid-api/`, { authority: new Uint8Array(), policy: '2.999' }),
      authorities: [],
    },
    outgoing,
    clock: Date.now,
  });

beforeAll(async () => {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  outgoing = createOutgoing({ allowLoopback: true, privateNetworks: [], timeoutMs: 400 });
  mobileId = hubOf((server.address() as AddressInfo).port);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await outgoing.close();
});

const json = (body: unknown, status = 200) => {
  answer = (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const text = (body: string, status = 200, headers = {}) => {
  answer = (response) => void response.writeHead(status, headers).end(body);
};

const push = () => mobileId.push(mobileId.begin(AN));
const poll = () => mobileId.poll('a-session', PATIENT);
const incident = { name: 'Refusal', code: 'source_unavailable' };
const signed = {
  state: 'COMPLETE',
  result: 'OK',
  signature: { value: 'AAAA', algorithm: 'SHA256WithECEncryption' },
  cert: 'AAAA',
};

describe('B7 fields of later versions are tolerated', () => {
  test('B7 beside the session', async () => {
    json({ sessionID: 'de305d54-75b4-431b-adb2-eb6b9e546014', expires: 'soon', more: { deep: [1] } });
    expect(await push()).toBe('de305d54-75b4-431b-adb2-eb6b9e546014');
  });

  test('B7 beside the state', async () => {
    json({ state: 'RUNNING', time: '2026-01-01T00:00:00Z' });
    expect(await poll()).toEqual({ state: 'RUNNING' });
    json({ state: 'COMPLETE', result: 'TIMEOUT', traceId: 'x', signature: null });
    expect(await poll()).toEqual({ state: 'COMPLETE', result: 'TIMEOUT' });
    json({ ...signed, time: 'now', signature: { ...signed.signature, chain: [] } });
    expect(await poll()).toMatchObject({ state: 'COMPLETE', result: 'OK', certificate: new Uint8Array(3) });
  });
});

describe('B7 what cannot be used is an incident', () => {
  test.each([400, 401, 403, 404, 405, 429, 471, 480, 500, 502, 503, 580, 201, 204])('B7 status %d', async (status) => {
    json(status === 204 ? '' : { error: 'no', sessionID: 'a-session', state: 'RUNNING' }, status);
    await expect(push()).rejects.toMatchObject(incident);
    await expect(poll()).rejects.toMatchObject(incident);
  });

  test.each([
    ['no JSON', () => text('<html>')],
    ['half of it', () => text('{"state":"RUN')],
    ['nothing', () => text('')],
    ['a redirect', () => text('', 302, { location: 'http://localhost:9/' })],
    ['10 MB', () => text('x'.repeat(10_000_000))],
    ['a list', () => json([])],
    ['null', () => json(null)],
    ['a number', () => json(1)],
    ['other fields', () => json({ session: 'a', State: 'RUNNING' })],
    ['wrong kinds', () => json({ sessionID: 7, state: ['RUNNING'] })],
    ['a session that is a path', () => json({ sessionID: '../../elsewhere?x=', state: 'DONE' })],
    ['a cut connection', () => (answer = (response) => void response.destroy())],
    ['silence', () => (answer = () => undefined)],
  ])('B7 %s', async (_what, prepare) => {
    prepare();
    await expect(push()).rejects.toMatchObject(incident);
    await expect(poll()).rejects.toMatchObject(incident);
  });

  test.each([
    ['no result', { ...signed, result: undefined }],
    ['an unknown result', { ...signed, result: 'MAYBE' }],
    ['a result by inheritance', { ...signed, result: 'toString' }],
    ['no signature', { ...signed, signature: undefined }],
    ['no algorithm', { ...signed, signature: { value: 'AAAA' } }],
    ['a signature that is not base64', { ...signed, signature: { ...signed.signature, value: '*' } }],
    ['no certificate', { ...signed, cert: '' }],
  ])('B7 %s', async (_what, body) => {
    json(body);
    await expect(poll()).rejects.toMatchObject(incident);
  });

  test('B7 a certificate that is none', async () => {
    json(signed);
    const status = await poll();
    expect(() => mobileId.finish(mobileId.begin(AN), status as never)).toThrow(expect.objectContaining(incident));
  });

  test('B7 nobody listening', async () => {
    const nobody = hubOf(9);
    await expect(nobody.push(nobody.begin(AN))).rejects.toMatchObject(incident);
  });

  test('B7 the incident’s causes repeat nothing of the citizen or the answer', async () => {
    text(`{"sessionID": "${AN.phone} ${AN.personalNumber}"}`);
    const refusal = await push().catch((error) => error);
    expect(`${refusal.stack} ${refusal.cause.stack}`).not.toMatch(/91200|09709/);
  });
});

test('a push that surely was not sent is told from one that may ring', async () => {
  const failure = () => push().catch((error) => error);
  json({}, 400);
  expect(wasNotSent(await failure())).toBe(true);
  json({}, 503);
  expect(wasNotSent(await failure())).toBe(true);
  json({}, 504);
  expect(wasNotSent(await failure())).toBe(false);
  text('{');
  expect(wasNotSent(await failure())).toBe(false);
  answer = () => undefined;
  expect(wasNotSent(await failure())).toBe(false);
  const nobody = hubOf(9);
  expect(wasNotSent(await nobody.push(nobody.begin(AN)).catch((error) => error))).toBe(true);
  expect(wasNotSent(new Error('something else'))).toBe(false);
});

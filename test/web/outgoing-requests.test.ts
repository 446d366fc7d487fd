/** Owns the proof that requests leave the hub as WHATWG fetch would send them. */
import { describe, expect, test } from '@jest/globals';
import { codes, run, serve, useOutgoingProcess } from './outgoing-harness.ts';

useOutgoingProcess();

describe('what the hub sends', () => {
  test('A25 bodies and headers leave as fetch would send them, without the environment or the caller steering the connection', async () => {
    const { port } = await serve(async (request, response) => {
      const body = (await request.toArray()).join('');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
    });
    const url = `http://127.0.0.1:${port}/token?a=b%20c#fragment`;
    const steering = { 'Accept-Encoding': 'gzip', 'Content-Length': '1', Expect: '100-continue', Upgrade: 'x' };
    const report = await run([
      {
        url,
        method: 'post',
        form: { grant_type: 'authorization_code', name: 'Thuý' },
        headers: { Authorization: 'DPoP x' },
      },
      { url, method: 'POST', text: 'đ', headers: { 'content-type': 'application/jwt', ...steering } },
      { url, method: 'PUT', bytes: [97, 98] },
      url,
      { url, method: 'CONNECT' },
      { url, method: 'TRACE' },
    ]);
    const [form, text, bytes, plain] = report.outcomes.map(({ body }) =>
      body === undefined ? undefined : JSON.parse(body),
    );
    expect(form).toMatchObject({
      method: 'POST',
      url: '/token?a=b%20c',
      body: 'grant_type=authorization_code&name=Thu%C3%BD',
      headers: {
        authorization: 'DPoP x',
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'accept-encoding': 'identity',
        accept: '*/*',
        host: `127.0.0.1:${port}`,
      },
    });
    expect(text).toMatchObject({
      body: 'đ',
      headers: { 'content-type': 'application/jwt', 'content-length': '2', 'accept-encoding': 'identity' },
    });
    expect(text.headers).not.toHaveProperty('expect');
    expect(text.headers).not.toHaveProperty('upgrade');
    expect(bytes).toMatchObject({ method: 'PUT', body: 'ab' });
    expect(bytes.headers).not.toHaveProperty('content-type');
    expect(plain).toMatchObject({ method: 'GET', body: '' });
    expect(codes(report).slice(4)).toEqual([expect.stringContaining('CONNECT'), expect.stringContaining('TRACE')]);
    const cookies = report.outcomes[0]?.headers?.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
    expect(cookies).toEqual(['a=1', 'b=2']);
  });

  test('A25 an empty answer is one, and openid-client reads its metadata through the client', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/empty') return response.writeHead(204).end();
      const issuer = `http://issuer.example:${port}`;
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token` }));
    });
    const report = await run(
      [`http://127.0.0.1:${port}/empty`, { url: `http://issuer.example:${port}`, discover: true }],
      {
        names: { 'issuer.example': [['127.0.0.1']] },
      },
    );
    expect(report.outcomes[0]).toMatchObject({ status: 204, body: '' });
    expect(report.outcomes[1]).toEqual({ body: `http://issuer.example:${port}/token` });
  });

  test('A25 a hundred calls at once to one host share its sixty-four connections', async () => {
    const { port, connections } = await serve((_request, response) => response.end('ok'));
    const report = await run(Array(100).fill(`http://127.0.0.1:${port}/`), { together: true });
    expect(new Set(codes(report))).toEqual(new Set([200]));
    expect(connections()).toBeLessThanOrEqual(64);
  });
});

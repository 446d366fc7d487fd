/** Owns the proof that no answer, however odd, large or slow, harms the hub. */
import { describe, expect, test } from '@jest/globals';
import { codes, pour, run, SECRET, serve, serveRaw, useOutgoingProcess } from './outgoing-harness.ts';

useOutgoingProcess();

describe('what the hub takes for an answer', () => {
  test.each([
    [300],
    [301],
    [302],
    [303],
    [304],
    [307],
    [308],
  ])('A25 a redirect (%i) is refused, never followed', async (status) => {
    const seen: (string | undefined)[] = [];
    const { port } = await serve((request, response) => {
      seen.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(codes(await run([`http://127.0.0.1:${port}/`]))).toEqual(['redirect_refused']);
    expect(seen).toEqual(['/']);
  });

  test('A25 a body may have 65536 bytes and not one more, announced or not', async () => {
    const { port } = await serve((request, response) => {
      const size = request.url!.includes('more') ? 65_537 : 65_536;
      if (request.url!.includes('announced')) response.setHeader('content-length', size);
      response.flushHeaders();
      if (request.method !== 'HEAD') response.end(Buffer.alloc(size, 'x'));
      else response.end();
    });
    const base = `http://127.0.0.1:${port}`;
    const report = await run([
      `${base}/announced`,
      `${base}/chunked`,
      `${base}/announced-more`,
      `${base}/chunked-more`,
      { url: `${base}/announced-more`, method: 'HEAD' },
    ]);
    expect(codes(report)).toEqual([200, 200, 'too_large', 'too_large', 200]);
    expect(report.outcomes[1]?.body).toHaveLength(65_536);
  });

  test.each([
    ['a body announced as too large', 'HTTP/1.1 200 OK\r\ncontent-length: 65537\r\n\r\n'],
    ['headers of 17 KB', `HTTP/1.1 200 OK\r\nx-more: ${'x'.repeat(17_000)}\r\ncontent-length: 0\r\n\r\n`],
    ['a ninth interim answer', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(9)],
  ])('A25 %s: too large, without waiting for more', async (_name, text) => {
    const { port } = await serveRaw((socket) => socket.write(text));
    expect(codes(await run([`http://127.0.0.1:${port}/?q=${SECRET}`]))).toEqual(['too_large']);
  });

  test.each([
    [
      'an endless chunked body',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
      `1000\r\n${'x'.repeat(4096)}\r\n`,
    ],
    ['an endless body without a length', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(4096)],
    ['endless headers', 'HTTP/1.1 200 OK\r\n', `x-more: ${'x'.repeat(1000)}\r\n`],
    ['one endless header', 'HTTP/1.1 200 OK\r\nx-more: ', 'x'.repeat(1000)],
    ['endless interim answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'],
    [
      'endless trailers',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n',
      `x-more: ${'x'.repeat(1000)}\r\n`,
    ],
  ])('A25 %s: too large', async (_name, start, piece) => {
    const { port } = await serveRaw((socket) => {
      socket.write(start);
      pour(socket, piece);
    });
    expect(codes(await run([`http://127.0.0.1:${port}/?q=${SECRET}`]))).toEqual(['too_large']);
  });

  test.each([
    ['longer than announced: the rest is no part of it', 'content-length: 2\r\n\r\nokay', 200],
    ['shorter than announced', 'content-length: 9\r\n\r\nok', 'unreachable'],
    ['of two lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\nok', 'malformed_answer'],
    ['of length and chunks', 'content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'malformed_answer'],
    ['compressed', 'content-encoding: gzip\r\ncontent-length: 2\r\n\r\nok', 'encoding_refused'],
    ['twice compressed', 'content-encoding: gzip\r\ncontent-encoding: br\r\n\r\n', 'encoding_refused'],
  ])('A25 an answer %s', async (_name, rest, expected) => {
    const { port } = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    const report = await run([`http://127.0.0.1:${port}/`]);
    expect(codes(report)).toEqual([expected]);
    if (expected === 200) expect(report.outcomes[0]?.body).toBe('ok');
  });

  test.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.9\r\n', 'malformed_answer'],
    ['a status no answer has', 'HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n', 'malformed_answer'],
    ['a change of protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'unreachable'],
    ['nothing', '', 'unreachable'],
  ])('A25 %s is no answer', async (_name, text, expected) => {
    const { port } = await serveRaw((socket) => socket.end(text));
    expect(codes(await run([`http://127.0.0.1:${port}/?q=${SECRET}`]))).toEqual([expected]);
  });

  test('A25 an answer is not quoted in the error that it caused', async () => {
    const { port } = await serveRaw((socket) => socket.end(`${SECRET}\r\n\r\n`));
    expect(codes(await run([`http://127.0.0.1:${port}/`]))).toEqual(['malformed_answer']); // run() looks for the secret
  });

  test('A25 nobody there, and a name that nobody has: unreachable', async () => {
    const { port, close } = await serve(() => undefined);
    close();
    const report = await run([`http://127.0.0.1:${port}/`, 'https://nobody.example/']);
    expect(codes(report)).toEqual(['unreachable', 'unreachable']);
  });
});

describe('how long the hub waits', () => {
  const settings = { allowLoopback: true, privateNetworks: [], timeoutMs: 200 };

  test.each([
    ['no answer at all', '', ''],
    ['headers drop by drop', 'HTTP/1.1 200 OK\r\n', 'x'],
    ['a body drop by drop', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'x'],
  ])('A25 %s: too slow, and the connection is given up', async (_name, start, drop) => {
    const closed = Promise.withResolvers<void>();
    const { port } = await serveRaw((socket) => {
      socket.write(start);
      const dripping = setInterval(() => socket.write(drop), 20);
      socket.on('close', () => {
        clearInterval(dripping);
        closed.resolve();
      });
    });
    const began = performance.now();
    expect(codes(await run([`http://127.0.0.1:${port}/?q=${SECRET}`], { settings }))).toEqual(['too_slow']);
    expect(performance.now() - began).toBeLessThan(2500);
    await closed.promise;
  });

  test('A25 name resolution and the TLS handshake count too', async () => {
    const { port } = await serveRaw(() => undefined);
    const report = await run(['https://slow.example/', `https://127.0.0.1:${port}/`], {
      settings,
      names: { 'slow.example': ['never'] },
    });
    expect(codes(report)).toEqual(['too_slow', 'too_slow']);
  });

  test('A25 a request given up while it waited for a connection is never sent', async () => {
    const seen: string[] = [];
    const { port } = await serve((request, response) => {
      seen.push(request.url!);
      response.end();
    });
    const report = await run(
      [{ url: `http://late.example:${port}/first`, abortMs: 20 }, `http://127.0.0.1:${port}/second`],
      {
        names: { 'late.example': ['after the first call'] },
      },
    );
    expect(report.outcomes[0]?.error).toContain('TimeoutError');
    expect(report.lookups).toEqual(['late.example']);
    expect(seen).toEqual(['/second']); // the process reports only after its client has closed, nothing is still to come
  });

  test("A25 the caller's own signal ends a call with its own reason", async () => {
    const { port } = await serve(() => undefined);
    const report = await run([{ url: `http://127.0.0.1:${port}/`, abortMs: 30 }]);
    expect(report.outcomes[0]?.error).toContain('TimeoutError');
    expect(report.outcomes[0]?.code).toBeUndefined();
  });
});

/** Owns the proof that the outgoing client connects to nothing but checked addresses and proven names. */

import type { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { readPrivateNetworks, standingOf } from '../../src/web/public-address.ts';
import { certificateFor } from './outgoing-certificate.ts';
import { CERTIFICATE, codes, run, SECRET, serve, serveSecurely, useOutgoingProcess } from './outgoing-harness.ts';

useOutgoingProcess();

describe('where the hub may call', () => {
  test('A25 literal addresses that are not public are refused in every spelling, without a connection', async () => {
    const { port, connections } = await serve((_request, response) => response.end());
    const hosts = [
      '127.0.0.1',
      '127.1',
      '127.0.0.1.',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0.0.0.0',
      '10.0.0.1',
      '169.254.169.254',
      '192.168.0.1',
      '255.255.255.255',
      '１２７.0.0.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::ffff:10.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fd00::1]',
      '[ff02::1]',
    ];
    const calls = hosts.map((host) => `https://${host}:${port}/?q=${SECRET}`);
    const report = await run(calls, { settings: { allowLoopback: false, privateNetworks: [] } });
    expect(codes(report)).toEqual(hosts.map(() => 'address_not_public'));
    expect(connections()).toBe(0);
  });

  test('A25 names are refused when any of their addresses is not public', async () => {
    const { port, connections } = await serve((_request, response) => response.end());
    const names = {
      localhost: [['127.0.0.1']],
      'localhost.': [['::1']],
      'inside.example': [['10.0.0.1']],
      'metadata.example': [['169.254.169.254']],
      'mapped.example': [['::ffff:127.0.0.1']],
      'mixed.example': [['1.1.1.1', '127.0.0.1']],
      'zone.example': [['fe80::1%lo']],
      'odd.example': [['not an address']],
    };
    const calls = Object.keys(names).map((name) => `https://${name}:${port}/?q=${SECRET}`);
    const report = await run(calls, { names, settings: { allowLoopback: false, privateNetworks: [] } });
    expect(codes(report)).toEqual(calls.map(() => 'address_not_public'));
    expect(connections()).toBe(0);
  });

  test('A25 a name that is rebound after the check changes nothing: the checked address is the one connected to', async () => {
    const { port, connections } = await serve((request, response) => {
      // Every answer ends the connection, so that each call resolves anew.
      response.setHeader('connection', 'close').end(request.headers.host);
    });
    const report = await run(Array(3).fill(`http://rebind.example:${port}/`), {
      names: { 'rebind.example': [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '10.0.0.1']] },
    });
    expect(report.outcomes[0]).toMatchObject({ status: 200, body: `rebind.example:${port}` });
    expect(codes(report).slice(1)).toEqual(['address_not_public', 'address_not_public']);
    expect(report.lookups).toHaveLength(3); // one resolution a connection, never a second look
    expect(connections()).toBe(1);
  });

  test('A25 a connection that is kept alive is used again and resolves nothing', async () => {
    const { port, connections } = await serve((_request, response) => response.end('ok'));
    const report = await run(Array(3).fill(`http://kept.example:${port}/`), {
      names: { 'kept.example': [['127.0.0.1'], ['10.0.0.1']] },
    });
    expect(codes(report)).toEqual([200, 200, 200]);
    expect(report.lookups).toHaveLength(1);
    expect(connections()).toBe(1);
  });

  test("A25 the system's own resolver is asked when none is injected, and checked the same", async () => {
    const { port } = await serve((_request, response) => response.end('ok'));
    const call = `https://localhost:${port}/`;
    const plain = `http://localhost:${port}/`;
    expect(codes(await run([plain], { names: 'system' }))).toEqual([200]);
    const settings = { allowLoopback: false, privateNetworks: [] };
    expect(codes(await run([call], { names: 'system', settings }))).toEqual(['address_not_public']);
  });

  test('A25 only https is spoken, and http to loopback where that is allowed', async () => {
    const names = { 'public.example': [['1.1.1.1']], 'named.example': [['10.20.0.1']] };
    const calls = ['http://public.example/', 'http://named.example/', 'http://1.1.1.1/'];
    const other = [
      'ftp://1.1.1.1/',
      'file:///etc/passwd',
      'data:text/plain,x',
      'javascript:1',
      'blob:x',
      'ws://1.1.1.1/',
    ];
    const open = await run([...calls, ...other], {
      names,
      settings: { allowLoopback: true, privateNetworks: ['10.20.0.0/16'] },
    });
    expect(codes(open)).toEqual([...calls, ...other].map(() => 'scheme_refused'));
    const strict = await run(['http://127.0.0.1/', 'http://public.example/'], {
      names,
      settings: { allowLoopback: false, privateNetworks: [] },
    });
    expect(codes(strict)).toEqual(['scheme_refused', 'scheme_refused']);
    expect(strict.lookups).toEqual([]);
  });

  test('A25 where plain http is allowed, closed addresses stay closed and other schemes refused', async () => {
    const { port, connections } = await serve((_request, response) => response.end('signed by itself'));
    const settings = { allowLoopback: false, privateNetworks: ['10.20.0.0/16'], plainHttp: true, timeoutMs: 150 };
    const names = {
      'named.example': [['10.20.0.1']],
      'inside.example': [['10.0.0.1']],
      'here.example': [['127.0.0.1']],
    };
    const closed = ['inside.example', 'here.example', '127.0.0.1', '169.254.169.254'].map(
      (host) => `http://${host}:${port}/`,
    );
    const calls = [...closed, 'ftp://named.example/'];
    const refused = codes(await run(calls, { names, settings }));
    expect(refused).toEqual([...closed.map(() => 'address_not_public'), 'scheme_refused']);
    expect(connections()).toBe(0);
    const here = await run([`http://127.0.0.1:${port}/`], { settings: { ...settings, allowLoopback: true } });
    expect(codes(here)).toEqual([200]);
  });

  test('A25 a private network is reached only when the operator named it, and loopback cannot be named', async () => {
    const settings = { allowLoopback: false, privateNetworks: ['10.20.0.0/16'], timeoutMs: 150 };
    const names = { 'beside.example': [['10.21.0.1']] };
    const report = await run(['https://beside.example:1/'], { names, settings });
    expect(codes(report)[0]).toBe('address_not_public');
    // Nothing of ours lives at a named address here, so that it would be tried is asked of the rule, not of a network.
    expect(standingOf('10.20.255.254', readPrivateNetworks(settings.privateNetworks))).toBe('named');
    const impossible = await run([], { settings: { allowLoopback: false, privateNetworks: ['127.0.0.0/8'] } });
    expect(impossible.thrown).toContain('not a private network');
  });

  test('A25 addresses with credentials and addresses that are none are refused', async () => {
    const report = await run([
      `https://user:${SECRET}@1.1.1.1/`,
      'https://user@1.1.1.1/',
      'no address',
      'https://',
      '',
    ]);
    expect(codes(report)).toEqual(Array(5).fill('url_refused'));
  });
});

describe('whom the hub believes', () => {
  test('A25 the certificate is checked against the name although the connection goes to a pinned address', async () => {
    const { port } = await serveSecurely(CERTIFICATE, (request, response) => {
      response.end(String((request.socket as Socket & { servername?: string }).servername));
    });
    const names = { 'trusted.example': [['127.0.0.1']], 'other.example': [['127.0.0.1']] };
    const report = await run([`https://trusted.example:${port}/`, `https://other.example:${port}/`], { names });
    expect(report.outcomes[0]).toMatchObject({ status: 200, body: 'trusted.example' });
    expect(report.outcomes[1]).toMatchObject({ code: 'unreachable', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('A25 an unknown certificate is refused although the environment switches checks off', async () => {
    const { port } = await serveSecurely(certificateFor('trusted.example'), (_request, response) =>
      response.end('believed'),
    );
    const report = await run([`https://trusted.example:${port}/`], { names: { 'trusted.example': [['127.0.0.1']] } });
    expect(report.outcomes[0]?.code).toBe('unreachable');
    expect(report.outcomes[0]?.detail).toMatch(/CERT|SIGNATURE|ISSUER/);
  });

  test('A25 a host header cannot choose another name for the certificate', async () => {
    const { port } = await serveSecurely(CERTIFICATE, (request, response) => response.end(request.headers.host));
    const names = { 'trusted.example': [['127.0.0.1']], 'other.example': [['127.0.0.1']] };
    const calls = ['other', 'trusted'].map((name) => ({
      url: `https://${name}.example:${port}/`,
      headers: { host: 'trusted.example' },
    }));
    const report = await run(calls, { names });
    expect(report.outcomes[0]?.code).toBe('unreachable');
    expect(report.outcomes[1]?.body).toBe(`trusted.example:${port}`);
  });
});

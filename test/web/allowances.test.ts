/** Owns the tests of the counters behind the limits, and of whose request it is. */
import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { Allowances } from '../../src/web/allowances.ts';
import { clientAddress, readProxies } from '../../src/web/client-address.ts';

function counted(perMinute: number, mostKeys?: number) {
  let now = 0;
  const allowances = new Allowances({ perMinute, clock: () => now, ...(mostKeys ? { mostKeys } : {}) });
  return { allowances, later: (seconds: number) => (now += seconds * 1_000) };
}

test('a minute’s worth at once, then as it fills again', () => {
  const { allowances, later } = counted(30);
  for (let at = 0; at < 30; at += 1) {
    expect(allowances.wait('a')).toBe(0);
    allowances.take('a');
  }
  expect(allowances.wait('a')).toBe(2);
  expect(allowances.wait('b')).toBe(0);
  later(2);
  expect(allowances.wait('a')).toBe(0);
  allowances.take('a');
  expect(allowances.wait('a')).toBe(2);
  later(3_600);
  for (let at = 0; at < 30; at += 1) allowances.take('a');
  expect(allowances.wait('a')).toBe(2);
});

test('whatever is owed is waited for a minute at most', () => {
  const { allowances } = counted(30);
  for (let at = 0; at < 1_000; at += 1) allowances.take('a', 5);
  expect(allowances.wait('a')).toBe(60);
});

test('a clock set back takes nothing away', () => {
  const { allowances, later } = counted(30);
  allowances.take('a');
  later(-3_600);
  expect(allowances.wait('a')).toBe(0);
});

test('a flood of keys is forgotten oldest first, and never grows beyond its bound', () => {
  const { allowances } = counted(1, 100);
  allowances.take('first');
  for (let at = 0; at < 50; at += 1) allowances.take(`stranger ${at}`);
  allowances.take('first');
  for (let at = 50; at < 149; at += 1) allowances.take(`stranger ${at}`);
  expect(allowances.wait('first')).toBeGreaterThan(0);
  expect(allowances.wait('stranger 0')).toBe(0);
  allowances.take('one more');
  expect(allowances.wait('first')).toBe(0);
});

const from = (socket: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: socket },
    headers: forwarded ? { 'x-forwarded-for': forwarded } : {},
  }) as never as IncomingMessage;
const proxies = readProxies(['10.0.0.0/8', '::1']);

test.each([
  ['no proxy: what it says is nobody’s word', from('203.0.113.7', '198.51.100.1'), '203.0.113.7'],
  ['one proxy', from('10.0.0.1', '198.51.100.1'), '198.51.100.1'],
  ['two proxies', from('10.0.0.1', '198.51.100.1, 10.9.9.9'), '198.51.100.1'],
  ['a client that invents one', from('10.0.0.1', '192.0.2.1, 198.51.100.1'), '198.51.100.1'],
  ['a proxy that says nothing', from('10.0.0.1'), '10.0.0.1'],
  ['a proxy that says nonsense', from('10.0.0.1', 'unknown'), '10.0.0.1'],
  ['IPv4 in an IPv6 disguise', from('::ffff:203.0.113.7'), '203.0.113.7'],
  ['a proxy in disguise', from('::ffff:10.0.0.1', '::ffff:198.51.100.1'), '198.51.100.1'],
  ['IPv6: the subscriber’s network', from('::1', '2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64'],
  ['an interface’s name', from('fe80::1%eth0'), 'fe80:0:0:0::/64'],
  ['a socket that is gone', from(''), ''],
])('whose request it is: %s', (_name, request, address) => {
  expect(clientAddress(request, proxies)).toBe(address);
});

test.each([
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/33',
  'localhost',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/x',
])('no network of proxies: %s', (name) => {
  expect(() => readProxies([name])).toThrow(RangeError);
});

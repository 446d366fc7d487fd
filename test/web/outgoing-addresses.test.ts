/** Owns the proof that only public addresses, and private networks named by the operator, count as open. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPrivateNetworks, standingOf } from '../../src/web/public-address.ts';

describe('addresses the hub may call', () => {
  test.each([
    ['203.162.4.190'], // a provider in Hà Nội
    ['1.1.1.1'],
    ['172.15.255.255'],
    ['172.32.0.0'],
    ['100.63.255.255'],
    ['100.128.0.0'],
    ['2001:ee0::1'],
    ['2606:4700:4700::1111'],
    ['::ffff:1.1.1.1'],
  ])('A25 %s is public', (address) => {
    expect(standingOf(address)).toBe('public');
  });

  test.each([
    ['0.0.0.0', 'this host on this network'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'shared by carriers'],
    ['100.100.100.200', 'a cloud metadata service'],
    ['169.254.169.254', 'a cloud metadata service'],
    ['192.0.0.192', 'protocol assignments'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::7f00:1', 'IPv4-compatible loopback'],
    ['::a00:1', 'IPv4-compatible private'],
    ['::ffff:10.0.0.1', 'mapped private'],
    ['::ffff:a9fe:a9fe', 'mapped metadata service'],
    ['::ffff:0:a00:1', 'translated (RFC 6145)'],
    ['64:ff9b::a00:1', 'NAT64'],
    ['64:ff9b::101:101', 'NAT64, of a public one'],
    ['64:ff9b:1::a00:1', 'NAT64 of one network'],
    ['100::1', 'discard'],
    ['2001::1', 'Teredo'],
    ['2001:2::1', 'benchmarking'],
    ['2001:10::1', 'ORCHID'],
    ['2001:20::1', 'ORCHIDv2'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation'],
    ['2002:a00:1::1', '6to4'],
    ['5f00::1', 'segment routing'],
    ['4000::1', 'unassigned'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'a cloud metadata service'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with its zone'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['010.0.0.1', 'octal, read differently here and there'],
    ['1.1', 'shortened'],
    ['example.gov.vn', 'no address'],
    ['', 'nothing'],
  ])('A25 %s is closed: %s', (address) => {
    expect(standingOf(address)).toBe('closed');
  });

  test.each([
    ['127.0.0.1'],
    ['127.255.255.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['::ffff:7f00:1'],
  ])('A25 %s is loopback', (address) => {
    expect(standingOf(address)).toBe('loopback');
  });

  test('A25 an IPv4 address stands the same when it is mapped into IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(standingOf(`::ffff:${address}`)).toBe(standingOf(address));
      }),
    );
  });

  test('A25 a named private network opens itself and nothing beside it', () => {
    const named = readPrivateNetworks(['10.20.0.0/16', 'fd12:3456::/32']);
    expect(standingOf('10.20.3.4', named)).toBe('named');
    expect(standingOf('::ffff:10.20.3.4', named)).toBe('named');
    expect(standingOf('fd12:3456::1', named)).toBe('named');
    expect(standingOf('10.21.0.1', named)).toBe('closed');
    expect(standingOf('fd12:3457::1', named)).toBe('closed');
    expect(standingOf('192.168.0.1', named)).toBe('closed');
  });

  test.each([
    ['0.0.0.0/0'],
    ['::/0'],
    ['10.0.0.0/7'],
    ['127.0.0.0/8'],
    ['169.254.0.0/16'],
    ['1.1.1.0/24'],
    ['fe80::/10'],
    ['::ffff:10.0.0.0/104'],
    ['10.0.0.1'],
    ['10.0.0.0/33'],
    ['intranet'],
    [''],
  ])('A25 %s cannot be named as a private network', (name) => {
    expect(() => readPrivateNetworks([name])).toThrow(RangeError);
  });
});

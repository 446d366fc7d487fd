import { describe, expect, test } from '@jest/globals';
import { addressOf, readStateUrl } from '../../adapters/redis/url.ts';

const one = { cluster: false, tls: false, nodes: [{ host: 'redis.example.vn', port: 6380 }] };

describe('the address of protocol state', () => {
  test.each([
    ['redis://redis.example.vn:6380', one],
    ['redis://redis.example.vn:6380/0', one],
    ['redis://redis.example.vn:6380/', one],
    ['rediss://redis.example.vn:6380/0', { ...one, tls: true }],
    ['rediss://redis.example.vn:6380?ca=/etc/ca.pem', { ...one, tls: true, ca: '/etc/ca.pem' }],
    ['redis://:p%40ss@redis.example.vn:6380', { ...one, password: 'p@ss' }],
    ['redis://hub:a:b@redis.example.vn:6380', { ...one, username: 'hub', password: 'a:b' }],
    ['redis://127.0.0.1', { ...one, nodes: [{ host: '127.0.0.1', port: 6379 }] }],
    ['redis://[::1]:7000', { ...one, nodes: [{ host: '::1', port: 7000 }] }],
    [
      'rediss+cluster://hub:pw@a.vn:1,b.vn:2,[::1]:3/?ca=/ca.pem',
      {
        cluster: true,
        tls: true,
        username: 'hub',
        password: 'pw',
        ca: '/ca.pem',
        nodes: [
          { host: 'a.vn', port: 1 },
          { host: 'b.vn', port: 2 },
          { host: '::1', port: 3 },
        ],
      },
    ],
  ])('C1 may be %s', (url, read) => {
    expect(readStateUrl(url)).toEqual(read);
    expect(addressOf(readStateUrl(url))).not.toMatch(/@|pw|p@ss|a:b|ca=/);
    expect(readStateUrl(addressOf(readStateUrl(url))).nodes).toEqual(read.nodes);
  });

  test.each([
    '',
    'localhost:6379',
    'http://localhost:6379',
    'REDIS://localhost:6379',
    'redis:localhost:6379',
    'redis://',
    'redis://localhost:',
    'redis://localhost:0',
    'redis://localhost:65536',
    'redis://localhost:6379/1',
    'redis://localhost:6379/0/1',
    'redis://localhost:6379#0',
    'redis://localhost:6379?db=0',
    'redis://localhost:6379?ca=/ca.pem',
    'rediss://localhost:6379?ca=ca.pem',
    'rediss://localhost:6379?ca=/a&ca=/b',
    'rediss://localhost:6379?ca=/a&other=1',
    'redis://secret@localhost:6379',
    'redis://user:@localhost:6379',
    'redis://user:secret%zz@localhost:6379',
    'redis://user:secret@user:secret@localhost:6379',
    'redis://user:secret@a:1,user:secret@b:1',
    'redis://a:1,b:2',
    'redis+cluster://a:1,,b:2',
    'redis+cluster://a:1,b:2,',
    'redis+cluster://a b:1',
    ' redis://localhost:6379',
    'redis://localhost:6379\n',
    `redis+cluster://${Array.from({ length: 33 }, (_, n) => `h${n}:1`).join(',')}`,
  ])('C1 may not be %j, and the complaint does not repeat it', (url) => {
    expect(() => readStateUrl(url)).toThrow(TypeError);
    expect(() => readStateUrl(url)).toThrow(/^(?!.*secret).*The address for protocol state|^Several hosts/);
  });
});

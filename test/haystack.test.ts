/** Owns the tests that a search which finds nothing would have found something. */
import { describe, expect, test } from '@jest/globals';
import { Haystack, spellings } from './haystack.ts';

describe('the search itself', () => {
  const filling = Buffer.from('Đây là một tệp khác. ');
  test.each([
    ['as it is', (text: string) => Buffer.from(text)],
    ['decomposed', (text: string) => Buffer.from(text.normalize('NFD'))],
    ['in capitals without marks', () => Buffer.from('TRAN THI HOA')],
    ['in UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
    ['in JSON', (text: string) => Buffer.from(JSON.stringify({ text }))],
    ['in an address', (text: string) => Buffer.from(new URLSearchParams({ text }).toString())],
    ['in hex', (text: string) => Buffer.from(Buffer.from(text).toString('hex'))],
    ['in base64', (text: string) => Buffer.from(Buffer.from(JSON.stringify({ a: text, b: 1 })).toString('base64'))],
    ['in a token', (text: string) => Buffer.from(Buffer.from(JSON.stringify({ ab: text })).toString('base64url'))],
    [
      'in a token, moved',
      (text: string) => Buffer.from(Buffer.from(JSON.stringify({ abc: text })).toString('base64url')),
    ],
  ])('finds a name %s', (_how, write) => {
    const name = 'Trần Thị Hoà';
    const haystack = new Haystack(Buffer.concat([filling, write(name), filling]));
    expect(haystack.find([name, 'Lê Văn Khác'], spellings)).toEqual([name]);
  });

  test.each([
    ['1990-03-14', '14/03/1990'],
    ['+84912000011', '0912000011'],
    ['+84912000011', '84912000011'],
  ])('finds %s as %s', (text, written) => {
    expect(new Haystack(Buffer.from(`{"a":"${written}"}`)).find([text, '2001-01-01'], spellings)).toEqual([text]);
  });
});

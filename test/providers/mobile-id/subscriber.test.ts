/** What citizens type as their phone and personal number. */
import { describe, expect, test } from '@jest/globals';
import { readSubscriber } from '../../../providers/mobile-id/subscriber.ts';
import { readPhoneNumber } from '../../../src/identity/phone-numbers.ts';

describe('a phone number', () => {
  test.each([
    '0912000011',
    '0912 000 011',
    ' 0912.000.011 ',
    '0912-000-011',
    '0912\u00a0000\u2009011',
    '+84912000011',
    '+84 912 000 011',
    '+84 (0)912 000 011',
    '(+84) 912 000 011',
    '84912000011',
    '0084 912 000 011',
    '\u202a+84912000011\u202c',
    '０９１２０００011',
    '0912–000–011',
  ])('written %j is read', (typed) => {
    expect(readPhoneNumber(typed)).toBe('+84912000011');
  });

  test.each([
    '',
    '091200001',
    '09120000110',
    '0212000011', // a landline
    '+85512000011',
    '+84 912 000 01a',
    '912000011',
    '+840084912000011',
    '0912000011;0912000012',
    '++84912000011',
    `0912000011${'0'.repeat(10_000)}`,
  ])('written %j is none', (typed) => {
    expect(readPhoneNumber(typed)).toBeUndefined();
  });

  test.each(['3', '5', '7', '8', '9'])('may begin with 0%s', (first) => {
    expect(readPhoneNumber(`0${first}12000011`)).toBe(`+84${first}12000011`);
  });
});

test('both numbers make a subscriber, and each wrong one is named', () => {
  const phone = '0912 000 011';
  const personalNumber = '097 090 000 011';
  expect(readSubscriber({ phone, personalNumber })).toEqual({
    subscriber: { phone: '+84912000011', personalNumber: '097090000011' },
    wrong: [],
  });
  expect(readSubscriber({ phone: '0912', personalNumber }).wrong).toEqual(['phone']);
  expect(readSubscriber({ phone, personalNumber: '097090' }).wrong).toEqual(['personalNumber']);
  expect(readSubscriber({ phone: '', personalNumber: '000090000011' }).wrong).toEqual(['phone', 'personalNumber']);
});

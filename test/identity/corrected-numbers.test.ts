/** A personal number that the register corrected: the same person, unless two people could be confused (rules 5 and 8). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { AttestedAttributes } from '../../src/identity/assertion.ts';
import type { RegisterAnswer } from '../../src/identity/person.ts';
import {
  AN,
  AN_CORRECTED,
  account,
  an,
  anCorrected,
  attestsAn,
  attestsBinh,
  BINH,
  binh,
  knowAn,
  refusal,
  register,
  registerOf,
} from './an-and-binh.ts';

let hub: SmallHub;
beforeEach(() => {
  hub = new SmallHub();
});

describe('a corrected personal number', () => {
  const corrected = registerOf(anCorrected, binh);
  const attestsCorrected = { ...attestsAn, personalNumber: AN_CORRECTED };

  test.each<[string, AttestedAttributes, string]>([
    ['the linked account still attests the old one', attestsAn, '1'],
    ['the linked account attests the new one', attestsCorrected, '1'],
    ['a new account attests the old one', attestsAn, '2'],
    ['a new account attests the new one', attestsCorrected, '2'],
  ])('%s: the same person, with one more anchor', (_case, attributes, subject) => {
    const person = knowAn(hub);
    expect(hub.signIn(account(attributes, subject), corrected)).toMatchObject({ outcome: 'identified', person });
    expect(Object.fromEntries(hub.anchors)).toEqual({ [AN]: person, [AN_CORRECTED]: person });
    // And from then on through either number, without being anchored again.
    expect(hub.signIn(account(attestsCorrected), corrected)).toMatchObject({ outcome: 'identified', person });
    expect(hub.signIn(account(attestsAn), corrected)).toMatchObject({ outcome: 'identified', person });
  });

  test('corrected again: the number that was attested has led here already, nothing more is asked', () => {
    const person = knowAn(hub);
    hub.signIn(account(attestsCorrected), corrected);
    hub.asked.length = 0;
    const twice = registerOf({ ...an, personalNumber: '097090000044', formerNumbers: [AN, AN_CORRECTED] });
    expect(hub.signIn(account(attestsCorrected), twice)).toMatchObject({ outcome: 'identified', person });
    expect(hub.asked).toEqual([AN_CORRECTED]);
    expect(hub.anchors.get('097090000044')).toBe(person);
  });

  test('one number given to two people: the one who got a new number does not become the other', () => {
    const person = knowAn(hub);
    const other = { ...binh, formerNumbers: [AN] };
    const doubled = (number: string): RegisterAnswer =>
      number === AN ? { kind: 'found', record: an } : { kind: 'found', record: other };
    for (const subject of ['1', '2']) {
      expect(hub.signIn(account(attestsBinh, subject), doubled)).toEqual(refusal('ambiguous'));
    }
    expect(hub.signIn(account(attestsAn), doubled)).toMatchObject({ outcome: 'identified', person });
    expect(hub.anchors.size).toBe(1);
  });

  test('the old number now leads nowhere, to several, or nowhere for now', () => {
    knowAn(hub);
    const answers: [RegisterAnswer, string][] = [
      [{ kind: 'not_found' }, 'ambiguous'],
      [{ kind: 'ambiguous' }, 'ambiguous'],
      [{ kind: 'unavailable' }, 'register_unavailable'],
    ];
    for (const [answer, reason] of answers) {
      const half = (number: string) => (number === AN ? answer : corrected(number));
      expect(hub.signIn(account(attestsCorrected), half)).toEqual(refusal(reason));
    }
  });

  test('another person is anchored at the new number: an operator decides, the other stays themselves', () => {
    const person = knowAn(hub);
    const merged = { ...binh, formerNumbers: [AN] };
    const other = hub.signIn(account(attestsBinh, '2'), register);
    expect(other.outcome).toBe('identified');
    for (const attributes of [{ ...attestsBinh, personalNumber: AN }, attestsBinh]) {
      expect(hub.signIn(account(attributes, '1'), registerOf(merged))).toEqual(refusal('ambiguous'));
    }
    const newAccount = account({ ...attestsBinh, personalNumber: AN }, '3');
    expect(hub.signIn(newAccount, registerOf(merged))).toEqual(refusal('ambiguous'));
    const again = hub.signIn(account(attestsBinh, '2'), registerOf(merged));
    expect(again).toMatchObject({ outcome: 'identified' });
    expect(again).not.toMatchObject({ person });
  });

  test('two persons at two former numbers of one record: an operator decides', () => {
    knowAn(hub);
    hub.signIn(account(attestsBinh, '2'), register);
    const merged = registerOf({ ...an, personalNumber: AN_CORRECTED, formerNumbers: [AN, BINH] });
    expect(hub.signIn(account(attestsCorrected, '3'), merged)).toEqual(refusal('ambiguous'));
    expect(hub.signIn(account(attestsAn, '1'), merged)).toEqual(refusal('ambiguous'));
  });
});

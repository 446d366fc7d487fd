/** The decision who somebody is, branch by branch, as somebody who wants to be another would try it (rules 1 and 4–7). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { AttestedAttributes } from '../../src/identity/assertion.ts';
import type { LinkState, RegisterAnswer } from '../../src/identity/person.ts';
import {
  AN,
  account,
  an,
  answering,
  attestsAn,
  attestsBinh,
  BINH,
  binh,
  knowAn,
  refusal,
  register,
  registerDown,
  registerOf,
  withoutNumber,
} from './an-and-binh.ts';
import { assertionOf } from './country.ts';

let hub: SmallHub;
beforeEach(() => {
  hub = new SmallHub();
});

describe('the anchor', () => {
  test('a new person is created, anchored, confirmed and linked, in one list', () => {
    expect(hub.signIn(account(attestsAn), register)).toEqual({
      outcome: 'identified',
      person: 'person-1',
      record: an,
      changes: [
        { type: 'person.created', person: 'person-1' },
        { type: 'anchor.added', person: 'person-1', kind: 'personal_number', value: AN },
        { type: 'person.confirmed', person: 'person-1' },
        { type: 'link.added', person: 'person-1', source: 'social-insurance', subject: '1', how: 'number' },
      ],
    });
  });

  test('a second account of the same number is linked to the same person', () => {
    const person = knowAn(hub);
    expect(hub.signIn(account(attestsAn, '2'), register)).toMatchObject({
      person,
      changes: [{ type: 'person.confirmed' }, { type: 'link.added', person, subject: '2' }],
    });
  });

  test('a linked account signs in again', () => {
    const person = knowAn(hub);
    expect(hub.signIn(account(attestsAn), register)).toMatchObject({
      person,
      changes: [{ type: 'person.confirmed' }, { type: 'link.used', person, subject: '1' }],
    });
  });

  test('a former number leads to the current one, which is the anchor', () => {
    const decision = hub.signIn(account({ ...attestsAn, personalNumber: '097000011' }), register);
    expect(decision).toMatchObject({ outcome: 'identified' });
    expect([...hub.anchors.keys()]).toEqual([AN]);
  });

  test('a former name agrees', () => {
    expect(hub.signIn(account({ ...attestsAn, name: 'Nguyễn Văn Ân' }), register).outcome).toBe('identified');
  });

  test('a certificate that carries no birth date needs none', () => {
    expect(hub.signIn(account({ name: 'Nguyễn Văn An', personalNumber: AN }), register).outcome).toBe('identified');
  });

  test.each<[string, AttestedAttributes]>([
    ['another name', { ...attestsAn, name: 'Nguyễn Văn Ẩn' }],
    ['no name', { personalNumber: AN, birthDate: '1990-03-14' }],
    ['an empty name', { ...attestsAn, name: '' }],
    ['another birth date', { ...attestsAn, birthDate: '1990-03-15' }],
    ['a birth date nobody can read', { ...attestsAn, birthDate: '14/03/1990' }],
    ['an empty birth date', { ...attestsAn, birthDate: '' }],
    ['somebody else’s number', { ...attestsBinh, personalNumber: AN }],
  ])('%s is a mismatch', (_case, attributes) => {
    expect(hub.signIn(account(attributes), register)).toEqual(refusal('identity_mismatch'));
    knowAn(hub);
    expect(hub.signIn(account(attributes, '2'), register)).toEqual(refusal('identity_mismatch'));
    expect(hub.signIn(account(attributes, '1'), register)).toEqual(refusal('identity_mismatch'));
  });

  test('a mismatch learns neither of death nor of age', () => {
    const strange = account({ ...attestsBinh, personalNumber: AN });
    for (const hidden of [{ status: 'deceased' }, { birthDate: '2020-01-01' }] as const) {
      expect(hub.signIn(strange, registerOf({ ...an, ...hidden }))).toEqual(refusal('identity_mismatch'));
    }
  });

  test('an organisation is not a person, and nothing is asked', () => {
    const company = assertionOf({ holder: 'organisation', attributes: attestsAn });
    expect(hub.signIn(company, register)).toEqual(refusal('not_a_person'));
    expect(hub.asked).toEqual([]);
  });
});

describe('the answer of the register', () => {
  test.each<[string, RegisterAnswer, string]>([
    ['nobody', { kind: 'not_found' }, 'person_not_found'],
    ['several', { kind: 'ambiguous' }, 'ambiguous'],
    [
      'a record without a personal number',
      { kind: 'found', record: { ...an, personalNumber: null } },
      'person_not_found',
    ],
    ['a record of another number', { kind: 'found', record: { ...an, personalNumber: BINH } }, 'ambiguous'],
    [
      'a number that is none',
      { kind: 'found', record: { ...an, personalNumber: '1', formerNumbers: [AN] } },
      'ambiguous',
    ],
    ['a birth date that is none', { kind: 'found', record: { ...an, birthDate: '1990-02-30' } }, 'ambiguous'],
    ['a thousand numbers', { kind: 'found', record: { ...an, formerNumbers: Array(1000).fill(BINH) } }, 'ambiguous'],
  ])('%s', (_case, answer, reason) => {
    expect(hub.signIn(account(attestsAn), () => answer)).toEqual(refusal(reason));
    expect(hub.anchors.size).toBe(0);
  });

  test('a former number must be listed in the record it leads to', () => {
    const former = account({ ...attestsAn, personalNumber: '097000099' });
    expect(hub.signIn(former, answering(an))).toEqual(refusal('ambiguous'));
  });

  test('deceased, at last', () => {
    const dead = registerOf({ ...an, status: 'deceased' });
    expect(hub.signIn(account(attestsAn), dead)).toEqual(refusal('person_deceased'));
    knowAn(hub);
    expect(hub.signIn(account(attestsAn), dead)).toEqual(refusal('person_deceased'));
  });

  test.each([
    ['2012-09-01', 'identified'],
    ['2012-09-02', 'refused'],
    ['2012-08', 'identified'],
    ['2012-09', 'refused'],
    ['2011', 'identified'],
    ['2012', 'refused'],
  ])('born %s, on 1 September 2026: %s', (birthDate, outcome) => {
    const decision = hub.signIn(account({ ...attestsAn, birthDate }), registerOf({ ...an, birthDate }));
    expect(decision.outcome).toBe(outcome);
    if (decision.outcome === 'refused') expect(decision).toEqual(refusal('guardian_required'));
  });
});

describe('no number from the source', () => {
  test.each([undefined, '', '97090000011', 'B1234567', '000000000'])('%j: a second source is needed', (number) => {
    const attributes = number === undefined ? withoutNumber : { ...withoutNumber, personalNumber: number };
    knowAn(hub);
    hub.asked.length = 0;
    expect(hub.signIn(account(attributes, '2'), register)).toEqual(refusal('needs_second_source'));
    expect(hub.asked).toEqual([]);
  });

  test('an account linked by double proof signs in through its person’s own number', () => {
    const person = knowAn(hub);
    hub.link({ source: 'social-insurance', subject: '2' }, person, 'active');
    expect(hub.signIn(account(withoutNumber, '2'), register)).toMatchObject({ outcome: 'identified', person });
    expect(hub.asked.at(-1)).toBe(AN);
  });

  test('unless it now bears another name or birth date', () => {
    hub.link({ source: 'social-insurance', subject: '2' }, knowAn(hub), 'active');
    for (const other of [{ name: 'Lê Thị Bình' }, { birthDate: '1990-03-15' }]) {
      expect(hub.signIn(account({ ...withoutNumber, ...other }, '2'), register)).toEqual(refusal('identity_mismatch'));
    }
  });

  test('a phone that went to a namesake, with a certificate that carries a name alone, is not enough', () => {
    hub.link({ source: 'mobile-id', subject: '+84912000011' }, knowAn(hub), 'active');
    const namesake = assertionOf({
      source: 'mobile-id',
      subject: '+84912000011',
      attributes: { name: 'Nguyễn Văn An' },
    });
    expect(hub.signIn(namesake, register)).toEqual(refusal('needs_second_source'));
  });

  test('a person nobody anchored waits for double proof', () => {
    hub.link({ source: 'social-insurance', subject: '2' }, 'unanchored', 'active');
    expect(hub.signIn(account(withoutNumber, '2'), register)).toEqual(refusal('needs_second_source'));
    expect(hub.signIn(account(attestsAn, '2'), register)).toEqual(refusal('needs_second_source'));
  });
});

describe('an account that changes hands', () => {
  const frozen = (person: string) =>
    refusal('account_changed', [{ type: 'link.frozen', person, source: 'social-insurance', subject: '1' }]);

  test('freezes, whether the hub knows its new holder or not, and stays frozen for both', () => {
    for (const bothKnown of [false, true]) {
      hub = new SmallHub();
      const person = knowAn(hub);
      if (bothKnown) hub.signIn(account(attestsBinh, '2'), register);
      expect(hub.signIn(account(attestsBinh), register)).toEqual(frozen(person));
      expect(hub.signIn(account(attestsBinh), register)).toEqual(refusal('account_changed'));
      expect(hub.signIn(account(attestsAn), register)).toEqual(refusal('account_changed'));
      expect(hub.signIn(account(attestsAn), registerDown)).toEqual(refusal('register_unavailable'));
      expect(hub.signIn(account(attestsAn, '3'), register)).toMatchObject({ outcome: 'identified', person });
    }
  });

  test('freezes too when the new holder is dead or a child, without saying so', () => {
    const person = knowAn(hub);
    const dead = registerOf(an, { ...binh, status: 'deceased' });
    expect(hub.signIn(account(attestsBinh), dead)).toEqual(frozen(person));
  });

  test.each<LinkState>(['unlinked', 'blocked'])('%s: never back by a number, and nothing is asked', (state) => {
    hub.link({ source: 'social-insurance', subject: '1' }, knowAn(hub), state);
    hub.asked.length = 0;
    for (const attributes of [attestsAn, attestsBinh, withoutNumber]) {
      for (const answer of [register, registerDown]) {
        expect(hub.signIn(account(attributes), answer)).toEqual(refusal('needs_second_source'));
      }
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('the register is down', () => {
  test('who is linked and attests their own number signs in, with nothing from the register', () => {
    const person = knowAn(hub);
    expect(hub.signIn(account(attestsAn), registerDown)).toEqual({
      outcome: 'identified',
      person,
      record: null,
      changes: [{ type: 'link.used', person, source: 'social-insurance', subject: '1' }],
    });
  });

  test.each<[string, AttestedAttributes, string]>([
    ['a new account', attestsAn, '2'],
    ['another number', attestsBinh, '1'],
    ['a former number, which only the register can map', { ...attestsAn, personalNumber: '097000011' }, '1'],
    ['no number', withoutNumber, '1'],
  ])('%s waits', (_case, attributes, subject) => {
    knowAn(hub);
    expect(hub.signIn(account(attributes, subject), registerDown)).toEqual(refusal('register_unavailable'));
  });
});

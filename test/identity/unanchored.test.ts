/** People whom no number anchors yet: two accounts proved together, and what becomes of them (rule 4). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import { levelOfUnanchored } from '../../src/identity/assurance.ts';
import type { Identification, PersonId } from '../../src/identity/person.ts';
import { AN, an, attestsAn, attestsBinh, refusal, register, registerOf, withoutNumber } from './an-and-binh.ts';
import { insurance, kept, personOf, prove, taxAccount, together } from './two-proofs.ts';

const tax = taxAccount();
const numberless = insurance(withoutNumber);
const card = { ...insurance(attestsAn, 'public:1'), source: 'digital-signature', acr: 'loa4' as const };

let hub: SmallHub;
let person: PersonId;
let created: Identification;
beforeEach(() => {
  hub = new SmallHub();
  created = together(hub, tax, numberless);
  person = personOf(created);
});

describe('two accounts without a number', () => {
  test('make a person, with no anchor and nothing confirmed by a register', () => {
    expect(created).toEqual({
      outcome: 'identified',
      person,
      record: null,
      changes: [
        { type: 'person.created', person },
        { type: 'link.added', person, source: 'tax-code', subject: '8000000011', how: 'double_proof' },
        { type: 'link.added', person, source: 'social-insurance', subject: '9700000011', how: 'double_proof' },
      ],
    });
    expect(hub.asked).toEqual([]);
  });

  test('proved together again, in either order, are the same person', () => {
    for (const [first, second] of [
      [tax, numberless],
      [numberless, tax],
    ] as const) {
      expect(together(hub, first, second)).toMatchObject({
        outcome: 'identified',
        person,
        record: null,
        changes: [{ type: 'link.used' }, { type: 'link.used' }],
      });
    }
  });

  test('give at most loa2, and no more than the stronger of the two', () => {
    expect(levelOfUnanchored('loa1', 'loa1')).toBe('loa1');
    expect(levelOfUnanchored('loa1', 'loa2')).toBe('loa2');
    expect(levelOfUnanchored('loa4', 'loa3')).toBe('loa2');
  });

  test('of a child: a guardian is needed', () => {
    const child = { name: 'Nguyễn Văn An', birthDate: '2015-01-01' };
    const first = taxAccount(child, '8000000999');
    expect(together(hub, first, insurance(child, '9700000999'))).toEqual(refusal('guardian_required'));
    // Nor with a setting raised since, or a birth date that was corrected.
    hub.today = '2004-03-13';
    expect(together(hub, tax, numberless)).toEqual(refusal('guardian_required'));
  });

  test('must agree', () => {
    const first = taxAccount(withoutNumber, '8000000999');
    for (const other of [{ name: 'Nguyễn Văn Ân' }, { birthDate: '1990-03-15' }]) {
      const second = insurance({ ...withoutNumber, ...other }, '9700000999');
      expect(together(hub, first, second)).toEqual(refusal('identity_mismatch'));
    }
  });
});

describe('nobody becomes an unanchored person by one of their accounts', () => {
  // The phone or account went to a namesake with the same birthday, or its password was stolen; no register would notice.
  test('B19 alone', () => {
    for (const one of [tax, numberless, taxAccount(attestsAn), taxAccount(attestsBinh)]) {
      expect(hub.signIn(one, register)).toEqual(refusal('needs_second_source'));
    }
  });

  test('B19 with another account that has no number', () => {
    const unchanged = kept(hub);
    const another = insurance(withoutNumber, '9700000777');
    expect(together(hub, tax, another)).toEqual(refusal('needs_second_source'));
    expect(together(hub, taxAccount(withoutNumber, '8000000777'), numberless)).toEqual(refusal('needs_second_source'));
    expect(kept(hub)).toEqual(unchanged);
  });

  test('B19 with another account that has a number', () => {
    const unchanged = kept(hub);
    expect(together(hub, tax, card)).toEqual(refusal('needs_second_source'));
    expect(together(hub, taxAccount(withoutNumber, '8000000777'), insurance())).toEqual(refusal('needs_second_source'));
    expect(kept(hub)).toEqual(unchanged);
  });

  test('B19 with one account of each of two such persons', () => {
    const other = together(hub, taxAccount(withoutNumber, '8000000777'), insurance(withoutNumber, '9700000777'));
    expect(personOf(other)).not.toBe(person);
    expect(together(hub, tax, insurance(withoutNumber, '9700000777'))).toEqual(refusal('needs_second_source'));
    expect(together(hub, tax, insurance(attestsAn, '9700000777'))).toEqual(refusal('needs_second_source'));
  });

  test('B19 with an account that once was theirs', () => {
    hub.link(numberless, person, 'unlinked');
    expect(together(hub, tax, numberless)).toEqual(refusal('needs_second_source'));
    expect(together(hub, numberless, tax)).toEqual(refusal('needs_second_source'));
  });
});

describe('the first number', () => {
  test.each([
    ['the second of the two has got it', tax, insurance()],
    ['the first of the two has got it', insurance(), tax],
    ['the weaker of the two has got it', taxAccount(attestsAn), numberless],
    ['both have got it', taxAccount(attestsAn), insurance()],
  ])('%s: the person is anchored and stays who they are, and each account is enough from then on', (_case, first, second) => {
    const anchored = together(hub, first, second);
    expect(anchored).toMatchObject({ outcome: 'identified', person, record: an });
    expect(anchored.changes).toContainEqual({ type: 'anchor.added', person, kind: 'personal_number', value: AN });
    for (const one of [first, second]) expect(hub.signIn(one, register)).toMatchObject({ person, record: an });
  });

  test('comes with a third source, in the browser in which two of theirs were proved', () => {
    const signedIn = together(hub, tax, numberless);
    const pending = hub.leavePending(numberless, signedIn, person);
    expect(hub.proveSecond(pending, card, register)).toMatchObject({ outcome: 'identified', person, record: an });
    expect(hub.signIn(card, register)).toMatchObject({ person });
    expect(hub.signIn(tax, register)).toMatchObject({ person });
  });

  test('but not from a third source that bears another name or birthday', () => {
    const pending = hub.leavePending(numberless, created, person);
    const stranger = { ...card, attributes: attestsBinh };
    expect(hub.proveSecond(pending, stranger, register)).toEqual(refusal('identity_mismatch'));
    expect(hub.anchors.size).toBe(0);
  });

  test('nor from one that belongs to another person nobody anchored yet', () => {
    const other = together(hub, taxAccount(withoutNumber, '8000000777'), { ...card, attributes: withoutNumber });
    const pending = hub.leavePending(numberless, created, person);
    const unchanged = kept(hub);
    expect(hub.proveSecond(pending, card, register)).toEqual(refusal('needs_second_source'));
    expect(personOf(other)).not.toBe(person);
    expect(kept(hub)).toEqual(unchanged);
  });

  test('is somebody’s already: two persons for one human, an operator decides, nothing merges', () => {
    const known = personOf(hub.signIn(card, register));
    expect(known).not.toBe(person);
    const unchanged = kept(hub);
    expect(together(hub, tax, insurance())).toEqual(refusal('ambiguous'));
    expect(together(hub, tax, card)).toEqual(refusal('ambiguous'));
    expect(hub.proveSecond(hub.leavePending(numberless, created, person), card, register)).toEqual(
      refusal('ambiguous'),
    );
    expect(kept(hub)).toEqual(unchanged);
  });

  test('two accounts of theirs that attest two people anchor nobody', () => {
    const both = registerOf(an, { ...an, personalNumber: '097090000077', formerNumbers: [] });
    const second = insurance({ ...attestsAn, personalNumber: '097090000077' });
    expect(together(hub, taxAccount(attestsAn), second, both)).toEqual(refusal('identity_mismatch'));
    expect(together(hub, tax, insurance(attestsBinh))).toEqual(refusal('identity_mismatch'));
    expect(hub.anchors.size).toBe(0);
  });

  test('of a proof that speaks for a person who is anchored by now: it says nothing more', () => {
    const pending = prove(hub, tax);
    together(hub, tax, insurance());
    expect(hub.proveSecond({ ...pending, provedAs: person }, card, register)).toMatchObject({ person });
  });
});

/** Double proof as honest people use it, and what it asks of both accounts (rule 4). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { AttestedAttributes } from '../../src/identity/assertion.ts';
import { isOpenToDoubleProof, isUsable, type PendingProof, PROOF_LIFETIME } from '../../src/identity/double-proof.ts';
import { IDENTITY_REFUSALS, type RegisterAnswer } from '../../src/identity/person.ts';
import {
  AN,
  AN_CORRECTED,
  an,
  anCorrected,
  attestsAn,
  attestsBinh,
  refusal,
  register,
  registerDown,
  registerOf,
  withoutNumber,
} from './an-and-binh.ts';
import { insurance, kept, personOf, prove, taxAccount, together } from './two-proofs.ts';

let hub: SmallHub;
beforeEach(() => {
  hub = new SmallHub();
});

describe('an account without a number, and one with', () => {
  test('the first comes to the person of the second, in one list of changes', () => {
    expect(hub.signIn(taxAccount(), register)).toEqual(refusal('needs_second_source'));
    const decision = together(hub, taxAccount(), insurance());
    const person = personOf(decision);
    expect(decision).toEqual({
      outcome: 'identified',
      person,
      record: an,
      changes: [
        { type: 'person.created', person },
        { type: 'anchor.added', person, kind: 'personal_number', value: AN },
        { type: 'person.confirmed', person },
        { type: 'link.added', person, source: 'social-insurance', subject: '9700000011', how: 'number' },
        { type: 'link.added', person, source: 'tax-code', subject: '8000000011', how: 'double_proof' },
      ],
    });
    expect(hub.signIn(taxAccount(), register)).toMatchObject({ outcome: 'identified', person, record: an });
  });

  test('also when the person is known, and when they have linked it meanwhile', () => {
    const person = personOf(hub.signIn(insurance(), register));
    const pending = prove(hub, taxAccount());
    expect(hub.proveSecond(pending, insurance(), register)).toMatchObject({ person });
    const again = { ...pending, link: hub.links.get('tax-code 8000000011')! };
    expect(hub.proveSecond(again, insurance(), register)).toMatchObject({
      person,
      changes: [{ type: 'person.confirmed' }, { type: 'link.used' }, { type: 'link.used', subject: '8000000011' }],
    });
  });

  test('after a number was corrected: the same person', () => {
    const person = personOf(hub.signIn(insurance(), register));
    expect(together(hub, taxAccount(), insurance(), registerOf(anCorrected))).toMatchObject({ person });
    expect(hub.anchors.get(AN_CORRECTED)).toBe(person);
  });

  test('both attest a number, a former one too, which the register leads to one record', () => {
    hub.link(taxAccount(), 'somebody', 'frozen');
    const former = taxAccount({ ...attestsAn, personalNumber: '097000011' });
    const pending = { ...prove(hub, taxAccount()), assertion: former };
    expect(hub.proveSecond(pending, insurance(), register)).toMatchObject({ outcome: 'identified', record: an });
    expect(hub.asked).toEqual([AN, '097000011']);
  });
});

describe('what is asked of the two', () => {
  const noName = { birthDate: '1990-03-14' };
  const noBirthDate = { name: 'Nguyễn Văn An' };
  test.each<[string, AttestedAttributes, AttestedAttributes, string]>([
    ['the first bears no name', noName, attestsAn, 'needs_second_source'],
    ['the first bears no birth date', noBirthDate, attestsAn, 'needs_second_source'],
    ['the second bears no name', withoutNumber, { ...noName, personalNumber: AN }, 'needs_second_source'],
    ['the second bears no birth date', withoutNumber, { ...noBirthDate, personalNumber: AN }, 'needs_second_source'],
    ['the names differ', { ...withoutNumber, name: 'Nguyễn Văn Ẩn' }, attestsAn, 'identity_mismatch'],
    ['the names differ, one a former one', { ...withoutNumber, name: 'Nguyễn Văn Ân' }, attestsAn, 'identified'],
    ['a former name, fully written', withoutNumber, { ...attestsAn, name: 'Nguyễn Văn Ân' }, 'identity_mismatch'],
    ['the birth dates differ', { ...withoutNumber, birthDate: '1990-03-15' }, attestsAn, 'identity_mismatch'],
    ['a birth date known to the year', { ...withoutNumber, birthDate: '1990' }, attestsAn, 'identified'],
    ['empty texts', { name: '', birthDate: '' }, { ...attestsAn, name: '', birthDate: '' }, 'identity_mismatch'],
    ['two people', withoutNumber, attestsBinh, 'identity_mismatch'],
    [
      'the second attests a number of another name',
      withoutNumber,
      { ...withoutNumber, personalNumber: attestsBinh.personalNumber! },
      'identity_mismatch',
    ],
    [
      'the second attests a number nobody has',
      withoutNumber,
      { ...withoutNumber, personalNumber: AN_CORRECTED },
      'person_not_found',
    ],
  ])('%s', (_case, first, second, outcome) => {
    const before = kept(hub);
    const decision = together(hub, taxAccount(first), insurance(second));
    if (outcome === 'identified') return expect(decision.outcome).toBe('identified');
    expect(decision).toEqual(refusal(outcome));
    expect(kept(hub)).toEqual(before);
  });

  test('without birth dates, where both attest a number that leads to one record, and only there', () => {
    const certificate = { name: 'Nguyễn Văn An', personalNumber: AN };
    const phone = { ...insurance(certificate, '+84912000011'), source: 'mobile-id', acr: 'loa3' as const };
    hub.link(phone, 'former holder', 'frozen');
    const card = { ...insurance(certificate, 'public:1'), source: 'digital-signature', acr: 'loa4' as const };
    expect(together(hub, phone, card)).toMatchObject({ outcome: 'identified', record: an });
    expect(together(hub, taxAccount(), card)).toEqual(refusal('needs_second_source'));
    hub.link(phone, 'former holder', 'frozen');
    const another = { ...card, attributes: { ...attestsBinh, name: 'Nguyễn Văn An' } };
    const namesakes = registerOf(an, { ...an, personalNumber: attestsBinh.personalNumber!, formerNumbers: [] });
    expect(together(hub, phone, { ...another, subject: 'public:2' }, namesakes)).toEqual(refusal('identity_mismatch'));
  });

  test('the first attests a number the register cannot lead anywhere: nothing is linked', () => {
    hub.link(taxAccount(), 'former holder', 'frozen');
    const former = taxAccount({ ...attestsAn, personalNumber: '097000099' });
    const answers: [RegisterAnswer, string][] = [
      [{ kind: 'found', record: an }, 'ambiguous'],
      [{ kind: 'ambiguous' }, 'ambiguous'],
      [{ kind: 'not_found' }, 'person_not_found'],
      [{ kind: 'unavailable' }, 'register_unavailable'],
    ];
    for (const [answer, reason] of answers) {
      const pending = { ...prove(hub, taxAccount()), assertion: former };
      const ask = (number: string) => (number === AN ? register(AN) : answer);
      expect(hub.proveSecond(pending, insurance(), ask)).toEqual(refusal(reason));
    }
  });

  test('two that disagree ask nothing of the register', () => {
    together(hub, taxAccount(), insurance(attestsBinh));
    expect(hub.asked).toEqual([]);
  });

  test('each agrees with the other and one not with the register', () => {
    const first = taxAccount({ ...withoutNumber, name: 'NGUYEN VAN AN', birthDate: '1990-03-14' });
    const known = registerOf({ ...an, birthDate: '1990-03' });
    expect(together(hub, first, insurance({ ...attestsAn, birthDate: '1990' }), known).outcome).toBe('identified');
    const another = registerOf({ ...an, birthDate: '1990-04' });
    const yearOnly = insurance({ ...attestsAn, birthDate: '1990' });
    expect(together(new SmallHub(), first, yearOnly, another)).toEqual(refusal('identity_mismatch'));
    const marked = taxAccount({ ...withoutNumber, name: 'Nguyễn Vân An' });
    expect(together(new SmallHub(), marked, insurance())).toEqual(refusal('identity_mismatch'));
  });

  test('the second stands at loa2 or higher, is of another source, and is a person', () => {
    const weak = { ...insurance(), acr: 'loa1' as const };
    expect(together(hub, taxAccount(), weak)).toEqual(refusal('needs_second_source'));
    const sameSource = insurance(withoutNumber, '9700000099');
    expect(together(hub, sameSource, insurance())).toEqual(refusal('needs_second_source'));
    const company = { ...insurance(), holder: 'organisation' as const };
    expect(together(hub, taxAccount(), company)).toEqual(refusal('not_a_person'));
    const pending = { ...prove(hub, taxAccount()), assertion: { ...taxAccount(), holder: 'organisation' as const } };
    expect(hub.proveSecond(pending, insurance(), register)).toEqual(refusal('not_a_person'));
    expect(hub.links.size).toBe(0);
  });

  test.each<[string, RegisterAnswer, string]>([
    ['down', { kind: 'unavailable' }, 'register_unavailable'],
    ['several', { kind: 'ambiguous' }, 'ambiguous'],
    ['deceased', { kind: 'found', record: { ...an, status: 'deceased' } }, 'person_deceased'],
    ['a child', { kind: 'found', record: { ...an, birthDate: '1990-03' } }, 'guardian_required'],
  ])('the second is identified by the ordinary rules: %s', (_case, answer, reason) => {
    if (reason === 'guardian_required') hub.today = '2003-01-01';
    expect(together(hub, taxAccount(), insurance(), () => answer)).toEqual(refusal(reason));
  });

  test('the register is down: who is known signs in with the second alone, and nothing is linked', () => {
    hub.signIn(insurance(), register);
    expect(together(hub, taxAccount(), insurance(), registerDown)).toEqual(refusal('register_unavailable'));
    expect(hub.signIn(insurance(), registerDown).outcome).toBe('identified');
  });
});

describe('a pending proof', () => {
  const pending: PendingProof = { assertion: taxAccount(), provedAt: 1000, link: null };

  test('is usable for ten minutes, and never before it was given', () => {
    expect(isUsable(pending, 1000, undefined)).toBe(true);
    expect(isUsable(pending, 1000 + PROOF_LIFETIME - 1, undefined)).toBe(true);
    expect(isUsable(pending, 1000 + PROOF_LIFETIME, undefined)).toBe(false);
    expect(isUsable(pending, 999, undefined)).toBe(false);
    expect(isUsable(pending, Number.NaN, undefined)).toBe(false);
  });

  test('B19 is gone when its account came to another person, or its link to another state', () => {
    const linked: PendingProof = { ...pending, link: { person: 'one', state: 'frozen' } };
    expect(isUsable(linked, 1000, { person: 'one', state: 'frozen' })).toBe(true);
    expect(isUsable(linked, 1000, { person: 'other', state: 'frozen' })).toBe(false);
    for (const state of ['active', 'unlinked', 'blocked'] as const) {
      expect(isUsable(linked, 1000, { person: 'one', state })).toBe(false);
    }
    expect(isUsable(linked, 1000, undefined)).toBe(false);
    expect(isUsable(pending, 1000, { person: 'one', state: 'active' })).toBe(false);
  });

  test('is opened by what a second source can overcome', () => {
    expect(IDENTITY_REFUSALS.filter(isOpenToDoubleProof)).toEqual(['needs_second_source', 'account_changed']);
  });
});

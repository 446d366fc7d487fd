/**
 * Double proof as somebody tries it who wants to be An: a namesake of his with the same birthday, with accounts of their
 * own that bear An's name, with An's stolen accounts, and with An himself lured to their browser.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import { PROOF_LIFETIME } from '../../src/identity/double-proof.ts';
import type { LinkState, PersonId } from '../../src/identity/person.ts';
import {
  AN,
  an,
  attestsAn,
  attestsBinh,
  BINH,
  binh,
  refusal,
  register,
  registerOf,
  withoutNumber,
} from './an-and-binh.ts';
import { insurance, kept, personOf, prove, taxAccount, together } from './two-proofs.ts';

/** The attacker: another number, and in every other respect An. */
const NAMESAKE = '097090000077';
const namesake = { ...an, personalNumber: NAMESAKE, formerNumbers: [], formerNames: [] };
const attestsNamesake = { ...attestsAn, personalNumber: NAMESAKE };
const both = registerOf(an, binh, namesake);

const attackersTax = taxAccount(withoutNumber, '8000000777');
const attackersInsurance = insurance(attestsNamesake, '9700000777');

let hub: SmallHub;
let victim: PersonId;
beforeEach(() => {
  hub = new SmallHub();
  victim = personOf(hub.signIn(insurance(), both));
});

describe('a numberless account of an attacker never reaches a victim', () => {
  test('B19 alone it reaches nobody, however often', () => {
    for (let tries = 0; tries < 3; tries++) {
      expect(hub.signIn(attackersTax, both)).toEqual(refusal('needs_second_source'));
    }
  });

  test('B19 with the attacker’s own second account it reaches the attacker', () => {
    const decision = together(hub, attackersTax, attackersInsurance, both);
    expect(decision).toMatchObject({ outcome: 'identified', record: { personalNumber: NAMESAKE } });
    expect(personOf(decision)).not.toBe(victim);
    expect(hub.signIn(attackersTax, both)).toMatchObject({ person: personOf(decision) });
  });

  test('B19 with a second account of the attacker under another name it reaches nobody', () => {
    const before = kept(hub);
    expect(together(hub, attackersTax, insurance(attestsBinh, '9700000777'), both)).toEqual(
      refusal('identity_mismatch'),
    );
    expect(kept(hub)).toEqual(before);
  });

  test('B19 a second account without a number does not stand for its person, not even when it is linked to them', () => {
    hub.link({ source: 'mobile-id', subject: '+84912000011' }, victim, 'active');
    const numberless = {
      ...insurance(withoutNumber),
      source: 'mobile-id',
      subject: '+84912000011',
      acr: 'loa3' as const,
    };
    expect(hub.signIn(numberless, both)).toMatchObject({ person: victim });
    expect(together(hub, attackersTax, numberless, both)).toEqual(refusal('needs_second_source'));
  });

  test('B19 the victim, lured, whose name or birthday is not the account’s: nothing is linked', () => {
    for (const other of [{ name: 'Trần Văn An' }, { birthDate: '1990-03-15' }]) {
      const bait = taxAccount({ ...withoutNumber, ...other }, '8000000777');
      expect(together(hub, bait, insurance(), both)).toEqual(refusal('identity_mismatch'));
    }
    expect(hub.links.has('tax-code 8000000777')).toBe(false);
  });

  test('B19 the victim proved themselves before, not after: a session left running is no second proof', () => {
    const pending = prove(hub, attackersTax, both);
    const earlier = { ...insurance(), authTime: pending.provedAt / 1000 - 61 };
    expect(hub.proveSecond(pending, earlier, both)).toEqual(refusal('needs_second_source'));
  });

  test('B19 the victim comes to the attacker’s browser after ten minutes', () => {
    const pending = prove(hub, attackersTax, both);
    hub.now += PROOF_LIFETIME;
    const later = { ...insurance(), authTime: hub.now / 1000 };
    expect(hub.proveSecond(pending, later, both)).toEqual(refusal('needs_second_source'));
  });

  test('B19 somebody else than was shown on the page comes back: nothing is linked', () => {
    const pending = prove(hub, attackersTax, both);
    const attacker = personOf(hub.signIn(attackersInsurance, both));
    expect(hub.proveSecond(pending, insurance(), both, attacker)).toEqual(refusal('needs_second_source'));
    expect(hub.proveSecond(pending, attackersInsurance, both, attacker)).toMatchObject({ person: attacker });
  });

  test('B19 once it is the attacker’s, the victim’s proof does not make it the victim’s: it freezes', () => {
    const attacker = personOf(together(hub, attackersTax, attackersInsurance, both));
    const pending = { ...prove(hub, taxAccount(withoutNumber, '8000000700'), both), assertion: attackersTax };
    const current = { ...pending, link: hub.links.get('tax-code 8000000777')! };
    expect(hub.proveSecond(current, insurance(), both)).toEqual(
      refusal('account_changed', [
        { type: 'link.frozen', person: attacker, source: 'tax-code', subject: '8000000777' },
      ]),
    );
    expect(hub.signIn(attackersTax, both)).not.toMatchObject({ outcome: 'identified' });
  });

  test('B19 an account that attests the attacker’s number does not come to the victim, agreeing or not', () => {
    hub.link(attackersTax, 'former holder', 'unlinked');
    const numbered = taxAccount(attestsNamesake, '8000000777');
    expect(together(hub, numbered, insurance(), both)).toEqual(refusal('identity_mismatch'));
    expect(together(hub, numbered, insurance(), registerOf(an))).toEqual(refusal('person_not_found'));
    // A register that counts both numbers to both of them confuses two people; the hub does not.
    const confused = registerOf(an, { ...namesake, formerNumbers: [AN] });
    expect(together(hub, numbered, insurance(), confused)).toEqual(refusal('ambiguous'));
  });

  test('B19 a second account of the victim’s that changed hands freezes, and links nothing', () => {
    const stolen = insurance(attestsNamesake);
    expect(together(hub, attackersTax, stolen, both)).toEqual(
      refusal('account_changed', [
        { type: 'link.frozen', person: victim, source: 'social-insurance', subject: '9700000011' },
      ]),
    );
    expect(hub.links.has('tax-code 8000000777')).toBe(false);
  });
});

describe('a proof is gone once its account was linked or unlinked', () => {
  test('B19 linked: a second proof of it, from another browser, is no longer one', () => {
    const [one, other] = [prove(hub, taxAccount(), both), prove(hub, taxAccount(), both)];
    expect(hub.proveSecond(one, insurance(), both)).toMatchObject({ person: victim });
    expect(hub.proveSecond(other, insurance(), both)).toEqual(refusal('needs_second_source'));
    expect(hub.proveSecond(one, insurance(), both)).toEqual(refusal('needs_second_source'));
  });

  test('B19 unlinked: what was proved before does not bring it back', () => {
    const pending = prove(hub, taxAccount(), both);
    hub.link(taxAccount(), victim, 'unlinked');
    expect(hub.proveSecond(pending, insurance(), both)).toEqual(refusal('needs_second_source'));
    expect(hub.links.get('tax-code 8000000011')).toEqual({ person: victim, state: 'unlinked' });
  });
});

describe('a tombstone, and a frozen link, do not come back by themselves', () => {
  const states: LinkState[] = ['unlinked', 'blocked', 'frozen'];

  test.each(states)('B20 %s: its owner brings it back', (state) => {
    hub.link(taxAccount(), victim, state);
    expect(hub.signIn(taxAccount(), both)).toMatchObject({ outcome: 'refused' });
    expect(together(hub, taxAccount(), insurance(), both)).toMatchObject({ outcome: 'identified', person: victim });
    expect(hub.links.get('tax-code 8000000011')).toEqual({ person: victim, state: 'active' });
  });

  test.each(states)('B20 %s: its new holder gets it for themselves, not the former holder’s person', (state) => {
    hub.link(taxAccount(), victim, state);
    const holder = taxAccount({ ...attestsBinh }, '8000000011');
    const decision = together(hub, holder, insurance(attestsBinh, '9700000022'), both);
    expect(decision).toMatchObject({ outcome: 'identified', record: { personalNumber: BINH } });
    expect(hub.links.get('tax-code 8000000011')).toEqual({ person: personOf(decision), state: 'active' });
    expect(personOf(decision)).not.toBe(victim);
  });

  test.each(states)('B20 %s: not by a second account without a number, whoever holds both', (state) => {
    hub.link(taxAccount(), victim, state);
    const numberless = insurance(withoutNumber, '9700000777');
    expect(together(hub, taxAccount(), numberless, both)).toEqual(refusal('needs_second_source'));
    hub.link(numberless, victim, state);
    expect(together(hub, attackersTax, numberless, both)).toEqual(refusal('needs_second_source'));
  });

  test('B20 a recycled SIM: frozen at its new holder’s first try, theirs after double proof, never the former holder’s', () => {
    // A certificate bears no birth date.
    const sim = ({ birthDate: _, ...attributes } = attestsBinh) => {
      return { ...insurance(attributes, '+84912000131'), source: 'mobile-id', acr: 'loa3' as const };
    };
    hub.signIn(sim(attestsAn), both);
    expect(hub.signIn(sim(), both)).toMatchObject({ reason: 'account_changed' });
    const regained = together(hub, sim(), insurance(attestsBinh, '9700000022'), both);
    expect(hub.signIn(sim(), both)).toMatchObject({ outcome: 'identified', person: personOf(regained) });
    expect(hub.signIn(sim(attestsAn), both)).toMatchObject({ reason: 'account_changed' });
    expect(personOf(hub.signIn(insurance(), both))).toBe(victim);
  });

  test('B20 two persons of one record: an operator decides', () => {
    const other = personOf(hub.signIn(insurance(attestsBinh, '9700000022'), both));
    hub.link(taxAccount(), other, 'active');
    const merged = registerOf({ ...an, formerNumbers: [BINH] });
    const pending = { ...prove(hub, attackersTax, both), assertion: taxAccount() };
    const current = { ...pending, link: { person: other, state: 'active' as const } };
    expect(hub.proveSecond(current, insurance(), merged)).toEqual(refusal('ambiguous'));
  });
});

test('the register of these tests is the one of the others with a namesake', () => {
  expect(both(AN)).toEqual(register(AN));
});

/** Owns what the tests of double proof share: accounts of An without and with his number, and two proofs in a row. */
import type { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { Assertion, AttestedAttributes } from '../../src/identity/assertion.ts';
import type { PendingProof } from '../../src/identity/double-proof.ts';
import type { Identification, PersonId } from '../../src/identity/person.ts';
import { attestsAn, register, withoutNumber } from './an-and-binh.ts';
import { assertionOf } from './country.ts';

/** Everything is proved a moment after the hub's clock begins, unless a test says otherwise. */
const AUTH_TIME = 1_790_000_000;

export function taxAccount(attributes: AttestedAttributes = withoutNumber, subject = '8000000011'): Assertion {
  return assertionOf({ source: 'tax-code', subject, acr: 'loa1', attributes, authTime: AUTH_TIME });
}

export function insurance(attributes: AttestedAttributes = attestsAn, subject = '9700000011'): Assertion {
  return assertionOf({ source: 'social-insurance', subject, acr: 'loa2', attributes, authTime: AUTH_TIME });
}

/** Tries one account alone, as everybody has to, and leaves its proof pending. */
export function prove(hub: SmallHub, first: Assertion, ask = register): PendingProof {
  return hub.leavePending(first, hub.signIn(first, ask));
}

/** One account, then the page "add a way to sign in", then another. */
export function together(hub: SmallHub, first: Assertion, second: Assertion, ask = register): Identification {
  return hub.proveSecond(prove(hub, first, ask), second, ask);
}

export function personOf(decision: Identification): PersonId {
  if (decision.outcome !== 'identified') throw new Error(decision.reason);
  return decision.person;
}

/** What the hub keeps, to be compared before and after. */
export function kept({ anchors, links }: SmallHub): unknown {
  return { anchors: Object.fromEntries(anchors), links: Object.fromEntries(links) };
}

/** Owns the receipts of a person's own consents: from what the hub keeps to the signed document that they take with them. */
import type { Localised } from '../../../views/pages.ts';
import type { ClientRegistration, Clients } from '../../clients.ts';
import { ITEMS } from '../../consent/items.ts';
import { termsVersion } from '../../consent/terms.ts';
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import { claimNamesOfItem } from '../../oidc/claims.ts';
import { CITIZEN, isOwnClient } from '../../own-pages/own-page.ts';
import type { OwnConsent, Store } from '../../store.ts';
import type { Keys } from '../../vault/keys.ts';
import type { Download } from '../rooms.ts';
import { type HubFacts, type ReceiptFacts, type SignedReceipt, signReceipt } from './receipts.ts';
import type { RecordKeys } from './record-keys.ts';

export interface ReceiptsParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly keys: Pick<Keys, 'signing'>;
  readonly recordKeys: RecordKeys;
  readonly issuer: string;
  /** As it is dialled. */
  readonly hotline: string;
  readonly clock: () => number;
}

const CLAIMS = Object.fromEntries(ITEMS.map((item) => [item, claimNamesOfItem(item)]));

export class Receipts {
  readonly #parts: ReceiptsParts;

  constructor(parts: ReceiptsParts) {
    this.#parts = parts;
  }

  /** The receipt of one consent as a file. Throws `Refusal` `not_found` for whatever is none of the person's consents. */
  async take(person: PersonId, consent: string): Promise<Download> {
    const { store, clock } = this.#parts;
    const [consents, subjects] = await Promise.all([store.consents.of(person), store.people.subjectsOf(person)]);
    const own = consents.find(({ id, client }) => id === consent && !isOwnClient(client));
    const signed = own && (await this.sign(own, subjects));
    if (own === undefined || signed === undefined) throw new Refusal('not_found');
    await store.journal.record([entry(clock(), { type: 'receipt_taken', client: own.client }, person)]);
    return { type: 'application/jose', name: `${own.client}-${signed.receipt.receipt_id}.jws`, body: signed.jws };
  }

  /**
   * The receipt of a consent, for a person whom sectors know by these subjects. `undefined` where nobody knows any more which
   * sector it was: the consent is older than its terms, and the registration is gone.
   */
  async sign(consent: OwnConsent, subjects: ReadonlyMap<string, string>): Promise<SignedReceipt | undefined> {
    const { clients, keys, recordKeys, clock } = this.#parts;
    const facts = factsOf(consent, clients.get(consent.client), subjects, this.#hub);
    if (facts === undefined) return undefined;
    await recordKeys.published();
    return signReceipt(facts, clock(), keys);
  }

  get #hub(): HubFacts {
    const { issuer, hotline } = this.#parts;
    return { issuer, contact: hotline, page: `${issuer}${CITIZEN.path}/agencies` };
  }
}

function factsOf(
  consent: OwnConsent,
  registration: ClientRegistration | undefined,
  subjects: ReadonlyMap<string, string>,
  hub: HubFacts,
): ReceiptFacts | undefined {
  const { agency, service, purpose = asItWas(consent.purpose) } = consent.terms ?? registration ?? {};
  const sub = agency && subjects.get(agency.id);
  if (agency === undefined || service === undefined || sub === undefined) return undefined;
  const isUnchanged = registration !== undefined && termsVersion(registration) === consent.version;
  return {
    consent,
    purpose: purpose.vi === consent.purpose ? purpose : asItWas(consent.purpose),
    service,
    agency,
    homeUri: registration?.home_uri,
    sub,
    claims: CLAIMS,
    optionalItems: isUnchanged ? registration.optional_items : undefined,
    hub,
  };
}

/** Agreed to before the other language was kept with it. */
const asItWas = (purpose: string): Localised => ({ vi: purpose, en: purpose });

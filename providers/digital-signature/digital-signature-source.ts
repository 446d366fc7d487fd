/**
 * Owns a card or token with a digital signature as a source: the page that asks for it, the nonce that it signs, and what
 * a valid signature says of its holder.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Assertion } from '../../src/identity/assertion.ts';
import type { SettingsOf } from '../../src/sources.ts';
import type { ProtocolState } from '../../src/store.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';
import type { Page } from '../../views/pages.ts';
import type { PageAttempt, PageSource } from '../source.ts';
import { type CertificateFacts, createTokenValidator } from './token-validator.ts';

export interface DigitalSignatureParts {
  readonly settings: SettingsOf<'digital-signature'>;
  /** The hub's own origin: what a card signed for any other is void. */
  readonly origin: string;
  readonly state: ProtocolState;
  /** Asks OCSP responders, most of which speak plain http. */
  readonly outgoing: Pick<Outgoing, 'fetch'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const NONCE = 'DigitalSignatureNonce';
const NONCE_BYTES = 32;
/** Seconds to find the card, put it in and type the PIN. */
const NONCE_LIFETIME = 5 * 60;

/** What is kept of an attempt: the nonce its page shows; nothing once a token was tried with it. */
const kept = z.strictObject({ nonce: z.string().optional() });

/** Throws when a certificate, an authority or a responder of the settings is none. */
export function createDigitalSignatureSource(parts: DigitalSignatureParts): PageSource {
  const { settings, state, clock } = parts;
  const { id, acr, name, authority, asks, icon } = settings;
  const validator = createTokenValidator({
    origin: parts.origin,
    authorities: settings.authorities.map(({ personal_number: personalNumber, ...rest }) => ({
      ...rest,
      ...(personalNumber === undefined ? {} : { personalNumber }),
    })),
    disallowedPolicies: settings.disallowed_policies,
    responders: settings.responders.map(({ certificate, ...rest }) => ({
      ...rest,
      ...(certificate === undefined ? {} : { certificate }),
    })),
    // Nothing in a sources file switches it off.
    revocation: 'ask',
    outgoing: parts.outgoing,
    clock,
  });

  /** Each showing has a nonce of its own; the one shown before is void. */
  const page = async (attempt: PageAttempt): Promise<Page & { readonly page: 'digital-signature' }> => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    await state.put(NONCE, attempt.id, { nonce }, NONCE_LIFETIME);
    const { service, action, cancelAction } = attempt;
    return { page: 'digital-signature', service, action, cancelAction, nonce };
  };

  return {
    id,
    acr,
    card: { id, name, authority, asks, icon },
    page,

    async answer(attempt, fields) {
      const nonce = await takeNonce(state, attempt.id);
      // A page that was left open, or a token that comes again: there is nothing to try, but there is a next nonce.
      if (nonce === undefined) return { ...(await page(attempt)), reason: 'request_expired' };
      const facts = await validator.validate(fields.token, nonce, attempt.signal);
      return assertionOf(facts, settings, Math.floor(clock() / 1000));
    },

    async cancel(attempt) {
      await state.delete(NONCE, attempt.id);
    },
  };
}

/** The nonce that this attempt's page shows, for exactly one of any number of callers; it is burnt whatever follows. */
async function takeNonce(state: ProtocolState, id: string): Promise<string | undefined> {
  const found = await state.get(NONCE, id);
  if (found === undefined) return undefined;
  const { nonce } = kept.parse(found.value);
  // Over the very version that was read: neither a concurrent token nor a newer showing of the page lends its nonce.
  const taken = nonce !== undefined && (await state.replace(NONCE, id, found.version, {}, NONCE_LIFETIME));
  return taken ? nonce : undefined;
}

/**
 * What a certificate says of its holder. The account's key is the number in its subject together with the authority, so
 * that a renewed certificate is the same account. Any other text in a subject may be somebody else's next year: without a
 * number the certificate itself is the account.
 */
function assertionOf(facts: CertificateFacts, settings: SettingsOf<'digital-signature'>, authTime: number): Assertion {
  const { subject, personalNumber, fingerprint } = facts;
  const isOrganisation = personalNumber === undefined && subject.organizationIdentifier !== undefined;
  return {
    source: settings.id,
    subject: `${facts.authority} ${personalNumber ?? fingerprint}`,
    holder: isOrganisation ? 'organisation' : 'person',
    attributes: {
      ...(subject.commonName === undefined ? {} : { name: subject.commonName }),
      ...(personalNumber === undefined ? {} : { personalNumber }),
    },
    acr: settings.acr,
    // RFC 8176: a key in hardware, its PIN, on a smart card.
    amr: ['hwk', 'pin', 'sc'],
    authTime,
    evidence: {
      type: 'electronic_signature',
      signature: 'digital_certificate',
      issuer: facts.issuer,
      serialNumber: facts.serialNumber,
      time: authTime,
    },
  };
}

/** Owns the vectors made by others (`test/vectors/web-eid`, from web-eid-authtoken-validation-java, MIT) and how they are put to the validator. */
import { readFileSync } from 'node:fs';
import { createTokenValidator } from '../../../providers/digital-signature/token-validator.ts';

const folder = new URL('../../vectors/web-eid/', import.meta.url);

/** A file of the vectors, such as `ca/esteid2018.cer`. */
export const vector = (path: string): Uint8Array => readFileSync(new URL(path, folder));

export interface TokenVector {
  readonly name: string;
  readonly token: { readonly unverifiedCertificate: string };
  readonly origin: string;
  readonly nonce: string;
  readonly now: string;
  readonly trustedCas: readonly string[];
  readonly expect: string;
}

interface TokenVectors {
  readonly disallowedPolicies: readonly string[];
  readonly cases: readonly TokenVector[];
}

export const { cases, disallowedPolicies } = JSON.parse(
  readFileSync(new URL('tokens.json', folder), 'utf8'),
) as TokenVectors;

export const vectorNamed = (name: string): TokenVector => cases.find((one) => one.name === name)!;

/** Validates one vector as it stands, at its own time, or another token in its place. */
export function validate({ token, origin, nonce, now, trustedCas }: TokenVector, other: unknown = token) {
  const validator = createTokenValidator({
    origin,
    authorities: [{ id: 'vectors', anchors: trustedCas.map(vector) }],
    disallowedPolicies,
    responders: [],
    revocation: 'off',
    outgoing: { fetch: () => Promise.reject(new Error('vectors ask nobody')) },
    clock: () => Date.parse(now),
  });
  return validator.validate(other, nonce, AbortSignal.timeout(5000));
}

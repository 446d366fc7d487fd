/**
 * Owns which signatures count: of tokens by their JSON Web Algorithm (RFC 7518 3.1), of certificates and OCSP answers by
 * their object identifier. SHA-1 and MD5 are on neither list: who can make two documents with one hash can forge with them.
 */
import { constants, createHash, type KeyObject, verify } from 'node:crypto';
import { type AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs';

/** What a card may sign with (Web eID, authentication token: `algorithm`). */
export const TOKEN_ALGORITHMS = [
  ...(['ES256', 'ES384', 'ES512'] as const),
  ...(['PS256', 'PS384', 'PS512'] as const),
  ...(['RS256', 'RS384', 'RS512'] as const),
] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** The one curve of each ECDSA algorithm (RFC 7518 3.4), as OpenSSL names it. */
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };
/** The least size of an RSA key (RFC 7518 3.3, 3.5). */
const LEAST_RSA_BITS = 2048;

export interface TokenSignature {
  readonly algorithm: TokenAlgorithm;
  readonly signature: Uint8Array;
  /** The site the browser saw. */
  readonly origin: string;
  /** The challenge's base64 text, as it was given to the card. */
  readonly nonce: string;
}

/**
 * Whether a key signed origin and nonce: H(origin) ‖ H(nonce), signed with the same hash (Web eID, token validation 6).
 * An ECDSA signature is r ‖ s (RFC 7518 3.4). A key of another kind, curve or size than the algorithm's did not sign.
 */
export function signedToken(key: KeyObject, { algorithm, signature, origin, nonce }: TokenSignature): boolean {
  const digest = `sha${algorithm.slice(2)}`;
  const hash = (text: string) => createHash(digest).update(text, 'utf8').digest();
  const signed = Buffer.concat([hash(origin), hash(nonce)]);
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  if (algorithm.startsWith('ES')) {
    if (kind !== 'ec' || details?.namedCurve !== CURVES[algorithm]) return false;
    return verifies(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  if ((details?.modulusLength ?? 0) < LEAST_RSA_BITS) return false;
  if (algorithm.startsWith('PS')) {
    if (kind !== 'rsa' && kind !== 'rsa-pss') return false;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return verifies(digest, signed, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
  }
  return kind === 'rsa' && verifies(digest, signed, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

/** Hash functions that count, by object identifier (RFC 5754 2). */
const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

type KeyKind = 'rsa' | 'ec' | 'ed25519';
/** Signature algorithms that count (RFC 4055 5, RFC 5758 3.2, RFC 8410 3); RSASSA-PSS names its hash in its parameters. */
const DOCUMENT_ALGORITHMS: Readonly<Record<string, readonly [KeyKind, string | null]>> = {
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
  '1.3.101.112': ['ed25519', null],
};
const RSASSA_PSS = '1.2.840.113549.1.1.10';

/** Whether a certificate's or an answer's signature algorithm is one that counts, whoever signed. */
export function isStrong(algorithm: AlgorithmIdentifier): boolean {
  return Object.hasOwn(DOCUMENT_ALGORITHMS, algorithm.algorithmId) || pssOf(algorithm) !== undefined;
}

/** Whether a key signed a document (X.509, OCSP) with an algorithm that counts. */
export function signedDocument(
  key: KeyObject,
  document: Uint8Array,
  algorithm: AlgorithmIdentifier,
  signature: Uint8Array,
): boolean {
  const pss = pssOf(algorithm);
  if (pss !== undefined) {
    if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'rsa-pss') return false;
    const { digest, saltLength } = pss;
    return verifies(digest, document, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
  }
  const [kind, digest] = DOCUMENT_ALGORITHMS[algorithm.algorithmId] ?? [];
  if (digest === undefined || key.asymmetricKeyType !== kind) return false;
  return verifies(digest, document, { key }, signature);
}

/** RSASSA-PSS-params (RFC 4055 3.1); what they leave out means SHA-1, which does not count. */
function pssOf({ algorithmId, algorithmParams }: AlgorithmIdentifier) {
  if (algorithmId !== RSASSA_PSS || algorithmParams === undefined) return undefined;
  try {
    const { hashAlgorithm, saltLength } = new RSASSAPSSParams({ schema: algorithmParams });
    const digest = HASHES[hashAlgorithm.algorithmId];
    return digest === undefined ? undefined : { digest, saltLength };
  } catch {
    return undefined; // parameters of another form
  }
}

/** OpenSSL's word on a signature; it also throws, for keys that cannot be used this way, which is a no. */
function verifies(
  digest: string | null,
  data: Uint8Array,
  key: Parameters<typeof verify>[2],
  signature: Uint8Array,
): boolean {
  try {
    return verify(digest, data, key, signature);
  } catch {
    return false;
  }
}

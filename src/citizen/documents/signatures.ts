/**
 * Owns the signature on documents that citizens keep: compact JWS (RFC 7515) with the hub's active ES256 key. They are no
 * JWTs on purpose: a type of their own and no iss, aud or exp, so that nobody can take one for an id token, nor an id token
 * for one (RFC 8725, section 3.11).
 */
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import type { Json } from '../../store.ts';
import type { EllipticKey, Keys } from '../../vault/keys.ts';

export const DOCUMENT_TYPES = ['consent-receipt+jws', 'personal-data-archive+jws'] as const;
/** Media type without its `application/` (RFC 7515, section 4.1.9). */
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export type DocumentProblem =
  | 'document_malformed' // not a compact JWS of JSON in its one exact spelling
  | 'type_other' // a JWS, but of something else
  | 'algorithm_refused' // anything but ES256
  | 'key_unknown' // no published key has its `kid`
  | 'signature_wrong';

/** A document does not verify; `code` is stable. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly code: DocumentProblem;

  constructor(code: DocumentProblem) {
    super(code);
    this.code = code;
  }
}

export interface VerifiedDocument {
  readonly document: Json;
  /** The document exactly as it was signed. */
  readonly text: string;
  /** Of the key that signed. */
  readonly kid: string;
}

const ALGORITHM = 'ES256';
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Signs a document with the active key. */
export async function signDocument(document: Json, typ: DocumentType, keys: Pick<Keys, 'signing'>): Promise<string> {
  const key = keys.signing.find((one): one is EllipticKey => one.kty === 'EC')!;
  return new CompactSign(new TextEncoder().encode(JSON.stringify(document)))
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ })
    .sign(await importJWK(key, ALGORITHM));
}

/** The document of a JWS that is of this type and signed by one of these keys. Throws `DocumentRefused`. */
export async function verifyDocument(
  jws: string,
  typ: DocumentType,
  publishedKeys: JSONWebKeySet,
): Promise<VerifiedDocument> {
  const kid = kidOf(jws, typ);
  const key = publishedKeys.keys.find((one) => one.kid === kid && isSigningKey(one));
  if (key === undefined) throw new DocumentRefused('key_unknown');
  const { payload } = await verified(jws, key);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    return { document: JSON.parse(text), text, kid };
  } catch {
    throw new DocumentRefused('document_malformed');
  }
}

/** The `kid` of a header that says exactly what ours say: nothing in it may point to a key or ask for more. */
function kidOf(jws: string, typ: DocumentType): string {
  if (!COMPACT.test(jws) || !jws.split('.').every(isExact)) throw new DocumentRefused('document_malformed');
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(jws);
  } catch {
    throw new DocumentRefused('document_malformed');
  }
  if (header.typ !== typ) throw new DocumentRefused('type_other');
  if (header.alg !== ALGORITHM) throw new DocumentRefused('algorithm_refused');
  if (typeof header.kid !== 'string' || Object.keys(header).length !== 3)
    throw new DocumentRefused('document_malformed');
  return header.kid;
}

/** The last character of base64url has bits that mean nothing: only one of its spellings is taken, so that none can be changed. */
function isExact(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function isSigningKey({ kty, crv, alg, use }: JWK): boolean {
  return kty === 'EC' && crv === 'P-256' && (alg ?? ALGORITHM) === ALGORITHM && (use ?? 'sig') === 'sig';
}

async function verified(jws: string, { x, y }: JWK) {
  let key: Awaited<ReturnType<typeof importJWK>>;
  try {
    key = await importJWK({ kty: 'EC', crv: 'P-256', x: x!, y: y! }, ALGORITHM);
  } catch {
    throw new DocumentRefused('key_unknown');
  }
  try {
    return await compactVerify(jws, key, { algorithms: [ALGORITHM] });
  } catch {
    throw new DocumentRefused('signature_wrong');
  }
}

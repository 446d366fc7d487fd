/** Owns the form of a Web eID authentication token: what the extension hands over, before any of it is believed. */
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { TOKEN_ALGORITHMS, type TokenAlgorithm } from './signatures.ts';

const base64 = z.base64().min(1);

/** The token (Web eID, authentication token format 1). Fields of later minor versions are tolerated and not used. */
const form = z.object({
  unverifiedCertificate: base64,
  algorithm: z.enum(TOKEN_ALGORITHMS),
  signature: base64,
  format: z.string().regex(/^web-eid:1(\.\d{1,3})?$/),
  appVersion: z.string().max(500),
});

/** Characters a token has when written as JSON. */
const text = z.string().min(100).max(10_000);

export interface AuthenticationToken {
  readonly certificate: Certificate;
  readonly algorithm: TokenAlgorithm;
  readonly signature: Uint8Array;
}

/** Reads a token, as JSON text or already parsed. Throws `Refusal` `source_answer_invalid` when it has not the form. */
export function readToken(token: unknown): AuthenticationToken {
  try {
    const written = text.parse(typeof token === 'string' ? token : JSON.stringify(token));
    const { unverifiedCertificate, algorithm, signature } = form.parse(JSON.parse(written));
    return {
      certificate: readCertificate(Buffer.from(unverifiedCertificate, 'base64')),
      algorithm,
      signature: Buffer.from(signature, 'base64'),
    };
  } catch (cause) {
    throw new Refusal('source_answer_invalid', {}, { cause });
  }
}

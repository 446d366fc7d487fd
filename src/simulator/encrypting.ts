/** Owns encrypting a faulty id token for its service, as the library encrypts a right one: outside everything is right. */
import { CompactEncrypt, type JWK } from 'jose';
import { errors } from 'oidc-provider';

/** What is used of the library's client. */
export interface LibraryClient {
  readonly clientId: string;
  readonly idTokenSignedResponseAlg: string;
  readonly idTokenEncryptedResponseAlg?: string;
  readonly idTokenEncryptedResponseEnc?: string;
  readonly asymmetricKeyStore: {
    refresh(): Promise<void>;
    selectForEncrypt(wanted: { readonly alg: string; readonly use: 'enc' }): readonly JWK[];
  };
}

/** The token as it is for a client that wants none encrypted. Throws `errors.InvalidClientMetadata` without a key of theirs. */
export async function encryptedFor(client: LibraryClient, issuer: string, jwt: string): Promise<string> {
  const { idTokenEncryptedResponseAlg: alg, idTokenEncryptedResponseEnc: enc, asymmetricKeyStore: keys } = client;
  if (alg === undefined || enc === undefined) return jwt;
  await keys.refresh();
  const [key] = keys.selectForEncrypt({ alg, use: 'enc' });
  if (key === undefined) throw new errors.InvalidClientMetadata(`no suitable encryption key found (${alg})`);
  const kid = key.kid === undefined ? {} : { kid: key.kid };
  return new CompactEncrypt(Buffer.from(jwt))
    .setProtectedHeader({ alg, enc, cty: 'JWT', ...kid, iss: issuer, aud: client.clientId })
    .encrypt(key);
}

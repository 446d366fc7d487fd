/** Owns a client's registration as the library takes it. */
import type { ClientMetadata } from 'oidc-provider';
import { type ClientKey, isAlive } from '../client-keys.ts';
import type { ClientRegistration } from '../clients.ts';

/**
 * The registration in the words of OpenID Connect Dynamic Client Registration 1.0, as the library takes it, with the keys
 * that have not ended by `now` (milliseconds).
 */
export function clientMetadata(client: ClientRegistration, now: number): ClientMetadata {
  const serves = client.role !== 'resource_server';
  const proof = client.authentication;
  const keys = keysByValue(client)?.filter((key) => isAlive(key, now));
  return {
    client_id: client.client_id,
    client_name: client.service.vi,
    application_type: 'web',
    subject_type: serves ? 'pairwise' : 'public',
    response_types: serves ? ['code'] : [],
    response_modes: ['query', 'form_post'],
    grant_types: serves ? ['authorization_code'] : [],
    redirect_uris: [...client.redirect_uris],
    // The sector is the agency (provider.ts); the library wants an address for it where there are several hosts.
    ...(new Set(client.redirect_uris.map((uri) => new URL(uri).host)).size > 1
      ? { sector_identifier_uri: 'https://sector.invalid/' }
      : {}),
    post_logout_redirect_uris: [...client.post_logout_redirect_uris],
    // The name by which a service knows the session (`sid`) comes in its id tokens, for it to recognise later.
    ...(client.backchannel_logout_uri
      ? { backchannel_logout_uri: client.backchannel_logout_uri, backchannel_logout_session_required: true }
      : {}),
    token_endpoint_auth_method: proof.method,
    // Only for the library to see that there is one: what is compared is the registration's (client-models.ts).
    ...(proof.method === 'private_key_jwt' ? {} : { client_secret: secretsOf(client)[0]!.hash }),
    ...(keys ? { jwks: { keys } as NonNullable<ClientMetadata['jwks']> } : {}),
    ...(client.jwks_uri ? { jwks_uri: client.jwks_uri } : {}),
    id_token_signed_response_alg: client.id_token_signed_response_alg,
    ...(client.id_token_encrypted_response_alg
      ? {
          id_token_encrypted_response_alg: client.id_token_encrypted_response_alg,
          id_token_encrypted_response_enc: 'A256GCM',
        }
      : {}),
    ...userinfoMetadata(client),
    require_pushed_authorization_requests: client.require_pushed_authorization_requests,
  };
}

/** Anybody can encrypt for a public key: what is encrypted is always signed as well. */
function userinfoMetadata(client: ClientRegistration): Partial<ClientMetadata> {
  const encrypted = client.userinfo_encrypted_response_alg;
  const signed = client.userinfo_signed_response_alg ?? (encrypted && 'ES256');
  return {
    ...(signed ? { userinfo_signed_response_alg: signed } : {}),
    ...(encrypted ? { userinfo_encrypted_response_alg: encrypted, userinfo_encrypted_response_enc: 'A256GCM' } : {}),
  };
}

/** All keys a client is registered with by value; what it proves itself with is not what others encrypt with. */
export function keysByValue({ authentication: proof, jwks }: ClientRegistration): readonly ClientKey[] | undefined {
  const own = proof.method === 'private_key_jwt' ? proof.jwks?.keys : undefined;
  if (own === undefined && jwks === undefined) return undefined;
  return [...(own ?? []).map((key) => ({ use: 'sig', ...key })), ...(jwks?.keys ?? [])];
}

/** The secrets a client is registered with, as the hub knows them. */
export function secretsOf({
  authentication: proof,
}: ClientRegistration): readonly { hash: string; exp?: number | undefined }[] {
  if (proof.method === 'private_key_jwt') return [];
  return [...(proof.secret_hash === undefined ? [] : [{ hash: proof.secret_hash }]), ...(proof.secrets ?? [])];
}

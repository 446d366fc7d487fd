/** Owns a client's registration as the library takes it. */
import type { ClientMetadata } from 'oidc-provider';
import type { ClientRegistration } from '../clients.ts';

/** The registration in the words of OpenID Connect Dynamic Client Registration 1.0, as the library takes it. */
export function clientMetadata(client: ClientRegistration): ClientMetadata {
  const serves = client.role !== 'resource_server';
  const proof = client.authentication;
  return {
    client_id: client.client_id,
    client_name: client.service.vi,
    application_type: 'web',
    subject_type: serves ? 'pairwise' : 'public',
    response_types: serves ? ['code'] : [],
    response_modes: ['query', 'form_post'],
    grant_types: serves ? ['authorization_code'] : [],
    redirect_uris: [...client.redirect_uris],
    post_logout_redirect_uris: [...client.post_logout_redirect_uris],
    // The name by which a service knows the session (`sid`) comes in its id tokens, for it to recognise later.
    ...(client.backchannel_logout_uri
      ? { backchannel_logout_uri: client.backchannel_logout_uri, backchannel_logout_session_required: true }
      : {}),
    token_endpoint_auth_method: proof.method,
    ...(proof.method === 'private_key_jwt'
      ? { jwks: proof.jwks as NonNullable<ClientMetadata['jwks']> }
      : { client_secret: proof.secret_hash }),
    id_token_signed_response_alg: client.id_token_signed_response_alg,
    ...(client.userinfo_signed_response_alg
      ? { userinfo_signed_response_alg: client.userinfo_signed_response_alg }
      : {}),
    require_pushed_authorization_requests: client.require_pushed_authorization_requests,
  };
}

/**
 * Owns the console as a relying party of the sandbox issuer, in place of one service: the client of one sign-in, and an eye on
 * what the issuer answers. It asks at the issuer's own port on this machine, as all pages of the hub do.
 */
import * as client from 'openid-client';
import type { ClientRegistration } from '../../clients.ts';
import type { Hub } from '../../hub.ts';
import { trialSecretOf } from './with-trials.ts';

/** What the issuer's server has said in one sign-in. */
export interface Heard {
  tokens?: { readonly status: number; readonly body: Readonly<Record<string, unknown>> };
  jwks?: { readonly keys: readonly object[] };
}

/** A stock library, set up as a careful service would. */
export function trialClient(
  { issuer, url, vault }: Pick<Hub, 'issuer' | 'url' | 'vault'>,
  twin: ClientRegistration,
  heard: Heard,
): client.Configuration {
  const at = (path: string) => `${issuer}${path}`;
  const server = {
    issuer,
    authorization_endpoint: at('/authorize'),
    pushed_authorization_request_endpoint: at('/par'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/userinfo'),
    revocation_endpoint: at('/revoke'),
    jwks_uri: at('/jwks'),
    authorization_response_iss_parameter_supported: true,
  };
  const metadata = {
    id_token_signed_response_alg: twin.id_token_signed_response_alg,
    ...(twin.userinfo_signed_response_alg ? { userinfo_signed_response_alg: twin.userinfo_signed_response_alg } : {}),
  };
  const secret = trialSecretOf(twin.client_id, vault);
  const configuration = new client.Configuration(server, twin.client_id, metadata, client.ClientSecretBasic(secret));
  client.enableNonRepudiationChecks(configuration);
  if (!issuer.startsWith('https:')) client.allowInsecureRequests(configuration);
  configuration[client.customFetch] = async (address, options) => {
    const answer = await fetch(address.replace(issuer, url), {
      ...options,
      headers: { ...options.headers, connection: 'close' },
    } as RequestInit);
    // biome-ignore lint/suspicious/noExplicitAny: whatever came; the library refuses what is not right
    const read = (): Promise<any> =>
      answer
        .clone()
        .json()
        .catch(() => ({}));
    if (address === server.token_endpoint) heard.tokens = { status: answer.status, body: await read() };
    if (address === server.jwks_uri) heard.jwks = await read();
    return answer;
  };
  return configuration;
}

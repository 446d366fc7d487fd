/** Owns how tests get an access token of the citizen's own page, as its relying party would by its code flow. */
import * as client from 'openid-client';
import { prepareSecrets } from '../../sandbox/secrets.ts';
import type { Visitor } from '../../sandbox/visitor.ts';
import { CITIZEN, ownPageSecret } from '../../src/own-pages/own-page.ts';
import { createVault } from '../../src/vault/vault.ts';
import type { TestCountry } from '../country.ts';

const CALLBACK = `${CITIZEN.path}/callback`;

/** For `stopsBefore` of the visitor: the answer is for the test, and not for the hub's own page. */
export const isOwnCallback = (address: URL): boolean => address.pathname === CALLBACK;

/** A token on the session that the visitor has already; they have to stop before the callback. */
export async function ownToken({ hub, directory }: TestCountry, visitor: Visitor): Promise<string> {
  const server = {
    issuer: hub,
    authorization_endpoint: `${hub}/authorize`,
    token_endpoint: `${hub}/token`,
    jwks_uri: `${hub}/jwks`,
  };
  const secret = ownPageSecret(CITIZEN, createVault((await prepareSecrets(directory)).hubKeys));
  const metadata = { id_token_signed_response_alg: 'ES256' };
  const page = new client.Configuration(server, CITIZEN.client, metadata, client.ClientSecretBasic(secret));
  client.allowInsecureRequests(page);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const { headers, code, status } = await visitor.open(
    client.buildAuthorizationUrl(page, {
      redirect_uri: `${hub}${CALLBACK}`,
      scope: 'openid',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }),
  );
  const location = headers.get('location');
  if (location === null) throw new Error(`the sign-in stopped at ${code ?? status}`);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return (await client.authorizationCodeGrant(page, new URL(location, hub), checks)).access_token;
}

// A login with Liên Thông in one file: HUB=… CLIENT_ID=… CLIENT_SECRET=… HOME_ADDRESS=… node agency.mjs
import { randomBytes } from 'node:crypto';
import express from 'express';
import * as oidc from 'openid-client';

const { HUB, CLIENT_ID, CLIENT_SECRET, HOME_ADDRESS } = process.env;
const execute = [oidc.enableNonRepudiationChecks]; // signatures are verified, too
if (HUB.startsWith('http:')) execute.push(oidc.allowInsecureRequests);
const metadata = { id_token_signed_response_alg: 'ES256' };
const proof = oidc.ClientSecretBasic(CLIENT_SECRET);
const hub = await oidc.discovery(new URL(HUB), CLIENT_ID, metadata, proof, { execute });
const presses = new Map(); // what a press must remember; your site's own sessions do this better
const site = express();

site.get('/login', async (_request, response) => {
  const checks = { expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const id = randomBytes(24).toString('base64url');
  presses.set(id, { ...checks, pkceCodeVerifier });
  const address = oidc.buildAuthorizationUrl(hub, {
    redirect_uri: `${HOME_ADDRESS}/callback`,
    scope: 'openid profile',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  response.cookie('press', id, { httpOnly: true, sameSite: 'lax', secure: HOME_ADDRESS.startsWith('https:') });
  response.redirect(303, address.href);
});

site.get('/callback', async (request, response) => {
  const id = /(?:^|; )press=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const press = presses.get(id);
  presses.delete(id);
  if (!press) return response.status(400).type('text').send('Please start again at /login.');
  try {
    const answer = new URL(request.originalUrl, HOME_ADDRESS);
    const tokens = await oidc.authorizationCodeGrant(hub, answer, { ...press, idTokenExpected: true });
    const { sub, acr } = tokens.claims(); // sub: the key under which you know this citizen
    if (!['loa1', 'loa2', 'loa3', 'loa4'].includes(acr)) throw new Error('too weak'); // the levels that are enough for you
    const { name } = await oidc.fetchUserInfo(hub, tokens.access_token, sub);
    response.type('text').send(`Xin chào, ${name}`);
  } catch (error) {
    const description = error.error_description ?? ''; // docs/agencies.md: what to tell the citizen
    response
      .status(400)
      .type('text')
      .send(`Not signed in: ${error.error ?? 'answer_not_accepted'} ${description}`);
  }
});

site.listen(new URL(HOME_ADDRESS).port, () => console.log(`ready at ${HOME_ADDRESS}/login`));

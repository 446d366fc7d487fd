/** Owns one complete sign-in as agency and citizen do it: the button, the pages, the code, the tokens, the claims. */
import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Browser, type Connections } from './browser.ts';
import { CITIZEN_HEADER } from './citizens.ts';

/** A provider that is signed in at. */
export interface Target {
  readonly issuer: string;
  readonly authorizationPath: string;
  readonly tokenPath: string;
  readonly userinfoPath: string;
}

/** The agency that asks. */
export interface Agency {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly key: KeyObject;
}

/** Every request of a sign-in, one at a time, by what it is called; at the end the pages that were shown, in their order. */
export type Walk = AsyncGenerator<string, readonly string[]>;

/** More steps than any sign-in has: something leads in a circle. */
const MOST_STEPS = 20;
const HEADER = encoded({ alg: 'ES256' });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Signs a citizen in, a request at a time. Throws when anything is otherwise than it has to be. */
export async function* walk(connections: Connections, target: Target, agency: Agency, who: number): Walk {
  const browser = new Browser(connections, target.issuer, { [CITIZEN_HEADER]: String(who) });
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(12).toString('base64url');
  const asked = new URLSearchParams({
    client_id: agency.clientId,
    redirect_uri: agency.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state,
    nonce: randomBytes(12).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const pages: string[] = [];
  let answer = await browser.get(`${target.authorizationPath}?${asked}`);
  yield 'GET the authorization request';
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { status, location, body } = answer;
    if (location?.startsWith(agency.redirectUri)) {
      const given = new URLSearchParams(location.slice(agency.redirectUri.length + 1));
      if (given.get('state') !== state || !given.has('code')) throw new Error(`refused: ${given.get('error')}`);
      yield* redeem(connections, target, agency, given.get('code')!, verifier);
      return pages;
    }
    if (status >= 300 && status < 400 && location !== undefined) {
      answer = await browser.get(location);
      yield `GET ${routeOf(location, target.issuer)}`;
    } else if (status === 200) {
      answer = await browser.submit(body, ...pressed(body, pages, who));
      yield `POST the form of ${pages.at(-1)}`;
    } else throw new Error(`status ${status} after ${pages.join(', ') || 'no page'}: ${codeOf(body)}`);
  }
  throw new Error('the sign-in does not end');
}

/** An address without what is different in each sign-in. */
function routeOf(location: string, issuer: string): string {
  const path = location.replace(issuer, '');
  if (!path.startsWith('/')) return 'the source';
  return path.replace(/\?.*/, '').replace(/\/[\w.-]{20,}/, '/…');
}

const codeOf = (page: string) => /data-code="([\w-]+)"/.exec(page)?.[1] ?? 'nothing known';

/** Which form is sent, and with what, by what the page calls itself. */
function pressed(page: string, pages: string[], who: number): [marker: string, fields: string] {
  const code = codeOf(page);
  pages.push(code);
  switch (code) {
    case 'choose_source':
      return ['value="tax-code"', 'source=tax-code'];
    // The yardstick's page has one button and nothing to decide.
    case 'consent':
      return page.includes('value="agree"') ? ['value="agree"', 'decision=agree'] : ['<button>', 'decision=agree'];
    case 'login':
      return ['name="login"', `login=${who}`];
    default:
      throw new Error(`stopped at ${code} (${/data-reason="(\w+)"/.exec(page)?.[1] ?? ''})`);
  }
}

/** Code → tokens → claims, at the agency's server. */
async function* redeem(
  connections: Connections,
  target: Target,
  agency: Agency,
  code: string,
  verifier: string,
): AsyncGenerator<string, void> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: agency.redirectUri,
    code_verifier: verifier,
    client_id: agency.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion(target.issuer, agency),
  }).toString();
  const answer = await connections.send(target.issuer, 'POST', target.tokenPath, FORM, body);
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${answer.body.slice(0, 200)}`);
  yield 'POST for the tokens';
  const tokens = JSON.parse(answer.body) as { access_token: string; id_token: string };
  const { sub } = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as { sub: string };
  const bearer = { authorization: `Bearer ${tokens.access_token}` };
  const claims = await connections.send(target.issuer, 'GET', target.userinfoPath, bearer);
  yield 'GET the claims';
  if (claims.status !== 200) throw new Error(`no claims: ${claims.status}`);
  const told = JSON.parse(claims.body) as { sub?: string; name?: string };
  if (!sub || told.sub !== sub || !told.name) throw new Error('the claims are not those of who signed in');
}

/** RFC 7523: how the agency proves who it is. */
function assertion(issuer: string, { clientId, key }: Agency): string {
  const now = Math.floor(Date.now() / 1000);
  const jti = randomBytes(12).toString('base64url');
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti, iat: now, exp: now + 60 };
  const signed = `${HEADER}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

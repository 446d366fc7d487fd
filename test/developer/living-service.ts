/** Owns a service that is live in the sandbox, for tests of what its developer looks at, and its own program by a stock library. */
import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import type { Role } from '../../src/developer/ports.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { byTaxCode, type Proof } from '../citizen/citizen.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, type Developer, goodSettings } from './developer.ts';

export interface LivingService {
  readonly id: string;
  readonly agency: string;
  readonly client: string;
  readonly issuer: string;
  readonly secret: string;
}

const consent = (item: ServiceSettings['claims'][number]['item'], optional = false) => ({
  item,
  purpose: { vi: `Vì ${item} cần thiết.`, en: `Because ${item} is needed.` },
  basis: 'consent' as const,
  optional,
});

/** Asks for more than a name: one item by law, one that may be left out. */
export const RICH: Partial<ServiceSettings> = {
  short_name: { vi: 'Tra hồ sơ', en: 'My files' },
  claims: [
    consent('name'),
    { ...consent('birthdate'), basis: 'law', legal_basis: 'Luật Căn cước 2023, Điều 5' },
    consent('place_of_birth', true),
    consent('personal_number'),
    consent('tax_code'),
  ],
};

/** A service of a new agency, from nothing to live. */
export async function liveService(
  country: TestCountry,
  developer: Developer,
  more: Partial<ServiceSettings> = {},
): Promise<LivingService> {
  const own = randomUUID().slice(0, 8);
  const agency = await developer.ask('POST', '/agencies', { ...AGENCY, id: `co-quan-${own}` });
  const { id } = await developer.ask('POST', `/agencies/${agency.id}/services`, {
    id: `tra-cuu-${own}`,
    name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' },
  });
  const { secret } = await developer.ask('POST', `/services/${id}/sandbox/secrets`, {});
  const settings = goodSettings(country.callback.origin, more);
  const { problems } = await developer.ask('PUT', `/services/${id}/sandbox/draft`, settings);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const published = await developer.ask('POST', `/services/${id}/sandbox/publication`);
  return { id, agency: agency.id, client: published.client_id, issuer: published.issuer, secret };
}

/** Somebody is of the agency from now on. */
export async function join(country: TestCountry, agency: string, { account }: { account: string }, role: Role) {
  const { agencies } = country.runningHub().store.developer;
  const found = (await agencies.find(agency))!;
  const members = [...found.members, { account, role, since: Date.now() }];
  if ((await agencies.save({ ...found, members }, { trail: [] })) !== 'saved') throw new Error('not joined');
}

/** The service's own program. */
export async function ownProgram(service: LivingService): Promise<client.Configuration> {
  const configuration = await client.discovery(
    new URL(service.issuer),
    service.client,
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretBasic(service.secret),
    { execute: [client.allowInsecureRequests] },
  );
  client.enableNonRepudiationChecks(configuration);
  return configuration;
}

export interface OwnSignIn {
  /** The citizen's browser, at the consent page or wherever it came to. */
  readonly citizen: Visitor;
  /** Agrees, and redeems the code. */
  readonly finish: () => Promise<{
    readonly claims: client.IDToken;
    readonly userinfo: client.UserInfoResponse;
  }>;
}

/** Somebody on their way to the service, by its own program, as far as the consent page. */
export async function ownSignIn(
  country: TestCountry,
  service: LivingService,
  parameters: Readonly<Record<string, string>> = {},
  prove: Proof = byTaxCode(),
  language = 'vi',
): Promise<OwnSignIn> {
  const configuration = await ownProgram(service);
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: country.callback.url,
    scope: 'openid profile birth personal_number tax_code',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  const citizen = new Visitor({ language });
  await citizen.open(address);
  await prove(citizen);
  return {
    citizen,
    finish: async () => {
      // Who has agreed before came straight through.
      if (citizen.page.code === 'consent') await citizen.tickAll().press('decision=agree');
      const answer = country.callback.answers.at(-1)!.address;
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      return { claims, userinfo: await client.fetchUserInfo(configuration, tokens.access_token, claims.sub) };
    },
  };
}

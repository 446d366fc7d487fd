/** Owns an agency with everything in it that an operation can be about, written at once: hundreds of tries each need their own. */
import { randomBytes, randomUUID } from 'node:crypto';
import { hashOf, newToken } from '../../src/developer/actor.ts';
import type { Agency, Credential, Service, Version } from '../../src/developer/ports.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, goodSettings } from './developer.ts';

export interface Place {
  /** Parameters of paths, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Of an invitation to it. */
  readonly invitation: string;
}

/** Accounts by their role; none is somebody who signs in besides. */
export type Roles = Readonly<Record<'reader' | 'developer' | 'owner', string>>;

const DAY = 24 * 60 * 60 * 1000;

/** Writes an agency of these people with a service that is live in both environments. */
export async function openPlace(country: TestCountry, roles: Roles): Promise<Place> {
  const { store, vault, sandbox } = country.runningHub();
  const { developer } = store;
  const [now, mark] = [Date.now(), randomUUID().slice(0, 8)];
  const [agencyId, serviceId, invitation] = [
    `co-quan-${mark}`,
    `dich-vu-${mark}`,
    randomBytes(32).toString('base64url'),
  ];
  const nobody = `nobody-${randomBytes(16).toString('base64url')}`;
  const agency: Agency = {
    id: agencyId,
    revision: 0,
    ...AGENCY,
    members: [
      ...Object.entries(roles).map(([role, account]) => ({ account, role: role as 'owner', since: now })),
      { account: nobody, role: 'owner', since: now },
      { account: `another-${nobody}`, role: 'owner', since: now },
    ],
    invitations: [
      {
        id: randomUUID(),
        tokenHash: hashOf(vault, invitation),
        role: 'reader',
        to: 'a…@co-quan.example',
        by: roles.owner,
        expiresAt: now + DAY,
      },
    ],
    createdAt: now,
  };
  await developer.agencies.save(agency, { trail: [] });

  const settings = goodSettings('https://dich-vu.example');
  const credential = (hash: string): Credential => ({
    id: randomUUID(),
    kind: 'secret',
    secretHash: hash,
    createdAt: now,
    by: roles.owner,
    endsAt: now + 365 * DAY,
    warned: [],
  });
  const standing = (secret: Credential) => ({
    draft: settings,
    state: 'live' as const,
    live: 1,
    newest: 1,
    credentials: [secret],
  });
  const service: Service = {
    id: serviceId,
    revision: 0,
    agency: agencyId,
    sandbox: standing(credential(sandbox!.vault.hashClientSecret(mark))),
    production: standing(credential(vault.hashClientSecret(mark))),
    createdAt: now,
  };
  const versions = (['sandbox', 'production'] as const).map(
    (environment): Version => ({
      service: serviceId,
      environment,
      number: 1,
      settings,
      agency: AGENCY.name,
      by: roles.owner,
      at: now,
    }),
  );
  const index = { search: serviceId, hosts: [], thumbprints: [] };
  await developer.services.save(service, index, { trail: [], versions });

  const token = {
    id: randomUUID(),
    account: roles.owner,
    source: 'tax-code',
    name: 'of the owner',
    scopes: ['read' as const],
    createdAt: now - 2 * DAY,
    // Over, so that it counts for no limit; it is there until somebody ends it.
    endsAt: now - DAY,
  };
  await developer.tokens.add(token, newToken(vault).hash, { trail: [] });
  return {
    invitation,
    params: {
      agency: agencyId,
      service: serviceId,
      account: nobody,
      invitation: agency.invitations[0]!.id,
      sandboxCredential: service.sandbox.credentials[0]!.id,
      productionCredential: service.production.credentials[0]!.id,
      token: token.id,
      number: '1',
      piece: 'openid-client',
    },
  };
}

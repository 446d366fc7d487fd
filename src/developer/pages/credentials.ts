/** Owns the page of what a service proves itself with: its secrets and keys with their ends, and how one follows another. */
import { createPublicKey } from 'node:crypto';
import type { CredentialsPage } from '../../../views/developer/settings.ts';
import type { Fields, Looking, Pages } from '../pages.ts';
import { Objections } from '../refusals.ts';
import { nameOf } from './service.ts';
import { environmentIn, pathTo } from './settings.ts';

const PAGE = '/services/:service/:environment/credentials';

export function credentialPages({ show, form }: Pages): void {
  show(PAGE, shown);

  form('/services/:service/:environment/secrets', {
    operation: 'createSecret',
    on: PAGE,
    read: (fields, params) => ({ params: whereOf(params), body: lifetimeIn(fields) }),
    // Answered directly: it is shown this once, and stands in no address.
    goOn: async ({ values }, looking) => ({ ...(await shown(looking)), secret: values.secret }),
  });

  form('/services/:service/:environment/keys', {
    operation: 'addKey',
    on: PAGE,
    read: (fields, params) => ({
      params: whereOf(params),
      body: { jwk: keyIn(fields.jwk ?? ''), ...lifetimeIn(fields) },
    }),
    goOn: (_outcome, looking) => `${pathTo(looking)}/credentials`,
  });

  form('/services/:service/:environment/credentials/:credential/end', {
    operation: 'endCredential',
    on: PAGE,
    read: (_fields, params) => ({ params: { ...whereOf(params), credential: params.credential ?? '' } }),
    goOn: (_outcome, looking) => `${pathTo(looking)}/credentials`,
  });
}

async function shown({ params, query, call }: Looking): Promise<CredentialsPage> {
  const environment = environmentIn(params);
  const { values: service } = await call('getService', { params: { service: params.service ?? '' } });
  const { client_id, issuer, credentials, draft } = service[environment];
  return {
    page: 'developer/credentials',
    id: service.id,
    name: nameOf(service),
    environment,
    may: service.role === 'owner' || (service.role === 'developer' && environment === 'sandbox'),
    clientId: client_id,
    issuer,
    credentials,
    needed: query.needed !== undefined,
    ...(draft?.jwks_uri ? { jwksUri: draft.jwks_uri } : {}),
  };
}

const whereOf = (params: Looking['params']) => ({ service: params.service ?? '', environment: environmentIn(params) });

const lifetimeIn = ({ days = '' }: Fields) => (days.trim() === '' ? {} : { days: Number(days) });

/** A key as it was pasted: a JWK, a set with one, or one in PEM. Throws `Objections` for what is none of them. */
function keyIn(pasted: string): unknown {
  const objection = (code: string) => new Objections('settings_invalid', [{ field: 'jwk', code }]);
  // Its public half could be had from it; but it has been sent, and is private no more.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pasted)) throw objection('key_private');
  try {
    if (pasted.includes('-----BEGIN PUBLIC KEY-----')) return createPublicKey(pasted.trim()).export({ format: 'jwk' });
    const read = JSON.parse(pasted);
    return Array.isArray(read?.keys) && read.keys.length === 1 ? read.keys[0] : read;
  } catch {
    throw objection('key_malformed');
  }
}

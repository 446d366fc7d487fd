/** Owns the table of who may call which operation of the developer API: what tests hold the hub to, operation by operation. */
import { randomUUID } from 'node:crypto';
import type { TokenScope } from '../../src/developer/ports.ts';
import { AGENCY, goodSettings } from './developer.ts';
import type { Place } from './places.ts';

/** In relation to one agency. A registrar is no member of it. */
export const CAPACITIES = ['stranger', 'reader', 'developer', 'owner', 'registrar'] as const;
export type Capacity = (typeof CAPACITIES)[number];

export interface Case {
  /** What a token needs; `session` where no token does. */
  readonly admitted: TokenScope | 'session' | 'anybody';
  readonly may: readonly Capacity[];
  /** Who is told that there is no such thing; all others who may not are told that their role is too small. */
  readonly unseen: readonly Capacity[];
  /** Parameters that are not those of the place. */
  readonly params?: (place: Place, self: string) => Readonly<Record<string, string>>;
  readonly body?: (place: Place) => unknown;
}

type More = Pick<Case, 'params' | 'body'>;
type Admitted = Case['admitted'];

const one = (admitted: Admitted, may: readonly Capacity[], unseen: readonly Capacity[], more: More): Case => ({
  admitted,
  may,
  unseen,
  ...more,
});
const STRANGER = ['stranger'] as const;

/** Of one's own, or of nobody's. */
const everybody = (admitted: Admitted, more: More = {}) => one(admitted, CAPACITIES, [], more);
const readers = (admitted: Admitted, more: More = {}) =>
  one(admitted, ['reader', 'developer', 'owner', 'registrar'], STRANGER, more);
const developers = (admitted: Admitted, more: More = {}) => one(admitted, ['developer', 'owner'], STRANGER, more);
const owners = (admitted: Admitted, more: More = {}) => one(admitted, ['owner'], STRANGER, more);
const ownersAndRegistrars = (admitted: Admitted, more: More = {}) =>
  one(admitted, ['owner', 'registrar'], STRANGER, more);

const sandbox = { params: () => ({ environment: 'sandbox' }) };
const production = { params: () => ({ environment: 'production' }) };
const readersOfBoth = [readers('read', sandbox), readers('read', production)];
const credentialOf = (environment: string) => (place: Place) => ({
  environment,
  credential: place.params[`${environment}Credential`]!,
});
const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  use: 'sig',
};
const withBody = (more: More, body: unknown): More => ({ ...more, body: () => body });
const name = { vi: 'Tra cứu hồ sơ', en: 'Follow a file' };
const id = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;
const invitation = { body: (place: Place) => ({ token: place.invitation }) };
const PICTURE = btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30"/></svg>',
);
const confirmed = (environment: string): More => ({
  params: () => ({ environment }),
  body: ({ params }) => ({ confirm: params.service }),
});
const saidAs = (as: string): More => ({ body: () => ({ version: 1, as, says: 'approve' }) });

export const OPERATION_ROLES: Readonly<Record<string, readonly Case[]>> = {
  getAccount: [everybody('read')],
  putAccount: [everybody('session', { body: () => ({ name: 'Cán Bộ', mail: 'can-bo@co-quan.example' }) })],
  listTokens: [everybody('session')],
  createToken: [everybody('session', { body: () => ({ name: 'script', scopes: ['read'], days: 1 }) })],
  endToken: [one('session', ['owner'], ['stranger', 'reader', 'developer', 'registrar'], {})],

  createAgency: [everybody('write', { body: () => ({ ...AGENCY, id: id('co-quan') }) })],
  getDeveloperAgency: [readers('read')],
  putAgency: [owners('write', { body: () => AGENCY })],
  listMembers: [readers('read')],
  putMember: [owners('members', { body: () => ({ role: 'developer' }) })],
  removeMember: [
    owners('members'),
    // Leaving.
    one('members', ['reader', 'developer', 'owner'], STRANGER, { params: (_place, self) => ({ account: self }) }),
  ],
  listInvitations: [owners('read')],
  createInvitation: [owners('members', { body: () => ({ mail: 'ai-do@co-quan.example', role: 'reader' }) })],
  deleteInvitation: [owners('members')],
  readInvitation: [everybody('session', invitation)],
  acceptInvitation: [everybody('session', invitation)],
  uploadLogo: [everybody('write', { body: () => ({ content: PICTURE }) })],

  listServices: [everybody('read')],
  createService: [developers('write', { body: () => ({ id: id('dich-vu'), name }) })],
  getService: [readers('read')],
  putDraft: [
    developers('write', withBody(sandbox, goodSettings('https://dich-vu.example'))),
    developers('write', withBody(production, goodSettings('https://dich-vu.example'))),
  ],
  publishSandbox: [developers('write')],
  createSecret: [developers('secrets', withBody(sandbox, {})), owners('secrets', withBody(production, {}))],
  addKey: [
    developers('secrets', withBody(sandbox, { jwk: KEY })),
    owners('secrets', withBody(production, { jwk: KEY })),
  ],
  endCredential: [
    developers('secrets', { params: credentialOf('sandbox') }),
    owners('secrets', { params: credentialOf('production') }),
  ],

  beginProduction: [developers('write')],
  getDifferences: [readers('read')],
  submitToProduction: [developers('write')],
  withdrawSubmission: [developers('write')],
  decide: [owners('session', saidAs('owner')), one('session', ['registrar'], STRANGER, saidAs('registrar'))],
  listSubmissions: [one('session', ['registrar'], ['stranger', 'reader', 'developer', 'owner'], {})],
  listVersions: readersOfBoth,
  getVersion: readersOfBoth,
  stepBack: [developers('write', sandbox), owners('write', production)],
  suspend: [developers('write', withBody(sandbox, {})), ownersAndRegistrars('write', withBody(production, {}))],
  resume: [developers('write', sandbox), ownersAndRegistrars('write', production)],
  retire: [developers('write', confirmed('sandbox')), ownersAndRegistrars('write', confirmed('production'))],
  getAgencyTrail: [readers('read')],
  exportAgencyTrail: [readers('read')],
  getServiceTrail: [readers('read')],
  exportServiceTrail: [readers('read')],

  getSignIns: readersOfBoth,
  getSimulator: [readers('read')],
  armFault: [developers('write', { body: () => ({ fault: 'wrong_nonce' }) })],
  disarmFault: [developers('write')],
  listReadyPieces: readersOfBoth,
  downloadReadyPiece: readersOfBoth,
  listTestPeople: [everybody('read')],
};

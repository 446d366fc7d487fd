/** Every ready piece, run as it is, meets every fault of the simulator, one sign-in after the other, and earns a full card. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import type { PieceId } from '../../src/developer/ready-pieces/piece.ts';
import { FAULTS } from '../../src/simulator/faults.ts';
import { decidedCard, SIMULATING, simulatorOf } from '../simulator/trying.ts';
import { openSite, PIECE, type Site, type Variant } from './site.ts';

const SECRET_ONLY: Variant = { name: 'secret', settings: {}, secret: 'basic' };
const ENCRYPTED: Variant = {
  name: 'key, PAR, ECDH-ES, loa2',
  settings: {
    minimum_acr: 'loa2',
    require_pushed_authorization_requests: true,
    id_token_encrypted_response_alg: 'ECDH-ES',
  },
};
const SIGNED: Variant = {
  name: 'key, RS256, signed userinfo, loa2',
  settings: { minimum_acr: 'loa2', id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256' },
};

const PIECES: readonly (Variant & { readonly id: PieceId })[] = [
  { id: 'openid-client', ...SECRET_ONLY },
  { id: 'openid-client', ...ENCRYPTED },
  { id: 'authlib', ...SECRET_ONLY },
  { id: 'authlib', ...ENCRYPTED },
  { id: 'mod_auth_openidc', ...SECRET_ONLY },
  { id: 'mod_auth_openidc', ...SIGNED },
];

describe.each(PIECES)('$id, $name', ({ id, name, ...wanted }) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(id, wanted, SIMULATING);
  }, 60_000);
  afterAll(() => site?.close());

  test(`E11 ${id}, ${name}: does what it should at every fault, at once, and has a full card`, async () => {
    const simulator = simulatorOf(site.country);
    expect((await site.signIn()).code).toBe('signed_in');
    const signedIn: string[] = [];
    for (const { id: fault } of FAULTS) {
      await simulator.arm(PIECE, fault);
      const visitor = new Visitor();
      if ((await site.signIn(visitor)).code === 'signed_in') signedIn.push(fault);
      await onward(visitor);
    }
    expect([signedIn, site.running.log()]).toEqual([['rotated_key', 'slow_answer'], expect.anything()]);
    const { results, full } = await decidedCard(simulator, PIECE);
    expect([results.filter(({ outcome }) => outcome !== 'passed'), site.running.log()]).toEqual([
      [],
      expect.anything(),
    ]);
    expect(full).toBe(true);
  }, 60_000);
});

/** What a browser does by itself at a page that only sends it on. */
async function onward(visitor: Visitor): Promise<void> {
  const [, next] = visitor.page.$('meta[http-equiv=refresh]').attr('content')?.split('url=') ?? [];
  if (next !== undefined) await visitor.open(next);
}

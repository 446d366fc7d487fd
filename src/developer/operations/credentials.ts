/**
 * Owns by what a service proves itself: secrets and keys. Two of a kind are live at a time, so that one takes the other's
 * place without a gap; each has an end.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Refusal } from '../../errors.ts';
import { type ServiceAccess, serviceFor } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Credential, Environment } from '../ports.ts';
import { jwkOf, keyProblems, thumbprintOf } from '../problems.ts';
import { Objections } from '../refusals.ts';
import { DAY, needlessWarnings, saveService } from '../saving.ts';
import { trailEntry } from '../trail.ts';
import { shownCredential, withStanding } from './services.ts';

/** Of a kind, live at a time: for keys, of those that sign and of those that encrypt. */
const MOST_LIVE = 2;
const MOST_KEPT = 12;
const USUAL_DAYS = 365;

export function credentialOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;
  /** Of the hub at which the service will prove itself: the two have no key in common. */
  const vaultOf = (environment: Environment) => (environment === 'sandbox' ? parts.sandbox.vault : parts.vault);

  /** Sandbox credentials are the developers'; those of production are the owners'. */
  const accessTo = (actor: Actor, service: string, environment: Environment) =>
    serviceFor(store, actor, service, environment === 'production' ? 'owner' : 'developer', false);

  async function save(
    { service, agency }: ServiceAccess,
    actor: Actor,
    environment: Environment,
    credentials: readonly Credential[],
    done: { readonly action: string; readonly before?: unknown; readonly after?: unknown },
  ): Promise<void> {
    const changed = withStanding(service, environment, { ...service[environment], credentials });
    const isLive = service[environment].live !== undefined && service[environment].state !== 'retired';
    await saveService(parts, {
      service: changed,
      agency,
      trail: [trailEntry(actor, { ...done, agency: agency.id, service: service.id })],
      publish: isLive ? [environment] : [],
    });
  }

  /** Those that go on being kept: who has ended long ago is in the trail. */
  const kept = (credentials: readonly Credential[], now: number) =>
    credentials.filter(({ endsAt }) => endsAt > now - 90 * DAY).slice(-MOST_KEPT);

  operations.define('createSecret', 'secrets', async (actor, { params, body }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const own = kept(access.service[environment].credentials, actor.now);
    const live = own.filter(({ kind, endsAt }) => kind === 'secret' && endsAt > actor.now);
    if (live.length >= MOST_LIVE) throw new Refusal('credential_limit');
    const lifetime = (body?.days ?? USUAL_DAYS) * DAY;
    const secret = randomBytes(32).toString('base64url');
    const credential: Credential = {
      id: randomUUID(),
      kind: 'secret',
      secretHash: vaultOf(environment).hashClientSecret(secret),
      createdAt: actor.now,
      by: actor.account,
      endsAt: actor.now + lifetime,
      warned: needlessWarnings(lifetime),
    };
    const after = shownCredential(credential, actor.now);
    await save(access, actor, environment, [...own, credential], { action: `${environment}.secret_added`, after });
    return { status: 201, values: { ...after, secret } };
  });

  operations.define('addKey', 'secrets', async (actor, { params, body }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const { service } = access;
    const own = kept(service[environment].credentials, actor.now);
    const thumbprint = thumbprintIfAny(body.jwk);
    const users = thumbprint === undefined ? [] : await store.developer.services.keysAmong([thumbprint]);
    const elsewhere = users.filter((one) => one.service !== service.id).map((one) => one.thumbprint);
    const problems = keyProblems(body.jwk, { credentials: own, thumbprintsElsewhere: new Set(elsewhere) });
    if (problems.length > 0)
      throw new Objections(
        'settings_invalid',
        problems.map((code) => ({ field: 'jwk', code })),
      );
    const jwk = jwkOf(body.jwk)!;
    const sameUse = own.filter(
      (one) => one.jwk && one.endsAt > actor.now && (one.jwk.use ?? 'sig') === (jwk.use ?? 'sig'),
    );
    if (sameUse.length >= MOST_LIVE) throw new Refusal('credential_limit');
    const lifetime = (body.days ?? USUAL_DAYS) * DAY;
    const credential: Credential = {
      id: randomUUID(),
      kind: 'key',
      jwk,
      createdAt: actor.now,
      by: actor.account,
      endsAt: actor.now + lifetime,
      warned: needlessWarnings(lifetime),
    };
    const after = shownCredential(credential, actor.now);
    await save(access, actor, environment, [...own, credential], { action: `${environment}.key_added`, after });
    return { status: 201, values: after };
  });

  operations.define('endCredential', 'secrets', async (actor, { params }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const own = access.service[environment].credentials;
    const ending = own.find(({ id }) => id === params.credential);
    if (ending === undefined) throw new Refusal('not_found');
    const before = shownCredential(ending, actor.now);
    const others = own.filter((one) => one !== ending);
    await save(access, actor, environment, others, { action: `${environment}.${ending.kind}_ended`, before });
    return { status: 204 };
  });
}

function thumbprintIfAny(jwk: unknown): string | undefined {
  const key = jwkOf(jwk);
  try {
    return key && thumbprintOf(key);
  } catch {
    return undefined;
  }
}

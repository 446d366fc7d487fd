/** Owns what this hub demands of an authorization request beyond what the library checks; PAR tells it too. */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clients } from '../clients.ts';
import type { SourceSettings } from '../sources.ts';
import { type Limits, OverLimit } from '../web/limits.ts';
import { registrationOf } from './client-models.ts';
import { type AssuranceRequest, reportedAcr, requiredAssurance } from './policy.ts';

/** A check of a request whose client and redirect address are known; throws the error the agency receives. */
export function createRequestRules(
  clients: Clients,
  sources: readonly Pick<SourceSettings, 'id' | 'acr'>[],
  limits: Pick<Limits, 'pushing'>,
): (ctx: KoaContextWithOIDC) => void {
  return (ctx) => {
    const { params, client } = ctx.oidc;
    // Only here an agency has proved who it is: what anybody can send in its name must not use up its share.
    if (ctx.oidc.route === 'pushed_authorization_request') withinLimit(ctx, () => limits.pushing(client!.clientId));
    const scope = params!.scope as string | undefined;
    // The citizen would prove who they are for an agency that then learns nothing of it.
    if (!scope?.split(' ').includes('openid'))
      throw new errors.InvalidScope('the scope openid is missing: this hub signs people in', 'openid');
    const registration = registrationOf(clients, client);
    const required = requiredAssurance(params as AssuranceRequest, registration);
    const met = sources.some(
      ({ id, acr }) => (registration.sources?.includes(id) ?? true) && reportedAcr(acr, required) !== undefined,
    );
    // Said at once: no citizen is sent to choose among ways of which none is enough.
    if (!met)
      throw new errors.UnmetAuthenticationRequirements('no way to sign in that this service accepts is strong enough');
  };
}

/** Over a limit the library answers as it does everything else, in JSON. */
function withinLimit(ctx: KoaContextWithOIDC, take: () => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof OverLimit)) throw error;
    ctx.set('retry-after', String(error.retryAfter));
    throw Object.assign(new errors.TemporarilyUnavailable('too many requests'), { statusCode: 429, status: 429 });
  }
}

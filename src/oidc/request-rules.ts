/** Owns what this hub demands of an authorization request beyond what the library checks; PAR tells it too. */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clients } from '../clients.ts';
import type { SourceSettings } from '../sources.ts';
import { type AssuranceRequest, reportedAcr, requiredAssurance } from './policy.ts';

/** A check of a request whose client and redirect address are known; throws the error the agency receives. */
export function createRequestRules(
  clients: Clients,
  sources: readonly Pick<SourceSettings, 'id' | 'acr'>[],
): (ctx: KoaContextWithOIDC) => void {
  return (ctx) => {
    const { params, client } = ctx.oidc;
    const scope = params!.scope as string | undefined;
    // The citizen would prove who they are for an agency that then learns nothing of it.
    if (!scope?.split(' ').includes('openid'))
      throw new errors.InvalidScope('the scope openid is missing: this hub signs people in', 'openid');
    const registration = clients.get(client!.clientId)!;
    const required = requiredAssurance(params as AssuranceRequest, registration);
    const met = sources.some(
      ({ id, acr }) => (registration.sources?.includes(id) ?? true) && reportedAcr(acr, required) !== undefined,
    );
    // Said at once: no citizen is sent to choose among ways of which none is enough.
    if (!met)
      throw new errors.UnmetAuthenticationRequirements('no way to sign in that this service accepts is strong enough');
  };
}

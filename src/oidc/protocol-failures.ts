/**
 * Owns seeing what the OpenID library refuses, for the developer of the service it was refused to: which request, which
 * proof, which code, and why. Where it was asked in the name of nobody registered there is nobody to tell.
 */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { errorOf, isErrorCode } from '../errors.ts';
import type { Progress } from '../login/request.ts';
import { StoreUnavailable } from '../store.ts';
import { causeOf, type LibraryError, refusalOf, standardError } from '../watching/error-causes.ts';
import type { FailedSignIn, Outcome, Step } from '../watching/sightings.ts';
import type { Failing, SightingsCollector } from '../watching/sightings-collector.ts';
import { ClientSuspended } from './client-models.ts';

/** What `prompt=none` is answered with when there is something to ask: the ordinary way to find out. */
const ASKS_FOR_INTERACTION: ReadonlySet<string> = new Set([
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
]);

type Seen = { readonly outcome: Outcome } & ({ readonly failing: Failing } | { readonly failing?: undefined });

/** Has the collector told of each refusal of this provider. */
export function seeFailures(provider: Provider, collector: Pick<SightingsCollector, 'ended' | 'correct'>): void {
  /** The library may say twice why a request fails; the second is what is answered. */
  const seenOf = new WeakMap<object, FailedSignIn | 'counted'>();

  const see = (step: Step, outcome: Outcome) => (ctx: KoaContextWithOIDC, thrown: Error) => {
    const client = clientOf(ctx, thrown);
    if (client === undefined) return;
    const seen = endOfSignIn(ctx, thrown) ?? refused(thrown, step, outcome, ctx);
    if (seen === 'told') return;
    const { failing } = seen;
    const earlier = seenOf.get(ctx);
    if (earlier !== undefined) {
      if (earlier !== 'counted' && failing) collector.correct(earlier, failing);
      return;
    }
    const incident = ctx.req.incident;
    const failed = collector.ended({ client, outcome: seen.outcome }, failing && { ...failing, incident });
    seenOf.set(ctx, failed ?? 'counted');
  };

  provider.on('authorization.error', see('request', 'request_refused'));
  provider.on('pushed_authorization_request.error', see('request', 'request_refused'));
  provider.on('grant.error', see('token', 'token_refused'));
  provider.on('server_error', (ctx, thrown) =>
    see(ctx.oidc?.route === 'token' ? 'token' : 'request', 'unavailable')(ctx, thrown),
  );
}

/** Who is asked for, or at least named; whether they are registered the collector knows. */
function clientOf({ oidc }: KoaContextWithOIDC, thrown: Error): string | undefined {
  if (thrown instanceof ClientSuspended) return thrown.clientId;
  const named = oidc?.client?.clientId ?? oidc?.params?.client_id;
  return typeof named === 'string' ? named : undefined;
}

/** Of a sign-in that our own steps ended: the library only carries it to the agency. `told` has been seen where it happened. */
function endOfSignIn({ oidc }: KoaContextWithOIDC, thrown: LibraryError): Seen | 'told' | undefined {
  const { result } = (oidc?.entities?.Interaction ?? {}) as { readonly result?: Progress };
  const { error, error_description: code, notice } = result ?? {};
  if (error === undefined || error !== thrown.error) return undefined;
  if (notice !== undefined || code === 'consent_refused' || code === undefined) return 'told';
  if (!isErrorCode(code)) return { outcome: 'cancelled' };
  const outcome = errorOf(code).oauth === 'temporarily_unavailable' ? 'unavailable' : 'refused';
  return { outcome, failing: { error: standardError(thrown), ...refusalOf(code) } };
}

function refused(thrown: Error, step: Step, outcome: Outcome, { oidc }: KoaContextWithOIDC): Seen {
  const failure = thrown as LibraryError;
  if (oidc?.params?.prompt === 'none' && ASKS_FOR_INTERACTION.has(failure.error ?? ''))
    return { outcome: 'interaction_required' };
  if (thrown instanceof ClientSuspended)
    return { outcome, failing: { step, error: standardError(failure), cause: 'client_suspended' } };
  if (outcome !== 'unavailable')
    return { outcome, failing: { step, error: standardError(failure), cause: causeOf(failure) } };
  const cause = thrown instanceof StoreUnavailable ? thrown.code : 'internal_error';
  return { outcome, failing: { step, error: errorOf(cause).oauth ?? 'server_error', cause } };
}

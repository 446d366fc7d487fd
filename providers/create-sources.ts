/** Owns how each configured source comes to be: a kind of the sources file, and the folder beside this that makes it. */
import { importJWK } from 'jose';
import type { Configuration } from '../src/config.ts';
import type { SourceHealth } from '../src/login/source-health.ts';
import type { SourceSettings } from '../src/sources.ts';
import type { ProtocolState } from '../src/store.ts';
import type { Keys } from '../src/vault/keys.ts';
import type { Outgoing } from '../src/web/outgoing.ts';
import { createDigitalSignatureSource } from './digital-signature/digital-signature-source.ts';
import { createMobileIdSource } from './mobile-id/mobile-id-source.ts';
import { createConfiguredSource } from './openid/configured-source.ts';
import type { Source } from './source.ts';
import { createTaxCodeSource } from './tax-code/tax-code.ts';

/** What sources of one kind or another need of the hub. */
export interface SourceMeans {
  readonly outgoing: Outgoing;
  readonly health: SourceHealth;
  readonly ocsp: Outgoing;
  readonly state: ProtocolState;
  readonly clock: () => number;
}

/** The configured sources, in the order of the file; each kind is made by its folder under `providers/`. */
export async function createSources(
  configuration: Configuration,
  keys: Keys,
  { outgoing: unwatched, health, ocsp, state, clock }: SourceMeans,
): Promise<Map<string, Source>> {
  const key = { key: (await importJWK(keys.client, 'ES256')) as CryptoKey, kid: keys.client.kid };
  const create = (settings: SourceSettings): Source => {
    const redirectUri = `${configuration.issuer}/sources/${settings.id}/callback`;
    const outgoing = health.watch(settings.id, unwatched);
    switch (settings.kind) {
      case 'tax-code':
        return createTaxCodeSource({ settings, redirectUri, key, outgoing });
      case 'openid':
        return createConfiguredSource({ settings, redirectUri, key, outgoing });
      case 'mobile-id':
        return createMobileIdSource({ settings, outgoing, state, clock });
      case 'digital-signature':
        return createDigitalSignatureSource({ settings, origin: configuration.issuer, state, outgoing: ocsp, clock });
    }
  };
  return new Map(configuration.sources.map((settings) => [settings.id, create(settings)]));
}

/**
 * Owns the clients as whom the console tries services at the sandbox issuer, in place of their own programs. Each is the twin
 * of a registered service: it asks the citizen for the same, under the same name, and knows the person by the same `sub`. It
 * is nowhere written down and in no list; with its service it is there and gone.
 */
import type { ClientRegistration, Clients } from '../../clients.ts';
import { DEVELOPER } from '../../own-pages/own-page.ts';
import type { Vault } from '../../vault/vault.ts';
import { SANDBOX_SUFFIX } from '../ports.ts';

const TRY_SUFFIX = '-try';
/** Where the sandbox issuer's answers come, below the hub's issuer. */
export const TRY_CALLBACK = `${DEVELOPER.path}/try/callback`;

/** Id of the client as whom the console tries a service. */
export const trialClientOf = (service: string): string => `${service}${TRY_SUFFIX}`;

/** The secret of such a client, by the vault of the sandbox issuer: nobody but the hub itself ever has it. */
export const trialSecretOf = (client: string, vault: Pick<Vault, 'ownSecret'>): string =>
  vault.ownSecret(`try ${client}`);

export interface TrialParts {
  /** Of the sandbox issuer. */
  readonly vault: Pick<Vault, 'ownSecret' | 'hashClientSecret'>;
  /** Issuer of the hub whose console it is. */
  readonly console: string;
}

/** The registered clients, and for whoever asks for one by its id, the twins of those that are services. */
export class WithTrials implements Clients {
  readonly #base: Clients;
  readonly #parts: TrialParts;
  /** A service that changes has another twin, and one that does not the same: whoever keeps something by it may. */
  readonly #twins = new WeakMap<ClientRegistration, ClientRegistration>();

  constructor(base: Clients, parts: TrialParts) {
    this.#base = base;
    this.#parts = parts;
  }

  get(id: string): ClientRegistration | undefined {
    if (!id.endsWith(TRY_SUFFIX)) return this.#base.get(id);
    const service = id.slice(0, -TRY_SUFFIX.length);
    const base = this.#base.get(`${service}${SANDBOX_SUFFIX}`);
    if (base === undefined || base.suspended === true || base.role !== 'service') return undefined;
    const twin = this.#twins.get(base) ?? this.#twinOf(base, service);
    this.#twins.set(base, twin);
    return twin;
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  get size(): number {
    return this.#base.size;
  }

  values(): MapIterator<ClientRegistration> {
    return this.#base.values();
  }

  #twinOf(base: ClientRegistration, service: string): ClientRegistration {
    const { vault, console } = this.#parts;
    const id = trialClientOf(service);
    const page = `${console}${DEVELOPER.path}/services/${service}/try`;
    const {
      jwks: _jwks,
      jwks_uri: _address,
      backchannel_logout_uri: _logout,
      id_token_encrypted_response_alg: _idToken,
      userinfo_encrypted_response_alg: _userinfo,
      ...same
    } = base;
    return {
      ...same,
      client_id: id,
      login_uri: page,
      home_uri: page,
      redirect_uris: [`${console}${TRY_CALLBACK}`],
      post_logout_redirect_uris: [],
      authentication: {
        method: 'client_secret_basic',
        secret_hash: vault.hashClientSecret(trialSecretOf(id, vault)),
      },
    };
  }
}

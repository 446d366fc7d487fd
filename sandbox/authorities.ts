/** Owns the authorities a hub of the sandbox asks: sources and a population register over one set of registers. */
import type { JWK } from 'jose';
import type { SourceSettings } from '../src/sources.ts';
import type { Authority } from './authority/authority.ts';
import { type CardAuthority, openCardAuthority } from './card-authority/card-authority.ts';
import type { Listener } from './listener.ts';
import { type MobileOperator, openMobileOperator } from './mobile-operator/mobile-operator.ts';
import { openNationalEid } from './national-eid/national-eid.ts';
import { openPopulationRegister, type PopulationRegister } from './population-register/population-register.ts';
import type { Registers } from './registers.ts';
import { publicHalf, type Secrets } from './secrets.ts';
import { openSocialInsurance, type SocialInsurance } from './social-insurance/social-insurance.ts';
import { callbackOf, HUB_AT_AUTHORITIES, HUB_AT_OPERATOR, sandboxSources } from './sources.ts';
import { openTaxAuthority } from './tax-authority/tax-authority.ts';

/** Their ports. */
export const AUTHORITY_PORTS = {
  taxAuthority: 3101,
  socialInsurance: 3102,
  nationalEid: 3103,
  populationRegister: 3110,
  mobileOperator: 3120,
  cardAuthority: 3130,
  cardReader: 3131,
};
export type AuthorityPort = keyof typeof AUTHORITY_PORTS;

export interface AuthoritiesSettings {
  readonly at: Readonly<Record<AuthorityPort, Listener>>;
  readonly registers: Registers;
  readonly secrets: Secrets;
  /** The hub they are asked by: its issuer, and the key it proves itself with. */
  readonly hub: { readonly issuer: string; readonly key: JWK };
}

export interface Authorities {
  readonly taxAuthority: Authority;
  readonly socialInsurance: SocialInsurance;
  readonly nationalEid: Authority;
  readonly populationRegister: PopulationRegister;
  readonly mobileOperator: MobileOperator;
  readonly cardAuthority: CardAuthority;
  /** As their hub is configured for them. */
  readonly sources: readonly SourceSettings[];
}

/** Opens all of them. */
export async function openAuthorities({ at, registers, secrets, hub }: AuthoritiesSettings): Promise<Authorities> {
  const hubAt = (source: string) => ({
    client_id: HUB_AT_AUTHORITIES,
    redirect_uri: callbackOf(hub.issuer, source),
    jwks: { keys: [publicHalf(hub.key)] },
  });
  const taxAuthority = await openTaxAuthority({
    listener: at.taxAuthority,
    registers,
    signingKey: secrets.taxAuthority,
    hub: hubAt('tax-code'),
  });
  const socialInsurance = await openSocialInsurance({
    listener: at.socialInsurance,
    registers,
    signingKey: secrets.socialInsurance,
    hub: hubAt('social-insurance'),
  });
  const nationalEid = await openNationalEid({
    listener: at.nationalEid,
    registers,
    signingKey: secrets.nationalEid,
    hub: hubAt('national-eid'),
  });
  const populationRegister = openPopulationRegister({
    listener: at.populationRegister,
    registers,
    key: secrets.populationRegister,
  });
  const cardAuthority = await openCardAuthority({ listener: at.cardAuthority, reader: at.cardReader, registers });
  const mobileOperator = await openMobileOperator({
    listener: at.mobileOperator,
    registers,
    relyingParty: HUB_AT_OPERATOR,
  });
  const sources = sandboxSources({
    taxAuthority: taxAuthority.issuer,
    socialInsurance: socialInsurance.issuer,
    nationalEid: nationalEid.issuer,
    mobileOperator,
    cards: cardAuthority.trusted,
  });
  return { taxAuthority, socialInsurance, nationalEid, populationRegister, mobileOperator, cardAuthority, sources };
}

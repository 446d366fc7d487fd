/** Owns sources that need no code of their own: an OpenID provider whose claims are read as the sources file says. */
import { Refusal } from '../../src/errors.ts';
import type { Acr, Assertion, AttestedAttributes } from '../../src/identity/assertion.ts';
import type { ClaimMapping, SettingsOf } from '../../src/sources.ts';
import { OpenIdSource, type OpenIdSourceParts, type SourceClaims } from './openid-source.ts';

const LONGEST_VALUE = 200;
const MOST_METHODS = 5;
const isMethod = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,20}$/.test(value);

export interface ConfiguredSourceParts extends Omit<OpenIdSourceParts, 'read' | 'scope'> {
  readonly settings: SettingsOf<'openid'>;
}

/** An OpenID provider as a source, by configuration alone. */
export function createConfiguredSource(parts: ConfiguredSourceParts): OpenIdSource {
  const { settings } = parts;
  return new OpenIdSource({ ...parts, scope: settings.scope, read: (claims) => readConfigured(claims, settings) });
}

/** Throws `Refusal` `not_a_person`, or `source_answer_invalid` when a claim has not the form the mapping expects. */
export function readConfigured({ idToken, userInfo }: SourceClaims, settings: SettingsOf<'openid'>): Assertion {
  const mapping = settings.claims;
  // Both speak of the same `sub`; what stands in the signed token counts more.
  const claims: Readonly<Record<string, unknown>> = { ...userInfo, ...idToken };
  const text = (claim: string | undefined): string | undefined => {
    // Own ones only: every object also has a `constructor`.
    const value = claim !== undefined && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string' || value.length > LONGEST_VALUE) throw new Refusal('source_answer_invalid');
    return value;
  };
  const subject = text(mapping.subject);
  if (subject === undefined) throw new Refusal('source_answer_invalid');
  if (mapping.person && text(mapping.person.claim) !== mapping.person.value) throw new Refusal('not_a_person');
  const authTime = typeof idToken.auth_time === 'number' ? idToken.auth_time : idToken.iat;
  return {
    source: settings.id,
    subject,
    holder: 'person',
    attributes: attributesOf(text, mapping),
    acr: levelOf(claims, mapping, settings.acr),
    amr: Array.isArray(idToken.amr) ? idToken.amr.filter(isMethod).slice(0, MOST_METHODS) : mapping.amr,
    authTime,
    evidence: {
      type: 'electronic_record',
      record: mapping.record,
      authority: settings.authority.vi,
      country: 'VN',
      time: authTime,
    },
  };
}

function attributesOf(
  text: (claim: string | undefined) => string | undefined,
  mapping: ClaimMapping,
): AttestedAttributes {
  const birthDate = text(mapping.birth_date);
  const gender = text(mapping.gender?.claim);
  const attributes = {
    name: text(mapping.name),
    birthDate:
      birthDate && (mapping.birth_date_written === 'day_first' ? birthDate.split('/').reverse().join('-') : birthDate),
    gender: gender === mapping.gender?.male ? 'male' : gender === mapping.gender?.female ? 'female' : undefined,
    personalNumber: text(mapping.personal_number),
    socialInsuranceNumber: text(mapping.social_insurance_number),
    taxCode: text(mapping.tax_code),
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

function levelOf(claims: Readonly<Record<string, unknown>>, { level }: ClaimMapping, registered: Acr): Acr {
  if (level === undefined) return registered;
  const told = Object.hasOwn(claims, level.claim) ? claims[level.claim] : undefined;
  const known = (typeof told === 'string' || typeof told === 'number') && Object.hasOwn(level.values, told);
  const reached = known ? level.values[told] : undefined;
  if (reached === undefined) throw new Refusal('source_answer_invalid');
  return reached;
}

/** Owns the tax authority as a source: what its claims mean, which tax codes are a person's. */
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { Assertion } from '../../src/identity/assertion.ts';
import { parseTaxCode } from '../../src/identity/numbers.ts';
import { OpenIdSource, type OpenIdSourceParts, type SourceClaims } from '../openid/openid-source.ts';

/** What the tax authority tells of an account; names and numbers as its register writes them. */
const account = z.object({
  sub: z.string().min(10).max(14),
  tax_code: z.string().max(14),
  taxpayer_kind: z.enum(['individual', 'company']),
  name: z.string().min(1).max(200).optional(),
  birthdate: z.string().max(10).optional(),
  id_number: z.string().max(12).nullish(),
});

/** The tax authority's own sign-in as a source: an OpenID provider whose subject is the tax code. */
export function createTaxCodeSource(parts: Omit<OpenIdSourceParts, 'read' | 'scope'>): OpenIdSource {
  const read = (claims: SourceClaims) => readTaxAccount(claims, parts.settings);
  return new OpenIdSource({ ...parts, scope: 'openid profile', read });
}

/**
 * The assertion in a tax account. Throws `Refusal` `not_a_person` for a company, `source_answer_invalid` when the code
 * has not the form of one (ten digits with check digit, branch suffix, or the twelve-digit personal number).
 */
export function readTaxAccount(
  { idToken, userInfo }: SourceClaims,
  settings: OpenIdSourceParts['settings'],
): Assertion {
  const parsed = account.safeParse(userInfo);
  if (!parsed.success || parsed.data.sub !== parsed.data.tax_code) throw new Refusal('source_answer_invalid');
  const { taxpayer_kind, name, birthdate, id_number } = parsed.data;
  const taxCode = parseTaxCode(parsed.data.tax_code);
  if (taxCode === undefined) throw new Refusal('source_answer_invalid');
  // Only companies have branches.
  if (taxpayer_kind === 'company' || taxCode.kind === 'branch') throw new Refusal('not_a_person');
  const authTime = typeof idToken.auth_time === 'number' ? idToken.auth_time : idToken.iat;
  return {
    source: settings.id,
    subject: taxCode.value,
    holder: 'person',
    attributes: {
      taxCode: taxCode.value,
      ...(name ? { name } : {}),
      ...(birthdate ? { birthDate: birthdate } : {}),
      ...(id_number ? { personalNumber: id_number } : {}),
    },
    acr: settings.acr,
    amr: ['pwd'],
    authTime,
    evidence: {
      type: 'electronic_record',
      record: 'tax_account',
      authority: settings.authority.vi,
      country: 'VN',
      time: authTime,
    },
  };
}

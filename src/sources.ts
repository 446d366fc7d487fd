/** Owns the sources file: which authorities, of which kind, as which client of theirs, worth which level. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Localised } from '../views/pages.ts';
import { reaches } from './identity/assurance.ts';

const localised: z.ZodType<Localised> = z.object({ vi: z.string().min(1).max(300), en: z.string().min(1).max(300) });
const acr = z.enum(['loa1', 'loa2', 'loa3', 'loa4']);
const claimName = z.string().min(1).max(60);

/** How a provider's own claims become an assertion. Only `subject` must be there; what it does not attest is absent. */
const claimMapping = z.strictObject({
  /** The claim that is the account's key there; `sub` unless told. */
  subject: claimName.default('sub'),
  name: claimName.optional(),
  birth_date: claimName.optional(),
  /** How that provider writes dates: 1990-03-14, or 14/03/1990 as on paper. */
  birth_date_written: z.enum(['year_first', 'day_first']).default('year_first'),
  gender: z.strictObject({ claim: claimName, male: z.string(), female: z.string() }).optional(),
  /** The personal number, or the former number that the population register maps to one. */
  personal_number: claimName.optional(),
  social_insurance_number: claimName.optional(),
  tax_code: claimName.optional(),
  /** A claim that tells people from organisations, and the value people have. */
  person: z.strictObject({ claim: claimName, value: z.string() }).optional(),
  /** The provider's own levels; one that is not listed is refused, and none is worth more than the registered level. */
  level: z.strictObject({ claim: claimName, values: z.record(z.string(), acr) }).optional(),
  /** RFC 8176 values when the provider names none of its own. */
  amr: z.array(z.string().max(20)).max(5).default([]),
  /** Kind of the record behind an account there, as evidence names it: `social_insurance_account`, … */
  record: z.string().regex(/^[a-z_]{3,40}$/),
});
export type ClaimMapping = z.infer<typeof claimMapping>;

/** What every source has, of whatever kind: its name for ever, its level, its card. */
const anySource = {
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  acr,
  /** What a sign-in at the source's own level counts as under the decree on electronic identification; told as it is. */
  vn_auth_level: z.int().min(1).max(3).optional(),
  name: localised,
  authority: localised,
  asks: localised,
  icon: z.enum(['receipt', 'shield', 'smartphone', 'signature', 'key']),
};

const openIdProvider = { ...anySource, issuer: z.url(), client_id: z.string().min(1).max(200) };

const certificate = z.string().max(20_000).refine(isCertificate, 'is no certificate in PEM');
const objectIdentifier = z.string().regex(/^[0-2](\.\d+)+$/, 'is no object identifier');

/** Whose certificates are believed. Its id is part of every account's key: never change it. */
const certificateAuthority = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  /** Trusted as they stand: a root, or an issuing authority itself. */
  anchors: z.array(certificate).min(1).max(20),
  /** Issuing authorities below; taking one off the list revokes it. */
  intermediates: z.array(certificate).max(50).default([]),
  /** Where its certificates carry the holder's number, as `PNOVN-…` in `serialNumber`; absent when they carry none. */
  personal_number: z
    .strictObject({ attribute: z.enum(['serialNumber', 'userId']), prefix: z.string().min(1).max(20) })
    .optional(),
});

/** Who answers for an authority's certificates in place of the responder that they name. */
const responder = z.strictObject({
  authority: z.string(),
  address: z.url({ protocol: /^https?$/ }),
  certificate: certificate.optional(),
  nonce: z.enum(['required', 'unsupported']).default('required'),
});

/** One entry of the sources file, by kind; each kind is built by its folder under `providers/`. */
export const sourceSettings = z.discriminatedUnion('kind', [
  /** The tax authority: its claims are read by code of their own. */
  z.strictObject({ kind: z.literal('tax-code'), ...openIdProvider }),
  /** Any other OpenID provider: its claims are read as told here. */
  z
    .strictObject({
      kind: z.literal('openid'),
      ...openIdProvider,
      scope: z
        .string()
        .max(200)
        .regex(/^openid( [^\s"\\]+)*$/, 'begins with openid')
        .default('openid profile'),
      claims: claimMapping,
    })
    .refine((source) => Object.values(source.claims.level?.values ?? {}).every((level) => reaches(source.acr, level)), {
      path: ['claims', 'level'],
      message: 'names a level above that of the source',
    }),
  /** A phone whose SIM signs, asked over the Mobile-ID REST interface. */
  z
    .strictObject({
      kind: z.literal('mobile-id'),
      ...anySource,
      /** Where the operator's interface begins. */
      url: z.url({ protocol: /^https?$/ }),
      /** As the operator registered the hub. */
      relying_party: z.strictObject({ uuid: z.string().min(1).max(100), name: z.string().min(1).max(100) }),
      authorities: z.array(certificateAuthority).min(1).max(50),
      /** Policies of certificates whose keys are in a SIM: each has to carry one of them. */
      policies: z.array(objectIdentifier).min(1).max(50),
    })
    .refine(({ authorities }) => areDifferent(authorities.map(({ id }) => id)), {
      path: ['authorities'],
      message: 'names an authority twice',
    }),
  /** A card or token that signs, read by the browser's Web eID extension. */
  z
    .strictObject({
      kind: z.literal('digital-signature'),
      ...anySource,
      authorities: z.array(certificateAuthority).min(1).max(50),
      /** Policies of certificates whose keys are in no card. */
      disallowed_policies: z.array(objectIdentifier).max(50).default([]),
      responders: z.array(responder).max(50).default([]),
    })
    .refine(({ authorities }) => areDifferent(authorities.map(({ id }) => id)), {
      path: ['authorities'],
      message: 'names an authority twice',
    })
    .refine(({ responders }) => areDifferent(responders.map(({ authority }) => authority)), {
      path: ['responders'],
      message: 'names two for one authority',
    })
    .refine(
      ({ authorities, responders }) => responders.every((one) => authorities.some(({ id }) => id === one.authority)),
      {
        path: ['responders'],
        message: 'names an authority that is not there',
      },
    ),
]);
export type SourceSettings = z.infer<typeof sourceSettings>;

/** The settings of the sources of one kind. */
export type SettingsOf<Kind extends SourceSettings['kind']> = Extract<SourceSettings, { readonly kind: Kind }>;

/** Reads the sources file; `problems` gets one line for each mistake in it. */
export function readSources(
  path: string,
  mode: 'production' | 'sandbox',
  problems: string[],
): readonly SourceSettings[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    problems.push('HUB_SOURCES: is no readable JSON file');
    return [];
  }
  const parsed = z.array(sourceSettings).min(1).max(50).safeParse(content);
  problems.push(
    ...(parsed.error?.issues ?? []).map((issue) => `HUB_SOURCES ${issue.path.join('.')}: ${issue.message}`),
  );
  const sources = parsed.data ?? [];
  for (const [at, source] of sources.entries()) {
    const { id } = source;
    if (sources.findIndex((other) => other.id === id) < at) problems.push(`HUB_SOURCES ${id}: is there twice`);
    const address = 'issuer' in source ? source.issuer : 'url' in source ? source.url : undefined;
    if (mode === 'production' && address !== undefined && new URL(address).protocol !== 'https:')
      problems.push(`HUB_SOURCES ${id}: a production hub asks a source over https only`);
  }
  return sources;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

const areDifferent = (values: readonly string[]) => new Set(values).size === values.length;

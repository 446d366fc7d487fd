/** Owns how strong a sign-in is and how strong it has to be (design: Assurance). */
import { ACR_LADDER, type Acr, type SourceId } from './assertion.ts';
import type { LinkState } from './person.ts';

/** Whether a text names a step of the ladder. Agencies may list other authorities' levels; those are not ours to compare. */
export function isAcr(text: string): text is Acr {
  return (ACR_LADDER as readonly string[]).includes(text);
}

/** Orders two levels, the weaker first: negative, zero or positive, as `sort` wants it. */
export function compareAcr(one: Acr, other: Acr): number {
  return ACR_LADDER.indexOf(one) - ACR_LADDER.indexOf(other);
}

/** Whether a level is enough where another is required. */
export function reaches(acr: Acr, required: Acr): boolean {
  return compareAcr(acr, required) >= 0;
}

/** The stricter of two levels: used wherever two requirements meet, such as `acr_values` and an `acr` asked by `claims`. */
export function stricterAcr(one: Acr, other: Acr): Acr {
  return reaches(one, other) ? one : other;
}

/** The weakest level a list names, unknown names aside; nothing when it names none. Any level of such a list satisfies it. */
export function lowestKnown(values: readonly string[]): Acr | undefined {
  return values.filter(isAcr).sort(compareAcr)[0];
}

/**
 * The level a request requires: the higher of the service's registered minimum and the lowest known value in
 * `acr_values`, whatever their order there. Unknown values are ignored, since `acr_values` is a voluntary wish.
 */
export function requiredAcr(request: { readonly registeredMinimum: Acr; readonly acrValues: readonly string[] }): Acr {
  const wished = lowestKnown(request.acrValues);
  return wished === undefined ? request.registeredMinimum : stricterAcr(request.registeredMinimum, wished);
}

/**
 * What an essential `acr` with values returns: the highest listed value that was reached. Nothing when none was, and
 * then the request ends in `unmet_authentication_requirements`.
 */
export function highestReached(values: readonly string[], reached: Acr): Acr | undefined {
  return values
    .filter(isAcr)
    .filter((value) => reaches(reached, value))
    .sort(compareAcr)
    .at(-1);
}

/** The level of the credential used now: what the source asserts, never above the level it is registered with. */
export function levelOfCredential(credential: { readonly asserted: Acr; readonly registered: Acr }): Acr {
  return reaches(credential.asserted, credential.registered) ? credential.registered : credential.asserted;
}

/** The level a running session still gives: `loa4` is the card in the hand and is never given later, so it counts as `loa3`. */
export function levelOfRunningSession(begunAt: Acr): Acr {
  return begunAt === 'loa4' ? 'loa3' : begunAt;
}

/**
 * The level of a person no register stands behind, who proved two of their accounts together: whoever would be them needs
 * both credentials, so the stronger counts, but never more than `loa2` (rule 4).
 */
export function levelOfUnanchored(one: Acr, other: Acr): Acr {
  const stronger = stricterAcr(one, other);
  return reaches(stronger, 'loa2') ? 'loa2' : stronger;
}

/**
 * The level of the strongest way a person has. Blocked, suspended and frozen ones count: else whoever holds the weakest
 * would only have to report the others.
 */
export function strongestLevel(
  links: readonly { readonly source: SourceId; readonly state: LinkState }[],
  levelOf: (source: string) => Acr | undefined,
): Acr {
  return links
    .filter(({ state }) => state === 'active' || state === 'frozen')
    .flatMap(({ source }) => levelOf(source) ?? [])
    .reduce<Acr>(stricterAcr, 'loa1');
}

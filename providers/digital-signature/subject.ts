/** Owns what a certificate says of its holder: the names in its subject, and the personal number where its authority puts one. */
import { parseAttestedNumber } from '../../src/identity/numbers.ts';
import type { Certificate } from './certificate.ts';

/** Attributes of a subject by object identifier (RFC 5280 A.1, RFC 4519, X.520 for the organisation's identifier). */
const ATTRIBUTES = {
  '2.5.4.3': 'commonName',
  '2.5.4.4': 'surname',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'country',
  '2.5.4.10': 'organization',
  '2.5.4.11': 'organizationalUnit',
  '2.5.4.12': 'title',
  '2.5.4.42': 'givenName',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'userId',
} as const satisfies Record<string, string>;

type AttributeName = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES];

/** The subject's attributes as the authority wrote them. */
export type SubjectAttributes = Readonly<Partial<Record<AttributeName, string>>>;

/**
 * Where an authority writes the holder's personal number: `serialNumber` with `PNOVN-` for one that follows ETSI
 * EN 319 412-1 (5.1.3), `userId` with `CCCD:` for many a Vietnamese one.
 */
export interface NumberInSubject {
  readonly attribute: 'serialNumber' | 'userId';
  readonly prefix: string;
}

/**
 * Reads the subject. An attribute that comes twice says nothing, since nobody knows which one counts; one that holds
 * control characters or is no text is not there either.
 */
export function readSubject({ structure }: Certificate): SubjectAttributes {
  const seen = new Map<AttributeName, unknown[]>();
  for (const { type, value } of structure.subject.typesAndValues) {
    const name = (ATTRIBUTES as Record<string, AttributeName>)[type];
    if (name !== undefined) seen.set(name, [...(seen.get(name) ?? []), value.valueBlock.value]);
  }
  const said = [...seen].filter(([, values]) => values.length === 1 && isPlainText(values[0]));
  return Object.fromEntries(said.map(([name, [value]]) => [name, value]));
}

/** The personal number (or former number) in a subject, where its authority says it writes one; nothing else is guessed. */
export function personalNumberIn(subject: SubjectAttributes, place: NumberInSubject | undefined): string | undefined {
  const written = place && subject[place.attribute];
  if (!written?.startsWith(place!.prefix)) return undefined;
  return parseAttestedNumber(written.slice(place!.prefix.length))?.value;
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value);
}

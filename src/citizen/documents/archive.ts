/**
 * Owns the archive in which citizens take their data along: one ZIP file with the data, a page to read it, the receipts, and
 * a signed manifest of all of that. It verifies only as a whole and to the last byte: entries are compared with the manifest,
 * and what lies between them with the only ZIP file they make.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { Language } from '../../../views/pages.ts';
import type { Keys } from '../../vault/keys.ts';
import { type Entries, type EntriesProblem, EntriesUnreadable, packEntries, unpackEntries } from './archive-entries.ts';
import { archivePage, archiveReadme } from './archive-page.ts';
import { PERSONAL_DATA_SCHEMA, type PersonalData, timestamp } from './personal-data.ts';
import { type DocumentProblem, DocumentRefused, signDocument, verifyDocument } from './signatures.ts';

export const ARCHIVE_TYPE = 'personal-data-archive+jws';
const ARCHIVE_SCHEMA = 'urn:lien-thong:personal-data-archive:1';
const MANIFEST = 'manifest.json';
const SIGNATURE = 'manifest.jws';

const DATA_SCHEMA = readFileSync(new URL('./schemas/personal-data.schema.json', import.meta.url));

const manifest = z.strictObject({
  schema_version: z.literal(ARCHIVE_SCHEMA),
  issuer: z.string(),
  made_at: z.string(),
  /** Every other entry but the signature, by name. */
  files: z.array(z.strictObject({ name: z.string(), size: z.int(), sha256: z.string() })),
});
export type ArchiveManifest = z.infer<typeof manifest>;

export interface ArchiveSettings {
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** Of the page. */
  readonly language: Language;
}

export type ArchiveProblem =
  | EntriesProblem // no ZIP file of ours at all, or more than anybody should unpack
  | DocumentProblem // of the manifest's signature
  | 'manifest_missing'
  | 'manifest_other' // not what was signed
  | 'entry_missing'
  | 'entry_added'
  | 'entry_changed'
  | 'bytes_changed'; // outside all entries, or an entry that is there twice

export type ArchiveVerdict =
  | { readonly ok: true; readonly manifest: ArchiveManifest; readonly kid: string }
  | { readonly ok: false; readonly code: ArchiveProblem };

/** Makes and signs the archive of somebody's data. */
export async function makeArchive(
  data: PersonalData,
  { issuer, madeAt, language }: ArchiveSettings,
  keys: Pick<Keys, 'signing'>,
): Promise<Uint8Array> {
  const made_at = timestamp(madeAt);
  const entries = new Map<string, Uint8Array>([
    [
      'data.json',
      bytesOf(`${JSON.stringify({ schema_version: PERSONAL_DATA_SCHEMA, issuer, made_at, ...data }, null, 2)}\n`),
    ],
    ['data.schema.json', new Uint8Array(DATA_SCHEMA)],
    ['index.html', bytesOf(archivePage(data, { issuer, made_at, language }))],
    ['README.txt', bytesOf(archiveReadme(issuer))],
  ]);
  for (const { id, receipt } of data.consents)
    if (receipt !== undefined) entries.set(receiptName(id), bytesOf(receipt));
  const files = [...entries]
    .map(([name, content]) => ({ name, size: content.length, sha256: digestOf(content) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const listed: ArchiveManifest = { schema_version: ARCHIVE_SCHEMA, issuer, made_at, files };
  // The very text that is signed, so that there is nothing to interpret when the two are compared.
  entries.set(MANIFEST, bytesOf(JSON.stringify(listed)));
  entries.set(SIGNATURE, bytesOf(await signDocument(listed, ARCHIVE_TYPE, keys)));
  return packEntries(entries);
}

/** Whether bytes are an archive exactly as one of these keys signed it. */
export async function verifyArchive(bytes: Uint8Array, publishedKeys: JSONWebKeySet): Promise<ArchiveVerdict> {
  try {
    const entries = unpackEntries(bytes);
    const { listed, kid } = await signedManifest(entries, publishedKeys);
    const code = differenceFrom(listed, entries) ?? (isSame(packEntries(entries), bytes) ? undefined : 'bytes_changed');
    return code === undefined ? { ok: true, manifest: listed, kid } : { ok: false, code };
  } catch (error) {
    if (error instanceof EntriesUnreadable || error instanceof DocumentRefused || error instanceof ManifestUnusable)
      return { ok: false, code: error.code };
    throw error;
  }
}

/** The name of a receipt in the archive. */
export function receiptName(id: string): string {
  if (!/^[\w-]{1,100}$/.test(id)) throw new RangeError('not an id that can be a file name');
  return `receipts/${id}.jws`;
}

class ManifestUnusable extends Error {
  readonly code: 'manifest_missing' | 'manifest_other';

  constructor(code: ManifestUnusable['code']) {
    super(code);
    this.code = code;
  }
}

async function signedManifest(entries: Entries, publishedKeys: JSONWebKeySet) {
  const text = entries.get(MANIFEST);
  const jws = entries.get(SIGNATURE);
  if (text === undefined || jws === undefined) throw new ManifestUnusable('manifest_missing');
  const signed = await verifyDocument(Buffer.from(jws).toString('latin1'), ARCHIVE_TYPE, publishedKeys);
  const parsed = manifest.safeParse(signed.document);
  if (!parsed.success || !isSame(bytesOf(signed.text), text)) throw new ManifestUnusable('manifest_other');
  return { listed: parsed.data, kid: signed.kid };
}

function differenceFrom({ files }: ArchiveManifest, entries: Entries): ArchiveProblem | undefined {
  for (const { name, size, sha256 } of files) {
    const content = entries.get(name);
    if (content === undefined) return 'entry_missing';
    if (content.length !== size || digestOf(content) !== sha256) return 'entry_changed';
  }
  const names = new Set([...files.map(({ name }) => name), MANIFEST, SIGNATURE]);
  return [...entries.keys()].some((name) => !names.has(name)) ? 'entry_added' : undefined;
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

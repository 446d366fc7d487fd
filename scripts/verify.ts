/**
 * Owns `npm run verify -- FILE`: whether a receipt or an archive is what a hub signed, for everybody who was handed one. It
 * asks nothing but the published keys, and with a file of those nobody at all.
 */
import { readFileSync, statSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { type ArchiveProblem, verifyArchive } from '../src/citizen/documents/archive.ts';
import { verifyReceipt } from '../src/citizen/documents/receipts.ts';
import { DocumentRefused } from '../src/citizen/documents/signatures.ts';
import { refuse } from './operator.ts';

const USAGE = `npm run verify -- FILE [--keys FILE-OR-ADDRESS]
FILE is a receipt (.jws) or an archive (.zip), as it was downloaded. --keys names where the published keys are:
a file, or an https address; http://localhost:3000/record-keys when absent.`;
const DEFAULT_KEYS = 'http://localhost:3000/record-keys';
const MOST_FILE = 60_000_000;
const MOST_KEYS = 1_000_000;
const PATIENCE = 5_000;

const PROBLEMS: Readonly<Record<ArchiveProblem, string>> = {
  document_malformed: 'The signature is none, or was changed.',
  type_other: 'It is signed as something else, not as a receipt or an archive.',
  algorithm_refused: 'It is not signed with ES256.',
  key_unknown: 'No published key has the id it was signed with: it is of another hub, or of nobody.',
  signature_wrong: 'The signature does not belong to this content: something was changed.',
  archive_malformed: 'It is no archive of a hub, or was packed again.',
  archive_too_large: 'It is larger than any archive of a hub.',
  manifest_missing: 'The signed list of its files is missing.',
  manifest_other: 'The list of its files is not the one that was signed.',
  entry_missing: 'A file is missing in it.',
  entry_added: 'A file was added to it.',
  entry_changed: 'A file in it was changed.',
  bytes_changed: 'Its files are unchanged, but something was changed between or behind them.',
};

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(10_000) });

const { file, from } = read(process.argv.slice(2));
const bytes = load(file, MOST_FILE);
const keys = await keysFrom(from);
if (bytes.subarray(0, 2).toString('latin1') === 'PK') await archive();
else await receipt();

async function archive(): Promise<void> {
  const verdict = await verifyArchive(bytes, keys);
  if (!verdict.ok) refuse(`NOT VERIFIED: ${PROBLEMS[verdict.code]} (${verdict.code})`);
  const { issuer, made_at, files } = verdict.manifest;
  const receipts = files.filter(({ name }) => name.startsWith('receipts/')).length;
  tell(
    'VERIFIED: an archive of personal data, complete and unchanged to the last byte.',
    `Made by    ${issuer}, ${made_at}`,
    `Holds      ${files.length} files, of which receipts: ${receipts}`,
    `Signed by  key ${verdict.kid}, published at ${from}`,
  );
}

async function receipt(): Promise<void> {
  try {
    const { receipt, kid } = await verifyReceipt(bytes.toString('utf8').trim(), keys);
    const [purpose] = receipt.pii_processing.purposes;
    const agency = receipt.party_identification.find(({ party_type }) => party_type === 'public_agency');
    const items = new Set(purpose!.pii_information.map(({ pii_type }) => pii_type));
    tell(
      'VERIFIED: a consent receipt, unchanged.',
      `Consent    ${receipt.record_id}`,
      `Agency     ${agency!.party_name.en}, for: ${purpose!.purpose.en}`,
      `Shares     ${[...items].join(', ') || 'nothing'}`,
      ...receipt.event.map(({ event_state, event_time }) => `${event_state.padEnd(9)}  ${event_time}`),
      `Made by    ${receipt.issuer}, ${receipt.issued_at}: what happened later it cannot know`,
      `Signed by  key ${kid}, published at ${from}`,
    );
  } catch (error) {
    if (!(error instanceof DocumentRefused)) throw error;
    refuse(`NOT VERIFIED: ${PROBLEMS[error.code]} (${error.code})`);
  }
}

/** Names come from files of strangers' choice: nothing in them moves the cursor or turns the line around. */
function tell(...lines: readonly string[]): void {
  for (const line of lines) console.log(line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?'));
}

async function keysFrom(place: string): Promise<JSONWebKeySet> {
  const text = isAddress(place) ? await fetchKeys(place) : load(place, MOST_KEYS).toString('utf8');
  try {
    return keySet.parse(JSON.parse(text)) as JSONWebKeySet;
  } catch {
    refuse(`${place} holds no set of public keys (RFC 7517).`);
  }
}

async function fetchKeys(address: string): Promise<string> {
  const { protocol, hostname } = new URL(address);
  // Whoever sits on the line could put a key of their own there.
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    refuse('Keys from another machine are taken over https only.');
  try {
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    if (answer.ok && text.length <= MOST_KEYS) return text;
  } catch {
    // Said below, as for any other answer that is none.
  }
  refuse(`No keys could be fetched from ${address}. A saved copy of them does as well: --keys FILE`);
}

function load(path: string, most: number): Buffer {
  try {
    if (statSync(path).size <= most) return readFileSync(path);
  } catch (error) {
    refuse(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  refuse(`${path} is too large to be one.`);
}

function isAddress(place: string): boolean {
  return /^https?:\/\//.test(place) && URL.canParse(place);
}

function read(argv: readonly string[]): { file: string; from: string } {
  const words: string[] = [];
  let from: string | undefined = DEFAULT_KEYS;
  for (let at = 0; at < argv.length; at += 1) {
    if (argv[at] === '--keys') from = argv[++at];
    else words.push(argv[at]!);
  }
  if (words.length !== 1 || !words[0] || !from) refuse(USAGE);
  return { file: words[0], from };
}

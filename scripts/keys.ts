/**
 * Owns `npm run keys`: which keys a hub has, and how one takes the place of another without a failed sign-in. What would
 * break something is refused: the hub that runs is asked which keys it holds and which are still needed.
 */
import { type HeldKeys, heldKeys } from '../src/operator/key-commands.ts';
import { KeysUnusable, readKeys } from '../src/vault/keys.ts';
import {
  activateKey,
  addKey,
  exactId,
  KEY_KINDS,
  type KeyKind,
  listKeys,
  RotationRefused,
  retireKey,
} from '../src/vault/rotation.ts';
import { KeyFileBusy, rewriteKeys } from './key-file.ts';
import { askThere, refuse } from './operator.ts';

const USAGE = `npm run keys -- list | add KIND | activate KIND KEY | retire KIND KEY [--file FILE] [--force]
KIND is one of ${KEY_KINDS.join(', ')}; KEY is a version or how an id of the list begins.
HUB_KEYS or --file names the key file, HUB_DATA the folder of the hub that is asked. --force asks no hub.`;

const PROBLEMS: Readonly<Record<RotationRefused['code'], string>> = {
  key_unknown: 'There is no such key in the file.',
  key_not_exact: 'More than one key begins like that: give more of it.',
  key_active: 'That key is the active one. Activate another one first.',
  versions_exhausted: 'There is no version left for another key.',
};

const { words, file, force } = read(process.argv.slice(2));
const [action, kind, key, ...more] = words;
if (more.length > 0) refuse(USAGE);
try {
  if (action === 'list' && kind === undefined) await list();
  else if (action === 'add' && isKind(kind) && key === undefined) add(kind);
  else if (action === 'activate' && isKind(kind) && key !== undefined) await activate(kind, key);
  else if (action === 'retire' && isKind(kind) && key !== undefined) await retire(kind, key);
  else refuse(USAGE);
} catch (error) {
  if (error instanceof RotationRefused) refuse(PROBLEMS[error.code]);
  if (error instanceof KeysUnusable) refuse(error.message);
  if (error instanceof KeyFileBusy)
    refuse(`${error.beside} is there: another command is at it, or left it. Remove it.`);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  refuse(`${file} cannot be written (${code}).`);
}

async function list(): Promise<void> {
  const keys = listKeys(readKeys(file));
  const hub = process.env.HUB_DATA ? await held() : undefined;
  const rows = keys.map((one) => {
    const known = hub?.keys.find(({ kind: of, id }) => of === one.kind && id === one.id);
    const there = known?.state ?? 'not yet';
    return [one.kind, one.id, one.state, ...(hub ? [there, rowsUnder(hub, one.kind, one.id)] : [])];
  });
  printTable([['kind', 'key', 'in the file', ...(hub ? ['in the hub', 'rows left'] : [])], ...rows]);
  if (hub === undefined)
    console.log('\nNo hub was asked: set HUB_DATA to the folder of one that runs to see what it holds.');
}

function add(kind: KeyKind): void {
  let id = '';
  rewriteKeys(file, (keys) => {
    const added = addKey(keys, kind);
    id = added.id;
    return added.keys;
  });
  console.log(`${kind} ${id} is added, and not used yet. Restart every process of the hub, so that all accept it.`);
  if (kind.startsWith('signing')) console.log('Then wait a day, until every agency has fetched the public keys again.');
  console.log(`Then: npm run keys -- activate ${kind} ${id}`);
}

async function activate(kind: KeyKind, wanted: string): Promise<void> {
  const id = exactId(readKeys(file), kind, wanted);
  if (!force) {
    const known = (await mustHold()).keys.some((one) => one.kind === kind && one.id === id);
    if (!known) refuse('The hub does not have this key yet: restart every process of it first.');
  }
  rewriteKeys(file, (keys) => activateKey(keys, kind, id));
  console.log(`${kind} ${id} is the active one. Restart every process of the hub.`);
  console.log(
    kind === 'index' || kind === 'wrapping'
      ? 'Then the hub brings every row to it; npm run keys -- list says what is left. Retire the former one after that.'
      : 'Two days later nothing needs the former one any more: retire it then.',
  );
}

async function retire(kind: KeyKind, wanted: string): Promise<void> {
  const keys = readKeys(file);
  const id = exactId(keys, kind, wanted);
  retireKey(keys, kind, id);
  if (!force) {
    const hub = await mustHold();
    const active = hub.keys.find((one) => one.kind === kind && one.state === 'active');
    if (active?.id === id) refuse('The hub still uses this key: restart every process of it first.');
    const left = rowsUnder(hub, kind, id);
    if (left !== '')
      refuse(`${left} rows are still under this key. The hub brings them to the active one; look again later.`);
  }
  rewriteKeys(file, (now) => retireKey(now, kind, id));
  console.log(`${kind} ${id} is gone from the file. Restart every process of the hub.`);
}

/** What the running hub says of its keys; nothing when there is none. */
async function held(): Promise<HeldKeys | undefined> {
  const answer = await askThere(process.env.HUB_DATA!, { command: 'keys.show' });
  return heldKeys.safeParse(answer).data;
}

async function mustHold(): Promise<HeldKeys> {
  if (!process.env.HUB_DATA) refuse('Which hub? Set HUB_DATA to the folder of its store, or --force to ask none.');
  return (await held()) ?? refuse('No hub answers there. Does it run, on this machine and as you? --force asks none.');
}

/** Rows that stand under a key although it is not the active one; nothing for none, and for kinds without rows. */
function rowsUnder({ left }: HeldKeys, kind: KeyKind, id: string): string {
  if (kind !== 'index' && kind !== 'wrapping') return '';
  const rows = left[kind].find(({ version }) => String(version) === id)?.rows ?? 0;
  return rows === 0 ? '' : rows >= 100_000 ? `${rows} or more` : String(rows);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

function isKind(word: string | undefined): word is KeyKind {
  return KEY_KINDS.some((kind) => kind === word);
}

function read(argv: readonly string[]): { words: readonly string[]; file: string; force: boolean } {
  const words: string[] = [];
  let file = process.env.HUB_KEYS;
  let force = false;
  for (let at = 0; at < argv.length; at += 1) {
    if (argv[at] === '--force') force = true;
    else if (argv[at] === '--file') file = argv[++at];
    else words.push(argv[at]!);
  }
  if (!file) refuse(USAGE);
  return { words, file, force };
}

/**
 * Owns what the suites about a person's own records begin with: everything that lasts over one database, whichever it is,
 * with a person who has two accounts; and what stands in every table at the end.
 */
import { createLasting, type Lasting } from '../../adapters/sql/lasting.ts';
import { TABLES_LAST_FIRST } from '../../adapters/sql/migrations.ts';
import type { Database } from '../../adapters/sql/unit.ts';
import { noticeMessage } from '../../src/citizen/notices/notices.ts';
import type { NewAlert, NewCase, SeenDevice, Told } from '../../src/citizen/ports.ts';
import type { Change } from '../../src/identity/person.ts';
import { type Event, entry } from '../../src/journal/events.ts';
import type { AccountQuestion, Consent } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault, type Vault } from '../../src/vault/vault.ts';

/** An empty database. */
export type OpenDatabase = () => Promise<{ readonly database: Database; close(): Promise<unknown> }>;

export const START = Date.UTC(2026, 0, 5, 8);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const RACERS = Array.from({ length: 20 }, (_, i) => i);
export const NUMBER = '001099012345';
export const TAX = { source: 'tax-code', subject: '8001234567' } as const;
export const PHONE = { source: 'mobile-id', subject: '+84912345678' } as const;
export const NOTHING: Told = { entries: [] };

export type Account = { readonly source: string; readonly subject: string };

export const known = (person: string): Change => ({ type: 'person.created', person });
export const anchored = (person: string, value = NUMBER): Change => {
  return { type: 'anchor.added', person, kind: 'personal_number', value };
};
export const linked = (person: string, account: Account, how: 'number' | 'double_proof' = 'number'): Change => {
  return { type: 'link.added', person, ...account, how };
};
export const used = (person: string, account: Account): Change => ({ type: 'link.used', person, ...account });

/** A person with a number and both accounts. */
export const everything = (person: string, number = NUMBER, ...accounts: readonly Account[]): readonly Change[] => {
  const both = accounts.length > 0 ? accounts : [TAX, PHONE];
  return [known(person), anchored(person, number), ...both.map((account) => linked(person, account))];
};

/** Accounts that nobody else has. */
export const accountsOf = (n: number): readonly [Account, Account] => [
  { source: TAX.source, subject: `80${n}` },
  { source: PHONE.source, subject: `+84${n}` },
];

export const told = (event: Event, person?: string): Told => {
  const notice = person === undefined ? [] : [noticeMessage(person, { type: 'person_erased' })];
  return { entries: [entry(START, event, person)], messages: notice };
};

export const seen = (changes: Partial<SeenDevice> = {}): SeenDevice => {
  const label = { browser: 'Firefox', system: 'Plan 9', form: 'desktop' } as const;
  return { person: 'p-1', id: 'd-1', secret: 'cookie-of-a-browser', label, isNew: true, ...changes };
};

export const alert = (changes: Partial<NewAlert> = {}): NewAlert => {
  const about = { person: 'p-1', kind: 'device', at: START, client: 'land-office', source: TAX.source } as const;
  return { id: 'a-1', ...about, expiresAt: START + DAY, token: 'token-in-a-link', ...changes };
};

export const newCase = (changes: Partial<NewCase> = {}): NewCase => {
  const clock = {
    openedAt: START,
    acknowledgeBy: START + DAY,
    answerBy: START + 3 * DAY,
    deleteAfter: START + 9 * DAY,
  };
  return {
    number: 'HS-1',
    person: 'p-1',
    kind: 'not_me',
    content: { said: 'Tôi không đăng nhập' },
    ...clock,
    ...changes,
  };
};

export const consent = (changes: Partial<Consent> = {}): Consent => {
  const parties = { id: 'c-1', person: 'p-1', client: 'land-office' };
  const terms = {
    version: 'v1',
    offered: ['name'],
    granted: ['name'],
    purpose: 'Cấp sổ đỏ',
    basis: 'consent',
  } as const;
  return { ...parties, ...terms, from: START, to: START + DAY, ...changes };
};

export const question = (changes: Partial<AccountQuestion> = {}): AccountQuestion => {
  return { ...TAX, client: 'land-office', sector: 'agency', now: START, ...changes };
};

export interface OwnStore extends Lasting {
  /** May be moved. */
  now: number;
  readonly database: Database;
  readonly vault: Vault;
  /** Every value of every table, by table, bytes as latin1. */
  dump(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<unknown>;
}

export async function openOwnStore(open: OpenDatabase): Promise<OwnStore> {
  const { database, close } = await open();
  const vault = createVault(generateKeys());
  const lasting = createLasting({ database, vault, clock: () => store.now });

  async function dump(): Promise<ReadonlyMap<string, string>> {
    const tables = TABLES_LAST_FIRST.map(async (table): Promise<[string, string]> => {
      const rows = await database.read(database.sql.selectFrom(table).selectAll() as never);
      return [table, rows.flatMap((row) => Object.values(row as object).map(readable)).join('\n')];
    });
    return new Map(await Promise.all(tables));
  }

  const store: OwnStore = { ...lasting, now: START, database, vault, dump, close };
  return store;
}

function readable(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}

export const count = (outcomes: readonly unknown[], wanted: unknown) =>
  outcomes.filter((outcome) => outcome === wanted).length;

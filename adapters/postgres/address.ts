/**
 * Owns the address of a PostgreSQL server, as `postgres://user:password@host:port/database?sslmode=verify-full` names it,
 * and what every connection to it has in common. Of libpq's parameters those below are known; any other is refused.
 */
import { readFileSync } from 'node:fs';
import type { ClientConfig, CustomTypesConfig } from 'pg';
import { types } from 'pg';

/** Milliseconds: until a connection stands, until a statement has ended, until an open transaction goes on. */
const CONNECT_TIMEOUT = 3_000;
const STATEMENT_TIMEOUT = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT = 5_000;
/** The server says by itself that a statement takes too long; one that says nothing at all is gone. */
const SILENCE_TIMEOUT = STATEMENT_TIMEOUT + 1_000;

const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert', 'options']);
const INT8 = 20;

export interface PostgresAddress {
  readonly client: ClientConfig;
  /** Where it is, for the operator: no user, no password. */
  readonly place: string;
}

/**
 * Reads an address. Without `sslmode` a server on another machine is reached over verified TLS; `disable` is the only other
 * choice, because TLS that verifies nobody protects from nobody. `host` may name the folder of a Unix socket, `options`
 * carries settings of the session (`-c search_path=lien_thong`). Throws `TypeError` with what is wrong.
 */
export function readPostgresAddress(address: string): PostgresAddress {
  const url = URL.parse(address);
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) throw new TypeError('is no address postgres://…');
  const { searchParams: parameters } = url;
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) throw new TypeError(`has the parameter ${unknown}, which is not known here`);
  const host = parameters.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!host || !database) throw new TypeError('names no host or no database');
  const port = url.port ? Number(url.port) : 5432;
  const options = parameters.get('options');
  return {
    place: `${host}:${port}/${database}`,
    client: {
      host,
      port,
      database,
      // The library takes what is not given from the environment, as every client of PostgreSQL does.
      ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
      ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
      ...(options === null ? {} : { options }),
      ssl: tlsOf(host, parameters.get('sslmode'), parameters.get('sslrootcert')),
      application_name: 'lien-thong',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
      query_timeout: SILENCE_TIMEOUT,
      types: { getTypeParser },
    },
  };
}

function tlsOf(host: string, mode: string | null, authorities: string | null): ClientConfig['ssl'] {
  if (mode !== null && mode !== 'disable' && mode !== 'verify-full')
    throw new TypeError('has an sslmode that is neither verify-full nor disable');
  if (mode === 'disable' || (mode === null && isThisMachine(host))) return false;
  return { rejectUnauthorized: true, ...(authorities === null ? {} : { ca: readAuthorities(authorities) }) };
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TypeError('names an sslrootcert that cannot be read', { cause });
  }
}

function isThisMachine(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Counts and moments fit a number; anything else comes as the library has it. */
const getTypeParser = ((oid: number, format?: 'text') =>
  oid === INT8 ? Number : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'];

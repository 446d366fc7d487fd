/** Owns the addresses under which protocol state may be kept in Redis: what the configuration may say, and nothing else. */

/** One server, or those of a cluster that are asked for the others. */
export interface StateUrl {
  readonly cluster: boolean;
  readonly tls: boolean;
  readonly nodes: readonly StateNode[];
  /** Absolute path of a file with the authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly username?: string;
  readonly password?: string;
}

export interface StateNode {
  readonly host: string;
  readonly port: number;
}

const FORMS =
  'redis://user:password@host:port/0, rediss://… with TLS, redis+cluster://host:port,host:port or rediss+cluster://…';
const MOST_NODES = 32;
const DEFAULT_PORT = 6379;

// Not read by `URL`, which knows no address with several hosts.
const ADDRESS = /^(redis|rediss)(\+cluster)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/0?)?(?:\?([^#]*))?$/;
const CREDENTIALS = /^([^:]*):(.+)$/;
const NODE = /^([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/;

/**
 * Reads the address of a Redis server or cluster. Throws `TypeError` for anything it does not wholly understand; the
 * message never repeats the address, which may hold a password.
 */
export function readStateUrl(url: string): StateUrl {
  const [, scheme, cluster, credentials, hosts = '', query] = ADDRESS.exec(url) ?? [];
  if (scheme === undefined) throw new TypeError(`The address for protocol state has to look like ${FORMS}`);
  const tls = scheme === 'rediss';
  const nodes = hosts.split(',').map(readNode);
  if (cluster === undefined && nodes.length > 1)
    throw new TypeError(`Several hosts need ${scheme}+cluster:// in the address for protocol state`);
  if (nodes.length > MOST_NODES)
    throw new TypeError(`The address for protocol state names more than ${MOST_NODES} hosts`);
  return {
    cluster: cluster !== undefined,
    tls,
    nodes,
    ...(credentials !== undefined && readCredentials(credentials)),
    ...(query !== undefined && readQuery(query, tls)),
  };
}

/** Where it is, without its password, for logs and for whoever watches. */
export function addressOf({ cluster, tls, nodes }: StateUrl): string {
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `${tls ? 'rediss' : 'redis'}${cluster ? '+cluster' : ''}://${hosts.join(',')}`;
}

function readNode(text: string): StateNode {
  const [, host, digits] = NODE.exec(text) ?? [];
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535)
    throw new TypeError('The address for protocol state has a host or port that is none');
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

function readCredentials(text: string): Pick<StateUrl, 'username' | 'password'> {
  const [, username, password] = CREDENTIALS.exec(text) ?? [];
  if (username === undefined || password === undefined)
    throw new TypeError('The address for protocol state has to have user:password before the @, or nothing');
  return { ...(username !== '' && { username: decoded(username) }), password: decoded(password) };
}

function readQuery(query: string, tls: boolean): Pick<StateUrl, 'ca'> {
  const parameters = [...new URLSearchParams(query)];
  const [name, ca] = parameters[0] ?? [];
  if (parameters.length !== 1 || name !== 'ca' || ca === undefined || !ca.startsWith('/'))
    throw new TypeError('The address for protocol state takes one parameter, ?ca=/absolute/path');
  if (!tls) throw new TypeError('The address for protocol state has ?ca= but no TLS: begin it with rediss');
  return { ca };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('The address for protocol state has a user or password that is not percent-encoded');
  }
}

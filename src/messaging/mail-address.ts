/** Owns how mail servers and mailboxes are named: what settings may say, and what a letter may be addressed to. Pure. */

/** A server that takes mail in. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else the connection is to become secure by STARTTLS. */
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  /** Absolute path of a file with the authorities to trust instead of the system's. */
  readonly ca?: string;
}

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const FORMS = 'smtps://user:password@host:465 or smtp://user:password@host:587';
/** RFC 6409, RFC 8314. */
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** As browsers take one in `input type=email` (HTML, 4.10.5.1.5): no quoted forms, no comments, nothing but ASCII. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
/** RFC 5321, 4.5.3.1.3, without the brackets. */
const LONGEST_ADDRESS = 254;

const NAMED = /^([^<>"\p{Cc}]*)<([^<>]+)>$/u;

/** Whether this is one mail address and nothing besides, that may stand in a header and in a command. */
export function isMailAddress(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && ADDRESS.test(text);
}

/** Reads `Name <address>`, or an address alone. Throws `TypeError`. */
export function readMailbox(text: string): Mailbox {
  const [, name = '', address = text] = NAMED.exec(text) ?? [];
  if (!isMailAddress(address)) throw new TypeError('has to be an address, or Name <address>');
  return { name: name.trim(), address };
}

/**
 * Reads the address of a mail server. Throws `TypeError` for anything it does not wholly understand; the message never
 * repeats the address, which may hold a password.
 */
export function readSmtpAddress(text: string): SmtpAddress {
  const url = URL.parse(text);
  const usual = PORTS[url?.protocol ?? ''];
  if (url === null || usual === undefined || url.hostname === '' || !['', '/'].includes(url.pathname) || url.hash)
    throw new TypeError(`has to look like ${FORMS}`);
  if ((url.username === '') !== (url.password === ''))
    throw new TypeError('has to have user:password before the @, or nothing');
  const { ca, ...others } = Object.fromEntries(url.searchParams);
  if (Object.keys(others).length > 0 || ca?.startsWith('/') === false)
    throw new TypeError('takes one parameter, ?ca=/absolute/path');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? usual : Number(url.port),
    tls: url.protocol === 'smtps:',
    ...(url.username && { user: decoded(url.username), password: decoded(url.password) }),
    ...(ca && { ca }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('has a user or password that is not percent-encoded');
  }
}

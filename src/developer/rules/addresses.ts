/** Owns which web addresses an agency may name, each for what it is: opened by the citizen's browser, or by the hub. Pure. */
import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import type { Environment } from '../ports.ts';
import type { AddressCode } from './codes.ts';
import { carriesName, isSharedEnding, looksLike, looksLikeGovernment } from './look-alike.ts';

/** What has to be known to judge an address. */
export interface AddressFacts {
  readonly environment: Environment;
  /** Of the whole program: in `sandbox` everything stands on one machine, whose loopback the hub may call. */
  readonly mode: 'production' | 'sandbox';
  /** Origins of the hub itself, the main issuer's and the sandbox's. */
  readonly issuers: readonly string[];
  /** Whose the service is. */
  readonly agency: string;
  /**
   * Hosts of services in production, which people have looked at, that have a skeleton in common with this service's, with
   * their agencies. Nobody takes a name from others by merely writing it into a draft.
   */
  readonly hosts: readonly { readonly host: string; readonly agency: string }[];
}

/** Who opens an address. `answered` ones get an answer of the hub in their query; `fetched` ones the hub calls itself. */
export type AddressKind = 'opened' | 'answered' | 'fetched';

export const LONGEST_ADDRESS = 500;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what home and office networks use. */
const RESERVED = /(^|\.)(local|localhost|internal|intranet|private|corp|home|lan|alt|onion|arpa|invalid|test)$/;
const EXAMPLE = /(^|\.)(example|example\.(com|net|org))$/;
/** What browsers call, but no service has a sign-in on (Fetch, "bad port"), of those above the privileged ones. */
const BAD_PORTS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
/** What the hub answers with (OAuth 2.0, RFC 9207, JARM, RP-Initiated Logout): nobody else puts it there. */
const ANSWERED = new Set(['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response', 'id_token']);
/** a-z, digits, hyphens, and the letters of Vietnamese: others are read as one of these by nearly everybody. */
const LETTERS = /^[a-z0-9.àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ-]+$/;

/** What is wrong with an address, the first thing found; nothing when it may be used. */
export function addressProblem(written: string, kind: AddressKind, facts: AddressFacts): AddressCode | undefined {
  return writtenProblem(written) ?? partsProblem(written, new URL(written), kind, facts);
}

/** The host of an address, as the URL parser writes it; nothing when it is no web address. */
export function hostOf(written: string): string | undefined {
  const url = URL.parse(written);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url.hostname : undefined;
}

/** What shows in the text alone. Programs read an address differently exactly where it is written unusually. */
function writtenProblem(written: string): AddressCode | undefined {
  if (/[^\x21-\x7e]|[\\<>"'`{}|^]/.test(written)) return 'address_characters';
  if (written.includes('*')) return 'address_wildcard';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(written)?.[1]?.toLowerCase();
  // `example.vn:8443/cb` has no scheme but a port.
  if (scheme === undefined || /^[^/]*?:\d/.test(written)) return 'address_relative';
  if (scheme !== 'http' && scheme !== 'https') return 'address_scheme';
  if (!/^https?:\/\/[^/?#]/i.test(written) || URL.parse(written) === null) return 'address_relative';
  return undefined;
}

function partsProblem(written: string, url: URL, kind: AddressKind, facts: AddressFacts): AddressCode | undefined {
  if (written.includes('#')) return 'address_fragment';
  const authority = /^https?:\/\/([^/?]*)/i.exec(written)?.[1] ?? '';
  if (authority.includes('@')) return 'address_credentials';
  const host = url.hostname;
  const isLoopback = isLoopbackHost(host);
  if (isLoopback && !mayBeLoopback(kind, facts)) return 'address_loopback';
  // The parser has made dotted numbers of hexadecimal, octal and single ones.
  if (!LOOPBACK.has(host) && isAddress(host)) return 'address_ip';
  if (!LOOPBACK.has(host) && isLoopback) return 'host_reserved';
  if (url.protocol === 'http:' && !isLoopback) return 'address_http';
  const found =
    portProblem(authority, url.protocol) ??
    pathProblem(written) ??
    (kind === 'answered' && [...url.searchParams.keys()].some((name) => ANSWERED.has(name))
      ? 'address_query'
      : undefined);
  if (found !== undefined) return found;
  // Browsers send what the parser writes; the hub compares letter by letter (RFC 9700 2.1).
  if (url.href !== written && url.href !== `${written}/`) return 'address_not_normal';
  return isLoopback ? ownOriginProblem(url, facts) : hostProblem(host, facts);
}

const isAddress = (host: string) => isIP(host.replace(/^\[|\]$/g, '').replace(/\.$/, '')) !== 0;

/** This very machine, in any writing: `127.1` is `127.0.0.1` by now; all of 127.0.0.0/8 and mapped forms are loopback. */
function isLoopbackHost(host: string): boolean {
  return LOOPBACK.has(host) || /^(.+\.)?localhost\.?$/.test(host) || /^127\./.test(host) || /^\[::ffff:7f/.test(host);
}

/** In the sandbox a developer's own browser opens them; the hub itself calls this machine only where all is on it. */
function mayBeLoopback(kind: AddressKind, { environment, mode }: AddressFacts): boolean {
  return environment === 'sandbox' && (kind !== 'fetched' || mode === 'sandbox');
}

function portProblem(authority: string, protocol: string): AddressCode | undefined {
  const port = /:(\d*)$/.exec(authority)?.[1];
  // One that goes without saying is left away: that is told as `address_not_normal`.
  if (port === undefined || Number(port) === (protocol === 'https:' ? 443 : 80)) return undefined;
  return port === '' || Number(port) < 1024 || BAD_PORTS.has(Number(port)) ? 'address_port' : undefined;
}

/** Steps upwards, doubled slashes and encoded separators: what one server reads as another path than the next. */
function pathProblem(written: string): AddressCode | undefined {
  const rest = written.replace(/^https?:\/\/[^/?]*/i, '');
  if (/%(?![0-9A-Fa-f]{2})|%(0[0-9A-Fa-f]|1[0-9A-Fa-f]|7[fF])/.test(rest)) return 'address_path';
  const path = rest.split('?')[0] ?? '';
  if (/%(2[eEfF]|5[cC]|25|23|3[bBfF]|40)/.test(path)) return 'address_path';
  return /\/\/|\/\.{1,2}(?=\/|$)|;/.test(path) ? 'address_path' : undefined;
}

/** On one machine it is the port that tells the hub from a service. */
function ownOriginProblem(url: URL, { issuers }: AddressFacts): AddressCode | undefined {
  const isHub = issuers.some((issuer) => {
    const own = new URL(issuer);
    return isLoopbackHost(own.hostname) && portOf(own) === portOf(url);
  });
  return isHub ? 'host_of_hub' : undefined;
}

const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80');

/** RFC 1123 2.1: labels between the dots, none of which begins or ends with a hyphen; the last is no number. */
function isDomainName(host: string): boolean {
  const labels = host.split('.');
  const isLabel = (label: string) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label);
  return host.length <= 253 && labels.every(isLabel) && /[a-z]/.test(labels.at(-1) ?? '');
}

function hostProblem(host: string, { mode, issuers, agency, hosts }: AddressFacts): AddressCode | undefined {
  if (!LETTERS.test(domainToUnicode(host))) return 'host_letters';
  if (!host.includes('.')) return 'host_single_label';
  if (!host.endsWith('.') && !isDomainName(host)) return 'host_letters';
  if (host.endsWith('.') || RESERVED.test(host) || isSharedEnding(host)) return 'host_reserved';
  if (EXAMPLE.test(host) && mode === 'production') return 'host_reserved';
  const hubs = issuers
    .map((issuer) => new URL(issuer).hostname)
    .filter((hub) => !isLoopbackHost(hub) && !isAddress(hub));
  if (hubs.includes(host)) return 'host_of_hub';
  if (hubs.some((hub) => looksLike(host, hub) || carriesName(host, hub))) return 'host_like_hub';
  if (looksLikeGovernment(host)) return 'host_like_government';
  const others = hosts.filter((other) => other.agency !== agency);
  if (others.some((other) => other.host === host)) return 'host_of_other_agency';
  // Who has a name already cannot be taken for whoever came later with one that looks like it.
  const isOwn = hosts.some((other) => other.agency === agency && other.host === host);
  return !isOwn && others.some((other) => looksLike(host, other.host)) ? 'host_like_other_agency' : undefined;
}

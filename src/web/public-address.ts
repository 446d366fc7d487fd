/** Owns which network addresses the hub may call: public ones, and those an operator opened by name. Pure. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How an address stands: on the public internet, in a network the operator named, this very host, or none of these. */
export type Standing = 'public' | 'named' | 'loopback' | 'closed';

export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

const network = (cidr: string): Network => ipaddr.parseCIDR(cidr);

/**
 * What an operator may name: RFC 1918, RFC 6598 (shared by carriers) and RFC 4193 (IPv6 unique local). Nothing else, so
 * that a hasty `0.0.0.0/0` stops the start instead of opening loopback and the cloud's metadata address.
 */
const MAY_BE_NAMED = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(network);

/** The only part of IPv6 handed out so far; outside it lie `::/96` (IPv4 in disguise), NAT64 and the unassigned rest. */
const GLOBAL_UNICAST_IPV6 = network('2000::/3');

/**
 * Reads the private networks an operator named, in CIDR form (`10.20.0.0/16`). Name them as narrowly as possible: some
 * clouds keep their metadata service inside. Throws `RangeError` for anything that is not wholly private.
 */
export function readPrivateNetworks(names: readonly string[]): Network[] {
  return names.map((name) => {
    const named = ipaddr.isValidCIDR(name) ? network(name) : undefined;
    if (named === undefined || !MAY_BE_NAMED.some((whole) => named[1] >= whole[1] && contains(whole, named[0]))) {
      throw new RangeError(`not a private network: ${name}`);
    }
    return named;
  });
}

/**
 * Tells how an address, as a resolver or a URL writes it, stands (RFC 6890 and the IANA special-purpose registries).
 * Addresses that carry another one inside (6to4, Teredo, NAT64) are closed; IPv4-mapped ones stand as the IPv4 they are.
 */
export function standingOf(address: string, named: readonly Network[] = []): Standing {
  // The parser also accepts octal and shortened forms; an operating system may read those differently.
  if (isIP(address) === 0) return 'closed';
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (named.some((each) => contains(each, parsed))) return 'named';
  const assigned = parsed.kind() === 'ipv4' || contains(GLOBAL_UNICAST_IPV6, parsed);
  return range === 'unicast' && assigned ? 'public' : 'closed';
}

function contains([base, prefix]: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === base.kind() && address.match(base, prefix);
}

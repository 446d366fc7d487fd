/** Owns who is asking, by network address: the socket's, or what proxies that the operator named say of it. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Longer lists are somebody's invention; the far end of them is not read. */
const MOST_HOPS = 10;
/** Of an IPv6 address what a network gives to one subscriber, who chooses the rest at will: 64 bits, 4 groups. */
const GROUPS_OF_A_SUBSCRIBER = 4;

/** Reads the networks of proxies, as `10.0.0.0/8` or as single addresses. Throws `RangeError` for anything else. */
export function readProxies(names: readonly string[]): BlockList {
  const proxies = new BlockList();
  for (const name of names) {
    const [address = '', length, more] = name.split('/');
    const family = isIP(address);
    const longest = family === 4 ? 32 : 128;
    const prefix = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    // Everybody as a trusted proxy would mean that everybody chooses the address they are known by.
    if (family === 0 || more !== undefined || !(prefix >= 1 && prefix <= longest))
      throw new RangeError(`no network of proxies: ${name}`);
    proxies.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return proxies;
}

/**
 * What to count a request under: an IPv4 address, or the /64 of an IPv6 one. `X-Forwarded-For` is read from its near end
 * and only as far as the proxies are ours; whatever else it says was written by the client.
 */
export function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  const told = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const hops = told.map((hop) => hop.trim()).slice(-MOST_HOPS);
  let address = plain(request.socket.remoteAddress ?? '');
  while (isProxy(address, proxies)) {
    const before = plain(hops.pop() ?? '');
    if (isIP(before) === 0) break;
    address = before;
  }
  if (isIP(address) !== 6) return address;
  const groups = ipaddr.parse(address).toNormalizedString().split(':');
  return `${groups.slice(0, GROUPS_OF_A_SUBSCRIBER).join(':')}::/64`;
}

/** An address in the one form it is counted in: IPv4 in an IPv6 disguise is IPv4, an interface's name is none of it. */
function plain(address: string): string {
  const bare = address.split('%')[0] ?? '';
  return isIP(bare) === 0 ? '' : ipaddr.process(bare).toString();
}

function isProxy(address: string, proxies: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

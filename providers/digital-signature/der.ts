/** Owns reading DER that strangers sent: whole, exact, bounded in depth and number of elements. */
import { type AsnType, fromBER } from 'asn1js';

/** What a certificate or an OCSP answer of honest size never reaches. */
const MAXIMUM_DEPTH = 32;
const MAXIMUM_ELEMENTS = 4000;

/**
 * The one element these bytes are (X.690). Throws when they are none, are cut off, or when anything follows it. The parser
 * alone is lenient: it takes other lengths than DER's, and children that outgrow their parent; what is lenient reads
 * what others do not. The walk before it costs a hundredth of the parser, so garbage is cheap, too.
 */
export function readDer(bytes: Uint8Array): AsnType {
  if (!isExact(bytes, 0, bytes.length, 0, { left: MAXIMUM_ELEMENTS })) throw new Error('not exactly DER');
  const { result, offset } = fromBER(bytes, { parseEmbedded: false });
  if (offset !== bytes.length) throw new Error('not one whole DER element');
  return result;
}

/**
 * Whether a stretch of bytes is nothing but whole elements: lengths definite and as short as they can be (X.690 10.1),
 * each parent filled by its children to the byte. Neither X.509 nor OCSP has tags above 30 or lengths above 3 bytes.
 */
function isExact(bytes: Uint8Array, from: number, end: number, depth: number, elements: { left: number }): boolean {
  for (let at = from; at < end; ) {
    elements.left -= 1;
    if (depth > MAXIMUM_DEPTH || elements.left < 0) return false;
    const tag = bytes[at]!;
    const first = bytes[at + 1]!;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    if ((tag & 0x1f) === 0x1f || octets > 3 || first === 0x80) return false;
    let length = octets === 0 ? first : 0;
    for (const octet of bytes.subarray(at + 2, at + 2 + octets)) length = length * 256 + octet;
    if (octets > 0 && length < Math.max(0x80, 256 ** (octets - 1))) return false;
    const content = at + 2 + octets;
    // Written so that it fails for what lies beyond the end, which is no number.
    if (!(content + length <= end)) return false;
    if ((tag & 0x20) !== 0 && !isExact(bytes, content, content + length, depth + 1, elements)) return false;
    at = content + length;
  }
  return true;
}

/** Whether two strings of bytes are the same; for public values only. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Owns how several parts become one byte string, so that no two different lists of parts ever look alike. */

/** Each part behind its length in bytes: `('ab', 'c')` and `('a', 'bc')` differ. */
export function framed(parts: readonly string[]): Buffer {
  const bytes = parts.map((part) => Buffer.from(part, 'utf8'));
  const whole = Buffer.allocUnsafe(bytes.reduce((size, part) => size + 4 + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    at = whole.writeUInt32BE(part.length, at);
    at += part.copy(whole, at);
  }
  return whole;
}

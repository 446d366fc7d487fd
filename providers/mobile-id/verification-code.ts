/** Owns the four digits that the browser and the phone both show, so that a citizen confirms the own request only. */

/**
 * The verification code of a hash (Mobile-ID REST API 3.3.2): six bits of its first byte, seven of its last, as four
 * digits. The phone shows the same, made from the hash it is asked to sign.
 */
export function verificationCode(hash: Uint8Array): string {
  const [first = 0, last = 0] = [hash.at(0), hash.at(-1)];
  return String(((0xfc & first) << 5) | (last & 0x7f)).padStart(4, '0');
}

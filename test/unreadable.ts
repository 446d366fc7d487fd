/** Owns what nobody may read in what a hub leaves behind, gathered as people sign in: who they are, and what opens something. */
import type { Registers } from '../sandbox/registers.ts';
import type { Visitor } from '../sandbox/visitor.ts';
import type { Pressed } from './country.ts';

/** Cookies as short as this are choices of language, and no secret. */
const SHORT = 8;
const BARE_YEAR = /^\d{4}$/;

export class Unreadable {
  readonly personal = new Set<string>();
  readonly secret = new Set<string>();
  /** Pairwise ones; these may be read in the store, and nowhere else. */
  readonly subjects = new Set<string>();
  /** Every address a browser was sent to. */
  readonly trail: URL[] = [];

  /** Everybody in the registers, whether or not they came. */
  everybodyIn(registers: Registers): void {
    const entries = [
      ...registers
        .all('population')
        .flatMap(({ name, personalNumber, formerNumbers, formerNames, birthDate }) => [
          ...[name, personalNumber, birthDate],
          ...formerNumbers,
          ...formerNames,
        ]),
      ...registers.all('tax-code').flatMap((one) => [one.name, one.taxCode, one.idNumber, one.birthDate, one.password]),
      ...registers
        .all('social-insurance')
        .flatMap((one) => [one.socialInsuranceNumber, one.name, one.birthDate, one.idNumber, one.phone, one.password]),
      ...registers.all('mobile-id').flatMap(({ phone, idNumber, name }) => [phone, idNumber, name]),
      ...registers.all('digital-signature').flatMap(({ serial, idNumber, name }) => [serial, idNumber, name]),
    ];
    for (const each of entries) if (each && !BARE_YEAR.test(each)) this.personal.add(each);
  }

  /** Every cookie, and every code, state, nonce and id that stood in an address. */
  async inBrowser(visitor: Visitor): Promise<void> {
    this.trail.push(...visitor.trail);
    for (const { href, pathname, searchParams } of visitor.trail) {
      for (const value of Object.values(await visitor.cookies(href))) if (value.length > SHORT) this.secret.add(value);
      for (const name of ['code', 'state', 'nonce']) this.secret.add(searchParams.get(name) ?? '');
      this.secret.add(/^\/(?:sign-in|authorize)\/([\w-]{20,})/.exec(pathname)?.[1] ?? '');
    }
    this.secret.delete('');
  }

  /** What an agency keeps of one sign-in. */
  atAgency(
    { checks: { pkceCodeVerifier, expectedState, expectedNonce } }: Pressed,
    tokens: { readonly access_token: string; readonly id_token?: string },
    subject: string,
  ): void {
    for (const one of [tokens.access_token, tokens.id_token!, pkceCodeVerifier, expectedState, expectedNonce])
      this.secret.add(one);
    this.subjects.add(subject);
  }
}

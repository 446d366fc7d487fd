/** Owns the cards of the country: three authorities that issue them, and a key and certificate for each in the register. */
import { X509Certificate } from 'node:crypto';
import { type CertificateAuthority, createCertificateAuthority, type Issued } from '../certificate-authority.ts';
import type { CardEntry, Registers } from '../registers.ts';

/** Policy of certificates whose keys are in a card, under the arc for examples (ITU-T X.660 2.999). */
const CARD_POLICY = '2.999.84.2';
const DAY = 24 * 60 * 60 * 1000;

/** Who issues cards here. Nobody trusts the last one. */
const AUTHORITIES = {
  public: 'Chứng thực chữ ký số công cộng thử nghiệm',
  government: 'Chứng thực chuyên dùng công vụ thử nghiệm',
  unknown: 'Chứng thực lạ',
} as const;
type AuthorityName = keyof typeof AUTHORITIES;
type Authorities = Readonly<Record<AuthorityName, CertificateAuthority>>;

/** A certificate that was issued, as its authority finds it again. */
export interface Issuance {
  readonly authority: CertificateAuthority;
  /** The card's name in the register. */
  readonly card: string;
}

export class Cards {
  readonly #authorities: Authorities;
  readonly #registers: Registers;
  readonly #ocsp: string;
  readonly #made = new Map<string, Promise<Issued>>();
  readonly #issuances = new Map<string, Issuance>();

  private constructor(authorities: Authorities, registers: Registers, ocsp: string) {
    this.#authorities = authorities;
    this.#registers = registers;
    this.#ocsp = ocsp;
  }

  /** Makes the authorities; cards are made when they are first used. `ocsp` is written into every certificate. */
  static async begin(registers: Registers, ocsp: string): Promise<Cards> {
    const made = Object.entries(AUTHORITIES).map(
      async ([name, title]) => [name, await createCertificateAuthority(title)] as const,
    );
    const authorities = Object.fromEntries(await Promise.all(made)) as unknown as Authorities;
    return new Cards(authorities, registers, ocsp);
  }

  authority(name: AuthorityName): CertificateAuthority {
    return this.#authorities[name];
  }

  /** Every card as the register has it now. */
  all(): readonly CardEntry[] {
    return this.#registers.all('digital-signature');
  }

  find(serial: string): CardEntry | undefined {
    return this.#registers.find('digital-signature', serial);
  }

  /** Key and certificate of a card; another holder or authority makes it another card. */
  of({ serial, name, idNumber, ca, state }: CardEntry): Promise<Issued> {
    const expired = state === 'expired';
    const key = JSON.stringify([serial, name, idNumber, ca, expired]);
    const made = this.#made.get(key) ?? this.#issue(serial, ca, { name, personalNumber: idNumber }, expired);
    this.#made.set(key, made);
    return made;
  }

  /** Whose certificate has this number, in upper-case hexadecimal. */
  issuanceOf(certificate: string): Issuance | undefined {
    return this.#issuances.get(certificate);
  }

  async #issue(
    card: string,
    ca: string,
    holder: { readonly name: string; readonly personalNumber: string },
    expired: boolean,
  ): Promise<Issued> {
    const authority = this.#authorities[Object.hasOwn(AUTHORITIES, ca) ? (ca as AuthorityName) : 'unknown'];
    const issued = await authority.issue({
      ...holder,
      policies: [CARD_POLICY],
      ocsp: this.#ocsp,
      ...(expired ? { notAfter: new Date(Date.now() - DAY) } : {}),
    });
    this.#issuances.set(new X509Certificate(issued.certificate).serialNumber, { authority, card });
    return issued;
  }
}

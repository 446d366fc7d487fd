/** Owns the operator's certificates: one for each subscriber as the register has them now, made at the start. */
import { type CertificateAuthority, createCertificateAuthority, type Issued } from '../certificate-authority.ts';
import type { MobileEntry, Registers } from '../registers.ts';
import type { Forgery } from './forgeries.ts';

/** Policies of this country's certificates, under the arc for examples (ITU-T X.660 2.999). */
export const SIM_POLICY = '2.999.84.1';
const CARD_POLICY = '2.999.84.2';

const DAY = 24 * 60 * 60 * 1000;

export class Subscriptions {
  readonly #authority: CertificateAuthority;
  /** Nobody trusts it; its name is the same. */
  readonly #impostor: CertificateAuthority;
  readonly #issued = new Map<string, Promise<Issued>>();

  private constructor(authority: CertificateAuthority, impostor: CertificateAuthority) {
    this.#authority = authority;
    this.#impostor = impostor;
  }

  /** Makes the authority and issues to everybody in the register. */
  static async begin(registers: Registers): Promise<Subscriptions> {
    const name = 'Chứng thực MobileID thử nghiệm';
    const subscriptions = new Subscriptions(
      await createCertificateAuthority(name),
      await createCertificateAuthority(name),
    );
    await Promise.all(registers.all('mobile-id').map((entry) => subscriptions.of(entry)));
    return subscriptions;
  }

  /** What a hub has to trust, in DER. */
  get authority(): Uint8Array {
    return this.#authority.certificate;
  }

  /** Key and certificate of a subscriber; another holder of the same phone gets others. With a forgery: wrong ones. */
  of({ phone, idNumber, name }: MobileEntry, forgery?: Forgery): Promise<Issued> {
    const key = JSON.stringify([phone, idNumber, name, forgery ?? null]);
    let issued = this.#issued.get(key);
    if (issued === undefined) {
      issued = this.#issue(name, idNumber, forgery);
      this.#issued.set(key, issued);
    }
    return issued;
  }

  #issue(name: string, personalNumber: string, forgery: Forgery | undefined): Promise<Issued> {
    const honest = { name, personalNumber, policies: [SIM_POLICY] };
    const authority = this.#authority;
    switch (forgery) {
      case 'another_number':
        return authority.issue({ ...honest, personalNumber: '099099999999' });
      case 'another_authority':
        return this.#impostor.issue(honest);
      case 'expired':
        return authority.issue({ ...honest, notAfter: new Date(Date.now() - DAY) });
      case 'not_yet_valid':
        return authority.issue({ ...honest, notBefore: new Date(Date.now() + DAY) });
      case 'card_certificate':
        return authority.issue({ ...honest, policies: [CARD_POLICY] });
      case 'another_purpose':
        return authority.issue({ ...honest, keyUsage: 'contentCommitment' });
      default:
        return authority.issue(honest);
    }
  }
}

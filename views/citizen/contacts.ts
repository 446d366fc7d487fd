/** Owns the values of the room of contacts: where one is told of what happens, and how an address is shown to be one's own. */
import type { ContactKind } from '../../src/citizen/ports.ts';
import type { Language } from '../pages.ts';

export interface ContactsPage {
  readonly page: 'citizen/contacts';
  readonly contacts: readonly {
    readonly id: string;
    readonly kind: ContactKind;
    readonly address: string;
    /** In which they are written to. */
    readonly language: Language;
    readonly since: string;
  }[];
  /** Kinds that can be given here. */
  readonly offered: readonly ContactKind[];
}

/** A code was sent to the address and is to be typed here. */
export interface ContactCodePage {
  readonly page: 'citizen/contact-code';
  readonly proposal: string;
  readonly kind: ContactKind;
  readonly address: string;
  readonly until: string;
}

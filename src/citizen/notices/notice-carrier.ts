/**
 * Owns how a notice becomes what is sent: one letter or text message to each address the person has by then. It is the notice
 * or those, never both, however often a process dies in between: so nobody is told twice, and nobody not at all.
 */
import type { Carrier } from '../../background/delivery.ts';
import { MESSAGE_LIFETIME, mailMessage, smsMessage } from '../../messaging/carriers.ts';
import type { Message, Store } from '../../store.ts';
import { type LetterParts, writeNotice } from './letters.ts';
import type { Addressee, NoticePayload } from './notices.ts';

export interface NoticeCarrierParts extends LetterParts {
  readonly store: Pick<Store, 'own'>;
}

/** The carrier of notices. Nobody to tell is nothing special: most people have no contact. */
export function noticeCarrier(parts: NoticeCarrierParts): Carrier {
  return {
    async carry({ payload }) {
      const { person, notice, also } = payload as unknown as NoticePayload;
      const contacts = await parts.store.own.contacts.of(person);
      const texts = writeNotice(notice, parts);
      const messages = eachOnce([...contacts, ...also]).map(({ kind, address, language }): Message => {
        const { letter, sms } = texts[language];
        return kind === 'mail' ? mailMessage(address, letter) : smsMessage(address, sms);
      });
      return { messages, lifetime: MESSAGE_LIFETIME };
    },
  };
}

function eachOnce(addressees: readonly Addressee[]): readonly Addressee[] {
  return [...new Map(addressees.map((one) => [`${one.kind} ${one.address}`, one])).values()];
}

/** Owns the sandbox's card authority: who issues cards and answers for them, and the reader in which its cards sign. */
import express from 'express';
import { FaultSwitch, type Misbehaving } from '../faults.ts';
import type { Listener } from '../listener.ts';
import type { Registers } from '../registers.ts';
import { createService, serve } from '../service.ts';
import { openCardReader } from './card-reader.ts';
import { Cards } from './cards.ts';
import { FORGERIES, type Forgery } from './forgeries.ts';
import { answerTo } from './ocsp-responder.ts';

export interface CardAuthority extends Misbehaving {
  /** Where it answers OCSP requests. */
  readonly url: string;
  /** Where cards are put in. */
  readonly reader: string;
  /** Certificates of the two authorities to be trusted, in DER. */
  readonly trusted: { readonly public: Uint8Array; readonly government: Uint8Array };
}

export interface CardAuthoritySettings {
  readonly listener: Listener;
  readonly reader: Listener;
  readonly registers: Registers;
}

/** Opens responder and reader at their listeners. */
export async function openCardAuthority({
  listener,
  reader,
  registers,
}: CardAuthoritySettings): Promise<CardAuthority> {
  const cards = await Cards.begin(registers, `${listener.url}/ocsp`);
  const faults = new FaultSwitch();
  let forgery: Forgery | undefined;

  const responder = createService();
  responder.use(faults.handler);
  const request = express.raw({ type: 'application/ocsp-request', limit: '4kb' });
  responder.post('/ocsp', request, async ({ body }, response) => {
    const answer = await answerTo(Buffer.isBuffer(body) ? body : Buffer.alloc(0), cards, forgery);
    response.type('application/ocsp-response').send(Buffer.from(answer));
  });
  serve(responder, listener);
  openCardReader({ listener: reader, cards });

  return {
    url: listener.url,
    reader: reader.url,
    trusted: { public: cards.authority('public').certificate, government: cards.authority('government').certificate },
    faults,
    forgeries: FORGERIES,
    forge: (next) => {
      forgery = FORGERIES.find((one) => one === next);
    },
  };
}

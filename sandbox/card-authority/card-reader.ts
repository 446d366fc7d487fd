/** Owns the reader of the sandbox: put in a card, type its PIN, and it signs as the Web eID program would. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import express, { type RequestHandler } from 'express';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { Listener } from '../listener.ts';
import { createService, serve } from '../service.ts';
import type { Cards } from './cards.ts';
import { readerPage, STYLE } from './reader-page.ts';

/** Every card of the country has this PIN. */
export const CARD_PIN = '1234';

export interface CardReaderSettings {
  readonly listener: Listener;
  readonly cards: Cards;
}

/** What the browser's extension hands to the program: which site asks, and what for. */
const order = z.strictObject({
  serial: z.string().max(60),
  pin: z.string().max(20),
  nonce: z.string().min(44).max(128),
  origin: z.url({ protocol: /^https?$/ }).max(200),
});

/** The token as the program makes it (Web eID, authentication token format 1). */
export interface Token {
  readonly unverifiedCertificate: string;
  readonly algorithm: 'ES256';
  readonly signature: string;
  readonly format: 'web-eid:1.0';
  readonly appVersion: string;
}

/** A reader obeys the extension, not the pages that are open in the browser. */
const notForWebPages: RequestHandler = (request, response, next) => {
  if (!/^https?:/.test(request.headers.origin ?? '')) return next();
  response.status(403).json({ error: 'not_for_web_pages' });
};

/** Opens the reader at its listener: `GET /cards`, `POST /sign`, and a page that says what to do with it. */
export function openCardReader({ listener, cards }: CardReaderSettings): void {
  const reader = createService({ 'style-src': ["'self'"], 'img-src': ['data:'] });
  reader.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  reader.get('/', (request, response) => {
    const language = request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi';
    response.send(readerPage(language, cards.all()).toString());
  });

  reader.use(notForWebPages, express.json({ limit: '4kb' }));
  reader.get('/cards', (_request, response) => {
    response.json(cards.all().map(({ serial, name }) => ({ serial, name })));
  });
  reader.post('/sign', async (request, response) => {
    const wish = order.safeParse(request.body).data;
    if (wish === undefined) return void response.status(400).json({ error: 'invalid_request' });
    const card = cards.find(wish.serial);
    if (card === undefined) return void response.status(404).json({ error: 'no_such_card' });
    if (wish.pin !== CARD_PIN) return void response.status(403).json({ error: 'wrong_pin' });
    const { certificate, key } = await cards.of(card);
    response.json({
      unverifiedCertificate: Buffer.from(certificate).toString('base64'),
      algorithm: 'ES256',
      signature: signatureOver(key, wish.origin, wish.nonce),
      format: 'web-eid:1.0',
      appVersion: 'https://web-eid.eu/web-eid-app/releases/2.7.0+0',
    } satisfies Token);
  });

  serve(reader, listener);
}

/** The card signs H(origin) ‖ H(nonce as its text); an EC signature is r ‖ s, not DER. */
function signatureOver(key: JWK, origin: string, nonce: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const data = Buffer.concat([hash(origin), hash(nonce)]);
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

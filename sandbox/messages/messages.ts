/** Owns how the country's people are written to: a mail server, a gateway for text messages, and a page to read both on. */
import { timingSafeEqual } from 'node:crypto';
import express, { type Request } from 'express';
import { z } from 'zod';
import { FaultSwitch, type Misbehaving } from '../faults.ts';
import type { Listener, SocketListener } from '../listener.ts';
import { createService, serve } from '../service.ts';
import { type MailServer, openMailServer } from './mail-server.ts';
import { Mailbox, type ReceivedMessage } from './mailbox.ts';
import { mailboxPage, STYLE } from './mailbox-page.ts';

export interface SmsGateway extends Misbehaving {
  /** Where text messages are handed in. */
  readonly url: string;
}

export interface Messages {
  /** Where messages can be read; as JSON at `/messages`. */
  readonly url: string;
  readonly mail: MailServer;
  readonly sms: SmsGateway;
  /** What came for somebody, or for everybody, newest first. */
  received(to?: string): readonly ReceivedMessage[];
  /** Empties mailboxes and phones. */
  reset(): void;
}

export interface MessagesSettings {
  readonly listener: Listener;
  readonly smtp: SocketListener;
  /** Whoever hands in text messages has to know it. */
  readonly key: string;
}

/** This phone was given back, so that it can be tried what becomes of such a message. */
const UNREACHABLE = '+84900000000';

const order = z.object({ to: z.string().regex(/^\+\d{8,15}$/), text: z.string().min(1).max(1_000) });
const filter = z.object({ to: z.string().optional() });

function knows(key: string, { headers }: Request): boolean {
  const [expected, told] = [`Bearer ${key}`, headers.authorization ?? ''].map((each) => Buffer.from(each));
  return expected!.length === told!.length && timingSafeEqual(expected!, told!);
}

/** Opens page, gateway and mail server at their listeners; they end when those close. */
export function openMessages({ listener, smtp, key }: MessagesSettings): Messages {
  const mailbox = new Mailbox();
  const faults = new FaultSwitch();
  const application = createService({ 'style-src': ["'self'"], 'img-src': ['data:'] });
  application.get('/style.css', (_request, response) => void response.type('css').send(STYLE));

  application.get('/', (request, response) => {
    const { to } = filter.safeParse(request.query).data ?? {};
    const language = request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi';
    const page = { language, messages: mailbox.messages(to), recipients: mailbox.recipients(), to } as const;
    response.send(mailboxPage(page).toString());
  });
  application.get('/messages', (request, response) => {
    response.json(mailbox.messages(filter.safeParse(request.query).data?.to));
  });

  application.post('/sms', faults.handler, express.json({ limit: '4kb' }), (request, response) => {
    if (!knows(key, request)) return void response.status(401).json({ error: 'unauthorised' });
    const { data } = order.safeParse(request.body);
    if (data === undefined) return void response.status(400).json({ error: 'invalid_request' });
    if (data.to === UNREACHABLE) return void response.status(422).json({ error: 'no_such_phone' });
    mailbox.receive({ channel: 'sms', at: Date.now(), ...data });
    response.status(202).json({ accepted: true });
  });
  serve(application, listener);

  return {
    url: listener.url,
    mail: openMailServer(smtp, mailbox),
    sms: { url: `${listener.url}/sms`, faults },
    received: (to) => mailbox.messages(to),
    reset: () => mailbox.clear(),
  };
}

/** Owns the country's one mail server: takes every letter from this machine, and keeps it for its reader. */
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { FaultSwitch, type Misbehaving, SLOW_MILLISECONDS } from '../faults.ts';
import type { SocketListener } from '../listener.ts';
import type { Mailbox } from './mailbox.ts';
import { readMail } from './mime.ts';

export interface MailServer extends Misbehaving {
  /** `smtp://…`, as the hub is told it. */
  readonly url: string;
}

/** There is nobody at these, so that it can be tried what becomes of such a letter. */
const UNREACHABLE = '@unreachable.example';

const LARGEST_LETTER = 1_000_000;

/** Opens the server at its listener; it ends when the listener closes. */
export function openMailServer(listener: SocketListener, mailbox: Mailbox): MailServer {
  const faults = new FaultSwitch();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_LETTER,
    logger: false,
    onRcptTo({ address }, _session, done) {
      if (!address.endsWith(UNREACHABLE)) return done();
      done(Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 }));
    },
    onData(stream, { envelope }, done) {
      buffer(stream).then((raw) => {
        const { headers, ...mail } = readMail(raw);
        const { from = '', subject = '' } = headers;
        for (const { address: to } of envelope.rcptTo)
          mailbox.receive({ channel: 'mail', to, at: Date.now(), from, subject, headers, ...mail });
        done();
      }, done);
    },
  });
  // Callers who hang up half-way are no news.
  server.on('error', () => {});

  listener.serve(async (socket: Socket) => {
    switch (faults.current) {
      case 'down':
        return void socket.end('421 out of service\r\n');
      case 'garbage':
        return void socket.end('<html>\r\n');
      case 'hang':
        return; // The caller has to give up by itself.
      case 'slow':
        await wait(SLOW_MILLISECONDS, undefined, { ref: false });
        if (socket.destroyed) return;
    }
    server.connect(socket);
  });
  return { url: `smtp://localhost:${listener.port}`, faults };
}

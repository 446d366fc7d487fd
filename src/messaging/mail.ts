/**
 * Owns handing letters to a mail server (RFC 5321, 6409). Nothing of a letter is ever told to the log: neither whom it is
 * for nor what it says. Certificates are always verified.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Log } from '../web/log.ts';
import { standingOf } from '../web/public-address.ts';
import { isMailAddress, readMailbox, readSmtpAddress } from './mail-address.ts';
import type { Letter, MailCarrier, Sent } from './messaging.ts';

/** Milliseconds for a whole try, from name resolution to the server's last word. */
const LONGEST_TRY = 9_000;
/** Milliseconds for the server to close the connection, too, when everything is said. */
const LONGEST_GOODBYE = 1_000;

export interface MailSettings {
  /** Of the server (mail-address.ts). */
  readonly url: string;
  /** Whom letters are from: `Name <address>`. */
  readonly from: string;
}

export interface MailParts {
  /** Lets letters go unprotected to a server on this very host: for the sandbox. */
  readonly plainLoopback: boolean;
  readonly log: Log;
  /** Milliseconds for a whole try, when not the usual ones. */
  readonly timeoutMs?: number;
}

/** A carrier over one mail server; a connection for each letter. Throws `TypeError` when a setting cannot be read. */
export function openMailCarrier(
  settings: MailSettings,
  { plainLoopback, log, timeoutMs = LONGEST_TRY }: MailParts,
): MailCarrier {
  const { host, port, tls, user, password, ca } = readSmtpAddress(settings.url);
  const from = readMailbox(settings.from);
  const plain = plainLoopback && !tls && isThisHost(host);
  const transport = createTransport({
    host,
    port,
    secure: tls,
    requireTLS: !tls && !plain,
    ignoreTLS: plain,
    // Said outright because NODE_TLS_REJECT_UNAUTHORIZED could say otherwise.
    tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: readFileSync(ca) }) },
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    // Every server on the way writes down who greeted it: the machines of the hub have no names there.
    name: from.address.split('@')[1],
    // The library's own are minutes. Each by itself; the signal below ends them all.
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: LONGEST_GOODBYE,
    maxResponseSize: 65_536,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });

  async function send(to: string, { subject, text, html }: Letter, signal: AbortSignal): Promise<Sent> {
    // The library would take several addresses, and names, out of one text.
    if (!isMailAddress(to)) return 'refused';
    try {
      await transport.sendMail({
        envelope: { from: from.address, to: [to] },
        from,
        to,
        subject,
        text,
        ...(html === undefined ? {} : { html }),
        // Nobody's absence is to be answered to the hub (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      return 'taken';
    } catch (error) {
      const sent = meaningOf(error as NodemailerError);
      const { code, responseCode: status } = error as NodemailerError;
      // The message of the error would quote the server, and the server the address.
      if (sent === 'not_taken' && !signal.aborted) log('mail_not_taken', { error: code, status });
      return sent;
    }
  }
  return { send };
}

/**
 * Only what a server says of the recipient is about the recipient. That it wants us to prove who we are, or lets nobody
 * like us send (5.7.x, RFC 3463), will be mended here: no letter is lost for it.
 */
function meaningOf({ command, permanent, response = '', responseCode }: NodemailerError): Sent {
  const ofUs = responseCode === 530 || /^\d{3}[ -]5\.7\./.test(response);
  return command === 'RCPT TO' && permanent === true && !ofUs ? 'refused' : 'not_taken';
}

const isThisHost = (host: string) => host === 'localhost' || (isIP(host) !== 0 && standingOf(host) === 'loopback');

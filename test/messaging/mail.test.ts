/** Handing letters to a mail server: whole, protected, in time; refused only for good; nobody's address is told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readMail } from '../../sandbox/messages/mime.ts';
import { openMailCarrier } from '../../src/messaging/mail.ts';
import { isMailAddress, readMailbox, readSmtpAddress } from '../../src/messaging/mail-address.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { certificateFor } from '../web/outgoing-certificate.ts';
import { openMailServer, openRawServer, saying } from './mail-servers.ts';

const FROM = 'Liên Thông <khong-tra-loi@lienthong.example>';
const TO = 'an.nguyen@mail.example';
const LETTER = {
  subject: 'Đăng nhập từ một máy mới lúc 08:15, và điều này không vừa trong một dòng',
  text: 'Chào bạn,\nbạn vừa đăng nhập?\nhttp://localhost:3000/me?x=1',
  html: '<p>Chào bạn</p>',
};
/** Milliseconds; short, because tests wait for it. */
const TIMEOUT = 400;
const never = () => new AbortController().signal;

let kept: KeptLog;
const open: { close(): Promise<void> }[] = [];
beforeEach(() => {
  kept = keepLog();
});
afterEach(async () => {
  for (const line of kept.lines)
    for (const secret of [TO, 'nguyen', 'Chào', 'pssst']) expect(line).not.toContain(secret);
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const opened = async <Server extends { close(): Promise<void> }>(opening: Promise<Server>) => {
  const server = await opening;
  open.push(server);
  return server;
};
const carrier = (url: string, { plainLoopback = true, timeoutMs = 5_000 } = {}) =>
  openMailCarrier({ url, from: FROM }, { plainLoopback, log: kept.log, timeoutMs });
const at = ({ port }: { readonly port: number }) => `smtp://localhost:${port}`;

test('a letter arrives as it was written, marked as a machine’s, and tells nothing of the machine', async () => {
  const server = await opened(openMailServer());
  for (let time = 0; time < 2; time += 1) expect(await carrier(at(server)).send(TO, LETTER, never())).toBe('taken');
  const [letter, again] = server.letters;
  expect(letter).toMatchObject({ from: 'khong-tra-loi@lienthong.example', to: [TO], greeting: 'lienthong.example' });
  const { headers, text, html } = readMail(Buffer.from(letter!.raw));
  expect({ text, html: html?.trim() }).toEqual({ text: LETTER.text, html: LETTER.html });
  expect(headers).toMatchObject({ from: FROM, to: TO, subject: LETTER.subject, 'auto-submitted': 'auto-generated' });
  expect(headers['message-id']).toMatch(/^<[0-9a-f-]{36}@lienthong\.example>$/);
  expect(readMail(Buffer.from(again!.raw)).headers['message-id']).not.toBe(headers['message-id']);
  if (hostname().length > 3) expect(letter!.raw).not.toContain(hostname());
  expect(Object.keys(headers).sort()).toEqual(
    ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].sort(),
  );
});

describe('what would be something else than one address is refused, and nobody is asked', () => {
  test.each([
    `${TO}\r\nBcc: all@mail.example`,
    `${TO}\nRCPT TO:<all@mail.example>`,
    `${TO}\n`,
    `${TO}, other@mail.example`,
    `An <${TO}>`,
    `<${TO}>`,
    `"an b"@mail.example`,
    'nobody',
    'a@b@c',
    '@mail.example',
    'an@',
    `${'a'.repeat(65)}@mail.example`,
    `an@${'a.'.repeat(130)}example`,
    '',
  ])('%j', async (to) => {
    const server = await opened(openMailServer());
    expect(isMailAddress(to)).toBe(false);
    expect(await carrier(at(server)).send(to, LETTER, never())).toBe('refused');
    expect(server.connections()).toBe(0);
  });

  test('a line break in a subject begins no header', async () => {
    const server = await opened(openMailServer());
    const letter = { ...LETTER, subject: 'Xin chào\r\nBcc: all@mail.example\r\n\r\nHello' };
    await carrier(at(server)).send(TO, letter, never());
    expect(server.letters[0]!.to).toEqual([TO]);
    expect(readMail(Buffer.from(server.letters[0]!.raw)).headers).not.toHaveProperty('bcc');
    expect(readMail(Buffer.from(server.letters[0]!.raw)).text).toBe(LETTER.text);
  });
});

describe('only an address that can never be reached is refused', () => {
  const outcome = async (options: Parameters<typeof openMailServer>[0]) => {
    const server = await opened(openMailServer(options));
    const sent = await carrier(at(server)).send(TO, LETTER, never());
    expect(server.letters).toEqual([]);
    return sent;
  };
  test.each([
    [550, '5.1.1 no such user an.nguyen@mail.example', 'refused'],
    [553, 'no', 'refused'],
    [451, '4.7.1 come again', 'not_taken'],
    [452, 'full', 'not_taken'],
    [550, '5.7.1 relaying denied', 'not_taken'],
    [530, '5.5.1 who are you', 'not_taken'],
    [503, 'out of order', 'not_taken'],
  ])('the recipient gets %i %s: %s', async (status, text, sent) => {
    expect(await outcome({ onRcptTo: (_to, _session, done) => done(saying(status, text)) })).toBe(sent);
    expect(kept.entries('mail_not_taken').map((entry) => entry.status)).toEqual(sent === 'refused' ? [] : [status]);
  });

  test('a sender or a letter that is refused says nothing of the address', async () => {
    expect(await outcome({ onMailFrom: (_from, _session, done) => done(saying(550)) })).toBe('not_taken');
    const refusing: Parameters<typeof openMailServer>[0] = {
      onData: (stream, _session, done) => stream.resume().on('end', () => done(saying(554))),
    };
    expect(await outcome(refusing)).toBe('not_taken');
    expect(await outcome({ onConnect: (_session, done) => done(saying(421)) })).toBe('not_taken');
  });

  test('nobody at the port, or somebody who speaks otherwise', async () => {
    const gone = await openRawServer(() => {});
    await gone.close();
    expect(await carrier(at(gone)).send(TO, LETTER, never())).toBe('not_taken');
    const other = await opened(openRawServer((socket) => void socket.end('<html>\r\n')));
    expect(await carrier(at(other)).send(TO, LETTER, never())).toBe('not_taken');
    expect(kept.entries('mail_not_taken').map(({ error }) => error)).toEqual(['ESOCKET', 'EPROTOCOL']);
  });
});

describe('a try ends in time', () => {
  test.each([
    ['says nothing', () => {}],
    [
      'never comes to an end',
      (socket: import('node:net').Socket) => {
        const more = setInterval(() => socket.write('220-wait\r\n'), 20).unref();
        socket.once('close', () => clearInterval(more));
      },
    ],
  ])('with a server that %s', async (_name, talk) => {
    const server = await opened(openRawServer(talk));
    const begun = performance.now();
    expect(await carrier(at(server), { timeoutMs: TIMEOUT }).send(TO, LETTER, never())).toBe('not_taken');
    expect(performance.now() - begun).toBeLessThan(TIMEOUT * 4);
  });

  test('and at once when the hub closes, which is no news', async () => {
    const closing = new AbortController();
    const server = await opened(openRawServer(() => closing.abort()));
    expect(await carrier(at(server)).send(TO, LETTER, closing.signal)).toBe('not_taken');
    expect(kept.lines).toEqual([]);
  });
});

describe('nothing goes unprotected but to this very host, where that is allowed', () => {
  const { key, cert } = certificateFor('localhost');
  let folder: string;
  let ca: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mail-'));
    ca = path.join(folder, 'authorities.pem');
    await writeFile(ca, cert);
  });
  afterAll(() => rm(folder, { recursive: true }));
  const onAuth: NonNullable<Parameters<typeof openMailServer>[0]>['onAuth'] = (
    { username, password },
    _session,
    done,
  ) => (password === 'pssst@1' ? done(null, { user: username }) : done(null, { message: 'no' }));

  test('with TLS from the first byte, and by STARTTLS, the password is told and the letter taken', async () => {
    for (const scheme of ['smtps', 'smtp'] as const) {
      const server = await opened(openMailServer({ key, cert, secure: scheme === 'smtps', onAuth }));
      const url = `${scheme}://hub:pssst%401@localhost:${server.port}?ca=${ca}`;
      expect(await carrier(url, { plainLoopback: false }).send(TO, LETTER, never())).toBe('taken');
      expect(server.letters).toMatchObject([{ user: 'hub', secure: true }]);
    }
  });

  test('a certificate that nobody trusts, or of another host, ends the try', async () => {
    const wrong = certificateFor('other.example');
    await writeFile(path.join(folder, 'other.pem'), wrong.cert);
    for (const secure of [true, false]) {
      const scheme = secure ? 'smtps' : 'smtp';
      const untrusted = await opened(openMailServer({ key, cert, secure, onAuth }));
      const other = await opened(openMailServer({ ...wrong, secure, onAuth }));
      for (const url of [
        `${scheme}://hub:pssst%401@localhost:${untrusted.port}`,
        `${scheme}://hub:pssst%401@localhost:${other.port}?ca=${path.join(folder, 'other.pem')}`,
      ])
        expect(await carrier(url, { plainLoopback: false }).send(TO, LETTER, never())).toBe('not_taken');
      expect([...untrusted.letters, ...other.letters]).toEqual([]);
    }
  });

  test('a server without STARTTLS hears neither password nor letter', async () => {
    const heard: string[] = [];
    const server = await opened(
      openRawServer((socket) => {
        socket.write('220 mail.example\r\n');
        socket.on('data', (bytes) => {
          heard.push(bytes.toString());
          socket.write(/^EHLO/.test(bytes.toString()) ? '250-mail.example\r\n250 AUTH PLAIN\r\n' : '250 yes\r\n');
        });
      }),
    );
    const url = `smtp://hub:pssst%401@localhost:${server.port}`;
    expect(await carrier(url, { plainLoopback: false, timeoutMs: TIMEOUT }).send(TO, LETTER, never())).toBe(
      'not_taken',
    );
    expect(heard.join('')).not.toMatch(/AUTH|MAIL|RCPT/);
  });

  test('a wrong password is told to the log, for who can mend it', async () => {
    const server = await opened(openMailServer({ key, cert, onAuth }));
    const url = `smtp://hub:pssst@localhost:${server.port}?ca=${ca}`;
    expect(await carrier(url, { plainLoopback: false }).send(TO, LETTER, never())).toBe('not_taken');
    expect(kept.entries('mail_not_taken')).toMatchObject([{ error: 'EAUTH', status: 535 }]);
  });
});

describe('addresses of servers', () => {
  test('are read with their usual ports', () => {
    expect(readSmtpAddress('smtp://mail.example')).toEqual({ host: 'mail.example', port: 587, tls: false });
    expect(readSmtpAddress('smtps://a:b%2Fc@mail.example?ca=/etc/ca.pem')).toEqual({
      host: 'mail.example',
      port: 465,
      tls: true,
      user: 'a',
      password: 'b/c',
      ca: '/etc/ca.pem',
    });
    expect(readSmtpAddress('smtp://[::1]:25/')).toMatchObject({ host: '::1', port: 25 });
  });

  test.each([
    'https://mail.example',
    'smtp://',
    'smtp:mail.example',
    'smtp://mail.example/path',
    'smtp://mail.example#x',
    'smtp://pssst@mail.example',
    'smtp://:pssst@mail.example',
    'smtp://a:pssst%@mail.example',
    'smtp://mail.example?ca=relative.pem',
    'smtp://mail.example?tls.rejectUnauthorized=false',
    'smtp://mail.example?ignoreTLS=true',
    'pssst',
  ])('%s is none, and not repeated', (text) => {
    expect(() => readSmtpAddress(text)).toThrow(TypeError);
    expect(() => readSmtpAddress(text)).not.toThrow(/pssst/);
  });

  test('a sender has an address, and a name or none', () => {
    expect(readMailbox(FROM)).toEqual({ name: 'Liên Thông', address: 'khong-tra-loi@lienthong.example' });
    expect(readMailbox('a@b.example')).toEqual({ name: '', address: 'a@b.example' });
    for (const text of ['Hub', 'Hub <>', 'Hub\r\nBcc: x <a@b.example>', 'a@b.example, c@d.example', '<a@b.example> x'])
      expect(() => readMailbox(text)).toThrow(TypeError);
  });
});

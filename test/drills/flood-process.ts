/**
 * Owns a flood, as a program: sign-ins begun from one address, so many a second and never more at once than it has
 * connections. Until it is told to end it says how many were answered, and at the end by which status.
 */
import { connect } from 'node:net';
import { setPriority } from 'node:os';

const { PORT, ADDRESS, FROM, PER_SECOND, CONNECTIONS } = process.env;
const REQUEST = [
  `GET ${ADDRESS} HTTP/1.1`,
  `host: 127.0.0.1:${PORT}`,
  `x-forwarded-for: ${FROM}`,
  'accept: text/html',
  'connection: keep-alive',
  '\r\n',
].join('\r\n');
/** Milliseconds between the times at which those are sent that have become due. */
const TICK = 5;
const BETWEEN_WORDS = 100;
/** So many broken connections mean that nobody is there any more. */
const MOST_BROKEN = 1_000;

const statuses: Record<string, number> = {};
const free: (() => void)[] = [];
const begun = performance.now();
let due = 0;
let answered = 0;
let broken = 0;

// Those who send it have machines of their own: this one's processors are for the hub first.
setPriority(19);
for (let n = 0; n < Number(CONNECTIONS); n += 1) open();
setInterval(send, TICK);
setInterval(() => process.stdout.write(`answered ${answered}\n`), BETWEEN_WORDS);
process.once('SIGTERM', () => {
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(`${JSON.stringify({ answered, statuses, broken, seconds })}\n`, () => process.exit(0));
});
// Whoever started it may have ended without a word.
process.stdout.on('error', () => process.exit(1));

function send(): void {
  const all = ((performance.now() - begun) / 1000) * Number(PER_SECOND);
  while (due < all) {
    due += 1;
    // What finds no connection free is not sent later: it would be a flood of another rate.
    free.shift()?.();
  }
}

/** A connection over which one request goes at a time, and another one in its place when it ends. */
function open(): void {
  const socket = connect(Number(PORT), '127.0.0.1').setEncoding('latin1').setNoDelay();
  const ask = () => void socket.write(REQUEST);
  let unread = '';
  socket.once('connect', () => free.push(ask));
  socket.on('data', (text: string) => {
    unread += text;
    const end = unread.indexOf('\r\n\r\n');
    const length = Number(/^content-length: (\d+)/im.exec(unread)?.[1] ?? 0);
    if (end < 0 || unread.length < end + 4 + length) return;
    const status = unread.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
    statuses[status] = (statuses[status] ?? 0) + 1;
    answered += 1;
    unread = '';
    free.push(ask);
  });
  socket.on('error', () => {
    broken += 1;
    if (broken > MOST_BROKEN) process.exit(1);
  });
  socket.once('close', () => {
    const place = free.indexOf(ask);
    if (place >= 0) free.splice(place, 1);
    open();
  });
}

/** Owns reading a mail as its program would (RFC 5322, 2045–2047): as much of it as the sandbox's mailbox shows. */

export interface Mail {
  /** By name in small letters, decoded; of several of a name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html?: string;
}

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const quotedBytes = (text: string, spaces: RegExp) =>
  Buffer.from(
    text
      .replace(spaces, ' ')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** Neither matches anything in a body, where underscores are underscores. */
const NOTHING = /(?!)/g;

/** Words of other alphabets in a header (RFC 2047); spaces between two of them are none. */
function decodedHeader(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_all, charset: string, encoding: string, word: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedBytes(word, /_/g);
      return textOf(bytes, charset);
    });
}

function textOf(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

function partOf(raw: Buffer): Part {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('utf8');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
  return { headers, body: end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4) };
}

const parameter = (header: string, name: string) => new RegExp(`;\\s*${name}="?([^";]+)"?`, 'i').exec(header)?.[1];

/** The leaves of a part, by type: of several of one the first. */
function leavesOf({ headers, body }: Part): ReadonlyMap<string, string> {
  const { 'content-type': type = 'text/plain', 'content-transfer-encoding': encoding = '' } = headers;
  const boundary = type.startsWith('multipart/') ? parameter(type, 'boundary') : undefined;
  if (boundary !== undefined) {
    const pieces = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
    const leaves = pieces.map((piece) => leavesOf(partOf(Buffer.from(piece.replace(/^\r\n|\r\n$/g, ''), 'latin1'))));
    return new Map(leaves.flatMap((each) => [...each]).reverse());
  }
  const bytes = /^base64/i.test(encoding)
    ? Buffer.from(body.toString('latin1'), 'base64')
    : /^quoted-printable/i.test(encoding)
      ? quotedBytes(body.toString('latin1'), NOTHING)
      : body;
  return new Map([[type.split(';')[0]!.trim().toLowerCase(), textOf(bytes, parameter(type, 'charset') ?? 'utf-8')]]);
}

/** Reads a whole mail as it came over the wire. */
export function readMail(raw: Buffer): Mail {
  const part = partOf(raw);
  const leaves = leavesOf(part);
  const html = leaves.get('text/html');
  return {
    headers: Object.fromEntries(Object.entries(part.headers).map(([name, value]) => [name, decodedHeader(value)])),
    text: (leaves.get('text/plain') ?? '').replaceAll('\r\n', '\n').trimEnd(),
    ...(html === undefined ? {} : { html }),
  };
}

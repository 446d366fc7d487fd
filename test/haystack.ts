/** Owns searching bytes for texts that must not stand there, in whatever form a program may have written them. */

/** A name, date or telephone number as other programs might write it: a name in capitals, in small letters, unmarked. */
export function spellings(text: string): string[] {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (day !== undefined) return [text, ...['/', '-', '.'].map((mark) => [day, month, year].join(mark))];
  // With or without the country's code, which leads or does not.
  if (/^\+84\d+$/.test(text)) return [text.slice('+84'.length)];
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  const all = [text, plain].flatMap((each) => [
    each,
    each.toUpperCase(),
    each.toLowerCase(),
    each.replaceAll(' ', '+'),
  ]);
  return [...new Set(all)];
}

const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

/** The ways in which a text might stand in a file. Base64 looks different at each of three offsets. */
function traces(text: string): Buffer[] {
  const texts = [
    text,
    text.normalize('NFD'),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    formEncoded(text),
  ];
  const escaped = text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const bytes = [...new Set([...texts, escaped])].map((each) => Buffer.from(each));
  const wide = Buffer.from(text, 'utf16le');
  const based = [...bytes, wide].flatMap((each) =>
    [0, 1, 2].flatMap((offset) => {
      const padded = Buffer.concat([Buffer.alloc(offset), each]);
      const first = Math.ceil((offset * 8) / 6);
      const last = Math.floor((padded.length * 8) / 6);
      return (['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(first, last));
    }),
  );
  const hex = bytes.map((each) => each.toString('hex')).flatMap((each) => [each, each.toUpperCase()]);
  return [
    ...bytes,
    wide,
    Buffer.from(text, 'utf16le').swap16(),
    ...[...based, ...hex].map((each) => Buffer.from(each)),
  ];
}

/** Bytes to be searched for very many things that are not there: what has an unknown part need not be looked for. */
export class Haystack {
  readonly #bytes: Buffer;
  /** One bit for each four bytes that follow each other somewhere, at the place they are hashed to. */
  readonly #fours = new Uint8Array(2 ** 24);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const [fours, { length }] = [this.#fours, bytes];
    for (let at = 3; at < length; at += 1) {
      const four = fourAt(bytes, at);
      fours[four >>> 3]! |= 1 << (four & 7);
    }
  }

  /** Which of these texts stand here, in whatever form; `spelt` says how else each might be written. */
  find(texts: Iterable<string>, spelt: (text: string) => readonly string[] = (text) => [text]): string[] {
    return [...texts].filter((text) =>
      spelt(text)
        .flatMap(traces)
        .some((trace) => this.#includes(trace)),
    );
  }

  #includes(trace: Buffer): boolean {
    for (let at = 3; at < trace.length; at += 1) {
      const four = fourAt(trace, at);
      if ((this.#fours[four >>> 3]! & (1 << (four & 7))) === 0) return false;
    }
    return this.#bytes.includes(trace);
  }
}

const { imul: multiply } = Math;

/** The four bytes that end at a place, as 27 bits. */
const fourAt = (bytes: Buffer, at: number) =>
  multiply((bytes[at - 3]! << 24) | (bytes[at - 2]! << 16) | (bytes[at - 1]! << 8) | bytes[at]!, 0x9e3779b1) >>> 5;

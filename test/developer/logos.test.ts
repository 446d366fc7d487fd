/** Which pictures become logos, and that nothing stays in them that acts, reaches outside or tells of people. */
import { hash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parseXml } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { acceptLogo, LARGEST_LOGO, LOGO_HEADERS, type LogoCode } from '../../src/developer/logos.ts';
import { LOGO_CODES } from '../../src/developer/rules/codes.ts';

const NS = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (content: string, attributes = '') => `<svg ${NS} viewBox="0 0 64 64" ${attributes}>${content}</svg>`;
const SHAPE = '<path id="a" d="M0 0h64v64z" fill="#c00"/>';

const chunk = (type: string, data: Buffer = Buffer.alloc(0)) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const header = (width: number, height: number, rest = [8, 0, 0, 0, 0]) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set(rest, 8);
  return chunk('IHDR', data);
};
const grey = (width: number, height: number) => deflateSync(Buffer.alloc(height * (width + 1)));
const DATA = grey(64, 64);
const END = chunk('IEND');
const png = (...chunks: Buffer[]) => Buffer.concat([SIGNATURE, ...chunks]);
const PNG = png(header(64, 64), chunk('IDAT', DATA), END);
const changed = (file: Buffer, at: number) => Buffer.from(file.map((byte, place) => (place === at ? byte ^ 1 : byte)));

const nested = Array.from({ length: 8 }, (_, at) => `<g id="g${at + 1}">${`<use href="#g${at}"/>`.repeat(4)}</g>`).join(
  '',
);

type Row = readonly [rule: string, code: LogoCode, file: string | Buffer];

const REFUSED: readonly Row[] = [
  ['nothing', 'logo_type', ''],
  ['a JPEG', 'logo_type', Buffer.from('ffd8ffe000104a464946', 'hex')],
  ['text', 'logo_type', 'logo'],
  ['an SVG in UTF-16', 'logo_type', Buffer.from(svg(SHAPE), 'utf16le').subarray(1)],
  ['more than 100 KB', 'logo_too_large', svg(SHAPE).padEnd(LARGEST_LOGO + 1)],
  ['PNG: half a file', 'png_damaged', PNG.subarray(0, -20)],
  ['PNG: no end', 'png_damaged', PNG.subarray(0, -12)],
  ['PNG: more after its end', 'png_damaged', Buffer.concat([PNG, Buffer.from('<script>')])],
  ['PNG: a wrong checksum', 'png_damaged', changed(PNG, 45)],
  [
    'PNG: two runs of data',
    'png_damaged',
    png(header(64, 64), chunk('IDAT', DATA.subarray(0, 9)), chunk('pHYs'), chunk('IDAT', DATA.subarray(9)), END),
  ],
  ['PNG: no data', 'png_damaged', png(header(64, 64), END)],
  ['PNG: data of another picture', 'png_damaged', png(header(64, 64), chunk('IDAT', grey(64, 63)), END)],
  ['PNG: a bomb', 'png_damaged', png(header(64, 64), chunk('IDAT', deflateSync(Buffer.alloc(50_000_000))), END)],
  ['PNG: no palette', 'png_damaged', png(header(64, 64, [8, 3, 0, 0, 0]), chunk('IDAT', DATA), END)],
  ['PNG: an unknown depth', 'png_damaged', png(header(64, 64, [5, 0, 0, 0, 0]), chunk('IDAT', DATA), END)],
  ['PNG: an unknown critical chunk', 'png_damaged', png(header(64, 64), chunk('JUNK'), chunk('IDAT', DATA), END)],
  ['PNG: two headers', 'png_damaged', png(header(64, 64), header(64, 64), chunk('IDAT', DATA), END)],
  ['PNG: a length beyond the file', 'png_damaged', png(header(64, 64), Buffer.from('ffffffff49444154', 'hex'), END)],
  ['PNG: too small', 'png_size', png(header(16, 64), chunk('IDAT', grey(16, 64)), END)],
  ['PNG: too large', 'png_size', png(header(64, 1025), chunk('IDAT', grey(64, 1025)), END)],
  ['SVG: cut off', 'svg_malformed', `<svg ${NS}><path`],
  ['SVG: not UTF-8', 'svg_malformed', Buffer.concat([Buffer.from('<svg>'), Buffer.from([0xff])])],
  ['SVG: another encoding', 'svg_malformed', `<?xml version="1.0" encoding="utf-7"?>${svg(SHAPE)}`],
  ['SVG: two roots', 'svg_malformed', svg(SHAPE) + svg(SHAPE)],
  ['SVG: an entity nobody declared', 'svg_malformed', svg('&boom;')],
  ['SVG: HTML', 'svg_malformed', '<p>hello<br></p>'],
  ['SVG: DOCTYPE', 'svg_doctype', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">${svg(SHAPE)}`],
  ['SVG: entities', 'svg_doctype', `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg('&b;')}`],
  ['SVG: a file by entity', 'svg_doctype', `<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]>${svg('&f;')}`],
  [
    'SVG: a style sheet from elsewhere',
    'svg_instruction',
    `<?xml-stylesheet href="https://evil.vn/x.css"?>${svg(SHAPE)}`,
  ],
  ['SVG: an instruction inside', 'svg_instruction', svg('<?php echo 1 ?>')],
  ['SVG: no namespace', 'svg_namespace', '<svg viewBox="0 0 9 9"/>'],
  ['SVG: another namespace', 'svg_namespace', svg(SHAPE, 'xmlns:h="http://www.w3.org/1999/xhtml"')],
  ['SVG: another namespace in the middle', 'svg_namespace', svg('<g xmlns="http://www.w3.org/1999/xhtml"/>')],
  ['SVG: a prefixed element', 'svg_namespace', svg('<svg:path d="M0 0"/>', 'xmlns:svg="http://www.w3.org/2000/svg"')],
  ['SVG: another base', 'svg_namespace', svg(SHAPE, 'xml:base="https://evil.vn/"')],
  ['SVG: HTML inside', 'svg_element', svg('<foreignObject><p/></foreignObject>')],
  ['SVG: an image', 'svg_element', svg('<image href="#a"/>')],
  ['SVG: a link', 'svg_element', svg('<a href="#a"><path d="M0 0"/></a>')],
  ['SVG: animation', 'svg_element', svg('<animate attributeName="href" to="javascript:alert(1)"/>')],
  ['SVG: set', 'svg_element', svg('<set attributeName="onload" to="x"/>')],
  ['SVG: a filter', 'svg_element', svg('<filter id="f"/>')],
  ['SVG: an SVG inside', 'svg_element', svg(`<svg ${NS}/>`)],
  ['SVG: another root', 'svg_element', `<html ${NS}/>`],
  ['SVG: a script', 'svg_script', svg('<script>alert(1)</script>')],
  ['SVG: a script, prefixed', 'svg_script', svg('<svg:script/>', 'xmlns:svg="http://www.w3.org/2000/svg"')],
  ['SVG: onload', 'svg_event_handler', svg(SHAPE, 'onload="alert(1)"')],
  ['SVG: onclick below, in other letters', 'svg_event_handler', svg('<g><path d="M0 0" OnClick="x"/></g>')],
  ['SVG: an unknown attribute', 'svg_attribute', svg('<path d="M0 0" ping="x"/>')],
  ['SVG: import', 'svg_style', svg('<style>@import "https://evil.vn/x.css";</style>')],
  ['SVG: a font', 'svg_style', svg('<style>@font-face{src:url(https://evil.vn/f)}</style>')],
  ['SVG: an address in a sheet', 'svg_style', svg('<style>.a{fill:url(https://evil.vn/x#a)}</style>')],
  ['SVG: an escaped one', 'svg_style', svg('<style>.a{fill:u\\72l(https://evil.vn)}</style>')],
  ['SVG: one behind a comment', 'svg_style', svg('<style>.a{mask/**/:url(#m)}</style>')],
  ['SVG: a sheet in CDATA', 'svg_style', svg('<style><![CDATA[.a{background:url(//evil.vn)}]]></style>')],
  ['SVG: drawing by a sheet', 'svg_style', svg('<style>.a{clip-path:url(#c)}</style>')],
  ['SVG: another sheet language', 'svg_style', svg('<style type="text/less">.a{fill:red}</style>')],
  ['SVG: an address in a style', 'svg_style', svg('<path style="fill:url(//evil.vn/#a)" d="M0 0"/>')],
  ['SVG: behaviour in a style', 'svg_style', svg('<path style="behavior:x" d="M0 0"/>')],
  ['SVG: a script in href', 'svg_reference', svg('<use href="javascript:alert(1)"/>')],
  ['SVG: another file', 'svg_reference', svg('<use href="https://evil.vn/x.svg#a"/>')],
  [
    'SVG: data',
    'svg_reference',
    svg('<use xlink:href="data:image/svg+xml,x#a"/>', 'xmlns:xlink="http://www.w3.org/1999/xlink"'),
  ],
  ['SVG: another file to fill', 'svg_reference', svg('<path fill="url(https://evil.vn/#a)" d="M0 0"/>')],
  [
    'SVG: another file to fill, by entity',
    'svg_reference',
    svg('<path fill="url(&#104;ttps://evil.vn/#a)" d="M0 0"/>'),
  ],
  ['SVG: another file to clip', 'svg_reference', svg('<path clip-path="URL( x.svg#a )" d="M0 0"/>')],
  ['SVG: a laugh by use', 'svg_nested_reference', svg(`<g id="g0">${SHAPE}</g>${nested}<use href="#g8"/>`)],
  ['SVG: a circle', 'svg_nested_reference', svg('<g id="g"><use href="#g"/></g>')],
  [
    'SVG: a laugh by masks',
    'svg_nested_reference',
    svg('<mask id="m"><path d="M0 0"/></mask><mask id="n"><g mask="url(#m)"/></mask><g mask="url(#n)"/>'),
  ],
  [
    'SVG: a laugh by styles',
    'svg_nested_reference',
    svg(
      '<clipPath id="m"><path d="M0 0"/></clipPath><clipPath id="n"><path style="clip-path:url(#m)" d="M0 0"/></clipPath><g clip-path="url(#n)"/>',
    ),
  ],
  ['SVG: no viewBox', 'svg_view_box', `<svg ${NS} width="64" height="64"/>`],
  ['SVG: three numbers', 'svg_view_box', `<svg ${NS} viewBox="0 0 64"/>`],
  ['SVG: nothing in it', 'svg_view_box', `<svg ${NS} viewBox="0 0 0 64"/>`],
  ['SVG: no numbers', 'svg_view_box', `<svg ${NS} viewBox="0 0 NaN Infinity"/>`],
  ['SVG: a number without end', 'svg_view_box', `<svg ${NS} viewBox="0 0 9 ${'9'.repeat(90_000)}x"/>`],
  ['SVG: a width without end', 'svg_size', svg(SHAPE, `width="${'9'.repeat(90_000)}x"`)],
  ['SVG: too long', 'svg_size', `<svg ${NS} viewBox="0 0 500 64"/>`],
  ['SVG: too wide', 'svg_size', svg(SHAPE, 'width="99999"')],
  ['SVG: a width that is none', 'svg_size', svg(SHAPE, 'width="calc(1px)"')],
  ['SVG: too many elements', 'svg_too_complex', svg('<g/>'.repeat(1001))],
  ['SVG: too deep', 'svg_too_complex', svg('<g>'.repeat(31) + '</g>'.repeat(31))],
  ['SVG: far too deep', 'svg_too_complex', svg('<g>'.repeat(10_000) + '</g>'.repeat(1000))],
  ['SVG: too many uses', 'svg_too_complex', svg(SHAPE + '<use href="#a"/>'.repeat(51))],
];

describe('E3 logos', () => {
  test.each(REFUSED)('E3 refused: %s (%s)', (_rule, code, file) => {
    expect(acceptLogo(Buffer.from(file as string))).toEqual({ ok: false, code });
  });

  test('E3 every code of a logo is reached', () => {
    expect([...new Set(REFUSED.map(([, code]) => code))].toSorted()).toEqual([...LOGO_CODES].toSorted());
  });
});

const bodyOf = (file: string | Buffer) => {
  const accepted = acceptLogo(Buffer.from(file as string));
  if (!accepted.ok) throw new Error(accepted.code);
  return Buffer.from(accepted.body);
};

describe('a PNG that is taken', () => {
  test('keeps its picture, and nothing that tells of its maker', () => {
    const told = png(
      header(64, 64),
      chunk('gAMA', Buffer.from('0000b18f', 'hex')),
      chunk('tEXt', Buffer.from('Author\0Nguyen Van An')),
      chunk('eXIf', Buffer.from('GPS')),
      chunk('acTL', Buffer.alloc(8)),
      chunk('IDAT', DATA.subarray(0, 9)),
      chunk('IDAT', DATA.subarray(9)),
      chunk('tIME', Buffer.alloc(7)),
      END,
    );
    const body = bodyOf(told);
    expect(body.toString('latin1')).not.toMatch(/Nguyen|GPS|tEXt|eXIf|acTL|tIME/);
    expect(body.includes('gAMA')).toBe(true);
    expect(bodyOf(body).equals(body)).toBe(true);
    expect(acceptLogo(told)).toMatchObject({
      ok: true,
      type: 'image/png',
      id: `${hash('sha256', body, 'base64url')}.png`,
    });
  });

  test.each([
    ['grey', PNG],
    ['with a palette', png(header(64, 64, [8, 3, 0, 0, 0]), chunk('PLTE', Buffer.alloc(6)), chunk('IDAT', DATA), END)],
    [
      'colours with transparency',
      png(header(32, 32, [8, 6, 0, 0, 0]), chunk('IDAT', deflateSync(Buffer.alloc(32 * 129))), END),
    ],
    [
      'interlaced',
      png(
        header(32, 32, [8, 0, 0, 0, 1]),
        chunk('IDAT', deflateSync(Buffer.alloc(1024 + 4 + 4 + 4 + 8 + 8 + 16 + 16))),
        END,
      ),
    ],
  ])('%s', (_kind, file) => expect(bodyOf(file).equals(file)).toBe(true));

  test('with anything changed is refused or as harmless, never thrown at', () => {
    fc.assert(
      fc.property(fc.nat(PNG.length - 1), fc.nat(255), fc.nat(PNG.length), (at, value, length) => {
        const file = Buffer.from(PNG.subarray(0, length));
        if (at < file.length) file[at] = value;
        const accepted = acceptLogo(file);
        if (accepted.ok) expect(Buffer.from(accepted.body).equals(PNG)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an SVG that is taken', () => {
  test('is written anew, without comments and declarations, and is then the same for ever', () => {
    const file = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by An -->${svg(`<!-- An -->\n${SHAPE}<title>Sở &amp; "Phòng" &lt;1&gt;</title>`)}`;
    const body = bodyOf(file);
    expect(body.toString()).not.toMatch(/made by|An -->|<\?xml/);
    expect(body.toString()).toContain('<title>Sở &amp; &quot;Phòng&quot; &lt;1&gt;</title>');
    expect(bodyOf(body).equals(body)).toBe(true);
    expect(acceptLogo(Buffer.from(file))).toMatchObject({
      type: 'image/svg+xml',
      id: `${hash('sha256', body, 'base64url')}.svg`,
    });
  });

  test.each([
    [
      'shapes',
      svg(
        '<g transform="rotate(4)"><rect width="9" height="9" rx="1"/><circle r="4"/></g>',
        'width="64px" height="64"',
      ),
    ],
    [
      'a gradient',
      svg(
        '<defs><linearGradient id="b"><stop offset="0" stop-color="red"/></linearGradient></defs><path fill="url(#b)" d="M0 0"/>',
      ),
    ],
    [
      'a sheet',
      svg(
        '<style type="text/css">.cls-1,.cls-2{fill:#fff;stroke:url(#b)} .cls-1{fill:rgb(1,2,3);}</style><path class="cls-1 curl" d="M0 0"/>',
      ),
    ],
    ['a sheet in CDATA', svg('<style><![CDATA[.a > path{fill:red}]]></style>')],
    ['styles', svg('<path style="fill:url(#b);stroke-width:2px;mix-blend-mode:multiply" d="M0 0"/>')],
    [
      'what is used again',
      svg(
        `<defs><symbol id="s">${SHAPE}</symbol></defs><use xlink:href="#s"/>`,
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
      ),
    ],
    [
      'clipped',
      svg('<clipPath id="c"><rect width="9" height="9"/></clipPath><g clip-path="url(#c)"><path d="M0 0"/></g>'),
    ],
    [
      'drawing programs’ notes',
      svg(
        '<path data-name="Lớp 1" aria-hidden="true" d="M0 0"/>',
        'version="1.1" role="img" enable-background="new 0 0 64 64" xml:space="preserve"',
      ),
    ],
  ])('%s', (_kind, file) => {
    const body = bodyOf(file);
    expect(bodyOf(body).equals(body)).toBe(true);
  });

  const hostile = fc.constantFrom(
    '<script>',
    '</script>',
    '<g>',
    '</g>',
    '<use href="#a"/>',
    '<use href="//e.vn#a"/>',
    'onload="x"',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '&lt;script&gt;',
    '&#60;',
    '<style>',
    '</style>',
    '.a{fill:url(#b)}',
    '@import',
    SHAPE,
    '"',
    "'",
    '>',
    '<',
    '<title>',
    '</title>',
    'javascript:',
    '&amp;',
    '<a href="#b">',
    '</a>',
    '\u0000',
    '\u2028',
    '<?x?>',
    '<path fill="url(x)"/>',
  );

  test('of whatever pieces, has nothing in it that acts or reaches outside', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 12 }), (pieces) => {
        const accepted = acceptLogo(Buffer.from(svg(pieces.join(''))));
        if (!accepted.ok) return;
        const body = Buffer.from(accepted.body).toString();
        expect(body).not.toMatch(/<(script|a|foreignObject|image)\b|<!|<\?/i);
        // Markup alone: what stands in a text is text.
        const markup = (body.match(/<[^>]*>|<style>[^<]*/g) ?? []).join('');
        expect(markup).not.toMatch(/javascript:|\son\w+=|url\((?!#)/i);
        expect(parseXml(body).root?.name).toBe('svg');
        expect(bodyOf(body).toString()).toBe(body);
      }),
      { numRuns: 2000 },
    );
  });

  test('from anything at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isSvg) => {
        const file = isSvg ? Buffer.concat([Buffer.from('<svg '), bytes]) : bytes;
        expect(typeof acceptLogo(file).ok).toBe('boolean');
      }),
    );
  });
});

test('logos are served as what they are, alone and for ever', () => {
  for (const type of ['image/png', 'image/svg+xml'] as const) {
    expect(LOGO_HEADERS[type]['content-type']).toContain(type);
    expect(LOGO_HEADERS[type]).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
    });
  }
});

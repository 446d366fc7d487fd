/** Ready pieces are programs that somebody else runs: no name and no address may become a part of the program. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { type CheerioAPI, load } from 'cheerio';
import fc from 'fast-check';
import type { ServiceFacts } from '../../src/developer/ready-pieces/facts.ts';
import type { ReadyPiece } from '../../src/developer/ready-pieces/piece.ts';
import { html, literal, markdown } from '../../src/developer/ready-pieces/quoting.ts';
import { readyPiecesFor } from '../../src/developer/ready-pieces/ready-pieces.ts';
import { PYTHON } from '../agency-programs.ts';
import { whereIs } from '../installed.ts';

const PLAIN: ServiceFacts = {
  issuer: 'https://hub.example',
  client_id: 'plain',
  service: { vi: 'Tên', en: 'Name' },
  scopes: ['openid', 'profile'],
  minimum_acr: 'loa2',
  token_endpoint_auth_method: 'private_key_jwt',
  require_pushed_authorization_requests: false,
  id_token_signed_response_alg: 'ES256',
  redirect_uris: ['https://plain.example/callback'],
  post_logout_redirect_uri: 'https://plain.example/signed-out',
  backchannel_logout_uri: 'https://plain.example/backchannel-logout',
};

/** Pieces of what ends or begins something in one of the languages, between anything at all. */
const BREAKING = [
  ...['"', "'", '`', '\\', '\n', '\r', '\u2028', '\u2029', '\u0000', '\u0085', '\u202e', '\ufeff', '\ud800', '😀'],
  ...[`\${HOME}`, '%{reqenv:HOME}', '%s', '$1', '%1', '<!--#exec cmd="id" -->', '</script>', '</title>', '*/', '//'],
  ...['"""', "'''", '#{x}', '{{ x }}', '{% x %}', '<%= it %>', '&quot;', '"; import os #', '>\nInclude /etc/passwd'],
];
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...BREAKING), fc.string({ unit: 'binary', maxLength: 6 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

const contentOf = (pieces: readonly ReadyPiece[], path: string) =>
  pieces.flatMap(({ files }) => files).find((file) => file.path === path)!.content;

/** A value as it is written: what is half a character, or none to be seen and two in Python, is not kept. */
const written = (value: string) => value.toWellFormed().replace(/(?=\p{Cf})[\u{10000}-\u{10ffff}]/gu, '\ufffd');

/** A file without the lines that hold a constant, and those lines' values. */
function taken(content: string, constant: string) {
  const lines = content.split('\n');
  const beginning = new RegExp(`^(?:const )?${constant} = (.*?);?$`);
  const held = lines.filter((line) => beginning.test(line));
  return {
    held: held.map((line) => JSON.parse(beginning.exec(line)![1]!)),
    rest: lines.filter((line) => !held.includes(line)),
  };
}

describe('E10 quoting: a name', () => {
  const plain = readyPiecesFor(PLAIN);

  test('E10 stays one constant in JavaScript and Python, whatever is in it', () => {
    fc.assert(
      fc.property(nasty, nasty, (vi, en) => {
        const pieces = readyPiecesFor({ ...PLAIN, service: { vi, en } });
        for (const path of ['login.mjs', 'app.py']) {
          const now = taken(contentOf(pieces, path), 'SERVICE');
          expect(now.held).toHaveLength(1);
          expect(now.rest).toEqual(taken(contentOf(plain, path), 'SERVICE').rest);
          expect(Object.keys(now.held[0])).toEqual(['vi', 'en']);
        }
      }),
    );
  });

  test('E10 is no part of the configuration of Apache, and only text on its pages', () => {
    const tagOf = ($: CheerioAPI, at: number) =>
      `${$('*').eq(at).prop('tagName')} ${Object.keys($('*').eq(at).attr() ?? {})}`;
    const outline = (content: string) => {
      const $ = load(content);
      return $('*')
        .toArray()
        .map((_element, at) => tagOf($, at));
    };
    fc.assert(
      fc.property(nasty, nasty, (vi, en) => {
        const [, now] = readyPiecesFor({ ...PLAIN, service: { vi, en } });
        const [, before] = plain;
        expect(now!.files.map(({ path }) => path)).toEqual(before!.files.map(({ path }) => path));
        for (const [at, { path, content }] of now!.files.entries()) {
          const was = before!.files[at]!.content;
          if (/\.(conf|sh)$/.test(path)) expect(content).toBe(was);
          if (!path.startsWith('pages/')) continue;
          expect(outline(content)).toEqual(outline(was));
          expect(content.match(/<!--|\$\{|%/g)).toEqual(was.match(/<!--|\$\{|%/g));
        }
      }),
    );
  });

  test('E10 is one line of a README', () => {
    const lines = (pieces: readonly ReadyPiece[]) => contentOf(pieces, 'README.md').split('\n').length;
    fc.assert(
      fc.property(nasty, (vi) => {
        expect(lines(readyPiecesFor({ ...PLAIN, service: { vi, en: vi } }))).toBe(lines(plain));
        expect(markdown(vi)).not.toMatch(/[`<>[\]\\]|\n/);
      }),
    );
  });

  test('E10 means the same to Node and to Python', () => {
    const names = [...BREAKING, BREAKING.join(''), 'Đăng ký khai sinh'];
    const source = `[${names.map((name) => literal(name)).join(',')}]`;
    const print = {
      node: 'process.stdout.write(JSON.stringify(LIST))',
      python: 'import json; print(json.dumps(LIST))',
    };
    const expected = names.map((name) => name.toWellFormed());
    const byNode = spawnSync(process.execPath, ['-'], {
      input: print.node.replace('LIST', () => source),
      encoding: 'utf8',
    });
    expect(JSON.parse(byNode.stdout)).toEqual(expected);
    const byPython = spawnSync(whereIs(PYTHON), ['-'], {
      input: print.python.replace('LIST', () => source),
      encoding: 'utf8',
    });
    expect(JSON.parse(byPython.stdout)).toEqual(expected);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Apache resolves looks the same
  const RESOLVED = '${d}';

  test('E10 has no truth values to confuse two languages with', () => {
    for (const value of [true, null, undefined, { a: false }, Number.NaN])
      expect(() => literal(value)).toThrow(TypeError);
    expect(html(`a"b<c>%s${RESOLVED}\n`)).toBe('a&#34;b&#60;c&#62;&#37;s&#36;{d}');
  });
});

describe('E10 quoting: an address', () => {
  const address = fc.tuple(nasty, nasty).map(([path, query]) => `https://plain.example/a/${path}?${query}`);
  const parsable = address.filter((one) => URL.canParse(one));

  test('E10 stays one constant in JavaScript and Python', () => {
    fc.assert(
      fc.property(parsable, parsable, (redirect, leave) => {
        const facts = { ...PLAIN, redirect_uris: [redirect], post_logout_redirect_uri: leave, client_id: redirect };
        const pieces = readyPiecesFor(facts);
        for (const path of ['login.mjs', 'app.py']) {
          const content = contentOf(pieces, path);
          expect(taken(content, 'REDIRECT_URI').held).toEqual([written(redirect)]);
          expect(taken(content, 'POST_LOGOUT_REDIRECT_URI').held).toEqual([written(leave)]);
          expect(taken(content, 'CLIENT_ID').held).toEqual([written(redirect)]);
        }
        expect(JSON.parse(contentOf(pieces, 'package.json')).name).toBe(redirect);
      }),
    );
  });

  test('E10 is quoted in the configuration of Apache, or there is none', () => {
    const plain = contentOf(readyPiecesFor(PLAIN), 'lien-thong.conf').split('\n');
    const kind = (line: string) => line.trim().split(' ')[0];
    let fitting = 0;
    fc.assert(
      fc.property(fc.oneof(nasty, fc.webPath()), fc.oneof(parsable, fc.webUrl()), nasty, (path, leave, id) => {
        const redirect = `https://plain.example/a/${path}`;
        const client = fc.sample(fc.constantFrom(id, 'plain'), 1)[0]!;
        const facts = { ...PLAIN, redirect_uris: [redirect], post_logout_redirect_uri: leave, client_id: client };
        const piece = readyPiecesFor(facts).find((one) => one.id === 'mod_auth_openidc')!;
        if (!piece.fits) return expect(piece.files).toEqual([]);
        fitting += 1;
        const lines = contentOf([piece], 'lien-thong.conf').split('\n');
        // One page of another site is not served here.
        expect(plain.map(kind)).toEqual(expect.arrayContaining(lines.map(kind)));
        expect(Math.abs(plain.length - lines.length)).toBeLessThanOrEqual(1);
        const resolved = new Set(lines.join('\n').match(/\$\{[^}]*\}?/g));
        expect([...resolved].filter((one) => one !== `\${LIEN_THONG_FOLDER}`)).toEqual([]);
        for (const line of lines) expect(line.match(/"/g)?.length ?? 0).toBe(2 * (line.match(/"[^"]*"/g)?.length ?? 0));
        expect(lines.some((line) => line.endsWith('\\'))).toBe(false);
      }),
      { numRuns: 300 },
    );
    expect(fitting).toBeGreaterThan(0);
  });

  test('E10 there are no pieces without an address to come back to', () => {
    for (const redirect_uris of [[], [''], ['no address'], ['javascript:alert(1)']])
      expect(readyPiecesFor({ ...PLAIN, redirect_uris })).toEqual([]);
  });
});

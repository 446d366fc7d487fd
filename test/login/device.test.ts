/** Owns the tests of by what a browser is known again, and of what is made of what it says of itself. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BrowserMemory, labelOf } from '../../src/login/device.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const COC_COC =
  'Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A browser that sends these headers, and what it was told to keep. */
function browser(headers: Record<string, string> = {}) {
  const request = Object.assign(new IncomingMessage(new Socket()), { headers });
  const response = new ServerResponse(request);
  return { request, response, kept: () => [response.getHeader('set-cookie') ?? []].flat().map(String) };
}

describe('the cookie', () => {
  test('is random, for a year, of the hub’s own host alone, and out of the reach of scripts', () => {
    const one = browser();
    const secure = new BrowserMemory(true);
    secure.keep(secure.see(one.request, false), one.response);
    expect(one.kept()).toEqual([
      expect.stringMatching(/^__Host-lt_device=[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    const other = browser();
    const plain = new BrowserMemory(false);
    plain.keep(plain.see(other.request, false), other.response);
    expect(other.kept()).toEqual([expect.stringMatching(/^lt_device=[\w-]{43}; Path=\/; .*SameSite=Lax$/)]);
    expect(one.kept()[0]!.slice(17, 60)).not.toBe(other.kept()[0]!.slice(10, 53));
  });

  test('is set once, and known again', () => {
    const memory = new BrowserMemory(false);
    const secret = 'a'.repeat(43);
    const one = browser({ cookie: `other=1; lt_device=${secret}; more=2` });
    const seen = memory.see(one.request, false);
    expect(seen).toMatchObject({ secret, isKept: true });
    memory.keep(seen, one.response);
    expect(one.kept()).toEqual([]);
  });

  test.each([
    '',
    'short',
    `${'a'.repeat(42)}!`,
    'a'.repeat(44),
    '%61'.repeat(15),
  ])('is replaced when it is none: %s', (value) => {
    const memory = new BrowserMemory(false);
    const seen = memory.see(browser({ cookie: `lt_device=${value}` }).request, false);
    expect(seen.isKept).toBe(false);
    expect(seen.secret).toMatch(/^[\w-]{43}$/);
  });

  test('is neither set nor used where others use the computer, too', () => {
    const memory = new BrowserMemory(false);
    const one = browser({ cookie: `lt_device=${'a'.repeat(43)}`, 'user-agent': CHROME });
    const seen = memory.see(one.request, true);
    expect(seen).toEqual({
      isKept: false,
      label: { browser: 'Chrome', system: 'Windows', form: 'desktop', shared: true },
    });
    memory.keep(seen, one.response);
    expect(one.kept()).toEqual([]);
  });
});

describe('what a browser says it is', () => {
  test.each([
    ['a desktop', CHROME, { browser: 'Chrome', system: 'Windows', form: 'desktop' }],
    ['a phone', IPHONE, { browser: 'Safari', system: 'iOS', form: 'mobile' }],
    ['a tablet', COC_COC, { browser: 'Chrome', system: 'Android', form: 'tablet' }],
    ['nothing', undefined, { form: 'unknown' }],
    ['an empty text', '  ', { form: 'unknown' }],
  ])('%s', (_what, userAgent, label) => {
    expect(labelOf(userAgent)).toEqual(label);
  });

  const harmless = (userAgent: string) => {
    const { browser: name = 'x', system = 'x', form } = labelOf(userAgent);
    for (const word of [name, system]) expect(word).toMatch(/^[A-Za-z0-9 .-]{1,40}$/);
    expect(['desktop', 'mobile', 'tablet', 'unknown']).toContain(form);
  };

  test('whatever it sends, only short plain words come of it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 700 }), harmless));
    // As the library takes the name of what it does not know from the text itself.
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => harmless(`${name}/1.0 (${name}; ${name})`)),
    );
  });

  test.each([
    '<script>alert(1)</script>/1.0',
    'Mozilla/5.0 (X11; \u202Eevil\u0000\n) Chrome/1',
    `${'a'.repeat(100_000)}/1.0`,
    `Mozilla/5.0 (${'('.repeat(50_000)}`,
    'Trình-duyệt-Việt/1.0',
    '__proto__/1.0',
  ])('hostile, in no time: %#', (userAgent) => {
    const begun = performance.now();
    harmless(userAgent);
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

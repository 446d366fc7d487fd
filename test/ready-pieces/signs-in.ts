/** Owns what every ready piece has to do, whichever library it is made of: the same tests for all of them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'cheerio';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { PieceId } from '../../src/developer/ready-pieces/piece.ts';
import { HOA, proveByTaxCode, SECRET, type TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';
import type { PieceFolder } from './running-piece.ts';
import { NAME, openSite, PIECE, type Site, type Variant } from './site.ts';

/** Milliseconds in which a service hears of a sign-out. */
const HEARS = 10_000;

export function pieceSignsIn(id: PieceId, variants: readonly Variant[]): void {
  describe.each(variants)('$name', (variant) => {
    const { settings, name } = variant;
    let country: TestCountry;
    let folder: PieceFolder;
    let site: Site;
    beforeAll(async () => {
      site = await openSite(id, variant);
      ({ country, folder } = site);
    }, 60_000);
    afterAll(() => site?.close());

    const signIn = (visitor?: Visitor) => site.signIn(visitor);
    const signedIn = async () => {
      const visitor = new Visitor({ stopsBefore: ({ pathname }) => pathname === '/session/end' });
      await signIn(visitor);
      return visitor;
    };
    const pressSignOut = (visitor: Visitor) =>
      id === 'mod_auth_openidc' ? visitor.follow('a[href*="logout="]') : visitor.press('Đăng xuất');
    /** A token that the hub did sign, for this very service: as the site hands it back at sign-out. */
    const idTokenOf = async (visitor: Visitor) => {
      const leaving = new URL((await pressSignOut(visitor)).headers.get('location')!);
      return leaving.searchParams.get('id_token_hint')!;
    };
    const home = async (visitor: Visitor) => visitor.newTab().open(site.login.replace('/signed-in', '/'));
    /** Whether the site itself still knows who this is, asked without a way to the hub. */
    const isSignedIn = async (visitor: Visitor) => {
      if (id !== 'mod_auth_openidc') return (await home(visitor)).code === 'signed_in';
      return (await codeBeforeTheHub(visitor, site.login, country.hub)) === 'signed_in';
    };

    test(`E10 ${id}, ${name}: a citizen signs in and is greeted by name`, async () => {
      const page = await signIn();
      expect([page.code, page.url.origin, site.running.log()]).toEqual(['signed_in', site.origin, expect.anything()]);
      expect(page.text('main p').split('Đăng')[0]).toContain('Nguyễn Văn An');
      expect(page.text('h1')).toBe(NAME.vi);
    });

    test(`E10 ${id}, ${name}: signing out ends the session here and at the hub`, async () => {
      const visitor = new Visitor();
      await signIn(visitor);
      const out = await pressSignOut(visitor);
      expect([out.url.href, out.code]).toEqual([`${site.origin}/signed-out`, 'signed_out']);
      expect(out.text('main')).toContain('Bạn đã đăng xuất.');
      expect(await isSignedIn(visitor)).toBe(false);
      expect((await visitor.open(site.login)).code).toBe('choose_source');
    });

    test(`E10 ${id}, ${name}: a sign-out elsewhere is heard`, async () => {
      const visitor = new Visitor();
      await signIn(visitor);
      expect(await isSignedIn(visitor)).toBe(true);
      const elsewhere = visitor.newTab();
      await elsewhere.open(`${country.hub}/session/end`);
      await elsewhere.press('logout=everywhere');
      await until(async () => !(await isSignedIn(visitor)), HEARS);
    });

    test(`E10 ${id}, ${name}: a forged sign-out is not heard`, async () => {
      const visitor = new Visitor();
      await signIn(visitor);
      const { backchannel_logout_uri } = country.service(PIECE).registration;
      const unsigned = [{ alg: 'none' }, { iss: country.hub, aud: PIECE, sid: 'any' }];
      const [header, payload] = unsigned.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      const idToken = await idTokenOf(await signedIn());
      expect(idToken).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
      for (const logout_token of ['', 'a.b.c', 'a.b.c.d.e', `${header}.${payload}.`, idToken]) {
        const { status } = await new Visitor().post(backchannel_logout_uri!, { logout_token });
        expect(status).toBe(400);
      }
      expect(await isSignedIn(visitor)).toBe(true);
    });

    test(`E10 ${id}, ${name}: an answer with a wrong state, or in another browser, is refused`, async () => {
      const stops = { stopsBefore: ({ pathname }: URL) => pathname === '/callback' };
      const visitor = new Visitor(stops);
      const stopped = await signIn(visitor);
      const answer = new URL(stopped.headers.get('location')!);
      expect(answer.searchParams.get('code')).toEqual(expect.any(String));
      const other = await new Visitor().open(answer);
      expect(other.code).not.toBe('signed_in');
      expect(visible(other)).toMatch(/Vui lòng (đăng nhập|thử) lại/);

      const begun = new Visitor(stops);
      const choice = await begun.open(site.login);
      expect(choice.code).toBe('choose_source');
      const forged = new URL(answer);
      forged.searchParams.set('state', `${answer.searchParams.get('state')}x`);
      const wrong = await begun.open(forged);
      expect(wrong.code).not.toBe('signed_in');
      expect(visible(wrong)).toMatch(/Vui lòng (đăng nhập|thử) lại/);
    });

    if (settings.minimum_acr === 'loa2')
      test(`E10 ${id}, ${name}: who takes the level out of the request does not come in`, async () => {
        const visitor = new Visitor({ stopsBefore: ({ pathname }) => pathname === '/authorize' });
        const stopped = await visitor.open(site.login);
        const request = new URL(stopped.headers.get('location')!);
        expect(request.searchParams.get('acr_values')).toBe('loa2');
        request.searchParams.delete('acr_values');
        await visitor.open(request);
        await proveByTaxCode(visitor, HOA);
        const page = await visitor.tickAll().press('decision=agree');
        expect([page.url.origin, page.code]).not.toEqual([site.origin, 'signed_in']);
        if (id === 'mod_auth_openidc') {
          // Sent to the hub for the level, by a page that only does that.
          const [, next] = page.$('meta[http-equiv=refresh]').attr('content')?.split('url=') ?? [];
          expect(new URL(next!)).toMatchObject({ origin: country.hub, pathname: '/authorize' });
          expect(new URL(next!).searchParams.get('acr_values')).toBe('loa2');
        } else expect(visible(page)).toContain('Dịch vụ này cần cách đăng nhập an toàn hơn');
        expect(await isSignedIn(visitor)).toBe(false);
      });

    // Who has agreed before is not asked again: where tests sign both citizens in, nobody is left to refuse.
    if (settings.minimum_acr !== 'loa2')
      test(`E10 ${id}, ${name}: who does not share is told so`, async () => {
        const visitor = new Visitor();
        await visitor.open(site.login);
        await proveByTaxCode(visitor, HOA);
        const page = await visitor.press('decision=refuse');
        expect(page.code).toBe('not_signed_in');
        expect(visible(page)).toContain('Bạn đã chọn không chia sẻ dữ liệu.');
        expect(visible(page)).not.toContain('Bạn chưa đăng nhập.');
      });

    test(`E10 ${id}, ${name}: who goes back is told so, too`, async () => {
      const visitor = new Visitor();
      await visitor.open(site.login);
      const page = await visitor.press('form[action$="/cancel"] button');
      expect(visible(page)).toContain('Bạn chưa đăng nhập.');
      expect(visible(page)).not.toContain('Bạn đã chọn không chia sẻ');
    });

    test(`E10 ${id}, ${name}: nothing secret is in the files or in the log`, async () => {
      await signIn();
      expect(site.running.log()).not.toMatch(/[?&]code=/);
      expect(folder.run('cat *.md *.mjs *.py *.conf pages/* 2> /dev/null || true')).not.toContain(SECRET);
      expect(site.running.log()).not.toContain(SECRET);
    });
  });
}

/** What a page of the site is about for this browser, without a step towards the hub. */
async function codeBeforeTheHub(visitor: Visitor, address: string, hub: string): Promise<string | undefined> {
  const cookies = Object.entries(await visitor.cookies(address)).map((pair) => pair.join('='));
  const headers = { cookie: cookies.join('; '), accept: 'text/html' };
  const response = await fetch(address, { headers, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location !== null && !location.startsWith(hub)) throw new Error(`leads to ${location}`);
  return load(await response.text())('main').attr('data-code');
}

/** The text that a style sheet leaves to be seen: what it hides, and then shows by what the page is about. */
function visible(page: Page): string {
  const { $ } = page;
  const [, shown] = /display: none \}\s*([\s\S]*?)\{ display: block \}/.exec($('style').text()) ?? [];
  if (shown === undefined) return page.text('main');
  const seen = $(shown.trim());
  $('main div').not(seen).remove();
  return page.text('main');
}

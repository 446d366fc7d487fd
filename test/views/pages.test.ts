/** Every page in every language: what machines read, what stays escaped, what a strict policy and a slow line allow. */
import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import type { Frame, Page } from '../../views/pages.ts';
import { LANGUAGES } from '../../views/pages.ts';
import { createRenderer } from '../../views/renderer.ts';
import { frameIn, PAGES, PICTURED, SERVICE, SOURCES } from './samples.ts';

const renderer = createRenderer();
const style = [...renderer.assets].find(([path]) => path.endsWith('/hub.css'))![1].body;

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{7*7}}`;

/** The same value with every text in it replaced by a hostile one, except what code decides and addresses. */
function poison<T>(value: T, key = ''): T {
  if (
    [
      'page',
      'code',
      'reason',
      'wrong',
      'icon',
      'closed',
      'basis',
      'language',
      'withdrawal',
      'kind',
      'state',
      'logo',
    ].includes(key)
  )
    return value;
  if (typeof value === 'string') return (key === 'id' ? value : HOSTILE) as T;
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => poison(each)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)])) as T;
}

const cases = LANGUAGES.flatMap((language) => [...PAGES].map(([name, page]) => ({ language, name, page })));

describe.each(cases)('$name in $language', ({ language, page }) => {
  const html = renderer.render(page, frameIn(language));
  const $ = load(html);

  it('is one document in its language, with one heading, a code, a way past the head and a way to help', () => {
    expect($('html').attr('lang')).toBe(language);
    expect($('h1')).toHaveLength(1);
    expect($('title').text()).toMatch(/ – Liên Thông$/);
    expect($('title').text()).toContain($('h1').text());
    expect($('main').attr('data-code')).toMatch(/^[a-z_]+$/);
    expect($('a.skip').attr('href')).toBe('#main');
    expect($('footer a[href="/help?incident=7K2M-9QPX"]')).toHaveLength(1);
    expect($('footer').text()).toContain('7K2M-9QPX');
    for (const other of LANGUAGES) {
      expect($(`nav a[lang=${other}]`).attr('href')).toBe(frameIn(language).inLanguage[other]);
    }
  });

  it('leaves no word unsaid', () => {
    expect(html).not.toMatch(/undefined|\[object|NaN|Invalid Date|\{(source|authority|age)\}|=>/);
  });

  it('needs no inline style, no inline script, nothing from elsewhere', () => {
    expect($('style, [style], script:not([src]), iframe, base')).toHaveLength(0);
    const attributes = $('*')
      .toArray()
      .flatMap((element) => Object.keys('attribs' in element ? element.attribs : {}));
    expect(attributes.filter((attribute) => attribute.startsWith('on'))).toEqual([]);
    for (const element of $('link[rel=stylesheet], link[rel=icon], script').toArray()) {
      const path = $(element).attr('href') ?? $(element).attr('src')!;
      expect(renderer.assets.has(path)).toBe(true);
    }
    expect($('script')).toHaveLength(['form-post', 'digital-signature', 'mobile-wait'].includes(page.page) ? 1 : 0);
  });

  it('refers only to ids that are there, once each', () => {
    const ids = $('[id]')
      .toArray()
      .map((element) => $(element).attr('id')!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const attribute of ['aria-describedby', 'aria-labelledby']) {
      for (const element of $(`[${attribute}]`).toArray()) {
        for (const id of $(element).attr(attribute)!.split(' ')) expect(ids).toContain(id);
      }
    }
  });

  it('never skips a level of headings', () => {
    const levels = $('h1, h2, h3')
      .toArray()
      .map((element) => Number(element.tagName[1]));
    expect(levels[0]).toBe(1);
    levels.forEach((level, at) => {
      expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it('weighs less than 30 KB with its style and icons', () => {
    expect(Buffer.byteLength(html) + style.length).toBeLessThan(30_000);
  });

  it('shows hostile values as text', () => {
    const hostile = load(renderer.render(poison<Page>(page), poison<Frame>(frameIn(language))));
    expect(hostile('script:not([src]), img:not([src^="/logos/"], [src^="/button/"]), [onerror]')).toHaveLength(0);
    expect(hostile('*')).toHaveLength($('*').length);
    expect(hostile('a[href^="javascript" i], form[action^="javascript" i]')).toHaveLength(0);
  });

  it('offers at most one action in red', () => {
    expect($('.primary').length).toBeLessThanOrEqual(1);
  });
});

describe('the choice of a source', () => {
  const $ = load(renderer.render(PAGES.get('choose-source-again')!, frameIn('vi')));

  it('makes each open source a button that sends its id, and names the agency behind it', () => {
    const open = SOURCES.filter((source) => !source.closed);
    const buttons = $('button[type=submit][name=source]').toArray();
    expect(buttons.map((button) => $(button).attr('value'))).toEqual(open.map((source) => source.id));
    buttons.forEach((button, at) => {
      expect($(button).text()).toContain(open[at]!.authority.vi);
    });
  });

  it('keeps a closed source within reach of the keyboard and says why', () => {
    const closed = $('button[aria-disabled=true]');
    expect(closed).toHaveLength(2);
    expect(closed.filter('[name], [disabled], [type=submit]')).toHaveLength(0);
    expect($(`#${closed.first().attr('aria-describedby')}`).text()).toBe('Chưa đủ mức bảo đảm cho dịch vụ này');
  });

  it('says what went wrong at the source just tried', () => {
    expect($('main').attr('data-reason')).toBe('source_timeout');
    expect($('.notice').text()).toContain('MobileID');
  });

  it('names the agency in the title of the window', () => {
    expect($('title').text()).toContain(SERVICE.agency.vi);
  });
});

describe('consent', () => {
  const $ = load(renderer.render(PAGES.get('consent')!, frameIn('vi')));

  it('shows the very values, ticks nothing beforehand, and offers boxes only for what is optional', () => {
    const boxes = $('input[type=checkbox][name=item]').toArray();
    expect(boxes.map((box) => $(box).attr('value'))).toEqual(['gender', 'phone']);
    expect($('[checked]')).toHaveLength(0);
    expect($('dd').text()).toContain('Nguyễn Thị Thuỳ Dương');
    expect($('dd').text()).toContain('14/03/2027');
  });

  it('gives refusing the same standing as agreeing', () => {
    expect(
      $('button[name=decision]')
        .toArray()
        .map((button) => $(button).attr('value')),
    ).toEqual(['agree', 'refuse']);
  });

  it('says so where nothing personal is given', () => {
    const nothing = load(renderer.render(PAGES.get('consent-of-nothing')!, frameIn('vi')));
    expect(nothing('h1').text()).toBe('Không chia sẻ thông tin cá nhân');
    expect(nothing('input:not([type=hidden])')).toHaveLength(0);
  });
});

describe('a service with a picture', () => {
  const pictured = (page: Page) => load(renderer.render(page, frameIn('en')))('img.logo');

  it('has it beside its name, in a box that is there before the picture is, and silent', () => {
    for (const name of ['choose-source-pictured', 'continue-as-pictured', 'consent-item-by-item']) {
      const logo = pictured(PAGES.get(name)!);
      expect(logo.attr()).toMatchObject({ src: PICTURED.logo, alt: '', width: '48', height: '48' });
      expect(logo.closest('.service').text()).toContain(SERVICE.agency.en);
    }
    expect(pictured(PAGES.get('citizen-agency-pictured')!)).toHaveLength(1);
  });

  it('stands beside services without one, which keep their initials', () => {
    const $ = load(renderer.render(PAGES.get('citizen-agencies')!, frameIn('vi')));
    expect($('.party img.logo')).toHaveLength(1);
    expect(
      $('.party .tile')
        .toArray()
        .map((tile) => $(tile).text()),
    ).toEqual(['TT', 'TV']);
  });

  it.each([
    'https://elsewhere.example/x.svg',
    '//elsewhere.example/x.svg',
    '/logos/../help',
    'javascript:alert(1)',
  ])('has none from %s', (logo) => {
    const page: Page = { page: 'continue-as', service: { ...SERVICE, logo }, action: '/s/1/continue', name: 'An' };
    expect(renderer.render(page, frameIn('vi'))).not.toContain(logo);
  });
});

describe('consent item by item', () => {
  const $ = load(renderer.render(PAGES.get('consent-item-by-item')!, frameIn('en')));
  const rows = $('form dl')
    .first()
    .find('dd')
    .toArray()
    .map((dd) =>
      $(dd)
        .find('small')
        .toArray()
        .map((line) => $(line).text()),
    );

  it('says what each is wanted for, and which law asks for it', () => {
    expect(rows).toEqual([
      ['Written on the certificate', 'Required by Luật Lý lịch tư pháp 28/2009/QH12, Điều 42'],
      ['To look up the right person', 'Required by law'],
    ]);
  });

  it('tells who listens to a box what it is for, too, and cites no law where there is none', () => {
    const box = $('input[value=gender]');
    expect($(`#${box.attr('aria-describedby')}`).text()).toContain('To address letters');
    expect($('fieldset [data-basis=law]')).toHaveLength(0);
  });
});

describe('errors', () => {
  it('carry their code and the incident number, and lead on with one red action', () => {
    const $ = load(renderer.render(PAGES.get('error-with-every-way-out')!, frameIn('en')));
    expect($('main').attr('data-code')).toBe('identity_mismatch');
    expect($('main').attr('data-incident')).toBe('7K2M-9QPX');
    expect($('.primary').text()).toBe('Choose another way to sign in');
    expect($('main a[href="tel:19000009"]')).toHaveLength(1);
    expect($('main').text()).toContain('Tax Department');
  });

  it('leads nowhere unsafe', () => {
    const page: Page = { page: 'error', code: 'request_expired', restart: 'javascript:alert(1)' };
    const $ = load(renderer.render(page, frameIn('en')));
    expect($('.primary').attr('href')).toBe('#');
  });
});

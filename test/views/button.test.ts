/** The login button as files and as markup: addresses that stay, bytes that stay, words that are always there. */
import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { load } from 'cheerio';
import { BUTTON_RELEASE, loadAssets } from '../../views/assets.ts';
import { BUTTON_FORMS, buttonKit } from '../../views/button-kit.ts';
import { LANGUAGES } from '../../views/pages.ts';
import { createRenderer } from '../../views/renderer.ts';
import { frameIn, PAGES } from './samples.ts';

const { assets, button } = loadAssets();
const HUB = 'https://hub.example';

/** Pages of agencies name these. A file that differs belongs into a new release, beside this one. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1.1': {
    'button.css': 'sha384-pcDXXngemymED84jOqJPf44B6rNrZA+pZPUcLYxrYigFXpT7sDBlgsjsZPs6YTKu',
    'en-dark.svg': 'sha384-TywgjaGYmxPvn0Zuw9sbnJH1R9TaLFv0eCiSl0NS14cgAoFF4qCzid24BHBSn+5l',
    'en-light.svg': 'sha384-mAS9f69CigDRdifMBZ/RGiZilSioYTpNysMObbzOWmGNj6qRUPBdDtqzV3tzq+Q/',
    'mark.svg': 'sha384-4WjkMQ3szq+JiKh3GJ0oVJsXS8pEO/kEBdnowanlHMa98mlb6o4I29gz1acOxVdn',
    'vi-dark.svg': 'sha384-ximZWsn5ELqc9KuwMZiL8Lr3D/3HKbPJUpgZsCEFxfMuA3zv/spBlx0+MZIxEbgz',
    'vi-light.svg': 'sha384-EuHdBPn7GDBllNzhxZuDOdoCEcIR68N0hVabFXCBpOtvRhihqNX/tizbUulmcUcF',
  },
};

describe('E13 the files', () => {
  test('E13 of version 1 are at the addresses they always had, in both languages, light and dark', () => {
    for (const file of ['vi-light.svg', 'vi-dark.svg', 'en-light.svg', 'en-dark.svg'])
      expect(assets.get(`/button/v1/${file}`)!.body.toString()).toMatch(/height="48".*Liên Thông/s);
    const style = assets.get('/button/v1/button.css')!.body.toString();
    for (const name of ['', '--dark', '--auto', '--small', '--large'])
      expect(style).toContain(`.lien-thong-button${name}`);
    expect(assets.get('/button/v1/mark.svg')!.type).toContain('svg');
    expect(assets.get('/button/v1/README.md')!.body.toString()).toContain('class="lien-thong-button"');
  });

  test('E13 of a release never change', () => {
    const released = [...assets].flatMap(([path, { body }]) => {
      const [, release, file] = /^\/button\/v1\/(\d[\d.]*)\/(.+)$/.exec(path) ?? [];
      return release === undefined
        ? []
        : [{ release, file: file!, integrity: `sha384-${hash('sha384', body, 'base64')}` }];
    });
    const found = Object.fromEntries(
      [...Map.groupBy(released, ({ release }) => release)].map(([release, files]) => [
        release,
        Object.fromEntries(files.map(({ file, integrity }) => [file, integrity])),
      ]),
    );
    expect(found).toEqual(PUBLISHED);
  });

  test('E13 of a release carry the hash of the very bytes, may be kept, and compared by pages of any site', () => {
    expect(button.length).toBe(6);
    for (const { file, path, integrity } of button) {
      const { body, headers } = assets.get(path)!;
      expect(path).toBe(`/button/v1/${BUTTON_RELEASE}/${file}`);
      expect(integrity).toBe(`sha384-${hash('sha384', body, 'base64')}`);
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': expect.stringContaining('immutable'),
      });
    }
  });

  test('E13 ask nobody for anything: no address elsewhere, no script, no typeface', () => {
    for (const { file, path } of button) {
      const text = assets.get(path)!.body.toString().replace('xmlns="http://www.w3.org/2000/svg"', '');
      expect(text).not.toMatch(/https?:|\/\/[a-z]|@import|@font-face|<script|\son\w+=|<foreignObject|javascript:/i);
      for (const [, named] of text.matchAll(/url\("?([^)"]+)"?\)/g))
        expect(button.map((other) => other.file)).toContain(named);
      expect(file).toMatch(/^[\w.-]+$/);
    }
  });
});

describe.each(LANGUAGES)('E13 the markup in %s', (language) => {
  const { samples, styleSheet } = buttonKit(HUB, language, button);
  const page = load(createRenderer().render(PAGES.get('button-kit')!, frameIn(language)));

  test('E13 is alive on the page and there to be copied, each form of it', () => {
    for (const form of BUTTON_FORMS) {
      const { code } = samples.find((sample) => sample.form === form)!;
      expect(page(`pre[data-code=${form}]`).text()).toBe(code);
      expect(page(`[data-sample=${form}]`).find('a, button').length).toBe(load(code)('a, button').length);
    }
    expect(page('pre[data-code=style]').text()).toBe(styleSheet);
  });

  test('E13 names the style sheet with the hash that its bytes have', () => {
    const link = load(styleSheet)('link');
    const { body } = assets.get(new URL(link.attr('href')!).pathname)!;
    expect(new URL(link.attr('href')!).origin).toBe(HUB);
    expect(link.attr('integrity')).toBe(`sha384-${hash('sha384', body, 'base64')}`);
    expect(link.attr('crossorigin')).toBe('anonymous');
  });

  test('E13 has words in a language, whatever the form; a mark alone is not offered', () => {
    for (const { code } of samples) {
      const $ = load(code);
      for (const element of $('a, button').toArray()) {
        const words = $(element).text().trim() || $(element).find('img').attr('alt');
        expect(words).toContain('Liên Thông');
        expect($(element).attr('lang') ?? $(element).find('img').attr('lang')).toMatch(/^(vi|en)$/);
      }
      expect($('[style], script, [onclick]')).toHaveLength(0);
    }
  });

  test('E13 leads to the agency’s own login address only', () => {
    for (const { code } of samples) {
      const $ = load(code);
      for (const element of $('a').toArray()) expect($(element).attr('href')).toBe('/login');
      for (const element of $('form').toArray())
        expect($(element).attr()).toEqual({ method: 'post', action: '/login' });
    }
  });
});

/** The login button on somebody else's site, in a real browser: without scripts, under strict policies, for everybody. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { BUTTON_FORMS } from '../../views/button-kit.ts';
import { LANGUAGES } from '../../views/pages.ts';
import { ButtonSite, type CopiedKit, copyKit } from './button-site.ts';
import { Citizen, openStage, sees } from './citizen.ts';
import { AXE, tooWide, violations } from './inspection.ts';

const stage = openStage();
let site: ButtonSite;
let kit: CopiedKit;
let everyForm: string;
beforeAll(async () => {
  site = await ButtonSite.open();
  kit = await copyKit(stage.country.hub);
  for (const [name, { type, body }] of kit.files) site.serves(`/lien-thong/${name}`, type, body);
  everyForm = BUTTON_FORMS.map((form) => `<div class="${form}">${kit.form(form)}</div>`).join('\n');
});
afterAll(() => site?.close());

/** A visitor of the site: what the browser asked for, what it complained about. */
class Visitor {
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly context: BrowserContext;
  readonly tab: Tab;

  private constructor(context: BrowserContext, tab: Tab) {
    this.context = context;
    this.tab = tab;
    context.on('request', (request) => {
      if (!request.url().startsWith('data:')) this.requests.push(request.url());
    });
    context.on('console', (message) => this.complaints.push(message.text()));
  }

  static async at(path = '/', options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await stage.browser.newContext({ javaScriptEnabled: false, ...options });
    const visitor = new Visitor(context, await context.newPage());
    await visitor.tab.goto(site.origin + path, { waitUntil: 'load' });
    return visitor;
  }

  /** An expression about each `element` that a selector finds. */
  async measure<T>(selector: string, expression: string): Promise<T[]> {
    return this.tab.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => (${expression}))`,
    );
  }

  /** Of the first such element, as the browser computed it. */
  async style(selector: string, ...properties: readonly string[]): Promise<Record<string, string>> {
    const expression = `Object.fromEntries(${JSON.stringify(properties)}.map((name) => [name, getComputedStyle(element).getPropertyValue(name)]))`;
    return (await this.measure<Record<string, string>>(selector, expression))[0]!;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Presses Tab until the focus is on it. */
async function tabsTo(tab: Tab, selector: string): Promise<void> {
  for (let pressed = 0; pressed < 20; pressed += 1) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Relative luminance of `rgb(…)` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = colour.match(/[\d.]+/g)!.map((channel) => {
    const value = Number(channel) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const LINK = '.link .lien-thong-button[lang=vi]';
const BUTTON = '.form button';

test('E13 with JavaScript off every form of it is there and leads to the site’s own login', async () => {
  site.shows({ head: kit.style, body: everyForm });
  for (const form of BUTTON_FORMS) {
    const visitor = await Visitor.at();
    await visitor.tab.locator(`.${form} :is(a, button)`).first().click();
    await visitor.tab.locator('[data-arrived]').waitFor();
    await visitor.leave();
  }
  expect(site.presses).toEqual(BUTTON_FORMS.map((form) => (form === 'form' ? 'POST' : 'GET')));
});

test('E13 under a strict policy, with the lines that the page names, nothing is refused', async () => {
  site.shows({ head: kit.style, body: everyForm, policy: kit.policy });
  const visitor = await Visitor.at();
  expect(await visitor.style(LINK, 'min-height', 'background-color')).toEqual({
    'min-height': '48px',
    'background-color': 'rgb(18, 38, 63)',
  });
  expect(await visitor.measure('.image img', 'element.naturalWidth')).toEqual([300]);
  const { hub } = stage.country;
  const fromHub = visitor.requests.filter((url) => url.startsWith(hub)).map((url) => new URL(url).pathname);
  expect(fromHub.sort()).toEqual(['button.css', 'mark.svg', 'vi-light.svg'].map((file) => `/button/v1/1.1/${file}`));

  // A form's policy counts where its redirects end as well.
  site.leadsTo = `${hub}/help`;
  await visitor.tab.locator(BUTTON).press('Enter');
  await sees(visitor.tab, 'help');
  expect(site.presses).toEqual(['POST']);
  expect(visitor.complaints).toEqual([]);
  await visitor.leave();
});

test('E13 a copy on the site itself asks nobody else for anything', async () => {
  // Rules that many sites have, and that must not take the button's colours away.
  site.serves('/site.css', 'text/css', Buffer.from('main a:link { color: #00e; } a { text-decoration: underline; }'));
  const own = everyForm.replaceAll(/https?:\/\/[^"]*\/button\/v1\/[\d.]+\//g, '/lien-thong/');
  const head = `<link rel="stylesheet" href="/site.css">${kit.ownStyle}`;
  site.shows({ head, body: own, policy: kit.ownPolicy });
  const visitor = await Visitor.at();
  const { 'background-image': mark, ...style } = await visitor.style(
    LINK,
    'background-image',
    'text-decoration-line',
    'color',
    'min-height',
  );
  expect(style).toEqual({ 'text-decoration-line': 'none', color: 'rgb(251, 248, 243)', 'min-height': '48px' });
  expect(mark).toBe(`url("${site.origin}/lien-thong/mark.svg")`);
  await visitor.tab.locator(LINK).press('Enter');
  await visitor.tab.locator('[data-arrived]').waitFor();
  expect(visitor.requests.map((url) => new URL(url).origin)).toEqual(visitor.requests.map(() => site.origin));
  expect(visitor.requests).toContain(`${site.origin}/lien-thong/mark.svg`);
  expect(visitor.complaints).toEqual([]);
  await visitor.leave();
});

test('E13 a file that is not the published one is refused by its hash, and the link still works', async () => {
  const { body } = kit.files.get('button.css')!;
  site.serves('/changed.css', 'text/css', Buffer.concat([body, Buffer.from(' ')]));
  site.shows({ head: kit.style.replace(/href="[^"]*"/, 'href="/changed.css"'), body: everyForm });
  const visitor = await Visitor.at();
  expect(visitor.requests).toContain(`${site.origin}/changed.css`);
  expect(await visitor.style(LINK, 'min-height')).not.toEqual({ 'min-height': '48px' });
  expect(visitor.complaints.join()).toMatch(/integrity/);
  await visitor.tab.locator(LINK).press('Enter');
  await visitor.tab.locator('[data-arrived]').waitFor();
  await visitor.leave();
});

test('E13 in forced colours it keeps a border, its words, its mark and a ring', async () => {
  site.shows({ head: kit.style, body: everyForm });
  const visitor = await Visitor.at('/', { forcedColors: 'active' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await visitor.tab.emulateMedia({ colorScheme, forcedColors: 'active' });
    for (const selector of [LINK, BUTTON, '.dark a', '.auto a', '.sizes a']) {
      const style = await visitor.style(
        selector,
        'border-top-width',
        'border-top-style',
        'border-top-color',
        'background-color',
        'background-image',
        'color',
      );
      expect(style).toMatchObject({ 'border-top-width': '2px', 'border-top-style': 'solid' });
      expect(style['background-image']).toContain('mark.svg');
      expect(contrast(style.color!, style['background-color']!)).toBeGreaterThan(4.5);
      expect(contrast(style['border-top-color']!, style['background-color']!)).toBeGreaterThan(3);
      // The site's own colours are gone: these are the system's.
      expect(style['background-color']).not.toBe('rgb(18, 38, 63)');
    }
  }
  await tabsTo(visitor.tab, LINK);
  expect(await visitor.style(LINK, 'outline-style', 'outline-width')).toEqual({
    'outline-style': 'solid',
    'outline-width': '3px',
  });
  await visitor.leave();
});

test('E13 with text at 200 % nothing is cut and nothing overlaps, 320 px wide', async () => {
  site.shows({ head: kit.style, body: everyForm });
  const visitor = await Visitor.at('/', { viewport: { width: 320, height: 640 } });
  const { tab } = visitor;
  const before = await visitor.style(LINK, 'font-size');
  const devtools = await visitor.context.newCDPSession(tab);
  await devtools.send('Page.enable');
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await tab.reload();
  expect([before, await visitor.style(LINK, 'font-size')]).toEqual([{ 'font-size': '17px' }, { 'font-size': '34px' }]);
  expect(await tooWide(tab)).toEqual([]);
  const cut = await tab.evaluate(`[...document.querySelectorAll('.lien-thong-button')].flatMap((button) => {
    const box = button.getBoundingClientRect(), style = getComputedStyle(button), range = document.createRange();
    range.selectNodeContents(button);
    const markEnds = box.left + 6 + parseFloat(style.backgroundPositionX) + parseFloat(style.backgroundSize);
    const outside = [...range.getClientRects()].filter((line) =>
      line.left < markEnds || line.right > box.right || line.top < box.top || line.bottom > box.bottom);
    return outside.length > 0 || button.scrollWidth > button.clientWidth ? [button.outerHTML] : [];
  })`);
  expect(cut).toEqual([]);
  const overlapping = await tab.evaluate(`(() => {
    const boxes = [...document.querySelectorAll('main :is(a, button)')].map((each) => each.getBoundingClientRect());
    return boxes.filter((one, at) => boxes.some((other, place) => place > at &&
      one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1)).length;
  })()`);
  expect(overlapping).toBe(0);
  await visitor.leave();
});

test('E13 in three sizes, each as high as it says, with long words that wrap', async () => {
  site.shows({ head: kit.style, body: everyForm });
  const visitor = await Visitor.at('/', { viewport: { width: 320, height: 640 } });
  const wide = await Visitor.at();
  const height = 'element.getBoundingClientRect().height';
  expect(await wide.measure('.sizes a', height)).toEqual([40, 48, 56]);
  expect(await wide.measure('.link a', height)).toEqual([48, 48]);
  const long = await visitor.tab.locator('.long a').boundingBox();
  expect(long!.width).toBeLessThanOrEqual(320);
  expect(long!.height).toBeGreaterThan(72);
  await visitor.leave();
  await wide.leave();
});

test('E13 by keyboard: the focus is seen, Enter presses a link, Enter and the space bar a button', async () => {
  site.shows({ head: kit.style, body: everyForm });
  for (const [selector, key] of [
    [LINK, 'Enter'],
    [BUTTON, 'Enter'],
    [BUTTON, 'Space'],
  ] as const) {
    const visitor = await Visitor.at();
    const { tab } = visitor;
    const resting = await visitor.style(selector, 'outline-style', 'box-shadow');
    expect(resting).toEqual({ 'outline-style': 'none', 'box-shadow': 'none' });
    await tabsTo(tab, selector);
    const ring = await visitor.style(selector, 'outline-style', 'outline-width', 'outline-color', 'box-shadow');
    expect(ring).toMatchObject({ 'outline-style': 'solid', 'outline-width': '3px' });
    const inner = /rgb\([^)]*\)/.exec(ring['box-shadow']!)![0];
    // Dark on light: whatever the page behind, one of the two differs from it by more than 3:1.
    expect(contrast(ring['outline-color']!, inner)).toBeGreaterThan(9);
    expect(contrast(ring['outline-color']!, 'rgb(255, 255, 255)')).toBeGreaterThan(3);
    await tab.keyboard.press(key);
    await tab.locator('[data-arrived]').waitFor();
    await visitor.leave();
  }
  expect(site.presses).toEqual(['GET', 'POST', 'POST']);
});

test('E13 light and dark: the words are read on either, and `auto` follows the visitor', async () => {
  site.shows({ head: kit.style, body: everyForm });
  const visitor = await Visitor.at();
  const colours = (selector: string) => visitor.style(selector, 'color', 'background-color');
  const light = await colours(LINK);
  const dark = await colours('.dark a');
  for (const each of [light, dark]) expect(contrast(each.color!, each['background-color']!)).toBeGreaterThan(12);
  // Of each button against the page it is for.
  expect(contrast(light['background-color']!, 'rgb(255, 255, 255)')).toBeGreaterThan(3);
  expect(contrast(dark['background-color']!, 'rgb(13, 24, 38)')).toBeGreaterThan(3);
  expect(await colours('.auto a')).toEqual(light);
  await visitor.tab.emulateMedia({ colorScheme: 'dark' });
  expect(await colours('.auto a')).toEqual(dark);
  expect(await colours(LINK)).toEqual(light);
  await visitor.leave();
});

test.each(
  LANGUAGES,
)('E13 the page of the button: axe finds nothing, light and dark, 320 px wide: %s', async (language) => {
  const citizen = await Citizen.at(stage, {
    javaScriptEnabled: true,
    locale: language,
    viewport: { width: 320, height: 640 },
  });
  await citizen.context.addInitScript({ content: AXE });
  const tab = await citizen.open(stage.country.hub);
  await tab.locator('main a[href="/button"]').press('Enter');
  await sees(tab, 'button_kit');
  expect(await tab.locator('html').getAttribute('lang')).toBe(language);
  const light = await violations(tab);
  const narrow = await tooWide(tab);
  await tab.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(tab);
  const devtools = await citizen.context.newCDPSession(tab);
  await devtools.send('Page.enable');
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await tab.reload();
  const enlarged = await tooWide(tab);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } });
  await tab.reload();
  expect({ light, narrow, dark, enlarged }).toEqual({ light: [], narrow: [], dark: [], enlarged: [] });
  // Alive, with the very file whose hash the page names.
  const height = await tab.evaluate("getComputedStyle(document.querySelector('[data-sample=link] a')).minHeight");
  expect(height).toBe('54px');
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});

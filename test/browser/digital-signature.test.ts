/** Owns the sign-in with a card in a real browser: with an extension, without one, without scripts. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { signWithCard } from '../../sandbox/card-authority/sign-with-card.ts';
import { openChromiumWith } from '../chromium.ts';
import { agrees, Citizen, openStage, presses, sees } from './citizen.ts';
import { AXE, violations } from './inspection.ts';

const stage = openStage();

/** Milliseconds for which the page waits for one, and tells that it does. */
const PATIENCE_WITH_EXTENSION = 2_000;

/** What stands in for the extension: it answers as the real one does, and asks the test what the card says. */
const EXTENSION = `addEventListener('message', async ({ source, data }) => {
  if (source !== window || data?.action !== 'web-eid:authenticate') return;
  const answer = (suffix, content) => postMessage({ action: data.action + suffix, ...content }, location.origin);
  postMessage({ action: 'web-eid:warning', warnings: ['of no concern'] }, location.origin);
  answer('-ack', {});
  const { token, code } = await askCard(data.challengeNonce, data.options);
  if (token) answer('-success', token);
  else if (code) answer('-failure', { error: { code, message: 'in English' } });
})`;

interface Card {
  /** What the extension says instead of signing: one of its codes, or nothing at all. */
  failing?: string | 'silent' | undefined;
  readonly languages: string[];
  readonly nonces: string[];
}

async function withExtension(citizen: Citizen, serial = 'CARD-AN'): Promise<Card> {
  const card: Card = { languages: [], nonces: [] };
  await citizen.context.exposeFunction('askCard', async (nonce: string, options: { lang: string }) => {
    card.languages.push(options.lang);
    card.nonces.push(nonce);
    if (card.failing === 'silent') return {};
    if (card.failing !== undefined) return { code: card.failing };
    const order = { serial, pin: '1234', nonce, origin: citizen.country.hub };
    return { token: await signWithCard(citizen.country.cardAuthority.reader, order) };
  });
  await citizen.context.addInitScript({ content: EXTENSION });
  return card;
}

async function atCardPage(citizen: Citizen): Promise<Tab> {
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=digital-signature]');
  await sees(tab, 'digital_signature');
  return tab;
}

const signs = (tab: Tab) => presses(tab, 'form[data-nonce] button');
const told = (tab: Tab, words: string) => tab.locator(`[data-told="${words}"]`).waitFor({ state: 'visible' });

test('B1 a card signs in by keyboard alone, without one complaint of the browser', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true });
  const card = await withExtension(citizen);
  const tab = await atCardPage(citizen);
  await signs(tab);
  await sees(tab, 'consent');
  await agrees(tab);
  expect(await tab.locator('[data-claim=acr]').innerText()).toBe('loa4');
  expect(card.languages).toEqual(['vi']);
  expect([citizen.complaints, citizen.strangers]).toEqual([[], []]);
  await citizen.leave();
});

test('B1 with the extension that comes with the sandbox, which asks for card and PIN', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'extension-'));
  await cp(path.join(import.meta.dirname, '../../sandbox/card-authority/extension'), folder, { recursive: true });
  const background = path.join(folder, 'background.js');
  const written = await readFile(background, 'utf8');
  await writeFile(background, written.replace('http://localhost:3131', stage.country.cardAuthority.reader));
  const context = await openChromiumWith(folder);
  try {
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on('dialog', async (dialog) => {
      asked.push(dialog.message());
      await dialog.accept(asked.length === 1 ? 'CARD-HOA' : '1234');
    });
    await tab.goto(`${stage.country.songHong.url}/login`);
    await presses(tab, 'button[value=digital-signature]');
    await sees(tab, 'digital_signature');
    await signs(tab);
    await sees(tab, 'consent');
    expect(asked[1]).toContain('CARD-HOA');
  } finally {
    await context.close();
    await rm(folder, { recursive: true });
  }
});

test('B1 on a page that was left open, one press still is enough', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true });
  const card = await withExtension(citizen);
  await citizen.context.clock.install();
  const tab = await atCardPage(citizen);
  const shown = await tab.locator('form[data-nonce]').getAttribute('data-nonce');
  await citizen.context.clock.fastForward(4 * 60_000);
  await signs(tab);
  await sees(tab, 'consent');
  expect(card.nonces).toHaveLength(1);
  expect(card.nonces).not.toContain(shown);
  await citizen.leave();
});

test('B10 a revoked card is told on a page of its own, with another way out', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true });
  await withExtension(citizen, 'CARD-YEN-REVOKED');
  const tab = await atCardPage(citizen);
  await signs(tab);
  await sees(tab, 'certificate_revoked');
  await presses(tab, 'a.primary');
  await sees(tab, 'choose_source');
  await citizen.leave();
});

test('B11 what the extension could not do is told in plain words, and one press tries again', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true });
  const card = await withExtension(citizen);
  const tab = await atCardPage(citizen);
  for (const [code, words] of [
    ['ERR_WEBEID_USER_CANCELLED', 'cancelled'],
    ['ERR_WEBEID_USER_TIMEOUT', 'timeout'],
    ['ERR_WEBEID_NATIVE_UNAVAILABLE', 'no-program'],
    ['ERR_WEBEID_VERSION_MISMATCH', 'outdated'],
    ['ERR_WEBEID_NATIVE_FATAL', 'failed'],
    ['constructor', 'failed'],
  ] as const) {
    card.failing = code;
    await signs(tab);
    await told(tab, words);
    expect(await tab.locator('[data-told]:visible').count()).toBe(1);
  }
  card.failing = 'silent';
  await signs(tab);
  await told(tab, 'waiting');
  // A page that comes anew is as good as the first.
  card.failing = undefined;
  await tab.reload();
  await signs(tab);
  await sees(tab, 'consent');
  expect(citizen.complaints).toEqual([]);
  await citizen.leave();
});

test.each(['vi', 'en'])('B11 without the extension: what to install, and no dead end: %s', async (language) => {
  const citizen = await Citizen.at(stage, {
    javaScriptEnabled: true,
    locale: language,
    viewport: { width: 320, height: 640 },
  });
  await citizen.context.addInitScript({ content: AXE });
  await citizen.context.clock.install();
  const tab = await citizen.open(`${stage.country.songHong.url}/login?ui_locales=${language}`);
  await presses(tab, 'button[value=digital-signature]');
  await sees(tab, 'digital_signature');
  expect(await violations(tab)).toEqual([]);
  await signs(tab);
  await told(tab, 'waiting');
  await citizen.context.clock.fastForward(PATIENCE_WITH_EXTENSION);
  await told(tab, 'no-extension');
  expect(await tab.locator('[data-told]:visible a[href="https://web-eid.eu/"]').count()).toBe(1);
  expect(await violations(tab)).toEqual([]);
  expect(await tab.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
  // Installed meanwhile, or given up: both go on from here.
  await presses(tab, '[data-told]:not([hidden]) a.secondary');
  await sees(tab, 'digital_signature');
  await presses(tab, 'button.quiet');
  await sees(tab, 'choose_source');
  expect([citizen.complaints, citizen.strangers]).toEqual([[], []]);
  await citizen.leave();
});

test('B11 without scripts the page says that it needs them and offers the other ways', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await atCardPage(citizen);
  expect(await tab.locator('noscript').innerText()).toContain('JavaScript');
  expect(await tab.locator('form[data-nonce] button').isVisible()).toBe(false);
  await presses(tab, 'button.quiet');
  await sees(tab, 'choose_source');
  await citizen.leave();
});

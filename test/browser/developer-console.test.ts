/** The console in a real browser, without scripts: from nothing to a login that works, by README alone. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { Page as Tab } from 'playwright-core';
import { lettersFor, linkIn } from '../citizen/letters-come.ts';
import { AN_NUMBER } from '../country.ts';
import { passEveryFault } from '../developer/production.ts';
import { runCommand } from '../operator/run-command.ts';
import { freePorts, type RunningPiece, start } from '../ready-pieces/running-piece.ts';
import { Citizen, openStage } from './citizen.ts';
import {
  beginsService,
  bringsAgencyIn,
  fillsSettings,
  Hands,
  introducesOneself,
  invitesOwner,
  joins,
  makesSecretAndUses,
  preparesProduction,
  provesByNationalEid,
} from './console-walk.ts';

const stage = openStage({ sandboxIssuer: true });
const all: Citizen[] = [];
const ended: (() => unknown)[] = [];

/** Milliseconds for a whole way at a browser, on a machine that has other things to do. */
const A_WALK = 90_000;
/** Of the ten minutes that README promises a person, what is left for a machine that types at once. */
const NO_TIME = 60_000;
/** As README tells them; the four addresses are only typed because tests run at other ports. */
const README_SAYS = { presses: 17, fields: 18 };
const ADDRESSES = 4;

/** Others of the registers, each with an account at the source that proves at `loa3`. */
const OWNER = '097185000021';
const REGISTRAR = '097079000031';

const NODE_MODULES = path.join(import.meta.dirname, '../../node_modules');

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
  const people = all.splice(0);
  expect(people.flatMap(({ complaints, strangers }) => [...complaints, ...strangers])).toEqual([]);
  for (const person of people) await person.leave();
});

async function someone(alsoAt: readonly string[] = []): Promise<Hands> {
  const person = await Citizen.at(stage, { alsoAt });
  all.push(person);
  return new Hands(await person.context.newPage());
}

/** Takes a ready piece along and unpacks it, as `unzip` would; returns its folder. */
async function takesAlong(tab: Tab, link: string): Promise<string> {
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.locator(link).click()]);
  const folder = mkdtempSync(path.join(tmpdir(), 'taken-along-'));
  ended.push(() => rmSync(folder, { recursive: true, force: true }));
  const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
  for (const [file, content] of Object.entries(files)) {
    const at = path.join(folder, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, content);
  }
  const [top] = new Set(Object.keys(files).map((file) => file.split('/')[0]!));
  // What `npm install` would bring.
  symlinkSync(NODE_MODULES, path.join(folder, top!, 'node_modules'));
  return path.join(folder, top!);
}

/** At the console, by the source that proves them at `loa3`, and introduced. */
async function colleague(personalNumber: string, name: string, address = '/developer'): Promise<Hands> {
  const hands = await someone();
  await hands.tab.goto(new URL(address, stage.country.hub).href);
  await provesByNationalEid(hands, personalNumber);
  if (address === '/developer') await introducesOneself(hands, name, 'can-bo@co-quan.example');
  return hands;
}

const stateOf = (hands: Hands) => hands.tab.locator('[data-life=production] .state').getAttribute('data-state');

test(
  'E1 by the README, at a browser without scripts: from the first sign-in to a citizen whom the own service greets',
  async () => {
    const { hub, sandboxIssuer } = stage.country;
    const [port] = await freePorts(1);
    const origin = `http://localhost:${port}`;
    const name = { vi: 'Tra cứu hồ sơ', en: 'Follow a file' };
    const begun = performance.now();
    const hands = await someone([origin]);
    const { tab } = hands;

    await tab.goto(`${hub}/developer`);
    await hands.sees('choose_source');
    await hands.press('button[value=tax-code]');
    await hands.sees('tax_sign_in');
    await hands.type({ tax_code: '8000000011', password: 'Thue@2026' });
    await hands.press('button[value=sign_in]');

    await introducesOneself(hands, 'Nguyễn Văn An', 'an@so-tu-phap.example');
    await bringsAgencyIn(hands, { vi: 'Sở Tư pháp Mẫu', en: 'Sample Justice' }, 'cntt@so-tu-phap.example');
    await beginsService(hands, { name });
    await fillsSettings(hands, { name, origin });
    await hands.press('button[formaction$="/publication"]');
    const secret = await makesSecretAndUses(hands);

    await hands.press('main a[href$="/pieces"]');
    await hands.sees('developer_pieces');
    const piece = '[data-piece=openid-client]';
    const command = await tab.locator(`${piece} pre:has-text("login.mjs")`).first().innerText();
    hands.presses += 1;
    const folder = await takesAlong(tab, `${piece} .actions a`);
    const how = [{ vi: '', en: '', command }];
    const running: RunningPiece = await start({ id: 'openid-client', how }, { folder }, port!, secret);
    ended.push(() => running.stop());

    const citizen = await someone([origin]);
    await citizen.tab.goto(`${origin}/`);
    await citizen.press('.lien-thong-button');
    expect(new URL(citizen.tab.url()).origin).toBe(sandboxIssuer!.url);
    await provesByNationalEid(citizen, AN_NUMBER);
    await citizen.sees('consent');
    await citizen.press('button[value=agree]');
    await citizen.sees('signed_in');
    expect(await citizen.tab.locator('main').innerText()).toContain('Nguyễn Văn An');

    expect(performance.now() - begun).toBeLessThan(NO_TIME);
    const work = { presses: hands.presses + citizen.presses, fields: hands.fields + citizen.fields };
    expect(work).toEqual({ ...README_SAYS, fields: README_SAYS.fields + ADDRESSES });
    const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
    expect(readme).toContain(`${README_SAYS.presses} presses and ${README_SAYS.fields} fields`);
  },
  A_WALK,
);

test(
  'E5 two people agree, at a browser without scripts: invited by mail, shown every difference, live, and put out again',
  async () => {
    const { country } = stage;
    const { hub } = country;
    const author = await colleague(AN_NUMBER, 'Nguyễn Văn An');
    await bringsAgencyIn(author, { vi: 'Sở Tư pháp Mẫu', en: 'Sample Justice' }, 'cntt@so-tu-phap.example');
    const agency = author.tab.url();
    expect(await author.tab.locator('[data-missing=two_owners_needed]').count()).toBe(1);

    // An invitation, read where it arrives.
    await invitesOwner(author, 'chau@co-quan.example');
    const [letter] = await lettersFor(country, 'chau@co-quan.example');
    const owner = await colleague(OWNER, 'Lê Minh Châu', linkIn(country, letter!).pathname);
    await joins(owner, 'Lê Minh Châu', 'chau@co-quan.example');
    await author.tab.goto(agency);
    expect(await author.tab.locator('[data-missing]').count()).toBe(0);
    expect(await author.tab.locator('[data-member]').count()).toBe(2);

    const name = { vi: 'Tra cứu hồ sơ', en: 'Follow a file' };
    await beginsService(author, { name });
    await fillsSettings(author, { name });
    await author.press('button[formaction$="/publication"]');
    await makesSecretAndUses(author);
    const service = author.tab.url();
    await preparesProduction(author, 'https://ho-so.example');

    // Not before the service has stood every fault.
    await author.tab.goto(`${service}/production`);
    await author.tab.locator('[data-objections] [data-problem=score_card_not_full]').waitFor();
    await passEveryFault(country, 'tra-cuu-ho-so');
    await author.tab.goto(`${service}/simulator`);
    expect(await author.tab.locator('section[data-full]').getAttribute('data-full')).toBe('true');
    await author.tab.goto(`${service}/production`);
    await author.press('form[action$="/submission"] button');
    await author.tab.locator('[data-submission=open]').waitFor();
    expect(await author.tab.locator('[data-missing]').getAttribute('data-missing')).toBe('owner registrar');
    expect(await author.tab.locator('button[value=approve]').count()).toBe(0);

    await owner.tab.goto(service);
    await owner.press('[data-next=wait] a');
    const table = await owner.tab.locator('table[data-differences=submitted]').innerText();
    for (const shown of ['Tra cứu hồ sơ', 'https://ho-so.example/callback', 'Để chào bạn bằng tên.'])
      expect(table).toContain(shown);
    await owner.press('button[value=approve]');
    await owner.tab.locator('[data-missing=registrar]').waitFor();

    const registrar = await colleague(REGISTRAR, 'Phạm Thu Hà');
    expect(await registrar.tab.locator('.rooms a[href="/developer/submissions"]').count()).toBe(0);
    const account = await registrar.tab.locator('main code').last().innerText();
    expect((await runCommand(country, 'registrars', ['add', account])).code).toBe(0);
    await registrar.tab.reload();
    await registrar.press('.rooms a[href="/developer/submissions"]');
    await registrar.sees('developer_submissions');
    await registrar.press('[data-service=tra-cuu-ho-so] .actions a');
    await registrar.press('button[value=approve]');
    await registrar.tab.locator('[data-submission=live]').waitFor();
    expect(await stateOf(registrar)).toBe('live');

    // Somebody else to call is nobody's to review: a second version, and one step back.
    await author.tab.goto(`${service}/production/settings`);
    await author.type({ 'field-contact_mail': 'truc@so-tu-phap.example' });
    await author.press('button[formaction$="/publication"]');
    await author.press('form[action$="/submission"] button');
    await author.press('[data-life=production] form[action$="/step-back"] button');
    await author.press('[data-life=production] details:has([data-version]) summary');
    await author.tab.locator('[data-life=production] [data-version="1"][data-standing=live]').waitFor();

    await author.press('[data-life=production] details:has(form[action$="/suspend"]) summary');
    await author.type({ 'suspend-production': 'Lộ mã bí mật' });
    await author.press('form[action$="/production/suspend"] button');
    await author.tab.locator('[data-life=production] [data-state=suspended]').waitFor();
    const citizen = await someone();
    const asking = new URLSearchParams({ client_id: 'tra-cuu-ho-so', redirect_uri: 'https://ho-so.example/callback' });
    await citizen.tab.goto(`${hub}/authorize?${asking}&response_type=code&scope=openid&state=s&nonce=n`);
    await citizen.sees('client_suspended');
    await author.press('form[action$="/production/resume"] button');
    await author.tab.locator('[data-life=production] [data-state=live]').waitFor();

    await author.press('main a[href$="/trail"]');
    await author.sees('developer_trail');
    const done = await author.tab
      .locator('[data-entry]')
      .evaluateAll((entries) => entries.map((entry) => entry.getAttribute('data-action')));
    expect(done.slice(0, 4)).toEqual([
      'production.resumed',
      'production.suspended',
      'production.stepped_back',
      'production.published',
    ]);
  },
  A_WALK,
);

/** Owns the walk through the developer console that is photographed: from a new agency to a service that is reviewed. */
import type { BrowserContext, Page as Tab } from 'playwright-core';
import type { Country } from '../sandbox/country.ts';
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
} from '../test/browser/console-walk.ts';
import { passEveryFault } from '../test/developer/production.ts';
import { CHALLENGE, VERIFIER } from '../test/oidc/asking.ts';

/** People of the registers. */
const AN = '097090000011';
const HOA = '097185000021';
const MAIL = 'hoa@so-tu-phap.example';
const ID = 'tra-cuu-ho-so';
/** Where the draft says that the service stands while it is tried. */
const SERVICE = 'http://localhost:4000/';
/** Milliseconds between two looks for what takes a moment. */
const LOOK_AGAIN = 100;

/** Opens a browser of somebody's own; takes a picture of a page, by a name, where it is wanted. */
export async function walkThroughConsole(
  country: Country,
  open: () => Promise<BrowserContext>,
  take: (tab: Tab, name: string) => Promise<void>,
): Promise<void> {
  const { hub } = country;
  const [context, elsewhere] = await Promise.all([open(), open()]);
  const author = new Hands(await context.newPage());
  const { tab } = author;
  const at = async (path: string, name: string) => {
    await tab.goto(`${hub}${path}`);
    await take(tab, name);
  };
  await tab.goto(`${hub}/developer`);
  await provesByNationalEid(author, AN);
  await introducesOneself(author, 'Nguyễn Văn An', 'an@so-tu-phap.example');
  const name = { vi: 'Sở Tư pháp tỉnh Mẫu', en: 'Department of Justice, Sample Province' };
  await bringsAgencyIn(author, name, 'cntt@so-tu-phap.example');
  await take(tab, 'agency');
  await invitesOwner(author, MAIL);
  const owner = new Hands(await elsewhere.newPage());
  await owner.tab.goto(await invitationFor(country, MAIL));
  await provesByNationalEid(owner, HOA);
  await joins(owner, 'Trần Thị Hoà', MAIL);

  await tab.goto(`${hub}/developer/agencies/so-tu-phap-tinh-mau`);
  const wish = { name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' } };
  await beginsService(author, wish);
  await take(tab, 'settings');
  await fillsSettings(author, wish);
  await author.press('button[formaction$="/publication"]');
  const secret = await makesSecretAndUses(author);
  await at(`/developer/services/${ID}/pieces`, 'pieces');
  await tries(author, hub);
  await take(tab, 'try');
  await at(`/developer/services/${ID}/simulator`, 'simulator');
  await at(`/developer/services/${ID}/preview`, 'preview');
  await signsIn(country, open, secret);
  await untilSeen(tab, `${hub}/developer/services/${ID}/sandbox/sign-ins`);
  await take(tab, 'sign-ins');

  await tab.goto(`${hub}/developer/services/${ID}`);
  await preparesProduction(author, 'https://ho-so.example');
  await passEveryFault(country, ID);
  await tab.goto(`${hub}/developer/services/${ID}/production`);
  await author.press('form[action$="/submission"] button');
  await at(`/developer/services/${ID}`, 'service');
  await owner.tab.goto(`${hub}/developer/services/${ID}/production`);
  await take(owner.tab, 'review');
  await at(`/developer/services/${ID}/trail`, 'trail');
  await at('/developer/test-people', 'test-people');
  await at('/developer/reference', 'reference');
  await at('/services', 'catalogue');
  await Promise.all([context.close(), elsewhere.close()]);
}

/** A whole sandbox sign-in from the console. */
async function tries(hands: Hands, hub: string): Promise<void> {
  await hands.tab.goto(`${hub}/developer/services/${ID}/try`);
  await hands.press('form[action$="/try"] button');
  await hands.press('[data-go]');
  await provesByNationalEid(hands, AN);
  await hands.sees('consent');
  await hands.press('button[value=agree]');
  await hands.tab.locator('[data-signed-in]').waitFor();
}

/** Citizens at the service: one goes back, one does not share, two come in. */
async function signsIn({ sandboxIssuer }: Country, open: () => Promise<BrowserContext>, secret: string) {
  const asking = new URLSearchParams({
    client_id: `${ID}-sandbox`,
    redirect_uri: `${SERVICE}callback`,
    response_type: 'code',
    scope: 'openid profile',
    state: 'a-state',
    nonce: 'a-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  for (const ending of ['agree', 'agree', 'refuse', 'cancel']) {
    const context = await open();
    await context.route(`${SERVICE}**`, (route) => route.fulfill({ body: 'arrived' }));
    const hands = new Hands(await context.newPage());
    await hands.tab.goto(`${sandboxIssuer!.url}/authorize?${asking}`);
    if (ending === 'cancel') await hands.press('form[action$="/cancel"] button');
    else {
      await provesByNationalEid(hands, ending === 'agree' ? HOA : AN);
      const button = hands.tab.locator(`button[value=${ending}]`);
      await button.or(hands.tab.getByText('arrived')).waitFor();
      if (await button.isVisible()) await button.click();
    }
    await hands.tab.waitForURL(`${SERVICE}**`);
    const code = new URL(hands.tab.url()).searchParams.get('code');
    if (code !== null) await redeems(`${sandboxIssuer!.url}/token`, secret, code);
    await context.close();
  }
}

/** What the service does with a code. */
async function redeems(endpoint: string, secret: string, code: string): Promise<void> {
  const proof = Buffer.from(`${ID}-sandbox:${secret}`).toString('base64');
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${SERVICE}callback`,
    code_verifier: VERIFIER,
  });
  const answer = await fetch(endpoint, { method: 'POST', body, headers: { authorization: `Basic ${proof}` } });
  if (!answer.ok) throw new Error(`${endpoint}: ${await answer.text()}`);
}

/** What happened is counted within seconds. */
async function untilSeen(tab: Tab, address: string): Promise<void> {
  for (;;) {
    await tab.goto(address);
    // The number of all of them stands first.
    const number = tab.locator('main dl dd').first();
    if ((await number.innerText()).trim() === '4') return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

/** The link that somebody has in their mail. */
async function invitationFor({ messages, hub }: Country, mail: string): Promise<string> {
  for (;;) {
    for (const { text } of messages.received(mail)) {
      const [link] = text.match(/https?:\S+\/invitations\/\S+/) ?? [];
      if (link?.startsWith(hub)) return link;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

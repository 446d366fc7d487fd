/** Two tabs, two agencies, one browser: whatever the order, both finish and neither takes the other's place. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { agrees, Citizen, openStage, proves, sees } from './citizen.ts';

const stage = openStage();

/** One tab's way in three steps; each resolves when its page has come. */
interface Way {
  begin(): Promise<void>;
  prove(): Promise<void>;
  agree(): Promise<void>;
}
type Step = `${'portal' | 'library'} ${keyof Way}`;

async function wayThrough(citizen: Citizen, agency: { readonly url: string }): Promise<Way> {
  let tab: Tab;
  return {
    begin: async () => {
      tab = await citizen.atChoice(agency);
    },
    prove: async () => {
      await proves(tab);
      await sees(tab, 'consent');
    },
    agree: () => agrees(tab),
  };
}

/** Both agencies get a code without a page being shown: one session knows this citizen, and both consents hold. */
async function knownAtBoth(citizen: Citizen): Promise<void> {
  // Nothing an agency remembers by itself may answer for the hub.
  await citizen.context.clearCookies({ name: /_visit$/ });
  for (const agency of [stage.country.songHong, stage.country.library]) {
    const silent = await citizen.open(`${agency.url}/login?prompt=none`);
    await silent
      .locator('main[data-code=form_post] button')
      .or(silent.locator('main[data-code=hello]'))
      .first()
      .waitFor();
    if (await silent.locator('main[data-code=form_post]').count()) await silent.locator('main button').press('Enter');
    await sees(silent, 'hello');
  }
}

test.each<readonly Step[]>([
  ['portal begin', 'library begin', 'portal prove', 'library prove', 'portal agree', 'library agree'],
  ['portal begin', 'library begin', 'library prove', 'library agree', 'portal prove', 'portal agree'],
  ['portal begin', 'portal prove', 'library begin', 'library prove', 'library agree', 'portal agree'],
])('A26 %s, %s, %s, %s, %s, %s', async (...order) => {
  const citizen = await Citizen.at(stage);
  const ways = {
    portal: await wayThrough(citizen, stage.country.songHong),
    library: await wayThrough(citizen, stage.country.library),
  };
  for (const step of order) {
    const [who, what] = step.split(' ') as ['portal' | 'library', keyof Way];
    await ways[who][what]();
  }
  await knownAtBoth(citizen);
  await citizen.leave();
});

test('A26 both at the very same time', async () => {
  const citizen = await Citizen.at(stage);
  const walk = async (agency: { readonly url: string }) => {
    const tab = await citizen.atChoice(agency);
    await proves(tab);
    await sees(tab, 'consent');
    await agrees(tab);
  };
  await Promise.all([walk(stage.country.songHong), walk(stage.country.library)]);
  await knownAtBoth(citizen);
  await citizen.leave();
});

test('A26 both answers at once, after which one sign-out ends everything', async () => {
  const citizen = await Citizen.at(stage);
  const [portal, library] = [
    await citizen.atConsent(stage.country.songHong),
    await citizen.atConsent(stage.country.library),
  ];
  await Promise.all([agrees(portal), agrees(library)]);
  await knownAtBoth(citizen);
  const out = await citizen.open(`${stage.country.songHong.url}/logout`);
  await sees(out, 'signed_out_at_agency');
  for (const agency of [stage.country.songHong, stage.country.library]) {
    const next = await citizen.open(`${agency.url}/login?prompt=none`);
    await next
      .locator('main[data-code=form_post] button')
      .or(next.locator('main[data-code=agency_error]'))
      .first()
      .waitFor();
    if (await next.locator('main[data-code=form_post]').count()) await next.locator('main button').press('Enter');
    await sees(next, 'agency_error');
    expect(await next.locator('main').getAttribute('data-error')).toBe('login_required');
  }
  await citizen.leave();
});

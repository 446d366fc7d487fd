/**
 * Owns how a developer walks through the console at a browser, as README tells it: every press and every field by hand, and
 * counted, so that a way that has become tedious is noticed.
 */
import type { Page as Tab } from 'playwright-core';
import { EID_PASSWORD } from '../../sandbox/national-eid/national-eid.ts';

/** Somebody's hands. */
export class Hands {
  readonly tab: Tab;
  presses = 0;
  fields = 0;

  constructor(tab: Tab) {
    this.tab = tab;
  }

  async press(selector: string): Promise<void> {
    this.presses += 1;
    await this.tab.locator(selector).click();
  }

  /** Types into fields by their ids. */
  async type(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, value] of Object.entries(values)) {
      this.fields += 1;
      await this.tab.locator(`#${id}`).fill(value);
    }
  }

  async choose(id: string, value: string): Promise<void> {
    this.fields += 1;
    await this.tab.locator(`#${id}`).selectOption(value);
  }

  async tick(selector: string): Promise<void> {
    this.fields += 1;
    await this.tab.locator(selector).check();
  }

  /** The page this is, or says which one it is instead. */
  async sees(code: string): Promise<void> {
    await this.tab
      .locator(`main[data-code=${code}]`)
      .waitFor()
      .catch(async () => {
        const shown = await this.tab.locator('main').getAttribute('data-code', { timeout: 500 });
        throw new Error(`not ${code} but ${shown} at ${this.tab.url()}`);
      });
  }
}

/** Names of a service, and where it stands. */
export interface Wish {
  readonly name: { readonly vi: string; readonly en: string };
  /** Where the draft's own addresses are not to be kept. */
  readonly origin?: string;
}

/** From the choice of the hub, or of the sandbox issuer, through the source that stands on personal numbers. */
export async function provesByNationalEid(hands: Hands, personalNumber: string): Promise<void> {
  await hands.sees('choose_source');
  await hands.press('button[value=national-eid]');
  await hands.sees('eid_sign_in');
  await hands.type({ personal_number: personalNumber, password: EID_PASSWORD });
  await hands.press('button[value=sign_in]');
}

export async function introducesOneself(hands: Hands, name: string, mail: string): Promise<void> {
  await hands.sees('developer_overview');
  await hands.type({ 'field-name': name, 'field-mail': mail });
  await hands.press('form[action="/developer/account"] button');
  await hands.tab.locator('#field-contact-mail').waitFor();
}

export async function bringsAgencyIn(
  hands: Hands,
  name: { readonly vi: string; readonly en: string },
  mail: string,
): Promise<void> {
  await hands.type({ 'field-name-vi': name.vi, 'field-name-en': name.en, 'field-contact-mail': mail });
  await hands.choose('field-sector', 'justice');
  await hands.press('form[action="/developer/agencies"] button');
  await hands.sees('developer_agency');
}

/** From the page of the agency to the settings of a new service. */
export async function beginsService(hands: Hands, { name }: Wish): Promise<void> {
  await hands.press('main .actions a.primary');
  await hands.sees('developer_services');
  await hands.type({ 'field-name-vi': name.vi, 'field-name-en': name.en });
  await hands.press('form[action="/developer/services"][method=post] button');
  await hands.sees('developer_settings');
}

/** What only the agency can say; everything else may stay as it is. */
export async function fillsSettings(hands: Hands, { origin }: Wish): Promise<void> {
  await hands.type({
    'field-purpose_vi': 'Cho bạn xem hồ sơ của mình.',
    'field-purpose_en': 'To show you your files.',
    ...(origin
      ? {
          'field-landing_page': `${origin}/`,
          'field-login_uri': `${origin}/login`,
          'field-redirect_uris': `${origin}/callback`,
          'field-post_logout_redirect_uris': `${origin}/signed-out`,
        }
      : {}),
  });
  await hands.tick('input[name=claims][value=name]');
  await hands.press('[data-item=name] summary');
  await hands.type({
    'field-purpose_vi-name': 'Để chào bạn bằng tên.',
    'field-purpose_en-name': 'To greet you by name.',
  });
  await hands.choose('field-token_endpoint_auth_method', 'client_secret_basic');
}

/** From settings that lack nothing but a proof: makes a secret, and lets the service into the sandbox. */
export async function makesSecretAndUses(hands: Hands): Promise<string> {
  await hands.sees('developer_credentials');
  await hands.press('form[action$="/secrets"] button');
  const secret = await hands.tab.locator('[data-secret]').innerText();
  await hands.press('.notice .actions a');
  await hands.sees('developer_service');
  await hands.press('[data-next=publish] button');
  await hands.tab.locator('[data-environment=sandbox][data-state=live]').waitFor();
  return secret;
}

/** From the page of the agency: asks somebody in as another owner; the link goes by mail. */
export async function invitesOwner(hands: Hands, mail: string): Promise<void> {
  await hands.type({ 'field-mail': mail });
  await hands.choose('field-role', 'owner');
  await hands.press('form[action$="/invitations"] button');
  await hands.tab.locator('[aria-labelledby=invited]').waitFor();
}

/** From the link of the letter, signed in: who one is, and in. */
export async function joins(hands: Hands, name: string, mail: string): Promise<void> {
  await hands.sees('developer_invitation');
  await hands.type({ 'field-name': name, 'field-mail': mail });
  await hands.press('main form button');
  await hands.press('main form button');
  await hands.sees('developer_agency');
}

/** From the page of a service: a draft for production, at addresses that citizens can reach, with a secret of its own. */
export async function preparesProduction(hands: Hands, origin: string): Promise<void> {
  await hands.press('main a[href$="/production"]');
  await hands.sees('developer_production');
  await hands.press('form[action$="/production/begin"] button');
  await hands.sees('developer_settings');
  await hands.type({
    'field-landing_page': `${origin}/`,
    'field-login_uri': `${origin}/login`,
    'field-redirect_uris': `${origin}/callback`,
    'field-post_logout_redirect_uris': `${origin}/signed-out`,
  });
  await hands.press('button[formaction$="/publication"]');
  await hands.sees('developer_production');
  await hands.press('main a[href$="/production/credentials"]');
  await hands.sees('developer_credentials');
  await hands.press('form[action$="/secrets"] button');
  await hands.tab.locator('[data-secret]').waitFor();
}

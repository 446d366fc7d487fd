/** Owns how a citizen proves who they are at each source, with what that source's register holds about them. */
import { CARD_PIN } from '../card-authority/card-reader.ts';
import { signWithCard } from '../card-authority/sign-with-card.ts';
import { confirmOnPhone } from '../mobile-operator/willing-subscriber.ts';
import type { Visitor } from '../visitor.ts';

export type RegisterEntry = Readonly<Record<string, unknown>>;

/** Where in the country things are that no page leads to: the phone in somebody's pocket. */
export interface Surroundings {
  addressOf(service: string): Promise<string>;
}

/** Begins at the source's first page and ends when the hub has the answer, or when the source keeps the citizen. */
export type Way = (visitor: Visitor, login: string, entry: RegisterEntry, around: Surroundings) => Promise<void>;

/** The ways that exist so far, by source. A new source adds its own here. */
export const WAYS: Readonly<Record<string, Way>> = {
  'tax-code': async (visitor, login, entry) => {
    visitor.fill({ tax_code: login, password: String(entry.password) });
    await visitor.press('decision=sign_in');
  },
  'social-insurance': proveToInsurance,
  'mobile-id': async (visitor, login, entry, around) => {
    visitor.fill({ phone: login, personal_number: String(entry.idNumber) });
    const { $, code } = await visitor.press('button.primary');
    // Numbers that are none never come so far.
    if (code !== 'mobile_wait') return;
    const shown = $('[data-verification-code]').text();
    const confirmed = entry.result === 'OK' && confirmOnPhone(await around.addressOf('mobile-operator'), login, shown);
    await Promise.all([confirmed, waitForPhone(visitor)]);
  },
  'digital-signature': async (visitor, login, _entry, around) => {
    const { $, url } = visitor.page;
    const form = $('form[data-nonce]');
    const order = { serial: login, pin: CARD_PIN, nonce: form.attr('data-nonce')!, origin: url.origin };
    const token = await signWithCard(await around.addressOf('card-reader'), order);
    await visitor.post(form.attr('action')!, { token: JSON.stringify(token) });
  },
};

/** Number and password, then the code that comes to the phone on record. */
export async function proveToInsurance(visitor: Visitor, login: string, entry: RegisterEntry): Promise<void> {
  visitor.fill({ insurance_number: login, password: String(entry.password) });
  const page = await visitor.press('decision=sign_in');
  // A locked account never comes so far.
  if (page.code !== 'insurance_code') return;
  visitor.fill({ code: await codeOnPhone(visitor) });
  await visitor.press('decision=confirm');
}

/** Refreshes a page as it asks for, without the pauses, until it has led on. */
export async function waitForPhone(visitor: Visitor): Promise<void> {
  for (;;) {
    const [, next] = /url=(.+)$/.exec(visitor.page.$('meta[http-equiv=refresh]').attr('content') ?? '') ?? [];
    if (next === undefined) return;
    await visitor.open(next);
  }
}

/** The newest code on the phone that the present page points to. */
export async function codeOnPhone(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  const phone = await visitor.newTab().open(new URL(page.$('a[data-sandbox-phone]').attr('href')!, page.url));
  return phone.$('[data-one-time-code]').first().text();
}

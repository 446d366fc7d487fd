/** Owns what a willing citizen does with the phone in hand, for programs that drive whole sign-ins. */
import { setTimeout as wait } from 'node:timers/promises';
import { Visitor } from '../visitor.ts';
import { PIN } from './phone.ts';

/** A push reaches the phone about at once; a phone that stays quiet for so long (milliseconds) was not asked. */
const PATIENCE = 10_000;

/** Takes up the phone, waits for its request, and confirms it; throws when none comes or the codes differ. */
export async function confirmOnPhone(operator: string, phone: string, codeInBrowser?: string): Promise<void> {
  const holder = new Visitor();
  const until = Date.now() + PATIENCE;
  while ((await holder.open(`${operator}/phones/${encodeURIComponent(phone)}`)).code !== 'mobile_phone') {
    if (Date.now() > until) throw new Error('nothing came to the phone');
    await wait(50);
  }
  const codeOnPhone = holder.page.text('[data-verification-code]');
  if (codeInBrowser !== undefined && codeInBrowser !== codeOnPhone) throw new Error('the codes differ');
  const done = await holder.fill({ pin: PIN }).press('decision=accept');
  if (done.reason !== 'accepted') throw new Error(`the phone says ${done.reason ?? done.status}`);
}

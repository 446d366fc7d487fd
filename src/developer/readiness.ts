/** Owns what has to be so before a service may go into production, all of it told at once. */
import { factsFor } from './facts.ts';
import type { DeveloperParts } from './parts.ts';
import { type Agency, clientIdOf, type Service, type Version } from './ports.ts';
import { problemsOf } from './problems.ts';
import type { Objection } from './refusals.ts';
import type { ServiceSettings } from './settings.ts';

/** Owners an agency has to have: one hands in, another agrees. */
export const LEAST_OWNERS = 2;

/** What is wrong with settings that are to be met by everybody. */
export async function settingsObjections(
  parts: Pick<DeveloperParts, 'store' | 'configuration' | 'sandbox'>,
  agency: Pick<Agency, 'id'>,
  service: Service,
  settings: ServiceSettings,
  now: number,
): Promise<readonly Objection[]> {
  return problemsOf(settings, await factsFor(parts, agency, service, 'production', settings, now));
}

/** Without these nothing can be live, however right it was when somebody agreed to it. */
const NO_CREDENTIAL = /^(authentication|encryption)_without_/;

/** What is missing by which the service would prove itself, or by which it would read what is encrypted for it. */
export async function credentialObjections(
  parts: Pick<DeveloperParts, 'store' | 'configuration' | 'sandbox'>,
  { service, agency }: { readonly service: Service; readonly agency: Pick<Agency, 'id'> },
  { environment, settings }: Pick<Version, 'environment' | 'settings'>,
  now: number,
): Promise<readonly Objection[]> {
  const problems = problemsOf(settings, await factsFor(parts, agency, service, environment, settings, now));
  return problems.filter(({ code }) => NO_CREDENTIAL.test(code));
}

/** Whether somebody could agree who is not the one who asks. Who has had themselves erased is an owner nobody can be. */
export async function ownersObjections(
  { store: { developer } }: Pick<DeveloperParts, 'store'>,
  { members }: Pick<Agency, 'members'>,
): Promise<readonly Objection[]> {
  const owners = members.filter(({ role }) => role === 'owner').map(({ account }) => account);
  const there = await developer.accounts.among(owners);
  return there.size < LEAST_OWNERS ? [{ field: '', code: 'two_owners_needed' }] : [];
}

/** Whether the service has shown in the sandbox that it works, and that it refuses what it has to. */
export async function trialObjections(
  { sandbox }: Pick<DeveloperParts, 'sandbox'>,
  service: Service,
): Promise<readonly Objection[]> {
  const card = await sandbox.simulator?.card(clientIdOf(service.id, 'sandbox'));
  return [
    ...(service.sandbox.live === undefined ? [{ field: '', code: 'sandbox_not_live' }] : []),
    ...(card?.full === true ? [] : [{ field: '', code: 'score_card_not_full' }]),
  ];
}

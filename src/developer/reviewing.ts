/**
 * Owns who has to agree before something goes live, and whose word counts: one owner of the agency and one registrar of the
 * hub who does not belong to it, neither of them one who wrote or handed it in. Pure: who is what at the moment is given.
 */
import { type Difference, differencesBetween } from './differences.ts';
import type { AccountId, Agency, Decision, Submission, Version, WayIn } from './ports.ts';

export type Reviewer = Decision['as'];
export const REVIEWERS: readonly Reviewer[] = ['owner', 'registrar'];

export interface Bench {
  readonly members: Agency['members'];
  readonly registrars: readonly AccountId[];
  /** Of those who decided: who is there and not locked, by a way in that still stands. */
  readonly standing: readonly WayIn[];
}

/** Whether somebody may decide in this capacity, whatever it is about. */
export function mayDecide(
  account: AccountId,
  as: Reviewer,
  { members, registrars }: Pick<Bench, 'members' | 'registrars'>,
): boolean {
  const own = members.find((one) => one.account === account);
  // Who belongs to the agency does not decide about it for the hub.
  return as === 'owner' ? own?.role === 'owner' : own === undefined && registrars.includes(account);
}

/**
 * The approvals that count as things are now: whoever has lost the office since has not agreed in it, nor has whoever was
 * locked, or says that it was not they who signed in.
 */
export function approvalsThatCount({ decisions, authors }: Submission, bench: Bench): readonly Decision[] {
  return decisions.filter(
    ({ says, as, account, source }) =>
      says === 'approve' &&
      !authors.includes(account) &&
      mayDecide(account, as, bench) &&
      bench.standing.some((way) => way.account === account && way.source === source),
  );
}

/** Who has yet to agree. */
export function missingApprovals(submission: Submission, bench: Bench): readonly Reviewer[] {
  const counting = approvalsThatCount(submission, bench);
  return REVIEWERS.filter((as) => !counting.some((one) => one.as === as));
}

/** What of a version people read and agree to. */
export type Reviewable = Pick<Version, 'settings' | 'agency'>;

/** Everything that is different between two versions; the agency's name, too, which citizens read on every page. */
export function differencesOfVersions(before: Reviewable | undefined, after: Reviewable): readonly Difference[] {
  const named = (['vi', 'en'] as const).flatMap((language) => {
    const [was, is] = [before?.agency[language], after.agency[language]];
    if (was === is) return [];
    return [
      { field: `agency.name.${language}`, ...(was === undefined ? {} : { before: was }), after: is, reviewed: true },
    ];
  });
  return [...named, ...differencesBetween(before?.settings, after.settings)];
}

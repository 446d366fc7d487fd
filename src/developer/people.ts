/** Owns which names of people are shown in the console: those of colleagues to colleagues, and all of them to registrars. */
import type { Capacity } from './access.ts';
import type { DeveloperParts } from './parts.ts';
import type { AccountId, Agency } from './ports.ts';

/** Somebody who did something: by account, and by name where whoever looks may know it. */
export interface ShownPerson {
  readonly account: string;
  readonly name?: string;
  readonly registrar?: true;
}

/** Shows people as whoever has this capacity in the agency may see them. One look for all of them. */
export async function peopleFor(
  { store: { developer } }: Pick<DeveloperParts, 'store'>,
  { members }: Pick<Agency, 'members'>,
  as: Capacity,
  accounts: readonly AccountId[],
): Promise<(account: AccountId) => ShownPerson> {
  const isColleague = (account: AccountId) => members.some((one) => one.account === account);
  const named = [...new Set(accounts)].filter((account) => as === 'registrar' || isColleague(account));
  const [known, registrars] = await Promise.all([developer.accounts.among(named), developer.registrars.all()]);
  return (account) => {
    const name = known.get(account)?.name;
    const isRegistrar = registrars.includes(account) && !isColleague(account);
    return { account, ...(name === undefined ? {} : { name }), ...(isRegistrar ? { registrar: true } : {}) };
  };
}

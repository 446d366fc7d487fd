/**
 * Owns how ways to sign in are removed, blocked and unblocked, at once or after the wait: never so that nobody gets in any
 * more, and with every session that was begun by what is closed.
 */
import { z } from 'zod';
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import type { Sources } from '../../login/choose.ts';
import { endSessionsThrough } from '../../oidc/own-sessions.ts';
import type { SessionEnded } from '../../oidc/session.ts';
import type { Json, OwnLink, Store } from '../../store.ts';
import type { ChangeMaker, ChangeMakers } from '../changes.ts';
import { ANY_NEW_SOURCE } from '../ports.ts';
import { endedByTheirPage } from './sessions.ts';

export interface WaysChangesParts {
  readonly store: Store;
  readonly sources: Sources;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  readonly clock: () => number;
}

const link = z.object({ link: z.string() });
const way = z.object({ source: z.string() });

export function waysChanges(parts: WaysChangesParts): Pick<ChangeMakers, 'unlink' | 'block' | 'unblock'> {
  return { unlink: unlink(parts), block: block(parts), unblock: unblock(parts) };
}

function unlink(parts: WaysChangesParts): ChangeMaker {
  const { people } = parts.store;
  const find = async (person: PersonId, detail: Json) => {
    const { link: id } = link.parse(detail);
    const links = await people.linksOf(person);
    const own = links.find((one) => one.id === id);
    if (own === undefined) throw new Refusal('not_found');
    return { links, own };
  };
  return {
    async check(person, detail) {
      const { links, own } = await find(person, detail);
      if (!isThere(own)) throw new Refusal('not_found');
      await assertNotLast(parts, person, links, [own]);
    },
    async make(person, detail, requestedAt = Number.POSITIVE_INFINITY) {
      const { own } = await find(person, detail);
      const { source } = own;
      if (isThere(own) && own.firstAt > requestedAt) throw new Refusal('change_gone');
      const told = [entry(parts.clock(), { type: 'link_unlinked', source }, person)];
      const outcome = await people.unlink(person, own.id, told);
      if (outcome === 'stranding') throw new Refusal('last_way');
      // Nobody signed in by a frozen one lately. Else, also where it is gone: whoever made it before may not have come to the end.
      if (own.state !== 'frozen') await endThrough(parts, person, source);
    },
  };
}

function block(parts: WaysChangesParts): ChangeMaker {
  const { people, own } = parts.store;
  return {
    async check(person, detail) {
      const { source } = way.parse(detail);
      const links = await people.linksOf(person);
      if (source === ANY_NEW_SOURCE) return;
      const taken = links.filter((one) => one.source === source);
      if (taken.length === 0 && !parts.sources.has(source)) throw new Refusal('not_found');
      await assertNotLast(parts, person, links, taken);
    },
    async make(person, detail) {
      const { source } = way.parse(detail);
      const entries = [entry(parts.clock(), { type: 'source_blocked', source }, person)];
      const outcome = await own.blocks.block(person, source, { entries });
      if (outcome === 'stranding') throw new Refusal('last_way');
      if (source !== ANY_NEW_SOURCE) await endThrough(parts, person, source);
    },
  };
}

function unblock({ store, clock }: WaysChangesParts): ChangeMaker {
  const { blocks } = store.own;
  return {
    async check(person, detail) {
      const { source } = way.parse(detail);
      const isTheirs = (await blocks.of(person)).some((one) => one.source === source && one.reason === 'citizen');
      if (!isTheirs) throw new Refusal('not_found');
    },
    async make(person, detail, requestedAt = Number.POSITIVE_INFINITY) {
      const { source } = way.parse(detail);
      const isNewer = (await blocks.of(person)).some(
        (one) => one.source === source && one.reason === 'citizen' && one.at > requestedAt,
      );
      if (isNewer) throw new Refusal('change_gone');
      await blocks.unblock(person, source, {
        entries: [entry(clock(), { type: 'source_unblocked', source }, person)],
      });
    },
  };
}

const isThere = ({ state }: OwnLink) => state === 'active' || state === 'frozen';

/** Said before anybody waits for it; whether it is so when it is made, the store decides. Throws `Refusal` `last_way`. */
async function assertNotLast(
  { store }: WaysChangesParts,
  person: PersonId,
  links: readonly OwnLink[],
  taken: readonly OwnLink[],
): Promise<void> {
  if (!taken.some(({ state }) => state === 'active')) return;
  const [blocks, numbers] = await Promise.all([store.own.blocks.of(person), store.people.numbersOf(person)]);
  const closed = new Set(blocks.map(({ source }) => source));
  const left = links.filter((one) => !taken.includes(one) && one.state === 'active' && !closed.has(one.source));
  // Without a number two accounts are proved together at every sign-in.
  if (left.length < (numbers.length > 0 ? 1 : 2)) throw new Refusal('last_way');
}

function endThrough({ store, ended, clock }: WaysChangesParts, person: PersonId, source: string) {
  return endSessionsThrough(store.state, person, source, endedByTheirPage({ store, ended, clock }));
}

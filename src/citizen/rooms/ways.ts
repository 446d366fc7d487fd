/**
 * Owns the room of the ways to sign in: each source with what is linked there, whether it is blocked or suspended, and
 * what its owner can do about it. How a change is made, and what follows, is in ways-changes.ts.
 */
import { z } from 'zod';
import type { Suspension, Way, WayLink, WaysPage } from '../../../views/citizen/ways.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import type { Acr } from '../../identity/assertion.ts';
import { ACR_LADDER } from '../../identity/assertion.ts';
import { compareAcr } from '../../identity/assurance.ts';
import { entry } from '../../journal/events.ts';
import type { Sources } from '../../login/choose.ts';
import { CITIZEN } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { OwnLink, Store } from '../../store.ts';
import { ANY_NEW_SOURCE, type Block } from '../ports.ts';
import { nothing, type Rooms, SIGNED_OUT, type WantedChange } from '../rooms.ts';
import { shortenedAccount } from '../shortened.ts';
import { FRESH } from '../strength.ts';
import { nameOf } from './overview.ts';

export interface WaysParts {
  readonly store: Store;
  readonly sources: Sources;
  readonly levelOf: (source: string) => Acr | undefined;
}

const PATH = '/ways';
const source = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
/** Said by whoever knows that their own session ends with it. */
const end_session = z.literal('yes').optional();

export function waysRoom(rooms: Rooms, parts: WaysParts): void {
  const { store, levelOf } = parts;

  rooms.show(PATH, nothing, (visit) => ways(visit, parts));

  rooms.deferrable(
    `${PATH}/unlink`,
    z.strictObject({ link: z.string().min(1).max(300), end_session }),
    async (visit, { link, end_session: knowing }) => {
      const links = await store.people.linksOf(visit.person);
      const own = links.find(({ id }) => id === link);
      if (own === undefined) throw new Refusal('not_found');
      // Nobody is signed in by one that is frozen.
      const then = own.state === 'active' ? afterClosing(visit, own.source, knowing) : { see: PATH };
      return { kind: 'unlink', detail: { link }, ...then };
    },
  );

  rooms.deferrable(
    `${PATH}/block`,
    z.strictObject({ source: source.or(z.literal(ANY_NEW_SOURCE)), end_session }),
    async (visit, { source: closed, end_session: knowing }) => {
      return { kind: 'block', detail: { source: closed }, ...afterClosing(visit, closed, knowing) };
    },
  );

  rooms.deferrable(
    `${PATH}/unblock`,
    z.strictObject({ source: source.or(z.literal(ANY_NEW_SOURCE)) }),
    async (_visit, detail) => ({ kind: 'unblock', detail, see: PATH }),
  );

  rooms.change(`${PATH}/restore`, 'session', z.strictObject({ source }), async (visit, { source: suspended }) => {
    const { person, authentication, now } = visit;
    const blocks = await store.own.blocks.of(person);
    if (!blocks.some((block) => block.source === suspended && block.reason === 'not_me'))
      throw new Refusal('not_found');
    if (!mayRestore(visit, levelOf(suspended))) throw new Refusal('stronger_sign_in_needed');
    const event = { type: 'source_restored', source: suspended, by: 'citizen' } as const;
    await store.own.blocks.restore(person, suspended, { entries: [entry(now, event, person, authentication.device)] });
    return { see: PATH };
  });
}

/** Where closing a source leads: out, where one's own session ends with it. Throws `Refusal` `source_in_use` when not meant. */
function afterClosing(visit: Visit, closed: string, knowing: 'yes' | undefined): Pick<WantedChange, 'see' | 'out'> {
  if (!isInUse(visit, closed)) return { see: PATH };
  if (knowing === undefined) throw new Refusal('source_in_use');
  return { see: PATH, out: SIGNED_OUT };
}

/** Whether the session holds a proof by this source, perhaps beside others: it ends when the source is closed. */
function isInUse({ session }: Visit, id: string): boolean {
  return Object.values(session.authentications ?? {}).some((made) => made.source === id);
}

/** Who can do more than whoever was there uninvited could: signed in just now, by something stronger. */
function mayRestore({ authentication, now }: Visit, level: Acr | undefined): boolean {
  const { acr, authTime } = authentication;
  return level !== undefined && now - authTime * 1000 <= FRESH && compareAcr(acr, level) > 0;
}

async function ways(visit: Visit, parts: WaysParts): Promise<WaysPage> {
  const { store, sources } = parts;
  const [links, blocks] = await Promise.all([store.people.linksOf(visit.person), store.own.blocks.of(visit.person)]);
  const closed = blocks.find((block) => block.source === ANY_NEW_SOURCE);
  const known = { links, blocks, isNewBlocked: closed !== undefined };
  // Those that are configured no more come last: they can still be seen, and removed.
  const ids = new Set([...sources.keys(), ...links.map((link) => link.source)]);
  return {
    page: 'citizen/ways',
    ways: [...ids].map((id) => wayOf(id, visit, known, parts)),
    ...(closed ? { newBlocked: moment(closed.at) } : {}),
  };
}

interface Known {
  readonly links: readonly OwnLink[];
  readonly blocks: readonly Block[];
  readonly isNewBlocked: boolean;
}

function wayOf(id: string, visit: Visit, known: Known, parts: WaysParts): Way {
  const { sources, levelOf } = parts;
  const card = sources.get(id)?.card;
  const level = levelOf(id);
  const inUse = isInUse(visit, id);
  const links = known.links.filter((link) => link.source === id);
  const [blocked, suspended] = (['citizen', 'not_me'] as const).map((reason) =>
    known.blocks.find((block) => block.source === id && block.reason === reason),
  );
  const linkable =
    card !== undefined &&
    !known.isNewBlocked &&
    !blocked &&
    !suspended &&
    links.every(({ state }) => state !== 'active');
  return {
    source: id,
    name: nameOf(sources, id),
    ...(card ? { authority: card.authority, icon: card.icon } : {}),
    ...(level ? { level } : {}),
    links: links.map((link) => linkOf(link, inUse)),
    inUse,
    ...(blocked ? { blocked: moment(blocked.at) } : {}),
    ...(suspended ? { suspended: suspensionOf(suspended, visit, known, parts) } : {}),
    ...(linkable ? { link: signInAt({ source: id }) } : {}),
  };
}

function linkOf({ id, subject, state, how, firstAt, lastAt }: OwnLink, inUse: boolean): WayLink {
  return {
    id,
    account: shortenedAccount(subject),
    state,
    removable: state === 'active' || state === 'frozen',
    endsSession: state === 'active' && inUse,
    how,
    first: moment(firstAt),
    last: moment(lastAt),
  };
}

function suspensionOf(
  { source: id, at, case: number }: Block,
  visit: Visit,
  known: Known,
  parts: WaysParts,
): Suspension {
  const level = parts.levelOf(id);
  const isOpen = (link: OwnLink) =>
    link.state === 'active' && known.blocks.every((block) => block.source !== link.source);
  const stronger = known.links
    .filter(isOpen)
    .flatMap((link) => parts.levelOf(link.source) ?? [])
    .some((other) => level !== undefined && compareAcr(other, level) > 0);
  const above = level && ACR_LADDER[ACR_LADDER.indexOf(level) + 1];
  return {
    since: moment(at),
    ...(number === undefined ? {} : { case: number }),
    restorable: mayRestore(visit, level),
    ...(stronger && above ? { signIn: signInAt({ level: above }) } : {}),
  };
}

function signInAt(wish: { readonly source: string } | { readonly level: Acr }): string {
  return `${CITIZEN.path}/sign-in?${new URLSearchParams({ back: `${CITIZEN.path}${PATH}`, fresh: 'yes', ...wish })}`;
}

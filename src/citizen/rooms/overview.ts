/** Owns the first room: who the hub says somebody is, from which register, and what wants their attention. */
import type { Attention, OverviewPage } from '../../../views/citizen/overview.ts';
import { lastMomentBefore, moment } from '../../calendar.ts';
import type { Attributes } from '../../identity/authentication.ts';
import type { Sources } from '../../login/choose.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Store } from '../../store.ts';
import { nothing, type Rooms } from '../rooms.ts';

export interface OverviewParts {
  readonly store: Store;
  readonly sources: Sources;
}

export function overviewRoom(rooms: Rooms, parts: OverviewParts): void {
  rooms.show('/', nothing, (visit) => overview(visit, parts));
}

async function overview(visit: Visit, parts: OverviewParts): Promise<OverviewPage> {
  const { authentication, person } = visit;
  const { source, acr, authTime, registerConfirmedAt } = authentication;
  const confirmed = await parts.store.people.confirmedAt(person);
  return {
    page: 'citizen/overview',
    attributes: attributesOf(authentication.attributes),
    from: registerConfirmedAt === undefined ? 'source' : 'population_register',
    ...(confirmed === undefined ? {} : { confirmed: moment(confirmed) }),
    signedIn: { source: nameOf(parts.sources, source), level: acr, at: moment(authTime * 1000) },
    attention: await attention(visit, parts),
  };
}

/** Everything at one look, so that the page costs the same for everybody. */
async function attention({ person }: Visit, { store, sources }: OverviewParts): Promise<readonly Attention[]> {
  const { blocks, contacts, cases, waiting } = store.own;
  const [links, blocked, addresses, open, changes] = await Promise.all([
    store.people.linksOf(person),
    blocks.of(person),
    contacts.of(person),
    cases.of(person),
    waiting.of(person),
  ]);
  const suspended = blocked.filter(({ reason }) => reason === 'not_me');
  const frozen = links.filter(({ state }) => state === 'frozen');
  const ways = new Set(links.filter(({ state }) => state === 'active').map(({ source }) => source));
  return [
    ...suspended.map(({ source }): Attention => {
      return { kind: 'source_suspended', source: nameOf(sources, source), see: '/citizen/ways' };
    }),
    ...frozen.map(({ source }): Attention => {
      return { kind: 'link_frozen', source: nameOf(sources, source), see: '/citizen/ways' };
    }),
    ...changes.map(({ kind, dueAt }): Attention => {
      return { kind: 'change_waits', change: kind, due: moment(dueAt), see: '/citizen/changes' };
    }),
    ...open
      .filter(({ state }) => state !== 'answered')
      .map(({ number, answerBy }): Attention => {
        return { kind: 'case_open', number, answerBy: lastMomentBefore(answerBy), see: `/citizen/cases/${number}` };
      }),
    ...(addresses.length === 0 ? [{ kind: 'no_contact', see: '/citizen/contacts' } as const] : []),
    ...(ways.size === 1 ? [{ kind: 'one_way_only', see: '/citizen/ways' } as const] : []),
  ];
}

/** What a source is called; its id when it is configured no more. */
export function nameOf(sources: Sources, id: string) {
  return sources.get(id)?.card.name ?? { vi: id, en: id };
}

function attributesOf(attributes: Attributes): OverviewPage['attributes'] {
  const { name, birthDate, gender, birthPlace, nationality, personalNumber, taxCode } = attributes;
  const values = {
    name,
    birthdate: birthDate,
    gender,
    place_of_birth: birthPlace,
    nationality,
    personal_number: personalNumber,
    tax_code: taxCode,
  };
  return Object.entries(values).flatMap(([id, value]) =>
    value === undefined ? [] : [{ id: id as keyof typeof values, value }],
  );
}

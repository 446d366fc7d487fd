/** Owns what persons see of their cases: each with its number, its clock and what became of it. */
import { z } from 'zod';
import type { CasePage, CasesPage, ShownCase } from '../../../views/citizen/cases.ts';
import { lastMomentBefore, moment } from '../../calendar.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { Sources } from '../../login/choose.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Store } from '../../store.ts';
import { contentOf } from '../cases/cases.ts';
import type { Corrections } from '../cases/corrections.ts';
import type { Case } from '../ports.ts';
import { nothing, type Rooms } from '../rooms.ts';
import { nameOf } from './overview.ts';
import { serviceNames } from './service-names.ts';

export interface CaseRoomParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly sources: Sources;
  readonly corrections: Pick<Corrections, 'lookedAt'>;
}

/** Whatever is no number of a case is the number of none. */
const which = z.strictObject({ number: z.string() });

export function caseRoom(rooms: Rooms, parts: CaseRoomParts): void {
  rooms.show('/cases', nothing, (visit) => casesPage(visit, parts));
  rooms.show('/cases/:number', which, (visit, { number }) => casePage(visit, number, parts));
}

async function casesPage({ person }: Visit, { store }: CaseRoomParts): Promise<CasesPage> {
  return { page: 'citizen/cases', cases: (await store.own.cases.of(person)).map(shown) };
}

async function casePage({ person }: Visit, number: string, parts: CaseRoomParts): Promise<CasePage> {
  const { store, clients, sources, corrections } = parts;
  const found = (await store.own.cases.of(person)).find((one) => one.number === number.toUpperCase());
  if (found === undefined) throw new Refusal('not_found');
  const known = await corrections.lookedAt(found);
  const { said, client, source, attribute, should_be: shouldBe } = contentOf(known);
  const service = client && serviceNames(clients, await store.consents.of(person)).of(client);
  return {
    page: 'citizen/case',
    ...shown(known),
    about: {
      ...(said ? { said } : {}),
      ...(service ? { service } : {}),
      ...(source ? { source: nameOf(sources, source) } : {}),
      ...(attribute ? { attribute } : {}),
      ...(shouldBe ? { shouldBe } : {}),
    },
    ...(known.answer === undefined ? {} : { answer: known.answer }),
  };
}

function shown({
  number,
  kind,
  state,
  openedAt,
  acknowledgeBy,
  answerBy,
  acknowledgedAt,
  answeredAt,
}: Case): ShownCase {
  return {
    number,
    kind,
    state,
    opened: moment(openedAt),
    acknowledgeBy: lastMomentBefore(acknowledgeBy),
    answerBy: lastMomentBefore(answerBy),
    ...(acknowledgedAt === undefined ? {} : { acknowledged: moment(acknowledgedAt) }),
    ...(answeredAt === undefined ? {} : { answered: moment(answeredAt) }),
  };
}

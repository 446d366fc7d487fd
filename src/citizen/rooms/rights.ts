/**
 * Owns the rights that the law gives a person about their data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP): each with the
 * place where it is used here. What nobody can do by pressing a button becomes a case with a clock.
 */
import { z } from 'zod';
import { type CorrectPage, type OpenCasePage, RIGHTS, type RightsPage } from '../../../views/citizen/rights.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { Attributes } from '../../identity/authentication.ts';
import { CITIZEN, isOwnClient } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Store } from '../../store.ts';
import { CORRECTABLE, type Correctable, MOST_OPEN, openedCase, toldOfOpening } from '../cases/cases.ts';
import { ACKNOWLEDGED_WITHIN, answeredWithin } from '../cases/clocks.ts';
import { correctionMessage } from '../cases/corrections.ts';
import type { NewCase } from '../ports.ts';
import { type Done, nothing, type Rooms } from '../rooms.ts';
import { serviceNames } from './service-names.ts';

export interface RightsParts {
  readonly store: Store;
  readonly clients: Clients;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
}

/** Rights for which somebody has to look at what was written. */
const ASKED_FOR = ['inform', 'restrict', 'object', 'complain'] as const;
type AskedFor = (typeof ASKED_FOR)[number];

/** Browsers end lines as mail does. */
const text = (most: number) =>
  z
    .string()
    .transform((typed) => typed.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().max(most));
const written = (most: number) => text(most).pipe(z.string().min(1));
/** A choice of nothing comes as an empty text. */
const client = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z
    .string()
    .regex(/^[a-z0-9-]{1,100}$/)
    .optional(),
);

const openWish = z.strictObject({ kind: z.enum(ASKED_FOR).default('inform') });
const opening = z.strictObject({ kind: z.enum(ASKED_FOR), client, text: written(2_000) });
const correctWish = z.strictObject({ attribute: z.enum(CORRECTABLE).optional() });
const correcting = z.strictObject({
  attribute: z.enum(CORRECTABLE),
  should_be: written(200),
  text: text(2_000).default(''),
});

/** Where each right is used. */
const PLACES: Readonly<Record<(typeof RIGHTS)[number], string>> = {
  inform: '/rights/open?kind=inform',
  access: '/data',
  correct: '/rights/correct',
  withdraw: '/agencies',
  restrict: '/rights/open?kind=restrict',
  object: '/rights/open?kind=object',
  erase: '/erase',
  complain: '/rights/open?kind=complain',
};

export function rightsRoom(rooms: Rooms, parts: RightsParts): void {
  rooms.show('/rights', nothing, (visit) => rightsPage(visit, parts));
  rooms.show('/rights/open', openWish, (visit, { kind }) => openPage(visit, kind, parts));
  rooms.change('/rights/open', 'recent', opening, (visit, input) => open(visit, input, parts));
  rooms.show('/rights/correct', correctWish, async (visit, { attribute }) => correctPage(visit, attribute));
  rooms.change('/rights/correct', 'recent', correcting, (visit, input) => correct(visit, input, parts));
}

async function rightsPage({ person }: Visit, { store }: RightsParts): Promise<RightsPage> {
  const cases = await store.own.cases.of(person);
  return {
    page: 'citizen/rights',
    acknowledgedWithin: ACKNOWLEDGED_WITHIN,
    rights: RIGHTS.map((kind) => ({ kind, see: `${CITIZEN.path}${PLACES[kind]}`, days: { ...answeredWithin(kind) } })),
    cases: { open: cases.filter(({ state }) => state !== 'answered').length, all: cases.length },
  };
}

async function openPage({ person }: Visit, kind: AskedFor, { store, clients }: RightsParts): Promise<OpenCasePage> {
  const names = serviceNames(clients, await store.consents.of(person));
  return {
    page: 'citizen/rights-open',
    kind,
    kinds: ASKED_FOR.map((one) => ({ kind: one, days: { ...answeredWithin(one) } })),
    services: names.own.filter((one) => !isOwnClient(one)).map((one) => ({ client: one, ...names.of(one) })),
  };
}

async function open(
  { person, now }: Visit,
  { kind, client: about, text }: z.infer<typeof opening>,
  parts: RightsParts,
): Promise<Done> {
  if (about !== undefined) {
    const consents = await parts.store.consents.of(person);
    if (!consents.some((one) => one.client === about)) throw new Refusal('not_found');
  }
  const content = { said: text, ...(about ? { client: about } : {}) };
  return opened(openedCase(kind, person, content, { processors: about !== undefined }, now), parts);
}

function correctPage({ authentication }: Visit, attribute: Correctable | undefined): CorrectPage {
  return {
    page: 'citizen/rights-correct',
    days: { ...answeredWithin('correct') },
    attributes: CORRECTABLE.map((id) => {
      const value = heldValue(id, authentication.attributes);
      return { id, by: keeperOf(id), ...(value ? { value } : {}) };
    }),
    ...(attribute ? { attribute } : {}),
  };
}

async function correct(
  { person, now }: Visit,
  { attribute, should_be, text }: z.infer<typeof correcting>,
  parts: RightsParts,
): Promise<Done> {
  // By its present number the register finds whom it is about; who has none, and what others keep, needs an operator.
  const number = keeperOf(attribute) === 'population_register' && (await parts.store.people.numbersOf(person)).at(-1);
  const content = { attribute, should_be, said: text, ...(number ? { number } : {}) };
  return opened(openedCase('correct', person, content, { processors: true }, now), parts);
}

async function opened(begun: NewCase, { store, wake }: RightsParts): Promise<Done> {
  const { entries, messages = [] } = toldOfOpening(begun);
  const forRegister = correctionMessage(begun);
  const told = { entries, messages: [...messages, ...(forRegister ? [forRegister] : [])] };
  if (!(await store.own.cases.open(begun, told, MOST_OPEN))) throw new Refusal('too_many_cases');
  wake();
  const { number } = begun;
  return { see: `/cases/${number}`, result: { number } };
}

/** Which register holds an attribute. The tax authority is written to by an operator: it takes nothing from programs. */
function keeperOf(attribute: Correctable): 'population_register' | 'tax_authority' {
  return attribute === 'tax_code' ? 'tax_authority' : 'population_register';
}

function heldValue(attribute: Correctable, attributes: Attributes): string | undefined {
  return {
    name: attributes.name,
    birthdate: attributes.birthDate,
    gender: attributes.gender,
    place_of_birth: attributes.birthPlace,
    nationality: attributes.nationality,
    personal_number: attributes.personalNumber,
    tax_code: attributes.taxCode,
  }[attribute];
}

/**
 * Owns how a case begins and goes on: its number, its clock, what is told of it. A case is whatever a person asked for
 * under the law, or an alarm they raised; it is kept until two years after its answer was due.
 */
import { z } from 'zod';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import type { Json, Store } from '../../store.ts';
import { INCIDENT, newIncident } from '../../web/presentation.ts';
import { noticeMessage } from '../notices/notices.ts';
import type { Case, CaseKind, CaseStep, NewCase, Told } from '../ports.ts';
import { clockOf } from './clocks.ts';

/** Milliseconds for which a case is kept after its answer was due. */
const KEPT_AFTER = 2 * 365 * 24 * 60 * 60 * 1000;
/** Cases of one person that are not answered yet. */
export const MOST_OPEN = 20;

/** The number of a case: random, to be told on the telephone as that of an incident is. */
export const newCaseNumber = newIncident;
export const caseNumber = z.string().regex(INCIDENT);

/** What a person can have corrected. */
export const CORRECTABLE = [
  'name',
  'birthdate',
  'gender',
  'place_of_birth',
  'nationality',
  'personal_number',
  'tax_code',
] as const;
export type Correctable = (typeof CORRECTABLE)[number];

const content = z.object({
  said: z.string().optional(),
  client: z.string().optional(),
  source: z.string().optional(),
  attribute: z.enum(CORRECTABLE).optional(),
  should_be: z.string().optional(),
  /** The personal number under which the population register is asked to correct; absent when it is not. */
  number: z.string().optional(),
});
/** What a case is about and what was said, as its sealed content has it. */
export type CaseContent = z.infer<typeof content>;

/** What of a case's content can be shown; whoever opened it may have put in more. */
export function contentOf({ content: kept }: Pick<Case, 'content'>): CaseContent {
  return content.safeParse(kept).data ?? {};
}

/**
 * A case that begins at `now` (milliseconds since the epoch). `processors`: an agency or a register has to act, too. A
 * `number` when it has been told already.
 */
export function openedCase(
  kind: CaseKind,
  person: PersonId,
  about: Json,
  { processors, number = newCaseNumber() }: { readonly processors: boolean; readonly number?: string },
  now: number,
): NewCase {
  const clock = clockOf(kind, now, { processors });
  return { number, person, kind, content: about, openedAt: now, ...clock, deleteAfter: clock.answerBy + KEPT_AFTER };
}

/** What is recorded and sent when a case is opened. */
export function toldOfOpening({ person, kind, number, openedAt, answerBy }: NewCase): Told {
  return {
    entries: [entry(openedAt, { type: 'case_opened', kind }, person)],
    messages: [noticeMessage(person, { type: 'case_opened', kind, case: number, answerBy })],
  };
}

/** Takes a case a step on, and tells its person; `false` when it was answered already. */
export function advanceCase(
  { own }: Pick<Store, 'own'>,
  { number, kind, person }: Pick<Case, 'number' | 'kind' | 'person'>,
  step: CaseStep,
): Promise<boolean> {
  const { state } = step;
  return own.cases.advance(number, step, {
    entries: [entry(step.at, { type: 'case_advanced', kind, state }, person)],
    messages: [noticeMessage(person, { type: 'case_advanced', kind, case: number, state })],
  });
}

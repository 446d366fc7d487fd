/** Owns how long an answer may take: for each right of a citizen, by when it is acknowledged and by when it is answered. */
import type { CaseKind } from '../ports.ts';
import { addDays, addWorkingDays, type HolidayCalendar } from './working-days.ts';

/** A request is acknowledged within so many working days, whatever it asks for (Decree 356/2025/NĐ-CP, by our reading). */
export const ACKNOWLEDGED_WITHIN = 2;

/** Days to the answer, and where processors have to act, too. */
export interface AnswerWithin {
  readonly alone: number;
  readonly withProcessors: number;
}

const ANSWERED_WITHIN: Readonly<Record<CaseKind, AnswerWithin>> = {
  // Decree 356/2025/NĐ-CP, by our reading.
  withdraw: { alone: 15, withProcessors: 20 },
  restrict: { alone: 15, withProcessors: 20 },
  object: { alone: 15, withProcessors: 20 },
  // All others are our reading, too, and a less certain one: to be confirmed by a lawyer.
  access: { alone: 10, withProcessors: 15 },
  correct: { alone: 10, withProcessors: 15 },
  erase: { alone: 20, withProcessors: 30 },
  complain: { alone: 15, withProcessors: 20 },
  inform: { alone: 15, withProcessors: 20 },
  // No right of the decree but an alarm: what it closes is closed at once, the clock is for the explanation.
  not_me: { alone: 15, withProcessors: 20 },
};

/** Days to the answer of a request of this kind. */
export const answeredWithin = (kind: CaseKind): AnswerWithin => ANSWERED_WITHIN[kind];

/** Milliseconds since the epoch: ends of days in Viet Nam. */
export interface Clock {
  readonly acknowledgeBy: number;
  readonly answerBy: number;
}

/** The clock of a request of this kind. */
export function clockOf(
  kind: CaseKind,
  openedAt: number,
  { processors }: { readonly processors: boolean },
  calendar?: HolidayCalendar,
): Clock {
  const { alone, withProcessors } = ANSWERED_WITHIN[kind];
  const answerBy = addDays(openedAt, processors ? withProcessors : alone, calendar);
  // Around Tết working days take longer than days: what is answered is acknowledged by that.
  return { acknowledgeBy: Math.min(addWorkingDays(openedAt, ACKNOWLEDGED_WITHIN, calendar), answerBy), answerBy };
}

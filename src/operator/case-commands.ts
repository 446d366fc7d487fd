/** Owns what an operator may do about cases: see what waits, read one, acknowledge it, answer it. */
import { z } from 'zod';
import { advanceCase, caseNumber } from '../citizen/cases/cases.ts';
import type { Case, CaseStep } from '../citizen/ports.ts';
import type { Json, Store } from '../store.ts';
import type { CommandResult } from './channel.ts';

const number = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(caseNumber);

export const caseCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('cases.list') }),
  z.strictObject({ command: z.literal('cases.show'), case: number }),
  z.strictObject({ command: z.literal('cases.acknowledge'), case: number }),
  z.strictObject({ command: z.literal('cases.answer'), case: number, answer: z.string().trim().min(1).max(4_000) }),
]);

export interface CaseParts {
  readonly store: Store;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly clock: () => number;
}

/** Carries out a command about cases. */
export async function answerAboutCases(asked: z.output<typeof caseCommand>, parts: CaseParts): Promise<CommandResult> {
  const { store, clock } = parts;
  if (asked.command === 'cases.list')
    return { ok: true, cases: (await store.own.cases.waiting()).map((one) => summaryOf(one, clock())) };
  const found = await store.own.cases.find(asked.case);
  if (found === undefined) return { ok: false, problem: 'case_unknown' };
  switch (asked.command) {
    case 'cases.show':
      return {
        ok: true,
        ...summaryOf(found, clock()),
        content: found.content,
        ...(found.answer === undefined ? {} : { answer: found.answer }),
      };
    case 'cases.acknowledge':
      // Once is enough, and what a register has already is not taken back from it.
      if (found.state !== 'open') return { ok: false, problem: 'case_advanced' };
      return advance(found, { state: 'acknowledged', at: clock() }, parts);
    case 'cases.answer':
      return advance(found, { state: 'answered', at: clock(), answer: asked.answer }, parts);
  }
}

async function advance(found: Case, step: CaseStep, { store, wake }: CaseParts): Promise<CommandResult> {
  if (!(await advanceCase(store, found, step))) return { ok: false, problem: 'case_answered' };
  wake();
  return { ok: true, case: found.number, state: step.state };
}

/** Without what was said: a list is looked at over shoulders. */
function summaryOf(one: Case, now: number): Record<string, Json> {
  const { number: name, kind, state, openedAt, acknowledgeBy, answerBy, acknowledgedAt } = one;
  const isLate = state !== 'answered' && (answerBy <= now || (acknowledgedAt === undefined && acknowledgeBy <= now));
  return {
    case: name,
    kind,
    state,
    opened: written(openedAt),
    acknowledge_by: written(acknowledgeBy),
    answer_by: written(answerBy),
    overdue: isLate,
  };
}

const written = (at: number) => new Date(at).toISOString();

/**
 * Owns asking the population register over HTTP: what a number stands for, where silence is an answer, what has changed, and
 * what becomes of corrections that citizens asked for.
 */
import { z } from 'zod';
import type { ChangeFeed } from '../../src/background/register-watch.ts';
import type { TakesCorrections } from '../../src/citizen/cases/corrections.ts';
import type { PopulationRecord, RegisterAnswer } from '../../src/identity/person.ts';
import type { PopulationRegister } from '../../src/login/identify.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';

const number = z.string().max(20);
const name = z.string().min(1).max(200);

const found = z.object({
  record: z.object({
    personalNumber: number.nullable(),
    name,
    birthDate: z.string().regex(/^\d{4}(-\d\d(-\d\d)?)?$/),
    birthDatePrecision: z.enum(['day', 'month', 'year']),
    gender: z.enum(['male', 'female']).nullable().catch(null),
    birthPlace: z
      .object({ code: z.string().max(20), text: z.string().max(200) })
      .nullable()
      .catch(null),
    nationality: z.string().regex(/^[A-Z]{2}$/),
    // Whatever is not plainly alive is not let in.
    status: z.string().transform((status) => (status === 'alive' ? ('alive' as const) : ('deceased' as const))),
    formerNumbers: z.array(number).max(50),
    formerNames: z.array(name).max(50),
  }),
});

/** Kinds may be added there at any time; one that is not read yet must not keep the others from being heard. */
const changed = z.object({
  changes: z.array(z.object({ number, kind: z.string().max(40) })).max(1_000),
  cursor: z.string().min(1).max(200),
});

const correction = z.discriminatedUnion('state', [
  z.object({ state: z.literal('open') }),
  z.object({ state: z.literal('decided'), answer: z.string().min(1).max(4_000) }),
]);

/** How much of an ISO date is known. */
const LENGTH_OF_PRECISION = { day: 10, month: 7, year: 4 } as const;

/** The register at `url`, asked with the hub's key; the number travels in the body, never in an address. */
export function createPopulationRegister(
  settings: { readonly url: string; readonly key: string },
  outgoing: Outgoing,
): PopulationRegister & ChangeFeed & TakesCorrections {
  const base = settings.url.endsWith('/') ? settings.url : `${settings.url}/`;
  const authorization = `Bearer ${settings.key}`;
  const ask = (
    what: 'lookup' | 'changes' | 'corrections',
    question: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) =>
    outgoing.fetch(new URL(what, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(question),
      signal,
    });
  return {
    async find(asked, signal) {
      try {
        const response = await ask('lookup', { number: asked }, signal);
        if (response.status === 200) return answerOf(await response.json());
        if (response.status === 404) return { kind: 'not_found' };
        return { kind: response.status === 409 ? 'ambiguous' : 'unavailable' };
      } catch {
        return { kind: 'unavailable' };
      }
    },

    async changesSince(since, signal) {
      const response = await ask('changes', { since }, signal);
      if (response.status !== 200) throw new Error('the register tells no changes');
      return changed.parse(await response.json());
    },

    async submit({ case: number, number: personalNumber, attribute, shouldBe, said }, signal) {
      const told = { case: number, number: personalNumber, attribute, should_be: shouldBe, text: said };
      const { status } = await ask('corrections', told, signal);
      if (status === 200 || status === 201 || status === 202) return 'taken';
      // Only about the correction itself: a key that is refused is mended by somebody else.
      if ([400, 404, 409, 422].includes(status)) return 'refused';
      throw new Error('the register takes no corrections');
    },

    async stateOf(number, signal) {
      const address = new URL(`corrections/${encodeURIComponent(number)}`, base);
      const response = await outgoing.fetch(address, { method: 'GET', headers: { authorization }, signal });
      if (response.status === 404) return { state: 'unknown' };
      if (response.status !== 200) throw new Error('the register tells no decisions');
      return correction.parse(await response.json());
    },
  };
}

function answerOf(body: unknown): RegisterAnswer {
  const parsed = found.safeParse(body);
  if (!parsed.success) return { kind: 'unavailable' };
  const { birthDatePrecision, ...record } = parsed.data.record;
  const birthDate = record.birthDate.slice(0, LENGTH_OF_PRECISION[birthDatePrecision]);
  return { kind: 'found', record: { ...record, birthDate } satisfies PopulationRecord };
}

/** Owns what every store must do with what takes its time: cases until they are answered, changes until they are due. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WaitingChange } from '../../src/citizen/ports.ts';
import {
  count,
  DAY,
  known,
  NOTHING,
  newCase,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  RACERS,
  START,
  told,
} from './own-store.ts';

export function caseConformance(name: string, open: OpenDatabase): void {
  describe(`what takes its time on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit([known('p-1'), known('p-2')], []);
    });
    afterEach(() => store.close());

    describe('cases', () => {
      const opened = told({ type: 'case_opened', kind: 'access' }, 'p-1');
      const advanced = told({ type: 'case_advanced', kind: 'access', state: 'answered' }, 'p-1');

      test('are opened, go on, and are answered once', async () => {
        await store.own.cases.open(newCase({ kind: 'access' }), opened, 9);
        const later = newCase({ number: 'HS-2', kind: 'access', openedAt: START + 1, answerBy: START + DAY });
        await store.own.cases.open(later, NOTHING, 9);
        expect((await store.own.cases.of('p-1')).map(({ number }) => number)).toEqual(['HS-2', 'HS-1']);
        expect((await store.own.cases.waiting()).map(({ number }) => number)).toEqual(['HS-2', 'HS-1']);
        expect(await store.own.cases.find('HS-1')).toEqual({ ...newCase({ kind: 'access' }), state: 'open' });
        expect(await store.own.cases.find('HS-9')).toBeUndefined();

        const step = { state: 'acknowledged', at: START + 5 } as const;
        expect(await store.own.cases.advance('HS-1', step, NOTHING)).toBe(true);
        const answer = { state: 'answered', at: START + 9, answer: 'Đã gửi bản sao dữ liệu.' } as const;
        const outcomes = await Promise.all(RACERS.map(() => store.own.cases.advance('HS-1', answer, advanced)));
        expect(count(outcomes, true)).toBe(1);
        expect(await store.own.cases.find('HS-1')).toEqual({
          ...newCase({ kind: 'access' }),
          state: 'answered',
          answer: answer.answer,
          acknowledgedAt: START + 5,
          answeredAt: START + 9,
        });
        expect(await store.own.cases.advance('HS-1', step, advanced)).toBe(false);
        expect(await store.own.cases.advance('HS-9', step, advanced)).toBe(false);
        expect((await store.own.cases.waiting()).map(({ number }) => number)).toEqual(['HS-2']);
        expect(await store.outbox.lengths()).toEqual(new Map([['notice', 2]]));
      });

      test('are so many at a time at most, however many are opened at once', async () => {
        const cases = RACERS.map((n) => newCase({ number: `HS-${n}` }));
        const outcomes = await Promise.all(cases.map((one) => store.own.cases.open(one, NOTHING, 3)));
        expect([count(outcomes, true), count(outcomes, false)]).toEqual([3, RACERS.length - 3]);
        const [one] = await store.own.cases.waiting();
        await store.own.cases.advance(one!.number, { state: 'answered', at: START }, NOTHING);
        expect(await store.own.cases.open(newCase({ number: 'HS-next' }), NOTHING, 3)).toBe(true);
        expect(await store.own.cases.open(newCase({ number: 'HS-none', person: 'p-9' }), NOTHING, 3)).toBe(false);
      });

      test('that are forwarded with a word keep it, and count as acknowledged', async () => {
        await store.own.cases.open(newCase(), NOTHING, 9);
        const forwarded = { state: 'forwarded', at: START + 1, answer: 'Đã chuyển cơ quan thuế.' } as const;
        expect(await store.own.cases.advance('HS-1', forwarded, NOTHING)).toBe(true);
        const after = { state: 'forwarded', answer: forwarded.answer, acknowledgedAt: START + 1 };
        expect(await store.own.cases.find('HS-1')).toMatchObject(after);
        expect(await store.own.cases.find('HS-1')).not.toHaveProperty('answeredAt');
      });

      test('go on their date when they are answered', async () => {
        await store.own.cases.open(newCase(), NOTHING, 9);
        await store.own.cases.open(newCase({ number: 'HS-2' }), NOTHING, 9);
        await store.own.cases.advance('HS-1', { state: 'answered', at: START }, NOTHING);
        await store.own.sweep(newCase().deleteAfter - 1);
        expect(await store.own.cases.of('p-1')).toHaveLength(2);
        await store.own.sweep(newCase().deleteAfter);
        expect((await store.own.cases.of('p-1')).map(({ number }) => number)).toEqual(['HS-2']);
      });
    });

    describe('changes that wait', () => {
      const change = (changes: Partial<WaitingChange> = {}): WaitingChange => {
        const detail = { link: 'the tax code' };
        return { id: 'w-1', person: 'p-1', kind: 'unlink', detail, requestedAt: START, dueAt: START + DAY, ...changes };
      };
      const requested = told({ type: 'change_requested', change: 'unlink', due: START + DAY }, 'p-1');
      const stopped = told({ type: 'change_stopped', change: 'unlink', by: 'link' }, 'p-1');
      beforeEach(() => store.own.waiting.request(change(), 'stop-token', requested));

      test('are found by person, by token, and when they are due', async () => {
        await store.own.waiting.request(
          change({ id: 'w-2', requestedAt: START + 1, dueAt: START + 2 * DAY }),
          'x',
          NOTHING,
        );
        expect((await store.own.waiting.of('p-1')).map(({ id }) => id)).toEqual(['w-1', 'w-2']);
        expect(await store.own.waiting.of('p-2')).toEqual([]);
        expect(await store.own.waiting.byToken('stop-token')).toEqual(change());
        expect(await store.own.waiting.byToken('another')).toBeUndefined();
        expect(await store.own.waiting.due(START + DAY - 1, 9)).toEqual([]);
        expect(await store.own.waiting.due(START + DAY, 9)).toEqual([change()]);
        expect(await store.own.waiting.due(START + 9 * DAY, 1)).toEqual([change()]);
      });

      test('are stopped once, by their person only', async () => {
        expect(await store.own.waiting.stop('p-2', 'w-1', stopped)).toBe(false);
        const outcomes = await Promise.all(RACERS.map(() => store.own.waiting.stop('p-1', 'w-1', stopped)));
        expect(count(outcomes, true)).toBe(1);
        expect(await store.own.waiting.begin('w-1')).toBe(false);
        expect(await store.outbox.lengths()).toEqual(new Map([['notice', 2]]));
      });

      test('that were begun are stopped no more, begun again, and forgotten', async () => {
        expect(await store.own.waiting.begin('w-1')).toBe(true);
        expect(await store.own.waiting.stop('p-1', 'w-1', stopped)).toBe(false);
        expect(await store.own.waiting.byToken('stop-token')).toBeUndefined();
        expect(await store.own.waiting.of('p-1')).toEqual([change()]);
        expect(await store.own.waiting.due(START + DAY, 9)).toEqual([change()]);
        expect(await store.own.waiting.begin('w-1')).toBe(true);
        await store.own.waiting.done(
          'w-1',
          told({ type: 'change_carried_out', change: 'unlink', possible: true }, 'p-1'),
        );
        expect(await store.own.waiting.of('p-1')).toEqual([]);
        expect(await store.own.waiting.begin('w-1')).toBe(false);
      });

      test('that would erase a person are one at a time, with the case they are asked by', async () => {
        const erasing = (n: number) => change({ id: `e-${n}`, kind: 'erasure' });
        const asked = (n: number) => newCase({ number: `HS-${n}`, kind: 'erase' });
        const outcomes = await Promise.all(
          RACERS.map((n) => store.own.waiting.request(erasing(n), `erase-${n}`, NOTHING, asked(n))),
        );
        expect([count(outcomes, true), count(outcomes, false)]).toEqual([1, RACERS.length - 1]);
        const winner = outcomes.indexOf(true);
        expect((await store.own.cases.of('p-1')).map(({ number }) => number)).toEqual([`HS-${winner}`]);
        expect(await store.own.waiting.stop('p-1', `e-${winner}`, NOTHING)).toBe(true);
        expect(await store.own.waiting.request(erasing(99), 'erase-99', NOTHING)).toBe(true);
        expect(await store.own.waiting.request(change({ id: 'w-9', person: 'p-9' }), 'y', NOTHING)).toBe(false);
      });

      test('that cannot be carried out yet wait again', async () => {
        await store.own.waiting.begin('w-1');
        await store.own.waiting.postpone('w-1', START + 3 * DAY);
        expect(await store.own.waiting.due(START + 2 * DAY, 9)).toEqual([]);
        expect(await store.own.waiting.byToken('stop-token')).toEqual(change({ dueAt: START + 3 * DAY }));
        expect(await store.own.waiting.stop('p-1', 'w-1', stopped)).toBe(true);
      });

      test('are either stopped or begun, by many at once, too', async () => {
        for (const n of RACERS) {
          await store.own.waiting.request(change({ id: `r-${n}` }), `token-${n}`, NOTHING);
          const [stops, begins] = await Promise.all([
            Promise.all(RACERS.map(() => store.own.waiting.stop('p-1', `r-${n}`, NOTHING))),
            Promise.all(RACERS.map(() => store.own.waiting.begin(`r-${n}`))),
          ]);
          const left = (await store.own.waiting.of('p-1')).some(({ id }) => id === `r-${n}`);
          // Once one of them began it, nobody stopped it: it is there, and all began it from then on.
          expect(count(stops, true)).toBe(left ? 0 : 1);
          if (left) expect(count(begins, true)).toBeGreaterThan(0);
          else expect(count(begins, true)).toBe(0);
        }
      });
    });
  });
}

/** Owns what every store must do for operators: persons who are locked, links that are unlinked, reviews. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/identity/person.ts';
import { entry } from '../../src/journal/events.ts';
import type { Consent, Doubt, Store } from '../../src/store.ts';
import type { OpenStore } from './conformance-database.ts';

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NUMBER = '001099012345';
const TAX = { source: 'tax-code', subject: '8001234567' } as const;
const PHONE = { source: 'mobile-id', subject: '+84912345678' } as const;

const known = (person: string): Change => ({ type: 'person.created', person });
const anchor = (person: string): Change => {
  return { type: 'anchor.added', person, kind: 'personal_number', value: NUMBER };
};
const link = (person: string, account = TAX as typeof TAX | typeof PHONE): Change => {
  return { type: 'link.added', person, ...account, how: 'number' };
};
const proved = (person: string): Change => ({ type: 'link.added', person, ...TAX, how: 'double_proof' });
const used = (person: string): Change => ({ type: 'link.used', person, ...TAX });
const frozen = (person: string): Change => ({ type: 'link.frozen', person, ...TAX });

export function operatorConformance(name: string, open: OpenStore): void {
  describe(name, () => {
    let store: Store;
    let now: number;
    beforeEach(async () => {
      now = START;
      store = await open(() => now);
      await store.people.commit([known('p-1'), known('p-2')], []);
    });
    afterEach(() => store.close());

    const theLink = () => store.people.findLink(TAX.source, TAX.subject);

    describe('locks', () => {
      const told = () => entry(now, { type: 'person_locked' }, 'p-1');

      test('hold until they are lifted; nothing is told of what changed nothing', async () => {
        expect(await store.people.stateOf('p-9')).toBeUndefined();
        expect(await store.people.lock('p-9', [])).toBe(false);
        expect(await store.people.stateOf('p-1')).toBe('active');
        const once = told();
        expect(await store.people.unlock('p-1', [once])).toBe(false);
        expect(await store.people.lock('p-1', [once])).toBe(true);
        // An event of the same id would be refused: that it is not shows that nothing was recorded twice.
        expect(await store.people.lock('p-1', [once])).toBe(false);
        expect([await store.people.stateOf('p-1'), await store.people.stateOf('p-2')]).toEqual(['locked', 'active']);
        expect(await store.people.unlock('p-1', [])).toBe(true);
        expect(await store.people.stateOf('p-1')).toBe('active');
      });

      test('do not hold when their event cannot be written', async () => {
        const ofNobody = entry(now, { type: 'person_locked' }, 'nobody');
        await expect(store.people.lock('p-1', [ofNobody])).rejects.toThrow();
        expect(await store.people.stateOf('p-1')).toBe('active');
      });

      test('suspend consents', async () => {
        const consent: Consent = {
          id: 'c-1',
          person: 'p-1',
          client: 'land-office',
          version: 'v1',
          offered: ['name'],
          granted: ['name'],
          purpose: 'Cấp sổ đỏ',
          basis: 'consent',
          from: START,
          to: START + MINUTE,
        };
        await store.people.commit([link('p-1')], []);
        await store.consents.give(consent, 'land-agency', []);
        await store.people.lock('p-1', []);
        expect(await store.consents.inForce('p-1', 'land-office', START)).toBeUndefined();
        expect(await store.consents.find('c-1', 'land-agency', TAX.source, START)).toBeUndefined();
        await store.people.unlock('p-1', []);
        expect((await store.consents.find('c-1', 'land-agency', TAX.source, START))?.consent).toEqual(consent);
      });
    });

    describe('own links', () => {
      const ids = async () => (await store.people.linksOf('p-1')).map(({ id }) => id);
      const taxLink = async () => (await store.people.linksOf('p-1')).find(({ source }) => source === TAX.source)!.id;

      test('are listed as they stand, oldest first', async () => {
        await store.people.commit([link('p-1')], []);
        now += MINUTE;
        await store.people.commit([link('p-1', PHONE), frozen('p-1')], []);
        expect(await store.people.linksOf('p-1')).toMatchObject([
          { ...TAX, state: 'frozen', how: 'number', firstAt: START },
          { ...PHONE, state: 'active', firstAt: now },
        ]);
        expect(new Set(await ids()).size).toBe(2);
        expect(await store.people.linksOf('p-2')).toEqual([]);
      });

      test('become tombstones, which only double proof brings back', async () => {
        await store.people.commit([anchor('p-1'), link('p-1'), link('p-1', PHONE)], []);
        const tax = await taxLink();
        expect(await store.people.unlink('p-1', 'no such link', [])).toBe('unknown');
        expect(await store.people.unlink('p-2', tax, [])).toBe('unknown');
        expect(await store.people.unlink('p-1', tax, [])).toBe('unlinked');
        expect(await store.people.unlink('p-1', tax, [])).toBe('unknown');
        expect(await theLink()).toEqual({ person: 'p-1', state: 'unlinked' });
        expect(await store.people.commit([used('p-1')], [])).toBe('conflict');
        expect(await store.people.commit([link('p-1')], [])).toBe('conflict');
        expect(await store.people.commit([proved('p-1')], [])).toBe('committed');
      });

      test('are never unlinked so that nobody could sign in any more, not by two at once either', async () => {
        await store.people.commit([anchor('p-1'), link('p-1'), link('p-1', PHONE)], []);
        const outcomes = await Promise.all((await ids()).map((id) => store.people.unlink('p-1', id, [])));
        expect(outcomes.sort()).toEqual(['stranding', 'unlinked']);
      });

      test('of somebody without a number are needed in pairs; a frozen one is nobody’s loss', async () => {
        await store.people.commit([link('p-1'), link('p-1', PHONE)], []);
        const tax = await taxLink();
        expect(await store.people.unlink('p-1', tax, [])).toBe('stranding');
        await store.people.commit([frozen('p-1')], []);
        expect(await store.people.unlink('p-1', tax, [])).toBe('unlinked');
      });
    });

    describe('reviews', () => {
      const evidence = { name: 'Nguyễn Thị Thuý', number: NUMBER };
      const doubt: Doubt = { kind: 'account_changed', person: 'p-1', ...TAX, evidence };

      /** The link freezes; the id of the review this makes. */
      async function freeze(): Promise<string> {
        await store.people.commit([frozen('p-1')], [], [doubt]);
        return (await store.reviews.open())[0]!.id;
      }
      beforeEach(() => store.people.commit([link('p-1')], []));

      test('are counted while they wait', async () => {
        expect(await store.reviews.length()).toBe(0);
        const review = await freeze();
        expect(await store.reviews.length()).toBe(1);
        await store.reviews.decide(review, 'dismiss', 'anna', []);
        expect(await store.reviews.length()).toBe(0);
      });

      test('are opened together with what caused them, once while they wait', async () => {
        expect(await store.people.commit([used('p-2')], [], [doubt])).toBe('conflict');
        expect(await store.reviews.open()).toEqual([]);
        const id = await freeze();
        expect(await freeze()).toBe(id);
        const [review, ...others] = await store.reviews.open();
        expect(others).toEqual([]);
        expect(review).toMatchObject({ kind: 'account_changed', source: TAX.source, person: 'p-1', evidence });
        expect(await store.reviews.find(id)).toEqual(review);
        expect(await store.reviews.find('none')).toBeUndefined();
        expect(await store.reviews.of('p-1')).toEqual([review]);
        expect(await store.reviews.of('p-2')).toEqual([]);
      });

      test('set a link free, to be linked as if it had never been', async () => {
        const id = await freeze();
        expect(await store.reviews.decide(id, 'give-to-new-holder', 'lan', [])).toBe('decided');
        expect(await theLink()).toBeUndefined();
        expect(await store.people.commit([link('p-2')], [])).toBe('committed');
        expect(await store.reviews.find(id)).toMatchObject({ state: 'decided', decider: 'lan', decidedAt: now });
      });

      test('give a link back, or leave it frozen; one of many decides', async () => {
        await store.reviews.decide(await freeze(), 'keep-former', 'lan', []);
        expect(await theLink()).toEqual({ person: 'p-1', state: 'active' });
        const id = await freeze();
        const many = Array.from({ length: 50 }, () => store.reviews.decide(id, 'dismiss', 'lan', []));
        const outcomes = await Promise.all(many);
        expect(outcomes.filter((one) => one === 'decided')).toHaveLength(1);
        expect(outcomes.filter((one) => one === 'unknown')).toHaveLength(49);
        expect(await theLink()).toEqual({ person: 'p-1', state: 'frozen' });
      });

      test('leave a link alone that is no longer as it was, and wait on', async () => {
        const id = await freeze();
        const [own] = await store.people.linksOf('p-1');
        await store.people.unlink('p-1', own!.id, []);
        expect(await store.reviews.decide(id, 'give-to-new-holder', 'lan', [])).toBe('overtaken');
        expect(await theLink()).toEqual({ person: 'p-1', state: 'unlinked' });
        expect(await store.reviews.open()).toHaveLength(1);
      });

      test('are over when somebody has proved that the link is theirs', async () => {
        const id = await freeze();
        await store.people.commit([proved('p-2')], []);
        expect(await store.reviews.open()).toEqual([]);
        expect(await store.reviews.find(id)).toMatchObject({ decision: 'double_proof' });
      });

      test('about nobody’s link can only be dismissed', async () => {
        await store.people.commit([], [], [{ kind: 'ambiguous', ...TAX, evidence }]);
        const [review] = await store.reviews.open();
        expect(review).not.toHaveProperty('person');
        expect(await store.reviews.decide(review!.id, 'keep-former', 'lan', [])).toBe('overtaken');
        expect(await store.reviews.decide(review!.id, 'dismiss', 'lan', [])).toBe('decided');
      });

      test('lose their evidence when its date has come, and go altogether when they are decided', async () => {
        const id = await freeze();
        now += 91 * DAY;
        expect(await store.reviews.find(id)).not.toHaveProperty('evidence');
        await store.reviews.sweep();
        expect(await store.reviews.open()).toMatchObject([{ id, state: 'open' }]);
        await store.reviews.decide(id, 'dismiss', 'lan', []);
        await store.reviews.sweep();
        expect(await store.reviews.find(id)).toBeUndefined();
      });
    });
  });
}

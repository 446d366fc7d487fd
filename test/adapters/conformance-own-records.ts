/** Owns what every store must do with what a person is told: where, in which browsers, by which messages. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOTICE_LIFETIME, noticeMessage } from '../../src/citizen/notices/notices.ts';
import { type Contact, MOST_ALERTS_IN_AN_HOUR, MOST_KNOWN, type WaitingChange } from '../../src/citizen/ports.ts';
import { entry } from '../../src/journal/events.ts';
import {
  alert,
  count,
  DAY,
  everything,
  linked,
  MINUTE,
  NOTHING,
  NUMBER,
  newCase,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  question,
  RACERS,
  START,
  seen,
  TAX,
  told,
  used,
} from './own-store.ts';

export function ownRecordsConformance(name: string, open: OpenDatabase): void {
  describe(`a person’s own records on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit(everything('p-1'), []);
      await store.people.commit(everything('p-2', '001099054321', { ...TAX, subject: '8002' }), []);
    });
    afterEach(() => store.close());

    describe('contacts', () => {
      const mail: Contact = { id: 'm-1', kind: 'mail', address: 'lan@example.vn', language: 'vi', confirmedAt: START };
      const added = (replaced = false) => told({ type: 'contact_added', kind: 'mail', replaced }, 'p-1');

      test('are one of each kind, the latest', async () => {
        await store.own.contacts.put('p-1', mail, added());
        const phone: Contact = { ...mail, id: 't-1', kind: 'phone', address: '+84912345678' };
        await store.own.contacts.put('p-1', phone, NOTHING);
        const other: Contact = {
          ...mail,
          id: 'm-2',
          address: 'lan2@example.vn',
          language: 'en',
          confirmedAt: START + 1,
        };
        await store.own.contacts.put('p-1', other, added(true));
        expect(await store.own.contacts.of('p-1')).toEqual([other, phone]);
        expect(await store.own.contacts.of('p-2')).toEqual([]);
      });

      test('that are put twice at once are there once; each is told of', async () => {
        await Promise.all(RACERS.map((n) => store.own.contacts.put('p-1', { ...mail, id: `m-${n}` }, added())));
        const [contact, ...others] = await store.own.contacts.of('p-1');
        expect([contact?.address, others]).toEqual([mail.address, []]);
        expect(await store.outbox.lengths()).toEqual(new Map([['notice', RACERS.length]]));
      });

      test('are removed by their person, once', async () => {
        await store.own.contacts.put('p-1', mail, NOTHING);
        const removed = told({ type: 'contact_removed', kind: 'mail' }, 'p-1');
        expect(await store.own.contacts.remove('p-2', 'm-1', removed)).toBe(false);
        const outcomes = await Promise.all(RACERS.map(() => store.own.contacts.remove('p-1', 'm-1', removed)));
        expect(count(outcomes, true)).toBe(1);
        expect(await store.own.contacts.of('p-1')).toEqual([]);
      });

      test('of nobody are not kept, nor is one of which cannot be told', async () => {
        await expect(store.own.contacts.put('p-9', mail, NOTHING)).rejects.toThrow();
        const ofNobody = told({ type: 'contact_added', kind: 'mail', replaced: false }, 'p-9');
        await expect(store.own.contacts.put('p-1', mail, ofNobody)).rejects.toThrow();
        expect(await store.own.contacts.of('p-1')).toEqual([]);
        expect(await store.outbox.lengths()).toEqual(new Map());
      });
    });

    describe('devices', () => {
      const signIn = (changes: Parameters<typeof seen>[0] = {}) =>
        store.people.commit([used('p-1', TAX)], [], [], { device: seen(changes) });
      const knownAs = async (device?: string, subject: string = TAX.subject) => {
        const asked = question({ subject, ...(device === undefined ? {} : { device }) });
        const { persons } = await store.people.lookUp(asked);
        return [...persons.values()].map((person) => person.device);
      };

      test('are known by their cookie, each to its own person', async () => {
        expect(await knownAs('cookie-of-a-browser')).toEqual([undefined]);
        expect(await signIn()).toBe('committed');
        expect(await knownAs('cookie-of-a-browser')).toEqual(['d-1']);
        expect(await knownAs('cookie-of-another')).toEqual([undefined]);
        expect(await knownAs()).toEqual([undefined]);
        expect(await knownAs('cookie-of-a-browser', '8002')).toEqual([undefined]);
        store.now += MINUTE;
        expect(await signIn({ isNew: false })).toBe('committed');
        const { label } = seen();
        expect(await store.own.devices.of('p-1')).toEqual([
          { id: 'd-1', label, firstAt: START, lastAt: START + MINUTE, known: true },
        ]);
        const [account, number] = [{ subject: '8002' }, { personalNumber: NUMBER }];
        const { persons } = await store.people.lookUp(
          question({ ...account, ...number, device: 'cookie-of-a-browser' }),
        );
        expect([persons.get('p-1')?.device, persons.get('p-2')?.device]).toEqual(['d-1', undefined]);
      });

      test('D9 are known up to a number, those used again longest, and asked for by which they are', async () => {
        await signIn();
        store.now += MINUTE;
        await signIn({ isNew: false });
        for (let each = 0; each < MOST_KNOWN + 5; each += 1) {
          store.now += 1;
          await signIn({ id: `n-${each}`, secret: `s-${each}` });
        }
        const known = await store.own.devices.of('p-1', 'known');
        expect(known).toHaveLength(MOST_KNOWN);
        expect(known.map(({ id }) => id)).toContain('d-1');
        expect(known.map(({ id }) => id)).toContain(`n-${MOST_KNOWN + 4}`);
        expect(known.map(({ id }) => id)).not.toContain('n-0');
        const these = await store.own.devices.of('p-1', ['n-0', 'd-1', 'nobody']);
        expect(these.map(({ id, known: isKnown }) => [id, isKnown])).toEqual([
          ['n-0', false],
          ['d-1', true],
        ]);
        expect(await store.own.devices.of('p-2', ['d-1'])).toEqual([]);
        expect(await store.own.devices.of('p-1', [])).toEqual([]);
        expect(await store.own.devices.of('p-1')).toHaveLength(MOST_KNOWN + 6);
      });

      test('D7 of many new ones at once a few are told of; after an hour again, and a new way always', async () => {
        const telling = (n: number, kind: 'device' | 'source' = 'device') => {
          const beside = {
            device: seen({ id: `d-${n}`, secret: `s-${n}` }),
            alert: alert({ id: `a-${n}`, token: `token-${n}`, kind, at: store.now }),
            messages: [noticeMessage('p-1', { type: 'person_erased' })],
          };
          return store.people.commit([used('p-1', TAX)], [], [], beside);
        };
        const outcomes = await Promise.all(RACERS.map((n) => telling(n)));
        expect(count(outcomes, 'committed')).toBe(RACERS.length);
        expect(await store.own.alerts.of('p-1')).toHaveLength(MOST_ALERTS_IN_AN_HOUR);
        expect(await store.outbox.lengths()).toEqual(new Map([['notice', MOST_ALERTS_IN_AN_HOUR]]));
        expect(await store.own.devices.of('p-1')).toHaveLength(RACERS.length);
        await telling(100, 'source');
        expect(await store.own.alerts.of('p-1')).toHaveLength(MOST_ALERTS_IN_AN_HOUR + 1);
        store.now += 61 * MINUTE;
        await telling(101);
        expect(await store.own.alerts.of('p-1')).toHaveLength(MOST_ALERTS_IN_AN_HOUR + 2);
      });

      test('are one where two tabs begin at once, and each by itself where they keep no cookie', async () => {
        await Promise.all(RACERS.map((n) => signIn({ id: `d-${n}` })));
        expect(await store.own.devices.of('p-1')).toHaveLength(1);
        const { secret: _, ...without } = seen({ id: 'without' });
        await store.people.commit([], [], [], { device: without });
        await store.people.commit([], [], [], { device: { ...without, id: 'without-2', isNew: true } });
        const all = await store.own.devices.of('p-1');
        expect(all.map(({ known }) => known).sort()).toEqual([false, false, true]);
      });

      test('of somebody who signs in for the first time are kept with them', async () => {
        const account = { source: TAX.source, subject: '8003' };
        const first = [{ type: 'person.created', person: 'p-3' } as const, linked('p-3', account)];
        const beside = { device: seen({ person: 'p-3', id: 'd-3' }) };
        expect(await store.people.commit(first, [], [], beside)).toBe('committed');
        expect(await knownAs('cookie-of-a-browser', '8003')).toEqual(['d-3']);
        // One who is not there any more has none.
        expect(await store.people.commit([], [], [], { device: seen({ person: 'p-9', id: 'd-9' }) })).toBe('conflict');
      });

      test('are not kept when their sign-in is not', async () => {
        const late = [used('p-2', TAX)];
        const messages = [noticeMessage('p-1', { type: 'person_erased' })];
        expect(await store.people.commit(late, [], [], { device: seen(), alert: alert(), messages })).toBe('conflict');
        expect(await store.own.devices.of('p-1')).toEqual([]);
        expect(await store.own.alerts.find('token-in-a-link', START)).toBeUndefined();
        expect(await store.outbox.lengths()).toEqual(new Map());
      });

      test('are forgotten once, and stay in the list', async () => {
        await signIn();
        const forgotten = told({ type: 'device_forgotten' }, 'p-1');
        expect(await store.own.devices.forget('p-2', 'd-1', forgotten)).toBe(false);
        const outcomes = await Promise.all(RACERS.map(() => store.own.devices.forget('p-1', 'd-1', forgotten)));
        expect(count(outcomes, true)).toBe(1);
        expect(await knownAs('cookie-of-a-browser')).toEqual([undefined]);
        expect(await store.own.devices.of('p-1')).toMatchObject([{ id: 'd-1', known: false }]);
        store.now += MINUTE;
        await signIn({ id: 'd-2' });
        expect((await store.own.devices.of('p-1')).map(({ id, known }) => [id, known])).toEqual([
          ['d-2', true],
          ['d-1', false],
        ]);
      });
    });

    test('messages go out with what they tell of, each for as long as it is worth it', async () => {
      const logout = { kind: 'logout', target: 'land-office', key: 'k', payload: 1 };
      const notice = noticeMessage('p-1', { type: 'person_erased' });
      await store.own.blocks.block('p-1', TAX.source, { entries: [], messages: [logout, notice, logout] });
      const due = await store.outbox.due({ now: START, lease: 1, targets: 9, each: 9, except: [] });
      expect(due.map(({ kind, expiresAt }) => [kind, expiresAt - START]).sort()).toEqual([
        ['logout', DAY],
        ['notice', NOTICE_LIFETIME * 1000],
      ]);
      expect(due.find(({ kind }) => kind === 'notice')?.payload).toEqual(notice.payload);
    });

    test('public keys stay, each as it was first published', async () => {
      expect(await store.publishedKeys.all()).toEqual([]);
      const key = { kty: 'EC', crv: 'P-256', kid: 'k-2', x: 'x', y: 'y' };
      await Promise.all(RACERS.map(() => store.publishedKeys.publish([key])));
      store.now += 1;
      await store.publishedKeys.publish([
        { ...key, x: 'another' },
        { ...key, kid: 'k-1' },
      ]);
      await store.publishedKeys.publish([]);
      expect(await store.publishedKeys.all()).toEqual([key, { ...key, kid: 'k-1' }]);
    });

    test('what is a person’s own is unreadable at rest', async () => {
      const secrets = ['lan@example.vn', 'Firefox', 'Plan 9', 'cookie-of-a-browser', 'token-in-a-link', 'stop-token'];
      secrets.push('Tôi không đăng nhập', 'Đã gửi bản sao dữ liệu.', 'the tax code', 'the former address');
      const contact: Contact = { id: 'm-1', kind: 'mail', address: secrets[0]!, language: 'vi', confirmedAt: START };
      const also = [{ kind: 'mail', address: 'the former address', language: 'vi' }] as const;
      const messages = [noticeMessage('p-1', { type: 'person_erased' }, also)];
      const linkAdded = entry(START, { type: 'link_added', source: TAX.source, how: 'number' }, 'p-1', 'd-1');
      await store.own.contacts.put('p-1', contact, { entries: [linkAdded], messages });
      await store.people.commit([], [], [], { device: seen(), alert: alert() });
      await store.own.cases.open(newCase(), NOTHING, 9);
      await store.own.cases.advance('HS-1', { state: 'answered', at: START, answer: secrets[7]! }, NOTHING);
      const change: WaitingChange = {
        id: 'w-1',
        person: 'p-1',
        kind: 'contact',
        detail: secrets[8]!,
        requestedAt: START,
        dueAt: START,
      };
      await store.own.waiting.request(change, 'stop-token', NOTHING);
      const dump = [...(await store.dump()).values()].join('\n');
      expect(dump).toContain('HS-1');
      for (const secret of secrets)
        for (const trace of [secret, Buffer.from(secret).toString('latin1')]) expect(dump).not.toContain(trace);
    });
  });
}

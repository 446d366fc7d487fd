/** Owns what every store must do with those who use the console: nobody readable, and nobody there who is gone or locked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  account,
  agency,
  index,
  NOTHING_ALONGSIDE,
  OWNER,
  service,
  token,
  trailed,
  version,
} from './developer-samples.ts';
import {
  count,
  everything,
  MINUTE,
  NOTHING,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  PHONE,
  RACERS,
  START,
  TAX,
} from './own-store.ts';

const HASH = 'hash-of-a-token';

export function developerPeopleConformance(name: string, open: OpenDatabase): void {
  describe(`accounts of the console on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit(everything('p-1'), []);
      const others = [
        { ...TAX, subject: '8002' },
        { ...PHONE, subject: '+84900000002' },
      ];
      await store.people.commit(everything('p-2', '001099054321', ...others), []);
      await store.developer.accounts.put(account());
    });
    afterEach(() => store.close());

    const held = async () => {
      const found: string[] = [];
      for (const [table, rows] of await store.dump()) if (rows.includes(OWNER)) found.push(table);
      return found.sort();
    };

    test('are what their person says, found one by one and together', async () => {
      const { accounts } = store.developer;
      const second = account({ id: 'second', person: 'p-2', name: 'Lê Văn Bốn', language: 'en', since: START + 1 });
      await accounts.put(second);
      expect(await accounts.find(OWNER)).toEqual(account());
      expect(await accounts.find('nobody')).toBeUndefined();
      expect(await accounts.among([OWNER, 'nobody', 'second', OWNER])).toEqual(
        new Map([
          [OWNER, account()],
          ['second', second],
        ]),
      );
      expect(await accounts.among([])).toEqual(new Map());
      expect([await accounts.of('p-2'), await accounts.of('nobody')]).toEqual([[second], []]);
      const renamed = account({ name: 'Trần Bình', mail: 'tran@hanoi.example', language: 'en' });
      await Promise.all(RACERS.map(() => accounts.put(renamed)));
      expect(await accounts.find(OWNER)).toEqual(renamed);
      await expect(accounts.put(account({ person: 'p-2' }))).rejects.toThrow();
      await expect(accounts.put(account({ id: 'third', person: 'nobody' }))).rejects.toThrow();
      expect(await accounts.find(OWNER)).toEqual(renamed);
    });

    test('stand nowhere by name or address, whatever they do', async () => {
      const { developer } = store;
      await developer.agencies.save(agency(), { trail: [trailed()] });
      await developer.services.save(service(), index(), { trail: [trailed()], versions: [version()] });
      await developer.tokens.add(token(), HASH, { trail: [trailed()] });
      await developer.registrars.add(OWNER);
      const all = [...(await store.dump()).values()].join('\n');
      const bytes = Buffer.from(account().name).toString('latin1');
      for (const unreadable of [account().name, bytes, account().mail, 'Bình Minh', 'binhminh'])
        expect(all).not.toContain(unreadable);
      expect(all).toContain(OWNER);
    });

    describe('tokens', () => {
      const use = (now = START, hash = HASH) => store.developer.tokens.use(hash, now);
      beforeEach(() => store.developer.tokens.add(token(), HASH, { trail: [trailed({ action: 'token.made' })] }));

      test('are found by their hash until they end, and note their use to the minute', async () => {
        const { tokens } = store.developer;
        expect(await tokens.of(OWNER)).toEqual([token()]);
        expect(await use(START, 'another')).toBeUndefined();
        expect(await use(START)).toEqual(token({ usedAt: START }));
        expect(await use(START + MINUTE - 1)).toEqual(token({ usedAt: START }));
        await Promise.all(RACERS.map((n) => use(START + MINUTE + n)));
        const [used] = await tokens.of(OWNER);
        expect(used!.usedAt).toBeGreaterThanOrEqual(START + MINUTE);
        expect(used!.usedAt).toBeLessThan(START + MINUTE + RACERS.length);
        expect(await use(token().endsAt - 1)).toBeDefined();
        expect(await use(token().endsAt)).toBeUndefined();
        await expect(tokens.add(token({ id: 't-2' }), HASH, NOTHING_ALONGSIDE)).rejects.toThrow();
        await expect(tokens.add(token({ id: 't-3', account: 'nobody' }), 'h', NOTHING_ALONGSIDE)).rejects.toThrow();
        expect((await store.developer.trail.of({ agency: 'so-tu-phap', most: 9 })).map(({ action }) => action)).toEqual(
          ['token.made'],
        );
      });

      test('are ended by their owner, once', async () => {
        const { tokens, trail } = store.developer;
        const ended = () => ({ trail: [trailed({ action: 'token.ended' })] });
        expect(await tokens.end('somebody else', 't-1', ended())).toBe(false);
        expect(await use()).toBeDefined();
        const outcomes = await Promise.all(RACERS.map(() => tokens.end(OWNER, 't-1', ended())));
        expect(count(outcomes, true)).toBe(1);
        expect([await use(), await tokens.of(OWNER)]).toEqual([undefined, []]);
        expect(await trail.of({ agency: 'so-tu-phap', most: 9 })).toHaveLength(2);
      });

      test('open nothing while their person is locked', async () => {
        await store.people.lock('p-1', []);
        expect(await use()).toBeUndefined();
        await store.people.unlock('p-1', []);
        expect(await use()).toBeDefined();
      });

      test('open nothing once the way in is closed by which they were made', async () => {
        const { blocks } = store.own;
        expect(await blocks.block('p-1', PHONE.source, NOTHING)).toBe('blocked');
        expect(await use()).toBeDefined();
        expect(await blocks.unblock('p-1', PHONE.source, NOTHING)).toBe(true);
        expect(await blocks.block('p-1', TAX.source, NOTHING)).toBe('blocked');
        expect(await use()).toBeUndefined();
        const ways = [PHONE, TAX].map(({ source }) => ({ account: OWNER, source }));
        const standing = () => store.developer.accounts.standing([...ways, { account: 'nobody', source: TAX.source }]);
        expect(await standing()).toEqual([ways[0]]);
        expect(await blocks.unblock('p-1', TAX.source, NOTHING)).toBe(true);
        expect(await standing()).toEqual(ways);
        await store.people.lock('p-1', []);
        expect([await standing(), await store.developer.accounts.standing([])]).toEqual([[], []]);
        await store.people.unlock('p-1', []);
        expect(await use()).toBeDefined();
        const { id } = (await store.people.linksOf('p-1')).find(({ source }) => source === TAX.source)!;
        expect(await store.people.unlink('p-1', id, [])).toBe('unlinked');
        expect(await use()).toBeUndefined();
      });

      test('go with their person, as do the account and what it may decide; the trail stays', async () => {
        const { developer } = store;
        await developer.agencies.save(agency(), { trail: [trailed()] });
        await developer.registrars.add(OWNER);
        await developer.registrars.add('second');
        expect(await held()).toEqual([
          'agency',
          'agency_member',
          'api_token',
          'developer_account',
          'registrar',
          'trail',
        ]);
        expect(await store.people.erase('p-1', NOTHING)).toBe('erased');
        expect(await held()).toEqual(['agency', 'agency_member', 'trail']);
        expect(await use()).toBeUndefined();
        expect(await developer.accounts.among([OWNER])).toEqual(new Map());
        expect(await developer.registrars.all()).toEqual(['second']);
        await expect(developer.accounts.put(account())).rejects.toThrow();
      });

      test('are not left behind by an erasure, whoever makes one at the same time', async () => {
        const [erased, ...added] = await Promise.allSettled([
          store.people.erase('p-1', NOTHING),
          ...RACERS.map((n) => store.developer.tokens.add(token({ id: `r-${n}` }), `h-${n}`, NOTHING_ALONGSIDE)),
          ...RACERS.map(() => store.developer.accounts.put(account())),
        ]);
        expect(erased).toEqual({ status: 'fulfilled', value: 'erased' });
        expect(added).toHaveLength(2 * RACERS.length);
        expect((await held()).filter((table) => table !== 'trail')).toEqual([]);
      });
    });

    test('registrars are added and removed once each', async () => {
      const { registrars } = store.developer;
      expect([await registrars.all(), await registrars.is(OWNER)]).toEqual([[], false]);
      const added = await Promise.all(RACERS.map(() => registrars.add(OWNER)));
      expect([count(added, true), await registrars.is(OWNER), await registrars.all()]).toEqual([1, true, [OWNER]]);
      const removed = await Promise.all(RACERS.map(() => registrars.remove(OWNER)));
      expect([count(removed, true), await registrars.is(OWNER)]).toEqual([1, false]);
    });

    test('logos are kept once, as they came', async () => {
      const { logos } = store.developer;
      const body = Uint8Array.from({ length: 256 }, (_, n) => n);
      await Promise.all(RACERS.map(() => logos.put('id-of-its-content.png', { type: 'image/png', body })));
      const kept = await logos.find('id-of-its-content.png');
      expect([kept?.type, Buffer.from(kept!.body)]).toEqual(['image/png', Buffer.from(body)]);
      expect(await logos.find('none')).toBeUndefined();
    });
  });
}

/** Owns what every store must do with ways to sign in that are closed: nobody gets in there, and nobody is locked out. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountsOf,
  alert,
  anchored,
  consent,
  count,
  everything,
  known,
  linked,
  NOTHING,
  newCase,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  PHONE,
  question,
  RACERS,
  START,
  TAX,
  told,
  used,
} from './own-store.ts';

export function blockConformance(name: string, open: OpenDatabase): void {
  describe(`closed ways to sign in on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit(everything('p-1'), []);
    });
    afterEach(() => store.close());

    const blocked = (source: string = TAX.source) =>
      store.own.blocks.block('p-1', source, told({ type: 'source_blocked', source }, 'p-1'));
    const events = async () => {
      const types = [
        'source_blocked',
        'source_unblocked',
        'source_suspended',
        'source_restored',
        'case_opened',
      ] as const;
      return (await store.journal.historyOf({ person: 'p-1', types, most: 99 })).map(({ event }) => event.type).sort();
    };
    const suspended = (number = 'HS-1') =>
      store.own.blocks.suspend(
        'p-1',
        TAX.source,
        newCase({ number }),
        told({ type: 'source_suspended', source: TAX.source, said: 'page' }, 'p-1'),
      );
    const usable = async (person: string) => {
      const shut = new Set((await store.own.blocks.of(person)).map(({ source }) => source));
      const links = await store.people.linksOf(person);
      return links.filter(({ source, state }) => state === 'active' && !shut.has(source)).length;
    };

    test('are closed and opened by their person, told once each', async () => {
      expect(await blocked()).toBe('blocked');
      expect(await blocked()).toBe('unchanged');
      expect(await store.own.blocks.of('p-1')).toEqual([{ source: TAX.source, reason: 'citizen', at: START }]);
      const back = told({ type: 'source_unblocked', source: TAX.source }, 'p-1');
      expect(await store.own.blocks.unblock('p-2', TAX.source, back)).toBe(false);
      expect(await store.own.blocks.unblock('p-1', TAX.source, back)).toBe(true);
      expect(await store.own.blocks.unblock('p-1', TAX.source, back)).toBe(false);
      expect(await store.own.blocks.of('p-1')).toEqual([]);
      expect(await events()).toEqual(['source_blocked', 'source_unblocked']);
      expect(await store.outbox.lengths()).toEqual(new Map([['notice', 2]]));
    });

    test('are closed for an alarm whoever is stranded, with a case, and opened by itself', async () => {
      expect(await blocked(PHONE.source)).toBe('blocked');
      expect(await suspended()).toBe(true);
      expect(await suspended('HS-2')).toBe(false);
      expect((await store.own.cases.of('p-1')).map(({ number }) => number)).toEqual(['HS-1']);
      expect((await store.own.blocks.of('p-1')).find(({ reason }) => reason === 'not_me')).toEqual({
        source: TAX.source,
        reason: 'not_me',
        at: START,
        case: 'HS-1',
      });
      // What an alarm has closed the citizen does not open.
      expect(await store.own.blocks.unblock('p-1', TAX.source, NOTHING)).toBe(false);
      expect(await store.own.blocks.restore('p-1', PHONE.source, NOTHING)).toBe(false);
      const restored = told({ type: 'source_restored', source: TAX.source, by: 'operator' }, 'p-1');
      expect(await store.own.blocks.restore('p-1', TAX.source, restored)).toBe(true);
      expect(await store.own.blocks.restore('p-1', TAX.source, restored)).toBe(false);
      expect(await store.people.commit([used('p-1', TAX)], [])).toBe('committed');
      expect(await events()).toEqual(['source_blocked', 'source_restored', 'source_suspended']);
    });

    test('of nobody are closed by nobody', async () => {
      expect(await store.own.blocks.suspend('p-9', TAX.source, newCase({ person: 'p-9' }), NOTHING)).toBe(false);
      expect(await store.own.cases.waiting()).toEqual([]);
    });

    test('D6 nobody signs in through one, links it or gets it back', async () => {
      expect(await blocked()).toBe('blocked');
      expect(await store.people.commit([used('p-1', TAX)], [])).toBe('conflict');
      expect(await store.people.commit([linked('p-1', { ...TAX, subject: '8009' })], [])).toBe('conflict');
      expect(await store.people.commit([linked('p-1', { ...TAX, subject: '8009' }, 'double_proof')], [])).toBe(
        'conflict',
      );
      expect(await store.people.commit([used('p-1', PHONE)], [])).toBe('committed');
      await store.own.blocks.unblock('p-1', TAX.source, NOTHING);
      expect(await store.people.commit([used('p-1', TAX)], [])).toBe('committed');
    });

    test('D6 whoever wants no new ones gets none; whoever is new has said nothing yet', async () => {
      expect(await blocked('*')).toBe('blocked');
      const account = { source: 'social-insurance', subject: '7009' };
      expect(await store.people.commit([linked('p-1', account)], [])).toBe('conflict');
      expect(await store.people.commit([linked('p-1', account, 'double_proof')], [])).toBe('conflict');
      expect(await store.people.commit([used('p-1', TAX)], [])).toBe('committed');
      expect(await store.people.commit([known('p-2'), linked('p-2', account)], [])).toBe('committed');
    });

    test('D6 are told to whoever looks an account up, with all links', async () => {
      await blocked();
      await suspended();
      const { persons } = await store.people.lookUp(question());
      expect(persons.get('p-1')).toEqual({
        state: 'active',
        links: [
          { source: PHONE.source, state: 'active' },
          { source: TAX.source, state: 'active' },
        ],
        blocks: [
          { source: TAX.source, reason: 'citizen', at: START },
          { source: TAX.source, reason: 'not_me', at: START, case: 'HS-1' },
        ],
        isReachable: false,
      });
      const contact = {
        id: 'k-1',
        kind: 'mail',
        address: 'an@example.vn',
        language: 'vi',
        confirmedAt: START,
      } as const;
      await store.own.contacts.put('p-1', contact, { entries: [] });
      expect((await store.people.lookUp(question())).persons.get('p-1')).toMatchObject({ isReachable: true });
    });

    test('D6 what rests on a sign-in through one is in force no more', async () => {
      await store.consents.give(consent(), 'agency', []);
      const { find, release, use } = store.consents;
      const all = async (source: string) => [
        (await find('c-1', 'agency', source, START)) !== undefined,
        (await release('c-1', 'agency', source, START, [])) !== undefined,
        await use('c-1', source, START, []),
      ];
      const [both, none] = [
        [true, true, true],
        [false, false, false],
      ];
      expect(await all(TAX.source)).toEqual(both);
      expect(await all('social-insurance')).toEqual(none);
      await blocked();
      expect([await all(TAX.source), await all(PHONE.source)]).toEqual([none, both]);
      await store.own.blocks.unblock('p-1', TAX.source, NOTHING);
      await suspended();
      expect(await all(TAX.source)).toEqual(none);
      await store.own.blocks.restore('p-1', TAX.source, NOTHING);
      expect(await all(TAX.source)).toEqual(both);
      const tax = (await store.people.linksOf('p-1')).find(({ source }) => source === TAX.source)!;
      await store.people.unlink('p-1', tax.id, []);
      expect([await all(TAX.source), await all(PHONE.source)]).toEqual([none, both]);
      await store.people.commit([{ type: 'link.frozen', person: 'p-1', ...PHONE }], []);
      expect(await all(PHONE.source)).toEqual(none);
    });

    test('D6 are never closed or unlinked so that nobody could sign in any more', async () => {
      expect(await blocked()).toBe('blocked');
      expect(await blocked(PHONE.source)).toBe('stranding');
      // Nobody signs in there, so there is nothing to lose.
      expect(await blocked('social-insurance')).toBe('blocked');
      const links = await store.people.linksOf('p-1');
      const idOf = (source: string) => links.find((link) => link.source === source)!.id;
      expect(await store.people.unlink('p-1', idOf(PHONE.source), [])).toBe('stranding');
      expect(await store.people.unlink('p-1', idOf(TAX.source), [])).toBe('unlinked');
    });

    test('D6 of somebody without a number are needed in pairs', async () => {
      const accounts = accountsOf(7);
      const third = { source: 'social-insurance', subject: '7007' };
      await store.people.commit([known('p-2'), ...[...accounts, third].map((one) => linked('p-2', one))], []);
      expect(await store.own.blocks.block('p-2', third.source, NOTHING)).toBe('blocked');
      expect(await store.own.blocks.block('p-2', TAX.source, NOTHING)).toBe('stranding');
      await store.people.commit([anchored('p-2', '001099000007')], []);
      expect(await store.own.blocks.block('p-2', TAX.source, NOTHING)).toBe('blocked');
    });

    test('D6 of many who close and unlink the last two at once, crosswise, one way is left', async () => {
      for (const n of RACERS) {
        const person = `r-${n}`;
        const number = `0010990${10_000 + n}`;
        await store.people.commit(everything(person, number, ...accountsOf(n)), []);
        const ids = new Map((await store.people.linksOf(person)).map(({ id, source }) => [source, id]));
        const outcomes = await Promise.all(
          RACERS.map((racer) => {
            const source = racer % 2 ? TAX.source : PHONE.source;
            return racer % 4 < 2
              ? store.own.blocks.block(person, source, NOTHING)
              : store.people.unlink(person, ids.get(source)!, []);
          }),
        );
        expect(await usable(person)).toBe(1);
        expect(count(outcomes, 'blocked') + count(outcomes, 'unlinked')).toBeGreaterThanOrEqual(1);
      }
    });

    test('D6 who sign in while their person closes the way, nobody does afterwards', async () => {
      const [outcome, ...signIns] = await Promise.all([
        blocked(),
        ...RACERS.map(() => store.people.commit([{ type: 'person.confirmed', person: 'p-1' }, used('p-1', TAX)], [])),
      ]);
      expect(outcome).toBe('blocked');
      expect(count(signIns, 'committed') + count(signIns, 'conflict')).toBe(RACERS.length);
      expect(await store.people.commit([used('p-1', TAX)], [])).toBe('conflict');
    });

    test('of many who press the link of one alert, one closes the way', async () => {
      await store.people.commit([], [], [], { alert: alert() });
      const found = (await store.own.alerts.find('token-in-a-link', START))!;
      expect(found).toEqual({
        id: 'a-1',
        person: 'p-1',
        kind: 'device',
        at: START,
        client: 'land-office',
        source: TAX.source,
        expiresAt: alert().expiresAt,
      });
      const outcomes = await Promise.all(
        RACERS.map((n) => store.own.alerts.deny(found, START + n, newCase({ number: `HS-${n}` }), NOTHING)),
      );
      expect([count(outcomes, 'denied'), count(outcomes, 'used')]).toEqual([1, RACERS.length - 1]);
      const opened = await store.own.cases.of('p-1');
      expect(opened.map(({ number }) => number)).toEqual([`HS-${outcomes.indexOf('denied')}`]);
      expect(await store.own.blocks.of('p-1')).toMatchObject([{ reason: 'not_me', case: opened[0]!.number }]);
      expect(await store.own.alerts.find('token-in-a-link', START)).toMatchObject({ usedAt: expect.any(Number) });
    });

    test('an alert that has expired closes nothing; one beside an earlier alarm is a case of its own', async () => {
      await store.people.commit([], [], [], { alert: alert({ device: 'd-1' }) });
      const found = (await store.own.alerts.find('token-in-a-link', START))!;
      expect(found.device).toBe('d-1');
      expect(await store.own.alerts.of('p-1')).toEqual([found]);
      expect(await store.own.alerts.find('another-token', START)).toBeUndefined();
      expect(await store.own.alerts.find('token-in-a-link', found.expiresAt)).toBeUndefined();
      expect(await store.own.alerts.deny(found, found.expiresAt, newCase(), NOTHING)).toBe('used');
      await suspended();
      expect(await store.own.alerts.deny(found, START, newCase({ number: 'HS-2' }), NOTHING)).toBe('denied');
      expect((await store.own.cases.of('p-1')).map(({ number }) => number).sort()).toEqual(['HS-1', 'HS-2']);
      await store.own.sweep(found.expiresAt);
      expect((await store.dump()).get('alert')).toBe('');
    });
  });
}

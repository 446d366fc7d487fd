/** Owns what every store must do when a service becomes a client of the two issuers: at once, announced, and only its own. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Registrations } from '../../src/store.ts';
import { until } from '../engines/until.ts';
import {
  agency,
  index,
  NOTHING_ALONGSIDE,
  published,
  SERVICE,
  service,
  trailed,
  version,
} from './developer-samples.ts';
import { count, type OpenDatabase, type OwnStore, openOwnStore, RACERS } from './own-store.ts';

const SANDBOX = published();
const LIVE = published({ issuer: 'hub', id: SERVICE, registration: { client_id: SERVICE } });

export function developerClientConformance(name: string, open: OpenDatabase): void {
  describe(`services as clients on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.developer.agencies.save(agency(), NOTHING_ALONGSIDE);
    });
    afterEach(() => store.close());

    const save = (revision: number, clients: readonly ReturnType<typeof published>[], id = SERVICE) =>
      store.developer.services.save(service({ id, revision }), index(), { trail: [], clients });
    const idsOf = async (registrations: Registrations) => (await registrations.since(0)).map(({ id }) => id);

    test('are there for their issuer, counted with its other clients, and gone when they are published no more', async () => {
      const { registrations, sandboxRegistrations } = store;
      await registrations.save([{ id: 'land-office', registration: {} }], []);
      expect(await save(0, [SANDBOX])).toBe('saved');
      const [tried] = await sandboxRegistrations.since(0);
      expect(tried).toMatchObject({ id: SANDBOX.id, registration: SANDBOX.registration });
      expect(await idsOf(registrations)).toEqual(['land-office']);
      expect(await save(1, [LIVE, SANDBOX])).toBe('saved');
      const [, live] = await registrations.since(0);
      expect(live).toEqual({
        id: SERVICE,
        registration: LIVE.registration,
        revision: expect.any(Number),
        service: SERVICE,
      });
      expect(await registrations.since(live!.revision)).toEqual([]);
      expect(await sandboxRegistrations.since(tried!.revision)).toMatchObject([{ id: SANDBOX.id }]);
      expect(await save(2, [{ issuer: 'hub', id: SERVICE }])).toBe('saved');
      const gone = { id: SERVICE, revision: expect.any(Number), service: SERVICE };
      expect(await registrations.since(live!.revision)).toEqual([gone]);
      expect(await save(3, [LIVE])).toBe('saved');
      expect((await registrations.since(live!.revision)).at(-1)?.registration).toEqual(LIVE.registration);
    });

    test('are announced to whoever follows that issuer, once they are durable', async () => {
      const { registrations, sandboxRegistrations, database } = store;
      const heard: [string, readonly string[]][] = [];
      let listening = false;
      database.changes.listen((topic) => {
        listening = true;
        const of = topic === registrations.topic ? registrations : sandboxRegistrations;
        void idsOf(of).then(
          (ids) => heard.push([topic, ids]),
          () => {},
        );
      });
      const heardOf = (topic: string) => heard.filter(([one]) => one === topic);
      // A database across a network hears of nothing before it listens.
      await until(async () => {
        await registrations.save([{ id: `probe-${performance.now()}`.replace('.', '-') }], []);
        return listening;
      }, 5_000);
      await until(async () => heardOf('clients').length > 0, 5_000);
      expect(heardOf('clients:sandbox')).toEqual([]);
      expect(await save(0, [SANDBOX])).toBe('saved');
      await until(async () => heardOf('clients:sandbox').length > 0, 5_000);
      // Not of a unit of which nothing was written.
      expect(await save(0, [SANDBOX])).toBe('conflict');
      expect(await save(1, [LIVE])).toBe('saved');
      await until(async () => heardOf('clients').some(([, ids]) => ids.includes(SERVICE)), 5_000);
      expect(heardOf('clients:sandbox')).toEqual([['clients:sandbox', [SANDBOX.id]]]);
    });

    test('are not made under an id that is a client’s already, one that was removed too', async () => {
      await store.registrations.save([{ id: 'taken', registration: {} }, { id: 'other-sandbox' }], []);
      await store.sandboxRegistrations.save([{ id: 'third', registration: {} }], []);
      for (const id of ['taken', 'other', 'third']) expect([id, await save(0, [], id)]).toEqual([id, 'conflict']);
      expect(await save(0, [{ issuer: 'sandbox', id: 'taken', registration: {} }])).toBe('conflict');
      expect(await save(0, [])).toBe('saved');
      // Not even as what another service's client will be called.
      expect(await save(0, [], `${SERVICE}-sandbox`)).toBe('conflict');
      expect(await save(0, [], 'x-sandbox')).toBe('saved');
      expect(await save(0, [], 'x')).toBe('conflict');
      expect(await store.developer.services.find('taken')).toBeUndefined();
    });

    test('never take over what operators registered, or another service: then nothing is written', async () => {
      await save(0, []);
      await save(0, [published({ id: 'other-sandbox' })], 'other');
      const [seeded, command] = [
        { id: SERVICE, seededFrom: 'hash of an entry', registration: { by: 'file' } },
        'by-hand',
      ];
      await store.registrations.save([seeded, { id: command, registration: { by: 'command' } }], []);
      const before = await store.dump();
      const alongside = { trail: [trailed()], versions: [version()] };
      for (const client of [
        LIVE,
        { ...LIVE, id: command },
        { ...LIVE, id: 'other-sandbox' },
        published({ id: 'other-sandbox' }),
      ])
        for (const clients of [[client], [SANDBOX, client]])
          expect(
            await store.developer.services.save(service({ revision: 1 }), index({ thumbprints: ['t'] }), {
              ...alongside,
              clients,
            }),
          ).toBe('conflict');
      expect(await store.dump()).toEqual(before);
      // Removed by the file or not, it was the operators'.
      await store.registrations.save([{ id: SERVICE, over: 1 }], []);
      expect(await save(1, [LIVE])).toBe('conflict');
    });

    test('are never the operators’, whatever their file names', async () => {
      await save(0, [LIVE]);
      const [mine] = await store.registrations.since(0);
      const named = { id: SERVICE, registration: {}, seededFrom: 'hash of an entry', over: mine!.revision };
      expect(await store.registrations.save([named], [])).toBe('conflict');
      expect(await save(1, [LIVE])).toBe('saved');
    });

    test('are written beside each other and beside operators without anybody waiting in a circle', async () => {
      const ids = RACERS.map((n) => `service-${n}`);
      await Promise.all(ids.map((id) => save(0, [], id)));
      const both = (id: string) => [published({ id: `${id}-sandbox` }), published({ issuer: 'hub', id })];
      const outcomes = await Promise.all(
        ids.flatMap((id, n) => {
          const clients = n % 2 ? both(id) : both(id).reverse();
          const [one, other] = [`op-${n}`, `op-${n}-too`];
          const rows = [one, other].map((each) => ({ id: each, registration: {} }));
          return [
            save(1, clients, id),
            save(1, clients.slice(1), id),
            store.registrations.save(rows, []),
            store.sandboxRegistrations.save(rows.toReversed(), []),
          ];
        }),
      );
      expect([count(outcomes, 'saved'), count(outcomes, 'conflict')]).toEqual([2 * ids.length, 2 * ids.length]);
      const revisions = (await store.registrations.since(0)).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.toSorted((one, next) => one - next));
    });
  });
}

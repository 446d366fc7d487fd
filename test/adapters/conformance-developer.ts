/** Owns what every store must do with agencies and services: written over what was read, as a whole, and kept as they were. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { write } from '../../adapters/sql/unit.ts';
import { noticeMessage } from '../../src/citizen/notices/notices.ts';
import type { Agency, Invitation } from '../../src/developer/ports.ts';
import { entry } from '../../src/journal/events.ts';
import { raw } from './conformance-history.ts';
import {
  agency,
  index,
  NAME,
  NOTHING_ALONGSIDE,
  OWNER,
  SERVICE,
  service,
  trailed,
  version,
} from './developer-samples.ts';
import { count, DAY, known, type OpenDatabase, type OwnStore, openOwnStore, RACERS, START } from './own-store.ts';

export function developerConformance(name: string, open: OpenDatabase): void {
  describe(`agencies and services on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
    });
    afterEach(() => store.close());

    const trailOf = async (of = 'so-tu-phap') => store.developer.trail.of({ agency: of, most: 100 });
    const withAgency = () => store.developer.agencies.save(agency(), NOTHING_ALONGSIDE);

    describe('agencies', () => {
      const invitation: Invitation = {
        id: 'i-1',
        tokenHash: 'hash-of-a-link',
        role: 'developer',
        to: 'a…@hanoi.example',
        by: OWNER,
        expiresAt: START + DAY,
      };

      test('are found by id, by who is in them and by whom they invite', async () => {
        const { agencies } = store.developer;
        const inviting = agency({ invitations: [invitation], logo: 'logo' });
        expect(await agencies.save(inviting, { trail: [trailed()] })).toBe('saved');
        const kept: Agency = { ...inviting, revision: 1 };
        expect(await agencies.find('so-tu-phap')).toEqual(kept);
        expect(await agencies.inviting('hash-of-a-link')).toEqual(kept);
        expect(await agencies.of(OWNER)).toEqual([{ agency: kept, services: 0 }]);
        await store.developer.services.save(service(), index(), NOTHING_ALONGSIDE);
        expect(await agencies.of(OWNER)).toEqual([{ agency: kept, services: 1 }]);
        expect([await agencies.find('none'), await agencies.inviting('none')]).toEqual([undefined, undefined]);
        expect(await agencies.of('nobody')).toEqual([]);
        // Whoever came by the link is in, and the link is used up.
        const members = [...kept.members, { account: 'colleague', role: 'reader', since: START } as const];
        expect(await agencies.save({ ...kept, members, invitations: [] }, NOTHING_ALONGSIDE)).toBe('saved');
        expect(await agencies.inviting('hash-of-a-link')).toBeUndefined();
        expect((await agencies.of('colleague')).map(({ agency: { revision } }) => revision)).toEqual([2]);
        expect(await agencies.save({ ...kept, revision: 2, invitations: [] }, NOTHING_ALONGSIDE)).toBe('saved');
        expect(await agencies.of('colleague')).toEqual([]);
      });

      test('are listed by name to those who are in several', async () => {
        const { agencies } = store.developer;
        for (const [id, vi] of [
          ['a', 'Đà Nẵng'],
          ['b', 'An Giang'],
          ['c', 'Cà Mau'],
        ] as const)
          await agencies.save(agency({ id, name: { vi, en: vi } }), NOTHING_ALONGSIDE);
        expect((await agencies.of(OWNER)).map(({ agency: { id } }) => id)).toEqual(['b', 'c', 'a']);
      });

      test('that are written twice at once are written once, with what goes with it', async () => {
        const { agencies } = store.developer;
        const save = (revision: number) =>
          Promise.all(
            RACERS.map((n) => {
              const contact = { mail: `${n}@hanoi.example` };
              return agencies.save(agency({ revision, contact }), { trail: [trailed({ id: `${revision}-${n}` })] });
            }),
          );
        for (const revision of [0, 1]) {
          const outcomes = await save(revision);
          expect([count(outcomes, 'saved'), count(outcomes, 'conflict')]).toEqual([1, RACERS.length - 1]);
          const winner = outcomes.indexOf('saved');
          const kept = await agencies.find('so-tu-phap');
          expect([kept?.revision, kept?.contact.mail]).toEqual([revision + 1, `${winner}@hanoi.example`]);
          expect((await trailOf()).filter(({ id }) => id.startsWith(`${revision}-`))).toEqual([
            trailed({ id: `${revision}-${winner}` }),
          ]);
        }
        for (const revision of [0, 1, 3])
          expect(await agencies.save(agency({ revision }), NOTHING_ALONGSIDE)).toBe('conflict');
        expect(await agencies.save(agency({ id: 'unknown', revision: 1 }), NOTHING_ALONGSIDE)).toBe('conflict');
      });

      test('do not take over a link that is another’s', async () => {
        const { agencies } = store.developer;
        await agencies.save(agency({ invitations: [invitation] }), NOTHING_ALONGSIDE);
        expect(await agencies.save(agency({ id: 'other', invitations: [invitation] }), NOTHING_ALONGSIDE)).toBe(
          'conflict',
        );
        expect((await agencies.inviting('hash-of-a-link'))?.id).toBe('so-tu-phap');
      });
    });

    describe('services', () => {
      beforeEach(withAgency);

      test('are written over what was read, and found with their agency’s name', async () => {
        const { services, agencies } = store.developer;
        expect(await services.find(SERVICE)).toBeUndefined();
        expect(await services.save(service(), index(), NOTHING_ALONGSIDE)).toBe('saved');
        const kept = { ...service(), revision: 1 };
        expect(await services.find(SERVICE)).toEqual({ service: kept, agency: NAME });
        expect(await services.save(service(), index(), NOTHING_ALONGSIDE)).toBe('conflict');
        await agencies.save(agency({ revision: 1, name: { vi: 'Tên mới', en: 'New' } }), NOTHING_ALONGSIDE);
        expect(await services.save({ ...kept, sandbox: kept.production }, index(), NOTHING_ALONGSIDE)).toBe('saved');
        expect(await services.find(SERVICE)).toEqual({
          service: { ...kept, revision: 2, sandbox: kept.production },
          agency: { vi: 'Tên mới', en: 'New' },
        });
        for (const revision of [0, 1, 3])
          expect(await services.save(service({ revision }), index(), NOTHING_ALONGSIDE)).toBe('conflict');
        await expect(services.save(service({ id: 'x', agency: 'none' }), index(), NOTHING_ALONGSIDE)).rejects.toThrow();
      });

      test('that are written twice at once are written once, with everything', async () => {
        const { services } = store.developer;
        for (const revision of [0, 1]) {
          const outcomes = await Promise.all(
            RACERS.map((n) =>
              services.save(service({ revision, createdAt: n }), index({ thumbprints: [`${revision}-${n}`] }), {
                trail: [trailed({ id: `${revision}-${n}` })],
                versions: [version({ number: revision + 1, by: `racer-${n}` })],
                clients: [{ issuer: 'sandbox', id: `${SERVICE}-sandbox`, registration: { n } }],
                messages: [noticeMessage(`p-${n}`, { type: 'person_erased' })],
              }),
            ),
          );
          expect([count(outcomes, 'saved'), count(outcomes, 'conflict')]).toEqual([1, RACERS.length - 1]);
          const winner = outcomes.indexOf('saved');
          expect(await services.versions(SERVICE, 'sandbox')).toHaveLength(revision + 1);
          expect((await services.version(SERVICE, 'sandbox', revision + 1))?.by).toBe(`racer-${winner}`);
          const [client, ...others] = await store.sandboxRegistrations.since(0);
          expect([client?.registration, others]).toEqual([{ n: winner }, []]);
          const thumbprints = RACERS.map((n) => `${revision}-${n}`);
          expect(await services.keysAmong(thumbprints)).toEqual([
            { thumbprint: `${revision}-${winner}`, service: SERVICE },
          ]);
          expect(await trailOf()).toHaveLength(revision + 1);
        }
        expect(await store.outbox.lengths()).toEqual(new Map([['notice', 2]]));
      });

      test('E5 what rests on who somebody is goes live while they are, and not after', async () => {
        const { services, agencies, registrars } = store.developer;
        const registrar = 'account-of-a-registrar';
        await registrars.add(registrar);
        expect(await services.save(service(), index(), NOTHING_ALONGSIDE)).toBe('saved');
        const live = (revision: number, agencyRevision: number) =>
          services.save(service({ revision }), index(), {
            trail: [trailed({ id: `${revision}-${agencyRevision}` })],
            restsOn: { agencyRevision, registrar },
          });
        expect(await live(1, 1)).toBe('saved');
        await agencies.save(agency({ revision: 1, members: [] }), NOTHING_ALONGSIDE);
        expect(await live(2, 1)).toBe('conflict');
        expect(await live(2, 2)).toBe('saved');
        await registrars.remove(registrar);
        expect(await live(3, 2)).toBe('conflict');
        expect((await trailOf()).map(({ id }) => id).toSorted()).toEqual(['1-1', '2-2']);
        expect((await services.find(SERVICE))?.service.revision).toBe(3);
      });

      test('E5 who is removed while it goes live is removed after it, or it does not go live', async () => {
        const { services, agencies } = store.developer;
        expect(await services.save(service(), index(), NOTHING_ALONGSIDE)).toBe('saved');
        for (let round = 1; round <= 5; round += 1) {
          const { revision } = (await services.find(SERVICE))!.service;
          const [wrote, removed] = await Promise.all([
            services.save(service({ revision }), index(), { ...NOTHING_ALONGSIDE, restsOn: { agencyRevision: round } }),
            agencies.save(agency({ revision: round, members: [] }), NOTHING_ALONGSIDE),
          ]);
          expect([removed, ['saved', 'conflict']]).toEqual(['saved', expect.arrayContaining([wrote])]);
        }
      });

      test('commit nothing when an event of theirs cannot be written', async () => {
        await store.people.commit([known('p-1')], []);
        const event = { type: 'client_changed', client: SERVICE, change: 'added', fields: [], by: 'command' } as const;
        const everything = { trail: [trailed()], versions: [version()] };
        const impossible = { ...everything, entries: [entry(START, event, 'nobody')] };
        await expect(store.developer.services.save(service(), index(), impossible)).rejects.toThrow();
        expect(await store.developer.services.find(SERVICE)).toBeUndefined();
        expect([await trailOf(), await store.developer.services.versions(SERVICE, 'sandbox')]).toEqual([[], []]);
        const possible = { ...everything, entries: [entry(START, event, 'p-1')] };
        expect(await store.developer.services.save(service(), index(), possible)).toBe('saved');
        expect(await store.journal.historyOf({ person: 'p-1', most: 9 })).toMatchObject([{ event }]);
      });

      test('E9 versions and trail stay as they were written, whoever writes', async () => {
        const { services } = store.developer;
        const second = version({ number: 2, environment: 'production' });
        await services.save(service(), index(), { trail: [trailed({ id: 'e-1' })], versions: [version(), second] });
        const again = { trail: [], versions: [version({ by: 'somebody else' })] };
        expect(await services.save(service({ revision: 1 }), index(), again)).toBe('conflict');
        for (const table of ['trail', 'service_version'])
          for (const statement of [`update ${table} set at = 1`, `delete from ${table}`])
            await expect(store.database.write(() => write(raw(statement)))).rejects.toThrow('never changed');
        await expect(
          services.save(service({ revision: 1 }), index(), { trail: [trailed({ id: 'e-1' })] }),
        ).rejects.toThrow();
        expect(await services.versions(SERVICE, 'sandbox')).toEqual([version()]);
        expect(await services.versions(SERVICE, 'production')).toEqual([second]);
        expect(await services.version(SERVICE, 'production', 1)).toBeUndefined();
        expect(await trailOf()).toEqual([trailed({ id: 'e-1' })]);
      });
    });

    test('E9 the trail is read newest first, a page at a time, of an agency or of one of its services', async () => {
      await withAgency();
      const trail = Array.from({ length: 9 }, (_, n) =>
        trailed({
          id: `e-${n}`,
          at: START + Math.floor(n / 3),
          ...(n % 2 ? { service: SERVICE, before: null, after: { name: ['Khai sinh', n] } } : {}),
        }),
      );
      const other = trailed({ agency: 'other' });
      await store.developer.services.save(service(), index(), { trail: [...trail, other] });
      const pages: string[] = [];
      let after: { at: number; id: string } | undefined;
      for (;;) {
        const page = await store.developer.trail.of({ agency: 'so-tu-phap', most: 4, ...(after ? { after } : {}) });
        if (page.length === 0) break;
        for (const one of page) expect(one).toEqual(trail.find(({ id }) => id === one.id));
        pages.push(...page.map(({ id }) => id));
        after = page.at(-1)!;
      }
      expect(pages).toEqual(trail.map(({ id }) => id).reverse());
      const ofService = await store.developer.trail.of({ agency: 'so-tu-phap', service: SERVICE, most: 3 });
      expect(ofService.map(({ id }) => id)).toEqual(['e-7', 'e-5', 'e-3']);
      expect(await store.developer.trail.of({ agency: 'other', service: SERVICE, most: 3 })).toEqual([]);
      expect(await trailOf('other')).toEqual([other]);
    });
  });
}

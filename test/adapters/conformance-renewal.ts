/**
 * Owns what every database must do while keys change: two processes, of which one has a newer key file than the other,
 * write to it at once; then all rows are brought to the new keys. Each is a vault of its own over the same database.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Surroundings } from '../../adapters/sql/changes.ts';
import { createOwnRecords } from '../../adapters/sql/own-records.ts';
import { createPeople } from '../../adapters/sql/people.ts';
import { createRenewal } from '../../adapters/sql/renewal.ts';
import { createReviews } from '../../adapters/sql/reviews.ts';
import type { Database } from '../../adapters/sql/unit.ts';
import type { Change } from '../../src/identity/person.ts';
import type { Doubt } from '../../src/store.ts';
import { generateKeys, type Keys } from '../../src/vault/keys.ts';
import { activateKey, addKey, retireKey } from '../../src/vault/rotation.ts';
import { createVault } from '../../src/vault/vault.ts';

export type OpenDatabase = () => Promise<{ readonly database: Database; close(): Promise<unknown> }>;

const NOW = Date.UTC(2026, 0, 5, 8);
const NUMBER = '001099012345';
const ACCOUNT = '8001234567';
const RACERS = Array.from({ length: 40 }, (_, i) => i);
const KINDS = ['index', 'wrapping'] as const;

/** The key files of one rotation, in the order in which processes get them. */
function keyFiles(): Record<'before' | 'added' | 'activated' | 'retired', Keys> {
  const before = generateKeys();
  const added = KINDS.reduce((keys, kind) => addKey(keys, kind).keys, before);
  const activated = KINDS.reduce((keys, kind) => activateKey(keys, kind, '2'), added);
  const retired = KINDS.reduce((keys, kind) => retireKey(keys, kind, '1'), activated);
  return { before, added, activated, retired };
}

export function renewalConformance(name: string, open: OpenDatabase): void {
  describe(`changing keys on ${name}`, () => {
    const files = keyFiles();
    let opened: Awaited<ReturnType<OpenDatabase>>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    /** A process of the hub with one of the key files. */
    function processWith(keys: Keys) {
      const surroundings: Surroundings = { database: opened.database, vault: createVault(keys), clock: () => NOW };
      return {
        people: createPeople(surroundings),
        reviews: createReviews(surroundings),
        renewal: createRenewal(surroundings),
        own: createOwnRecords(surroundings),
      };
    }
    type Process = ReturnType<typeof processWith>;

    const known = (person: string): Change => ({ type: 'person.created', person });
    const anchor = (person: string, value = NUMBER): Change => {
      return { type: 'anchor.added', person, kind: 'personal_number', value };
    };
    const link = (person: string, subject = ACCOUNT, how: 'number' | 'double_proof' = 'number'): Change => {
      return { type: 'link.added', person, source: 'tax-code', subject, how };
    };
    const frozen = (person: string): Change => {
      return { type: 'link.frozen', person, source: 'tax-code', subject: ACCOUNT };
    };
    const doubt = (person?: string, evidence = 'what the source said'): Doubt => {
      const kind = person === undefined ? 'ambiguous' : 'account_changed';
      return { kind, source: 'tax-code', subject: ACCOUNT, evidence, ...(person === undefined ? {} : { person }) };
    };
    async function renew({ renewal }: Process, most = 7): Promise<number> {
      let rows = 0;
      for await (const renewed of renewal.batches(most)) rows += renewed;
      return rows;
    }
    const numberOf = (n: number) => String(79_000_000_000 + n).padStart(12, '0');
    const accountOf = (n: number) => String(8_000_000_000 + n);
    async function fill({ people }: Process, count: number, from = 0): Promise<void> {
      for (let n = from; n < from + count; n += 1) {
        const person = `p-${n}`;
        const changes = [known(person), anchor(person, numberOf(n)), link(person, accountOf(n))];
        expect(await people.commit(changes, [])).toBe('committed');
      }
    }
    async function expectEverybody({ people }: Process, count: number): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        expect(await people.findHolder(numberOf(n))).toBe(`p-${n}`);
        expect(await people.findLink('tax-code', accountOf(n))).toEqual({ person: `p-${n}`, state: 'active' });
        expect(await people.numbersOf(`p-${n}`)).toEqual([numberOf(n)]);
        expect((await people.linksOf(`p-${n}`)).map(({ subject }) => subject)).toEqual([accountOf(n)]);
      }
    }

    test.each([
      ['added', 'activated'],
      ['activated', 'added'],
      ['before', 'added'],
      ['added', 'before'],
      ['retired', 'activated'],
      ['activated', 'retired'],
    ] as const)('C7 what a process with the key file %s wrote, one with %s finds and takes for nobody else', async (one, other) => {
      const writer = processWith(files[one]);
      const { people } = processWith(files[other]);
      expect(await writer.people.commit([known('p-1'), anchor('p-1'), link('p-1')], [])).toBe('committed');
      expect(await people.findHolder(NUMBER)).toBe('p-1');
      expect(await people.findLink('tax-code', ACCOUNT)).toEqual({ person: 'p-1', state: 'active' });
      expect(await people.commit([known('p-2')], [])).toBe('committed');
      expect(await people.commit([anchor('p-2')], [])).toBe('conflict');
      expect(await people.commit([link('p-2')], [])).toBe('conflict');
      expect(await people.commit([link('p-2', ACCOUNT, 'double_proof')], [])).toBe('conflict');
      const used: Change = { type: 'link.used', person: 'p-1', source: 'tax-code', subject: ACCOUNT };
      expect(await people.commit([used], [])).toBe('committed');
    });

    test.each([
      ['added', 'activated'],
      ['before', 'added'],
      ['activated', 'retired'],
    ] as const)('C7 of many sign-ins at once, with the key files %s and %s, one gets a number and an account', async (one, other) => {
      const processes = [processWith(files[one]), processWith(files[other])] as const;
      const outcomes = await Promise.all(
        RACERS.map((n) => processes[n % 2]!.people.commit([known(`p-${n}`), anchor(`p-${n}`), link(`p-${n}`)], [])),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      const winner = `p-${outcomes.indexOf('committed')}`;
      for (const { people } of processes) {
        expect(await people.findHolder(NUMBER)).toBe(winner);
        expect(await people.findLink('tax-code', ACCOUNT)).toEqual({ person: winner, state: 'active' });
      }
    });

    test('C7 a frozen link comes back by double proof under whichever key it stands', async () => {
      const [older, newer] = [processWith(files.added), processWith(files.activated)];
      for (const [writer, other] of [[older, newer] as const, [newer, older] as const]) {
        const [first, second] = writer === older ? ['p-1', 'p-2'] : ['p-3', 'p-4'];
        await writer.people.commit([known(first!), known(second!)], []);
        const how = writer === older ? 'number' : 'double_proof';
        expect(await writer.people.commit([link(first!, ACCOUNT, how)], [])).toBe('committed');
        expect(await other.people.commit([frozen(first!)], [])).toBe('committed');
        expect(await other.people.commit([link(second!, ACCOUNT, 'double_proof')], [])).toBe('committed');
        expect(await writer.people.findLink('tax-code', ACCOUNT)).toEqual({ person: second, state: 'active' });
        expect(await writer.people.commit([frozen(second!)], [])).toBe('committed');
      }
    });

    test('C7 every number of a person is kept in its order while keys change', async () => {
      const [older, newer] = [processWith(files.added), processWith(files.activated)];
      const numbers = ['012345678', NUMBER, '079099000001', '079099000002'];
      await older.people.commit([known('p-1'), anchor('p-1', numbers[0])], []);
      await newer.people.commit([anchor('p-1', numbers[1]), anchor('p-1', numbers[2])], []);
      await older.people.commit([anchor('p-1', numbers[3])], []);
      expect(await newer.people.numbersOf('p-1')).toEqual(numbers);
    });

    test('C7 all rows are brought to the new keys, everybody is found, `sub`s are unchanged, the old keys can go', async () => {
      const count = 25;
      const before = processWith(files.before);
      await fill(before, count);
      const subs = await Promise.all(RACERS.slice(0, count).map((n) => before.people.subjectFor(`p-${n}`, 'agency')));
      const between = processWith(files.activated);
      await expectEverybody(between, count);
      expect(await between.renewal.left()).toEqual({
        index: [{ version: 1, rows: 2 * count }],
        wrapping: [{ version: 1, rows: count }],
      });

      expect(await renew(between)).toBe(3 * count);
      expect(await between.renewal.left()).toEqual({ index: [], wrapping: [] });
      expect(await renew(between)).toBe(0);
      for (const keys of [files.activated, files.added, files.retired]) await expectEverybody(processWith(keys), count);
      const after = processWith(files.retired);
      const now = await Promise.all(RACERS.slice(0, count).map((n) => after.people.subjectFor(`p-${n}`, 'agency')));
      expect(now).toEqual(subs);
      expect(await after.people.commit([known('p-x'), anchor('p-x', numberOf(3))], [])).toBe('conflict');
      expect(await after.people.commit([known('p-x'), link('p-x', accountOf(3))], [])).toBe('conflict');
    });

    test('C7 mid-way both keys work, and whoever begins anew goes on where the other stopped', async () => {
      const count = 20;
      await fill(processWith(files.before), count);
      const between = processWith(files.activated);
      let batches = 0;
      for await (const _ of between.renewal.batches(4)) {
        // Five of persons, five of anchors: in the midst of it the process ends.
        batches += 1;
        if (batches === 7) break;
      }
      const { index } = await between.renewal.left();
      expect(index).toEqual([{ version: 1, rows: 2 * count - 8 }]);
      await expectEverybody(between, count);
      await expectEverybody(processWith(files.added), count);
      expect(await renew(processWith(files.activated))).toBe(2 * count - 8);
      await expectEverybody(processWith(files.retired), count);
    });

    test('C7 two that renew at once, among sign-ins with either key file, lose nobody', async () => {
      const count = 30;
      await fill(processWith(files.before), count);
      const [older, newer, third] = [files.added, files.activated, files.activated].map(processWith);
      await Promise.all([
        renew(newer!, 5),
        renew(third!, 5),
        fill(older!, 10, count),
        fill(newer!, 10, count + 10),
        ...RACERS.map((n) =>
          (n % 2 ? older! : newer!).people.commit([known(`x-${n}`), anchor(`x-${n}`, numberOf(n % 30))], []),
        ),
      ]);
      await renew(newer!);
      await expectEverybody(processWith(files.retired), count + 20);
    });

    test('C7 a review goes with its link, and its evidence with the wrapping key', async () => {
      const before = processWith(files.before);
      await before.people.commit([known('p-1'), link('p-1')], []);
      expect(await before.people.commit([frozen('p-1')], [], [doubt('p-1')])).toBe('committed');
      expect(await before.people.commit([], [], [doubt()])).toBe('committed');
      const between = processWith(files.activated);
      expect((await between.renewal.left()).wrapping).toEqual([{ version: 1, rows: 3 }]);
      await renew(between);
      const { reviews, people } = processWith(files.retired);
      const open = await reviews.open();
      expect(open.map(({ kind, evidence }) => [kind, evidence]).sort()).toEqual([
        ['account_changed', 'what the source said'],
        ['ambiguous', 'what the source said'],
      ]);
      // Whoever tries again makes no second one of either kind.
      await people.commit([], [], [doubt('p-1'), doubt()]);
      expect(await reviews.open()).toHaveLength(2);
      const { id } = open.find(({ kind }) => kind === 'account_changed')!;
      expect(await reviews.decide(id, 'keep-former', 'an operator', [])).toBe('decided');
      expect(await people.findLink('tax-code', ACCOUNT)).toEqual({ person: 'p-1', state: 'active' });
    });

    test('C7 what is a person’s own stays readable, and is written again: it hangs on their key alone', async () => {
      const before = processWith(files.before);
      const nothing = { entries: [] };
      const contact = { id: 'm-1', kind: 'mail', address: 'lan@example.vn', language: 'vi', confirmedAt: NOW } as const;
      const change = { id: 'w-1', person: 'p-1', kind: 'contact', requestedAt: NOW, dueAt: NOW } as const;
      const device = { person: 'p-1', id: 'd-1', secret: 'cookie', label: { form: 'desktop' }, isNew: true } as const;
      const opened = { number: 'HS-1', person: 'p-1', kind: 'access', content: 'everything', openedAt: NOW } as const;
      await before.people.commit([known('p-1'), anchor('p-1'), link('p-1')], [], [], { device });
      await before.own.contacts.put('p-1', contact, nothing);
      await before.own.waiting.request({ ...change, detail: 'an address' }, 'token', nothing);
      await before.own.cases.open({ ...opened, acknowledgeBy: NOW, answerBy: NOW, deleteAfter: NOW }, nothing);
      const between = processWith(files.activated);
      const account = { source: 'tax-code', subject: ACCOUNT, client: 'land-office', sector: 'agency', now: NOW };
      // Remembered as it was wrapped before: it still opens.
      await between.people.lookUp(account);
      await renew(between);
      const other = { ...device, id: 'd-2', secret: 'another' };
      expect(await between.people.commit([], [], [], { device: other })).toBe('committed');
      const { own, people } = processWith(files.retired);
      expect(await own.contacts.of('p-1')).toEqual([contact]);
      expect(await own.waiting.byToken('token')).toMatchObject({ detail: 'an address' });
      expect(await own.cases.find('HS-1')).toMatchObject({ content: 'everything' });
      expect((await own.devices.of('p-1')).map(({ label }) => label)).toEqual([device.label, device.label]);
      expect((await people.lookUp({ ...account, device: 'cookie' })).persons.get('p-1')?.device).toBe('d-1');
    });

    test('rows whose key is gone stay as they are and hold up nobody', async () => {
      const lost = processWith({ ...generateKeys(), index: files.before.index });
      await lost.people.commit([known('p-lost'), anchor('p-lost'), link('p-lost')], []);
      await fill(processWith(files.before), 3);
      const between = processWith(files.activated);
      // A person's key that does not unwrap: neither it nor what it seals can be renewed.
      expect(await renew(between, 2)).toBe(9);
      expect(await between.renewal.left()).toEqual({
        index: [{ version: 1, rows: 2 }],
        wrapping: [{ version: 1, rows: 1 }],
      });
      await expectEverybody(processWith(files.retired), 3);
      expect(await between.people.findHolder(NUMBER)).toBe('p-lost');
    });
  });
}

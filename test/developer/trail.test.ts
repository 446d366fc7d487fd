/** E9: everything that changes something leaves an entry, with before and after; nobody changes one; all of it can be taken along. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { developerContract } from '../../src/developer/contract.ts';
import type { TestCountry } from '../country.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { openDeveloperCountry } from './developer.ts';
import { agree, type Cast, openCast, openLiveService, openService, redraft, trailOf } from './production.ts';

let country: TestCountry;
let cast: Cast;
beforeAll(async () => {
  country = await openDeveloperCountry();
  cast = await openCast(country);
});
afterAll(() => country?.close());

/** What of every operation that changes something stands in the trail; or why nothing does. */
const WRITTEN: Readonly<Record<string, readonly string[] | { readonly none: string }>> = {
  putAccount: { none: 'of a person, not of an agency' },
  createToken: { none: 'of a person, not of an agency; what is done with it names it' },
  endToken: { none: 'of a person, not of an agency' },
  createAgency: ['agency.created'],
  putAgency: ['agency.changed'],
  createInvitation: ['agency.invited'],
  deleteInvitation: ['agency.invitation_taken_back'],
  readInvitation: { none: 'it only shows what a link is for' },
  acceptInvitation: ['agency.joined'],
  putMember: ['agency.role_changed'],
  removeMember: ['agency.member_removed', 'agency.left'],
  uploadLogo: { none: 'a picture that nobody has chosen yet; the change that chooses it does' },
  armFault: { none: 'it changes one answer of the sandbox, and nothing of the service' },
  disarmFault: { none: 'it changes one answer of the sandbox, and nothing of the service' },
  createService: ['service.created'],
  putDraft: ['sandbox.draft_saved', 'production.draft_saved'],
  publishSandbox: ['sandbox.published'],
  createSecret: ['sandbox.secret_added', 'production.secret_added'],
  addKey: ['sandbox.key_added', 'production.key_added'],
  endCredential: ['sandbox.secret_ended', 'production.key_ended'],
  beginProduction: ['production.draft_begun'],
  submitToProduction: ['production.submitted', 'production.published'],
  withdrawSubmission: ['production.submission_withdrawn'],
  decide: ['production.approved', 'production.changes_asked', 'production.refused', 'production.published'],
  stepBack: ['sandbox.stepped_back', 'production.stepped_back'],
  suspend: ['sandbox.suspended', 'production.suspended'],
  resume: ['sandbox.resumed', 'production.resumed'],
  retire: ['sandbox.retired', 'production.retired'],
};

test('E9 of every operation that changes something it is known what stands in the trail', () => {
  const changing = [...developerContract().values()].filter(({ method }) => method !== 'GET').map(({ id }) => id);
  expect(Object.keys(WRITTEN).toSorted()).toEqual(changing.toSorted());
});

test('E9 each of them leaves its entry, with who did it, through what, and what was there before and after', async () => {
  const { agency, service } = await openService(country, cast);
  const { author, owner, registrar, stranger } = cast;
  const at = `/services/${service}`;
  const jwk = async () => ({
    ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
    alg: 'ES256',
    use: 'sig',
  });
  const submit = () => author.ask('POST', `${at}/production/submission`);
  const say = (says: string, version: number, against?: number) =>
    registrar.ask('POST', `${at}/production/decisions`, {
      version,
      ...(against ? { against } : {}),
      as: 'registrar',
      says,
      reason: 'Vì thế.',
    });

  await author.ask('PUT', `/agencies/${agency}`, {
    name: { vi: 'Cơ quan khác tên', en: 'An agency of another name' },
    sector: 'taxation',
    contact: { mail: 'khac@co-quan.example' },
  });
  for (const environment of ['sandbox', 'production']) {
    const { draft } = (await author.ask('GET', at))[environment];
    await author.ask('PUT', `${at}/${environment}/draft`, { ...draft, consent_days: 30 });
    const { id: key } = await author.ask('POST', `${at}/${environment}/keys`, { jwk: await jwk() });
    const { id: secret } = await author.ask('POST', `${at}/${environment}/secrets`, {});
    await author.ask('DELETE', `${at}/${environment}/credentials/${environment === 'sandbox' ? secret : key}`);
  }
  await author.ask('POST', `${at}/sandbox/publication`);
  await submit();
  await author.ask('DELETE', `${at}/production/submission`);
  await submit();
  await say('ask_for_changes', 2);
  await submit();
  await say('refuse', 3);
  await submit();
  await agree(cast, service);
  await redraft(owner, service, (draft) => ({ ...draft, contact: { mail: 'moi@co-quan.example' } }));
  await submit();
  for (const environment of ['sandbox', 'production'])
    for (const step of ['step-back', 'suspend', 'resume', 'retire'])
      await author.ask(
        'POST',
        `${at}/${environment}/${step}`,
        step === 'retire' ? { confirm: service } : step === 'suspend' ? {} : undefined,
      );

  const people = `/agencies/${agency}`;
  const invited = async () =>
    author.ask('POST', `${people}/invitations`, { mail: 'moi@co-quan.example', role: 'reader' });
  await author.ask('DELETE', `${people}/invitations/${(await invited()).id}`);
  for (const how of ['removed', 'left']) {
    const token = new URL((await invited()).link).pathname.split('/').at(-1);
    await stranger.ask('POST', '/invitations/accept', { token });
    await author.ask('PUT', `${people}/members/${stranger.account}`, { role: 'developer' });
    await (how === 'left' ? stranger : author).ask('DELETE', `${people}/members/${stranger.account}`);
  }

  const exported = (await author.call('GET', `/agencies/${agency}/trail/export`)).body as string;
  const entries = exported
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const actions = new Set(entries.map(({ action }) => action));
  const expected = Object.values(WRITTEN).flatMap((one) => ('none' in one ? [] : one));
  expect(expected.filter((action) => !actions.has(action))).toEqual([]);

  const of = (action: string) => entries.find((entry) => entry.action === action);
  expect(of('agency.changed')).toMatchObject({ by: author.account, through: 'session', agency });
  expect(of('agency.changed').before.contact.mail).toBe('cntt@co-quan.example');
  expect(of('agency.changed').after.contact.mail).toBe('khac@co-quan.example');
  expect([of('production.draft_saved').before.consent_days, of('sandbox.draft_saved').after.consent_days]).toEqual([
    30, 30,
  ]);
  expect(of('production.refused')).toMatchObject({
    by: registrar.account,
    after: { says: 'refuse', reason: 'Vì thế.' },
  });
  expect(of('production.stepped_back')).toMatchObject({ before: { version: 5 }, after: { version: 4 } });
  for (const { action, before, after } of entries)
    expect([action, before === undefined && after === undefined]).toEqual([action, false]);
  // In words, on every page of it.
  let page = await author.open(`${people}/trail`);
  for (let older = true; older; ) {
    for (const heading of page.$('[data-entry] h2').toArray()) expect(page.$(heading).text()).not.toMatch(/[_.]/);
    const next = page.$('a[href^="?after="]').attr('href');
    older = next !== undefined;
    if (next) page = await author.visitor.open(new URL(next, page.url));
  }
  // No secret, and of no person the name.
  expect(exported).not.toMatch(/secretHash|Họ Tên/);
});

test('E9 it is read page by page, and exported whole and in the same order', async () => {
  const { service } = await openLiveService(country, cast);
  for (let count = 0; count < 60; count += 1)
    await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: count + 1 }));
  const shown = [];
  for (let after: string | undefined = '', pages = 0; after !== undefined; pages += 1) {
    const page = await cast.author.ask('GET', `/services/${service}/trail${after ? `?after=${after}` : ''}`);
    shown.push(...page.entries);
    after = page.after;
    expect(pages).toBeLessThan(5);
  }
  const whole = await trailOf(cast.author, service);
  expect(whole.length).toBeGreaterThan(60);
  expect(shown.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
  expect(whole.at(-1).action).toBe('service.created');
  // On pages by the names people have now; in the file by their accounts.
  expect(shown[0].by).toEqual({ account: cast.author.account, name: 'Họ Tên author' });
  expect(whole[0].by).toBe(cast.author.account);
  const registrars = shown.find(({ by }) => by.account === cast.registrar.account);
  expect(registrars.by).toEqual({ account: cast.registrar.account, registrar: true });
  const page = await cast.author.open(`/services/${service}/trail`);
  expect(page.$('[data-entry]')).toHaveLength(50);
  expect(page.text('[data-entry]')).toContain('Họ Tên author');
  expect(page.$('a[download]').attr('href')).toBe(`/developer/api/services/${service}/trail/export`);
  const older = await cast.author.visitor.open(new URL(page.$('a[href^="?after="]').attr('href')!, page.url));
  expect(older.$('[data-entry]').length).toBeGreaterThan(0);
});

test('E9 others have none of it; a registrar and a reader have', async () => {
  const { agency, service } = await openService(country, cast);
  for (const at of [`/agencies/${agency}/trail`, `/services/${service}/trail`])
    for (const path of [at, `${at}/export`]) {
      expect((await cast.stranger.call('GET', path)).status).toBe(404);
      expect((await cast.registrar.call('GET', path)).status).toBe(200);
      expect((await cast.developer.call('GET', path)).status).toBe(200);
    }
});

test('E9 what an erased person did stays, by an account that names nobody', async () => {
  const { service } = await openService(country, cast);
  const { accounts } = country.runningHub().store.developer;
  const known = await accounts.find(cast.author.account);
  expect(known?.name).toBe('Họ Tên author');
  const text = JSON.stringify(await trailOf(cast.author, service));
  expect(text).not.toContain(known!.person);
});

/** Each is refused by the database itself, whoever asks. */
const CHANGES = [
  `UPDATE trail SET action = 'x'`,
  'DELETE FROM trail',
  `UPDATE service_version SET author = 'x'`,
  'DELETE FROM service_version',
];

describe('E9 nobody changes an entry', () => {
  test('E9 in the embedded store', async () => {
    const { service } = await openService(country, cast);
    expect((await trailOf(cast.author, service)).length).toBeGreaterThan(0);
    // Its owner has it locked, so a copy is tried.
    const copy = await mkdtemp(path.join(tmpdir(), 'trail-'));
    const { dataDirectory } = country.configuration;
    await cp(dataDirectory, copy, { recursive: true, filter: (file) => !file.endsWith('.sock') });
    const database = new DatabaseSync(path.join(copy, 'hub.sqlite'));
    try {
      const entries = () => database.prepare('SELECT * FROM trail ORDER BY id').all();
      const before = entries();
      expect(before.length).toBeGreaterThan(0);
      for (const sql of CHANGES) expect(() => database.exec(sql)).toThrow(/never/);
      expect(entries()).toEqual(before);
    } finally {
      database.close();
      await rm(copy, { recursive: true });
    }
  });

  test('E9 in PostgreSQL', async () => {
    let engines: EnginePair | undefined;
    let other: TestCountry | undefined;
    try {
      engines = await startEnginePair();
      const { addresses } = engines;
      other = await openDeveloperCountry({ configure: (configuration) => ({ ...configuration, ...addresses }) });
      const people = await openCast(other);
      const { service } = await openService(other, people);
      const before = await trailOf(people.author, service);
      for (const sql of [...CHANGES, 'TRUNCATE trail']) await expect(engines.rows(sql)).rejects.toThrow();
      expect(await trailOf(people.author, service)).toEqual(before);
    } finally {
      await other?.close();
      await engines?.remove();
    }
  }, 90_000);
});

/** Owns the tests of registrations that change while the hub runs: by command and by file, told at once, nothing half done. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import type { ClientRegistration } from '../../src/clients.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { addressOf } from '../oidc/asking.ts';
import { tokensOf } from '../oidc/redeeming.ts';
import { journalIn } from '../store-copy.ts';
import { runCommand } from './run-command.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }, { client_id: 'two' }]);
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const clients = (...words: string[]) => runCommand(country, 'clients', words);
const registered = (id: string): ClientRegistration => country.service(id).registration;

async function apply(...registrations: readonly object[]) {
  const file = path.join(country.directory, 'applied.json');
  await writeFile(file, JSON.stringify(registrations));
  return clients('apply', file);
}

/** Where a citizen comes who presses the button of a service. */
async function pageOf(id: string, changes: Record<string, string> = {}): Promise<string> {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, id, changes));
  return visitor.page.code ?? String(visitor.page.status);
}

const changes = async () =>
  (await journalIn(country.configuration.dataDirectory)).filter(
    ({ type, by }) => type === 'client_changed' && by === 'command',
  );

describe('by command', () => {
  test('C9 a change is live at the next request: an address, a name, a new client, one that is gone', async () => {
    const elsewhere = `${country.callback.origin}/elsewhere`;
    expect(await pageOf('one', { redirect_uri: elsewhere })).toBe('redirect_uri_unknown');
    const changed = await apply({ ...registered('one'), redirect_uris: [country.callback.url, elsewhere] });
    expect(changed).toMatchObject({ code: 0, answer: { added: [], changed: ['one'], unchanged: 0 } });
    expect(await pageOf('one', { redirect_uri: elsewhere })).toBe('choose_source');

    expect((await apply({ ...registered('one'), client_id: 'newcomer' }, registered('two'))).answer).toEqual({
      added: ['newcomer'],
      changed: [],
      unchanged: 1,
    });
    expect(await pageOf('one', { client_id: 'newcomer' })).toBe('choose_source');
    expect((await clients('remove', 'newcomer')).answer).toEqual({ client: 'newcomer', state: 'removed' });
    expect(await pageOf('one', { client_id: 'newcomer' })).toBe('client_unknown');

    expect(await changes()).toEqual([
      { type: 'client_changed', client: 'one', by: 'command', change: 'changed', fields: ['redirect_uris'] },
      { type: 'client_changed', client: 'newcomer', by: 'command', change: 'added', fields: [] },
      { type: 'client_changed', client: 'newcomer', by: 'command', change: 'removed', fields: [] },
    ]);
  });

  test('C9 who is under way when their service is taken away is told, and its tokens end', async () => {
    const visitor = new Visitor();
    const { access } = await tokensOf(country, 'one', {}, { visitor });
    const another = new Visitor();
    await another.open(addressOf(country, 'one'));
    expect(another.page.code).toBe('choose_source');
    await clients('remove', 'one');
    await another.press('source=tax-code');
    expect(another.page.code).toBe('request_expired');
    const { status } = await fetch(`${country.hub}/userinfo`, { headers: { authorization: `Bearer ${access}` } });
    expect(status).toBe(401);
    await visitor.open(addressOf(country, 'one', { prompt: 'none' }));
    expect(visitor.page.code).toBe('client_unknown');
    expect((await apply(registered('one'))).answer).toMatchObject({ added: ['one'] });
    await tokensOf(country, 'one', {}, { visitor: new Visitor() });
  });

  test('nothing half applied, and every mistake told at once', async () => {
    const broken = { ...registered('two'), consent_days: 0, redirect_uris: [] };
    const refusedByLibrary = { ...registered('two'), client_id: 'odd-key' };
    const jwks = { keys: [{ kty: 'EC', crv: 'P-256' }] };
    const authentication = { method: 'private_key_jwt', jwks };
    const said = await apply(
      { ...registered('one'), consent_days: 7 },
      broken,
      { ...refusedByLibrary, authentication },
      registered('one'),
    );
    expect(said.code).toBe(1);
    for (const line of [
      /^Nothing was changed:/,
      / {2}1\.consent_days: /,
      / {2}odd-key: .*Key Set/,
      / {2}one: is there twice/,
    ])
      expect(said.complaint).toMatch(new RegExp(line, 'm'));
    expect((await clients('show', 'one')).answer.registration.consent_days).toBe(180);
    expect(await changes()).toEqual([]);
  });

  test('shows what there is, and refuses what there is not', async () => {
    const { answer } = await clients('list');
    expect(answer.clients).toContainEqual({
      client: 'one',
      agency: 'agency-of-one',
      service: 'Dịch vụ thử',
      environment: 'sandbox',
      role: 'service',
    });
    expect((await clients('show', 'one')).answer.registration).toMatchObject({ client_id: 'one', consent_days: 180 });
    for (const action of ['show', 'remove'])
      expect((await clients(action, 'nobody')).complaint).toContain('No such client');
    expect((await clients('apply', path.join(country.directory, 'nothing.json'))).complaint).toContain(
      'no readable JSON',
    );
    for (const words of [[], ['list', 'one'], ['remove'], ['suspend', 'one']])
      expect(await clients(...words)).toMatchObject({ code: 1, complaint: expect.stringContaining('npm run clients') });
  });
});

describe('the clients file', () => {
  const edit = async (change: (list: ClientRegistration[]) => readonly object[]) => {
    const file = country.configuration.clientsFile;
    const before = await readFile(file, 'utf8');
    await writeFile(file, JSON.stringify(change(JSON.parse(before))));
    await country.restartHub();
    return () => writeFile(file, before);
  };
  const daysOf = async (id: string) => (await clients('show', id)).answer?.registration.consent_days;

  test('C9 what a command changed outlasts a restart; an entry that was edited is taken again', async () => {
    await apply({ ...registered('one'), consent_days: 7 }, { ...registered('two'), consent_days: 8 });
    await clients('remove', 'song-hong-portal');
    const restore = await edit((list) =>
      list.map((one) => (one.client_id === 'two' ? { ...one, consent_days: 9 } : one)),
    );
    expect([await daysOf('one'), await daysOf('two')]).toEqual([7, 9]);
    expect((await clients('show', 'song-hong-portal')).code).toBe(1);
    await restore();
  });

  test('who came by the file goes with their entry, who came by command does not', async () => {
    await apply({ ...registered('one'), client_id: 'newcomer' });
    const restore = await edit((list) => list.filter(({ client_id }) => client_id !== 'two'));
    expect((await clients('show', 'two')).code).toBe(1);
    expect(await daysOf('newcomer')).toBe(180);
    await restore();
    await country.restartHub();
    expect(await daysOf('two')).toBe(180);
  });
});

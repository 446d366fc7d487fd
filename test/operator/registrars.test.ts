/** Owns the tests of `npm run registrars`: who decides for the hub what goes into production is said on its own machine. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestCountry } from '../country.ts';
import { newDeveloper, openDeveloperCountry } from '../developer/developer.ts';
import { runCommand } from './run-command.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openDeveloperCountry();
});
afterAll(() => country?.close());

const registrars = (...words: string[]) => runCommand(country, 'registrars', words);

test('E5 a registrar is named by an operator, by the account the console shows, and not otherwise', async () => {
  const developer = await newDeveloper(country, 'Nguyễn Văn An');
  const { account, registrar } = await developer.ask('GET', '/account');
  expect(registrar).toBe(false);
  expect((await developer.call('GET', '/submissions')).status).toBe(404);
  expect((await registrars('list')).answer).toEqual({ registrars: [] });

  const unknown = await registrars('add', 'nobody-has-ever-had-this-one');
  expect(unknown).toMatchObject({ code: 1, complaint: expect.stringContaining('Nobody has introduced themselves') });
  expect((await registrars('add', account)).answer).toEqual({ account, state: 'registrar', changed: true });
  expect((await registrars('add', account)).answer.changed).toBe(false);
  expect((await registrars('list')).answer).toEqual({ registrars: [account] });
  // At the next request, in every process.
  expect((await developer.ask('GET', '/account')).registrar).toBe(true);
  expect(await developer.ask('GET', '/submissions')).toEqual({ submissions: [] });

  expect((await registrars('remove', account)).answer).toEqual({ account, state: 'removed' });
  expect((await registrars('remove', account)).complaint).toContain('no registrar');
  expect((await developer.call('GET', '/submissions')).status).toBe(404);
});

test('E5 a wrong call says how to call it', async () => {
  for (const words of [[], ['add'], ['list', 'x'], ['else', 'x'], ['add', 'x', 'y']]) {
    const { code, complaint } = await registrars(...words);
    expect({ words, code, complaint }).toMatchObject({ code: 1, complaint: expect.stringContaining('ACCOUNT') });
  }
  expect((await registrars('add', 'short')).complaint).toContain('does not understand');
});

/** How a hub stops: first it says that it is not ready, then it takes nobody new, and who was under way is answered. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openTestCountry, type TestCountry } from '../country.ts';
import { get, tokensOf } from '../oidc/redeeming.ts';
import { readiness, until, watched } from './asking.ts';

let country: TestCountry;
beforeEach(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], {
    configure: (usual) => ({ ...watched(usual), drain: 400 }),
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await country.close();
});

test('C13 not ready from the first moment of a stop, while it still answers', async () => {
  const closing = country.runningHub().close();
  expect(await readiness(country)).toMatchObject({ status: 503, ready: false, red: ['stopping'] });
  expect((await get(country, '/help')).status).toBe(200);
  await closing;
  await expect(fetch(`${country.hub}/help`)).rejects.toThrow();
  await expect(readiness(country)).rejects.toThrow();
});

test('who is under way is answered, although nobody new is', async () => {
  const { access } = await tokensOf(country, 'stock');
  const { store, close } = country.runningHub();
  const { consents } = store;
  const find = consents.find.bind(consents);
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  jest.spyOn(consents, 'find').mockImplementation(async (...given) => {
    asked.resolve();
    await goOn.promise;
    return find(...given);
  });
  const answering = get(country, '/userinfo', { authorization: `Bearer ${access}` });
  await asked.promise;
  const closing = close();
  const isRefused = () =>
    fetch(`${country.hub}/help`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    );
  await until(isRefused, Boolean, 5_000);
  goOn.resolve();
  expect((await answering).status).toBe(200);
  await closing;
});

/** Owns the tests of the sandbox's population register. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Authorities, openAuthorities, REGISTER_KEY } from './authorities.ts';

let authorities: Authorities;
beforeAll(async () => {
  authorities = await openAuthorities();
});
afterAll(() => authorities.close());

const ask = (body: unknown, key = REGISTER_KEY, timeout = 10_000) =>
  fetch(`${authorities.populationRegister.url}/lookup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });

test('a present and a former number lead to the record, without our name for the person', async () => {
  for (const number of ['097090000011', '097000011']) {
    const answer = await ask({ number });
    const { record } = (await answer.json()) as { record: Record<string, unknown> };
    expect([answer.status, record.name, record.birthDatePrecision]).toEqual([200, 'Nguyễn Văn An', 'day']);
    expect(record).not.toHaveProperty('key');
  }
});

test('unknown, shared, malformed and unauthorised questions have answers of their own', async () => {
  expect((await ask({ number: '097090999999' })).status).toBe(404);
  authorities.registers.change('population', '097185000021', { formerNumbers: ['097000011'] });
  const shared = await ask({ number: '097000011' });
  expect([shared.status, await shared.json()]).toEqual([409, { error: 'ambiguous' }]);
  authorities.registers.restore();
  expect((await ask({ number: 'Nguyễn' })).status).toBe(400);
  const malformed = await ask('{"number":');
  expect([malformed.status, await malformed.json()]).toEqual([400, { error: 'invalid_request' }]);
  expect((await ask({ number: '097090000011' }, 'another key')).status).toBe(401);
});

test('changes are told in order from a cursor on, a death as one, and no more than the number', async () => {
  const changes = async (since: string, key = REGISTER_KEY) =>
    fetch(`${authorities.populationRegister.url}/changes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ since }),
    });
  const { registers } = authorities;
  registers.change('population', '097090000011', { name: 'Nguyễn Văn Ân' });
  registers.change('population', '097185000021', { status: 'deceased' });
  const all = (await (await changes('')).json()) as { changes: { cursor: string }[]; cursor: string };
  expect(all.changes).toMatchObject([
    { number: '097090000011', kind: 'corrected' },
    { number: '097185000021', kind: 'deceased' },
  ]);
  expect(Object.keys(all.changes[0]!).sort()).toEqual(['at', 'cursor', 'kind', 'number']);
  expect(await (await changes(all.changes[0]!.cursor)).json()).toEqual({
    changes: [all.changes[1]],
    cursor: all.cursor,
  });
  expect(await (await changes(all.cursor)).json()).toEqual({ changes: [], cursor: all.cursor });
  expect((await changes('x')).status).toBe(400);
  expect((await changes('', 'another key')).status).toBe(401);
  registers.restore();
});

test('faults: down, garbage and hanging', async () => {
  const { faults } = authorities.populationRegister;
  faults.set('down');
  expect((await ask({ number: '097090000011' })).status).toBe(503);
  faults.set('garbage');
  await expect((await ask({ number: '097090000011' })).json()).rejects.toThrow();
  faults.set('hang');
  await expect(ask({ number: '097090000011' }, REGISTER_KEY, 200)).rejects.toThrow();
  faults.set('none');
  expect((await ask({ number: '097090000011' })).status).toBe(200);
});

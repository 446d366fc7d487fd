/** E2: who belongs to an agency, as what; how somebody joins it and leaves it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { byNationalEid } from '../citizen/citizen.ts';
import { lettersFor, linkIn } from '../citizen/letters-come.ts';
import type { TestCountry } from '../country.ts';
import { callApi, Developer, openDeveloperCountry, withToken } from './developer.ts';
import { openAgency, openService, type Somebody, signInPeople } from './people.ts';

let country: TestCountry;
let people: readonly Somebody[];
beforeAll(async () => {
  country = await openDeveloperCountry();
  people = await signInPeople(country, 4);
});
afterAll(() => country?.close());

const rolesOf = async (agency: string) => {
  const found = (await country.runningHub().store.developer.agencies.find(agency))!;
  return Object.fromEntries(found.members.map(({ account, role }) => [account, role]));
};
const tokenIn = (link: string) => new URL(link).pathname.split('/').at(-1)!;

test('E2 members see each other by name and work address', async () => {
  const [owner, reader] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner, [[reader, 'reader']]);
  const { members } = await reader.developer.ask('GET', `/agencies/${agency}/members`);
  expect(members).toEqual([
    { account: owner.account, name: owner.name, mail: owner.mail, role: 'owner', since: expect.any(String) },
    { account: reader.account, name: reader.name, mail: reader.mail, role: 'reader', since: expect.any(String) },
  ]);
  const page = await reader.developer.open(`/agencies/${agency}`);
  expect(page.code).toBe('developer_agency');
  for (const text of [owner.name, owner.mail, reader.name]) expect(page.text('main')).toContain(text);
  // Whoever may not change anything is offered nothing but to leave.
  expect(
    page
      .$('main form')
      .toArray()
      .map((form) => page.$(form).attr('action')),
  ).toEqual([`/developer/agencies/${agency}/members/${reader.account}/remove`]);
});

test('E2 an owner gives another role and ends a membership; the trail names accounts, never names', async () => {
  const [owner, other, third] = people as [Somebody, Somebody, Somebody];
  const agency = await openAgency(country, owner, [
    [other, 'reader'],
    [third, 'developer'],
  ]);
  const at = `/agencies/${agency}/members`;
  await owner.developer.ask('PUT', `${at}/${other.account}`, { role: 'developer' });
  await owner.developer.ask('DELETE', `${at}/${third.account}`);
  expect(await rolesOf(agency)).toEqual({ [owner.account]: 'owner', [other.account]: 'developer' });
  expect((await owner.developer.call('PUT', `${at}/${third.account}`, { role: 'owner' })).status).toBe(404);
  const trail = await country.runningHub().store.developer.trail.of({ agency, most: 10 });
  expect(trail.map(({ action }) => action)).toEqual(['agency.member_removed', 'agency.role_changed', 'agency.created']);
  expect(trail[1]).toMatchObject({ before: { role: 'reader' }, after: { account: other.account, role: 'developer' } });
  for (const { name, mail } of people) expect(JSON.stringify(trail)).not.toMatch(new RegExp(`${name}|${mail}`));
});

test('E2 whoever leaves is out at once; the last owner can neither leave nor become less', async () => {
  const [owner, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner, [[other, 'reader']]);
  const at = `/agencies/${agency}/members`;
  for (const refused of [
    await owner.developer.call('DELETE', `${at}/${owner.account}`),
    await owner.developer.call('PUT', `${at}/${owner.account}`, { role: 'developer' }),
  ])
    expect(refused).toMatchObject({ status: 409, body: { error: 'last_owner' } });
  await other.developer.ask('DELETE', `${at}/${other.account}`);
  expect((await other.developer.call('GET', at)).status).toBe(404);
  expect(await rolesOf(agency)).toEqual({ [owner.account]: 'owner' });
});

test('E2 of two owners who leave at once exactly one is gone', async () => {
  const [one, other] = people as [Somebody, Somebody];
  for (let round = 0; round < 5; round++) {
    const agency = await openAgency(country, one, [[other, 'owner']]);
    const leave = ({ developer, account }: Somebody) =>
      developer.call('DELETE', `/agencies/${agency}/members/${account}`);
    const left = await Promise.all([leave(one), leave(other)]);
    expect(left.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(Object.values(await rolesOf(agency))).toEqual(['owner']);
  }
});

test('E2 two owners who make each other less at once leave one who is', async () => {
  const [one, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, one, [[other, 'owner']]);
  const lessen = (by: Somebody, whom: Somebody) =>
    by.developer.call('PUT', `/agencies/${agency}/members/${whom.account}`, { role: 'reader' });
  const made = await Promise.all([lessen(one, other), lessen(other, one)]);
  expect(made.map(({ status }) => status).sort()).toEqual([200, 403]);
  expect(Object.values(await rolesOf(agency)).sort()).toEqual(['owner', 'reader']);
});

test('E2 an agency with a service in production keeps two owners', async () => {
  const [owner, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner, [[other, 'owner']]);
  await openService(country, owner, agency, 'live');
  const refused = await owner.developer.call('DELETE', `/agencies/${agency}/members/${other.account}`);
  expect(refused).toMatchObject({
    status: 409,
    body: { error: 'last_owner', problems: [{ code: 'two_owners_needed' }] },
  });
  const page = await owner.developer.open(`/agencies/${agency}`);
  const token = page.$('input[name=form_token]').first().attr('value')!;
  const again = await owner.developer.visitor.post(
    `${country.hub}/developer/agencies/${agency}/members/${other.account}/remove`,
    { form_token: token },
  );
  expect(again.status).toBe(422);
  expect(again.has('[data-problem=two_owners_needed]')).toBe(true);
});

test('E2 an invitation comes by mail, is read and accepted on a page, once', async () => {
  const [owner] = people as [Somebody];
  const agency = await openAgency(country, owner);
  const mail = 'nguoi-moi@co-quan.example';
  const { developer } = owner;
  await developer.open(`/agencies/${agency}`);
  const made = await developer.visitor.fill({ mail, role: 'developer' }).press('Mời');
  expect(made.code).toBe('developer_agency');
  expect(made.headers.get('cache-control')).toBe('no-store');
  const [letter] = await lettersFor(country, mail);
  const link = linkIn(country, letter!);
  expect(made.text('[data-secret]')).toBe(link.href);

  // Somebody new: signs in, introduces themselves, joins, all on the way from the link.
  const visitor = new Visitor();
  let page = await visitor.open(link);
  expect(page.code).toBe('choose_source');
  page = await byNationalEid('097201000052')(visitor);
  expect(page.code).toBe('developer_invitation');
  expect(page.text('main')).toContain('Người phát triển');
  page = await visitor.fill({ name: 'Người Mới', mail }).press('Lưu và xem tiếp');
  page = await visitor.press('Tham gia làm người phát triển');
  expect(page.code).toBe('developer_agency');
  expect(Object.values(await rolesOf(agency)).sort()).toEqual(['developer', 'owner']);
  expect((await visitor.open(link)).code).toBe('invitation_gone');
  expect((await visitor.open(`${country.hub}/developer/invitations/${'x'.repeat(43)}`)).status).toBe(410);
});

test('E2 of many who use one invitation at once exactly one joins', async () => {
  const [owner, ...others] = people as [Somebody, ...Somebody[]];
  const agency = await openAgency(country, owner);
  const wish = { mail: 'ai-do@co-quan.example', role: 'owner' };
  const { link } = await owner.developer.ask('POST', `/agencies/${agency}/invitations`, wish);
  const body = { token: tokenIn(link) };
  const tried = await Promise.all(others.map(({ developer }) => developer.call('POST', '/invitations/accept', body)));
  expect(tried.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
  expect(Object.keys(await rolesOf(agency))).toHaveLength(2);
});

test('E2 who tries their own invitation neither uses it up nor changes their role', async () => {
  const [owner, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const { link } = await owner.developer.ask('POST', `/agencies/${agency}/invitations`, {
    mail: other.mail,
    role: 'reader',
  });
  const body = { token: tokenIn(link) };
  expect((await owner.developer.call('POST', '/invitations/accept', body)).body.error).toBe('not_possible_now');
  expect(await owner.developer.ask('POST', '/invitations/read', body)).toMatchObject({ member: true, role: 'reader' });
  expect(await other.developer.ask('POST', '/invitations/accept', body)).toEqual({ agency, role: 'reader' });
});

test('E2 an invitation that was taken back, or whose owner is none any more, opens nothing', async () => {
  const [owner, other, third] = people as [Somebody, Somebody, Somebody];
  const agency = await openAgency(country, owner, [[other, 'owner']]);
  const at = `/agencies/${agency}/invitations`;
  const first = await owner.developer.ask('POST', at, { mail: 'mot@co-quan.example', role: 'reader' });
  const second = await other.developer.ask('POST', at, { mail: 'hai@co-quan.example', role: 'owner' });
  const listed = await owner.developer.ask('GET', at);
  expect(listed.invitations.map(({ to }: { to: string }) => to)).toEqual(['m…@co-quan.example', 'h…@co-quan.example']);
  await owner.developer.ask('DELETE', `${at}/${first.id}`);
  await owner.developer.ask('DELETE', `/agencies/${agency}/members/${other.account}`);
  for (const { link } of [first, second]) {
    const body = { token: tokenIn(link) };
    for (const path of ['/invitations/read', '/invitations/accept'])
      expect((await third.developer.call('POST', path, body)).body.error).toBe('invitation_gone');
  }
  expect((await owner.developer.call('DELETE', `${at}/${first.id}`)).status).toBe(404);
});

test('E2 an invitation is over after seven days', async () => {
  const [owner, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const { link, ends } = await owner.developer.ask('POST', `/agencies/${agency}/invitations`, {
    mail: other.mail,
    role: 'reader',
  });
  expect(Date.parse(ends) - Date.now()).toBeGreaterThan(7 * 24 * 60 * 60 * 1000 - 60_000);
  expect(Date.parse(ends) - Date.now()).toBeLessThanOrEqual(7 * 24 * 60 * 60 * 1000);
  const { agencies } = country.runningHub().store.developer;
  const kept = (await agencies.find(agency))!;
  const old = kept.invitations.map((one) => ({ ...one, expiresAt: Date.now() }));
  await agencies.save({ ...kept, invitations: old }, { trail: [] });
  const answer = await other.developer.call('POST', '/invitations/accept', { token: tokenIn(link) });
  expect(answer).toMatchObject({ status: 410, body: { error: 'invitation_gone' } });
  expect((await owner.developer.ask('GET', `/agencies/${agency}/invitations`)).invitations).toEqual([]);
});

test('E2 nobody is sent more letters than a few, and nobody invites without end', async () => {
  const [, , , owner] = people as [Somebody, Somebody, Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const at = `/agencies/${agency}/invitations`;
  const wish = { mail: 'Nhieu-Thu@co-quan.example', role: 'reader' };
  const mailed: boolean[] = [];
  for (let count = 0; count < 20; count++) mailed.push((await owner.developer.ask('POST', at, wish)).mailed);
  expect(mailed.filter(Boolean)).toHaveLength(3);
  expect((await owner.developer.call('POST', at, wish)).body.error).toBe('limit_reached');
  for (let count = 21; count < 30; count++) await owner.developer.call('POST', at, wish);
  const refused = await owner.developer.call('POST', at, wish);
  expect(refused).toMatchObject({ status: 429, body: { error: 'too_many_requests' } });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(await lettersFor(country, wish.mail)).toHaveLength(3);
});

test('E2 where the hub writes no letters, the answer says so and has the link', async () => {
  const silent = await openDeveloperCountry({ configure: ({ mail: _mail, ...configuration }) => configuration });
  try {
    const [owner] = (await signInPeople(silent, 1)) as [Somebody];
    const agency = await openAgency(silent, owner);
    const wish = { mail: 'ai-do@co-quan.example', role: 'reader' };
    const made = await owner.developer.ask('POST', `/agencies/${agency}/invitations`, wish);
    expect(made.mailed).toBe(false);
    expect(await owner.developer.ask('POST', '/invitations/read', { token: tokenIn(made.link) })).toMatchObject({
      agency: { id: agency },
    });
    await owner.developer.open(`/agencies/${agency}`);
    const page = await owner.developer.visitor.fill(wish).press('Mời');
    expect(page.text('[role=status]')).toContain('hãy tự chuyển đường dẫn');
    expect(silent.messages.received()).toEqual([]);
  } finally {
    await silent.close();
  }
});

test('E2 an API token with the scope manages members, and cannot join for its owner', async () => {
  const [owner, , other] = people as [Somebody, Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const { token } = await owner.developer.ask('POST', '/tokens', { name: 'people', scopes: ['members'], days: 1 });
  const invited = await callApi(
    country,
    'POST',
    `/agencies/${agency}/invitations`,
    { mail: 'qua-ma@co-quan.example', role: 'reader' },
    withToken(token),
  );
  expect(invited.status).toBe(201);
  const body = { token: tokenIn(invited.body.link) };
  const joined = await callApi(country, 'POST', '/invitations/accept', body, withToken(token));
  expect(joined.body.error).toBe('session_needed');
  await other.developer.ask('POST', '/invitations/accept', body);
});

test('E2 joining and leaving need a form of the visit’s own', async () => {
  const [owner, other] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const { link } = await owner.developer.ask('POST', `/agencies/${agency}/invitations`, {
    mail: other.mail,
    role: 'reader',
  });
  await other.developer.visitor.open(link);
  expect((await other.developer.visitor.post(link, {})).code).toBe('form_outdated');
  const nobody = new Developer(country);
  expect((await nobody.visitor.post(link, {})).status).toBeGreaterThanOrEqual(400);
  expect(Object.keys(await rolesOf(agency))).toEqual([owner.account]);
});

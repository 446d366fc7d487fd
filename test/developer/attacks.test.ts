/** What somebody tries who wants more of the console than is theirs. Each of these was possible once, or nearly. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CredentialEndings } from '../../src/developer/endings.ts';
import { countWithinHour } from '../../src/developer/hourly.ts';
import { freshKey, RotatedKeys } from '../../src/simulator/rotated-keys.ts';
import { byNationalEid, byTaxCode } from '../citizen/citizen.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { AGENCY, callApi, Developer, goodSettings, withToken } from './developer.ts';
import {
  type Cast,
  openCast,
  openLiveService,
  openService,
  pressedFrom,
  redraft,
  setMembers,
  tokenOf,
} from './production.ts';

/** Of a service that operators have registered. */
const FORMER = 'cuc-dang-ky-cu';

let country: TestCountry;
let cast: Cast;
beforeAll(async () => {
  const agency = { id: FORMER, name: { vi: 'Cục Đăng ký', en: 'Registration Office' } };
  country = await openTestCountry([{ client_id: 'dich-vu-cua-van-hanh', agency }], { sandboxIssuer: true });
  cast = await openCast(country);
});
afterAll(() => country?.close());

const store = () => country.runningHub().store;
const id = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;

test('E14 nobody brings in an agency under whose name operators have registered services: it would know people by the same subs', async () => {
  const answer = await cast.stranger.call('POST', '/agencies', { ...AGENCY, id: FORMER });
  expect(answer.body.error).toBe('id_taken');
  expect(await store().developer.agencies.find(FORMER)).toBeUndefined();
});

test('E14 nor under one by which an agency has known people that is no longer there', async () => {
  const sector = id('co-quan-cu');
  const { person } = (await store().developer.accounts.find(cast.author.account))!;
  await store().people.subjectFor(person, sector);
  expect((await cast.stranger.call('POST', '/agencies', { ...AGENCY, id: sector })).body.error).toBe('id_taken');
  for (const own of ['lien-thong', 'lien-thong-developers'])
    expect((await cast.stranger.call('POST', '/agencies', { ...AGENCY, id: own })).body.error).toBe('id_taken');
});

test('E14 no service takes the name of a page of the hub, of an operator’s client, or of what tries another', async () => {
  const { id: agency } = await cast.stranger.ask('POST', '/agencies', { ...AGENCY, id: id('co-quan') });
  const name = { vi: 'Tra cứu', en: 'Look up' };
  for (const taken of [
    'citizen-page',
    'developer-console',
    'dich-vu-cua-van-hanh',
    'x-sandbox',
    'xyz-try',
    'songhong-try',
  ]) {
    const { body } = await cast.stranger.call('POST', `/agencies/${agency}/services`, { id: taken, name });
    expect([taken, body.error]).toEqual([taken, 'id_taken']);
  }
});

test('E7 the last secret of a service that is live is dead once it is ended', async () => {
  const { service, secrets } = await openLiveService(country, cast);
  const { production } = await cast.author.ask('GET', `/services/${service}`);
  const at = `/services/${service}/production/credentials/${production.credentials[0].id}`;
  await cast.author.call('DELETE', at);
  const left = (await cast.author.ask('GET', `/services/${service}`)).production.credentials;
  const answer = await tokenEndpoint(service, secrets.production);
  // Either it is refused, or it is over; never told as over and taken.
  expect([left.length, answer]).toEqual(left.length === 0 ? [0, 'invalid_client'] : [1, 'invalid_grant']);
});

test('E8 what no process could read never goes live, so that what follows it is not lost', async () => {
  // In composed letters it is short enough for a phone; in parted ones a process would have refused it.
  const short = 'Tra cứu hồ sơ đất đỏ';
  const { service } = await openLiveService(country, cast, { short_name: { vi: short.normalize('NFD'), en: 'Files' } });
  const kept = country.runningHub().clients.get(service);
  expect(kept?.short_name?.vi).toBe(short.normalize('NFC'));
  await cast.registrar.ask('POST', `/services/${service}/production/suspend`, {});
  expect((await pressedFrom(country, service)).page.code).toBe('client_suspended');
});

test('E8 letters are counted as they are read, by the rules and by every process', async () => {
  const { service } = await openLiveService(country, cast);
  const purpose = { vi: 'ề'.repeat(290).normalize('NFD'), en: 'A' };
  expect(await redraft(cast.author, service, (draft) => ({ ...draft, purpose }))).toEqual([]);
  const { production } = await cast.author.ask('GET', `/services/${service}`);
  expect(production.draft.purpose.vi).toHaveLength(290);
});

test('E5 whoever wrote it in the sandbox does not agree to it, whoever else publishes and hands it in', async () => {
  const { agency, service } = await openService(country, cast);
  const { production } = await cast.owner.ask('GET', `/services/${service}`);
  const written = {
    ...production.draft,
    purpose: { vi: 'Do chính người duyệt viết.', en: 'Written by the approver.' },
  };
  await cast.owner.ask('PUT', `/services/${service}/sandbox/draft`, written);
  await cast.developer.ask('POST', `/services/${service}/sandbox/publication`);
  await cast.developer.ask('POST', `/services/${service}/production/draft`);
  await cast.developer.ask('POST', `/services/${service}/production/submission`);
  const approval = { version: 1, as: 'owner', says: 'approve' };
  const answer = await cast.owner.call('POST', `/services/${service}/production/decisions`, approval);
  expect([agency.length > 0, answer.body.error]).toEqual([true, 'own_submission']);
});

test('E8 a registrar who belongs to the agency does not take up for it what registrars suspended', async () => {
  const { agency, service } = await openLiveService(country, cast);
  await cast.registrar.ask('POST', `/services/${service}/production/suspend`, {});
  const roles = {
    [cast.author.account]: 'owner',
    [cast.owner.account]: 'owner',
    [cast.registrar.account]: 'developer',
  };
  await setMembers(country, agency, roles);
  expect((await cast.registrar.call('POST', `/services/${service}/production/resume`)).body.error).toBe(
    'role_too_small',
  );
});

test('E8 a registrar suspends and takes up with a strong sign-in of just now only', async () => {
  const { agency, service } = await openLiveService(country, cast);
  // The same person as the author, who has left.
  await setMembers(country, agency, { [cast.owner.account]: 'owner', [cast.stranger.account]: 'owner' });
  const weak = new Developer(country);
  await weak.signIn(byTaxCode());
  const { account } = await weak.ask('GET', '/account');
  await store().developer.registrars.add(account);
  const at = `/services/${service}/production`;
  expect((await weak.call('POST', `${at}/suspend`, {})).body.error).toBe('stronger_sign_in_needed');
  expect((await weak.call('POST', `${at}/retire`, { confirm: service })).body.error).toBe('stronger_sign_in_needed');
  await store().developer.registrars.remove(account);
});

test('E2 a token made by a way in that its owner has closed is dead', async () => {
  const thief = new Developer(country);
  await thief.signIn(byTaxCode());
  await thief.introduce('Kẻ Trộm');
  const { token } = await thief.ask('POST', '/tokens', { name: 'kịch bản', scopes: ['read', 'members'], days: 365 });
  expect((await callApi(country, 'GET', '/account', undefined, withToken(token))).status).toBe(200);
  const { account } = await thief.ask('GET', '/account');
  const { person } = (await store().developer.accounts.find(account))!;
  await store().own.blocks.block(person, 'tax-code', { entries: [] });
  expect((await callApi(country, 'GET', '/account', undefined, withToken(token))).status).toBe(401);
  await store().own.blocks.unblock(person, 'tax-code', { entries: [] });
});

test('E2 nor does it open anything again when a stolen way in has been given back', async () => {
  const thief = new Developer(country);
  await thief.signIn(byTaxCode());
  await thief.introduce('Kẻ Trộm');
  const { token } = await thief.ask('POST', '/tokens', { name: 'kịch bản', scopes: ['read'], days: 365 });
  const { account } = await thief.ask('GET', '/account');
  const { own, developer } = store();
  const { person } = (await developer.accounts.find(account))!;
  const now = Date.now();
  const dates = { openedAt: now, acknowledgeBy: now, answerBy: now, deleteAfter: now };
  const opened = { number: 'NTME-6789', person, kind: 'not_me', content: {}, ...dates } as const;
  expect(await own.blocks.suspend(person, 'tax-code', opened, { entries: [] })).toBe(true);
  expect(await own.blocks.restore(person, 'tax-code', { entries: [] })).toBe(true);
  expect((await callApi(country, 'GET', '/account', undefined, withToken(token))).status).toBe(401);
});

test('E5 an owner who is no more does not make two of one', async () => {
  const { agency, service } = await openService(country, cast);
  const gone = `nobody-${randomUUID()}`;
  await setMembers(country, agency, { [cast.author.account]: 'owner', [gone]: 'owner' });
  const answer = await cast.author.call('POST', `/services/${service}/production/submission`);
  expect(answer.body.problems?.map(({ code }: { code: string }) => code)).toContain('two_owners_needed');
});

test('E12 pieces and preview of a draft that says anything at all', async () => {
  const { id: agency } = await cast.stranger.ask('POST', '/agencies', { ...AGENCY, id: id('co-quan') });
  const { id: service } = await cast.stranger.ask('POST', `/agencies/${agency}/services`, {
    id: id('dich-vu'),
    name: { vi: 'Tra', en: 'Look' },
  });
  const evil = `x'"\\\n$(id)\`id\`</script>{{1}}<%= 1 %>\u202e`;
  const text = { vi: evil, en: evil };
  const settings = goodSettings('nowhere', {
    name: text,
    short_name: text,
    purpose: text,
    redirect_uris: [evil, 'not an address'],
    login_uri: evil,
    landing_page: 'javascript:alert(1)',
    jwks_uri: evil,
    backchannel_logout_uri: evil,
    sources: [evil],
    post_logout_redirect_uris: [evil],
  });
  await cast.stranger.ask('PUT', `/services/${service}/sandbox/draft`, settings);
  for (const path of ['/sandbox/ready-pieces', '']) {
    const answer = await cast.stranger.call('GET', `/services/${service}${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
  }
  for (const path of [
    '',
    '/preview',
    '/try',
    '/pieces',
    '/simulator',
    '/sandbox/settings',
    '/sandbox/credentials',
    '/sandbox/sign-ins',
    '/production',
    '/trail',
  ]) {
    const page = await cast.stranger.open(`/services/${service}${path}`);
    expect([path, page.status]).toEqual([path, 200]);
    expect(page.body).not.toContain('</script>{{');
    expect(page.$('a[href^="javascript:"]')).toHaveLength(0);
  }
});

async function tokenEndpoint(client: string, secret: string, { hub } = { hub: country.hub }): Promise<string> {
  const answer = await fetch(new URL('/token', hub), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'x'.repeat(43),
      redirect_uri: 'https://x.example',
      code_verifier: 'v'.repeat(43),
    }),
  });
  return ((await answer.json()) as { error: string }).error;
}

test('E5 registrars see all that waits, however many others hand in', async () => {
  const { service } = await openService(country, cast);
  await cast.author.ask('POST', `/services/${service}/production/submission`);
  const { services } = store().developer;
  const { service: kept } = (await services.find(service))!;
  const submission = { ...kept.production.submission!, at: Date.now() };
  const index = { search: 'flood', hosts: [], thumbprints: [] };
  for (let number = 0; number < 120; number += 1) {
    // In front of it, as lists are ordered.
    const copy = {
      ...kept,
      id: `a${randomUUID().slice(0, 8)}`,
      revision: 0,
      production: { ...kept.production, submission },
    };
    expect(await services.save(copy, index, { trail: [] })).toBe('saved');
  }
  const { submissions } = await cast.registrar.ask('GET', '/submissions');
  expect(submissions.map((one: { service: string }) => one.service)).toContain(service);
});

test('E16 an agency has so many services and no more: each is in the memory of every process', async () => {
  const { id: agency } = await cast.stranger.ask('POST', '/agencies', { ...AGENCY, id: id('co-quan') });
  const { services } = store().developer;
  const name = { vi: 'Tra cứu', en: 'Look up' };
  const { id: first } = await cast.stranger.ask('POST', `/agencies/${agency}/services`, { id: id('dich-vu'), name });
  const { service } = (await services.find(first))!;
  for (let number = 1; number < 200; number += 1)
    await services.save(
      { ...service, id: `z${randomUUID()}`, revision: 0 },
      { search: '', hosts: [], thumbprints: [] },
      { trail: [] },
    );
  const answer = await cast.stranger.call('POST', `/agencies/${agency}/services`, { id: id('dich-vu'), name });
  expect(answer.body.error).toBe('limit_reached');
});

test('E9 nobody fills the trail with drafts that are larger than any service needs', async () => {
  const { service } = await openService(country, cast);
  const long = { vi: 'ề'.repeat(1_000), en: 'e'.repeat(1_000) };
  const claims = Array.from({ length: 30 }, () => ({
    item: 'name' as const,
    purpose: long,
    basis: 'law' as const,
    legal_basis: 'ề'.repeat(1_000),
    optional: false,
  }));
  const settings = {
    ...goodSettings('https://x.dich-vu.example'),
    claims,
    redirect_uris: Array.from({ length: 20 }, (_, at) => `https://x.dich-vu.example/${at}${'x'.repeat(1_900)}`),
  };
  const answer = await cast.author.call('PUT', `/services/${service}/sandbox/draft`, settings);
  expect([answer.status, answer.body.error]).toEqual([413, 'too_large']);
});

test('E9 saving what is there already writes nothing', async () => {
  const { service } = await openService(country, cast);
  const { sandbox, revision } = await cast.author.ask('GET', `/services/${service}`);
  await cast.author.ask('PUT', `/services/${service}/sandbox/draft`, sandbox.draft);
  expect((await cast.author.ask('GET', `/services/${service}`)).revision).toBe(revision);
});

test('E11 keys that one service had rotated do not pile up before all others', async () => {
  const keys = new RotatedKeys(country.runningHub().sandbox!.store.state);
  const before = (await keys.all()).length;
  for (let number = 0; number < 12; number += 1) await keys.publish('dich-vu-x-sandbox', await freshKey('ES256'));
  const last = await freshKey('ES256');
  await keys.publish('dich-vu-x-sandbox', last);
  expect((await keys.all()).length - before).toBeLessThanOrEqual(2);
  expect(await keys.find('dich-vu-x-sandbox', last.publicJwk.kid)).toEqual(last.publicJwk);
  expect(await keys.find('dich-vu-y-sandbox', last.publicJwk.kid)).toBeUndefined();
});

test('E14 what the sandbox issuer gave opens nothing at the hub, and the other way round', async () => {
  const { service, secrets } = await openLiveService(country, cast);
  const { sandboxIssuer } = country;
  const atSandbox = { hub: sandboxIssuer!.url };
  // Neither knows the other's clients, by whatever secret.
  for (const secret of [secrets.sandbox, secrets.production]) {
    expect(await tokenEndpoint(`${service}-sandbox`, secret)).toBe('invalid_client');
    expect(await tokenEndpoint(`${service}-try`, secret)).toBe('invalid_client');
    expect(await tokenEndpoint(service, secret, atSandbox)).toBe('invalid_client');
    expect(await tokenEndpoint(`${service}-try`, secret, atSandbox)).toBe('invalid_client');
  }
  expect(await tokenEndpoint(`${service}-sandbox`, secrets.sandbox, atSandbox)).toBe('invalid_grant');
  expect(
    (await pressedFrom(country, `${service}-sandbox`, `https://${service.slice(-8)}.dich-vu.example/callback`)).page
      .status,
  ).toBe(400);
  const token = await tokenOf(country, service, secrets.production);
  const there = await fetch(new URL('/userinfo', atSandbox.hub), { headers: withToken(token) });
  expect(there.status).toBe(401);
  // A token of a service is no token of the console, and none of the console is one of a service.
  expect((await callApi(country, 'GET', '/account', undefined, withToken(token))).status).toBe(401);
  // The console of the hub is not the sandbox issuer's.
  for (const path of ['/developer', '/developer/api/account', '/openapi.yaml'])
    expect((await fetch(new URL(path, atSandbox.hub), { redirect: 'manual' })).status).toBe(404);
});

test('E2 a form of another site, of another visit, or by the cookie of another page does nothing', async () => {
  const proof = await cast.stranger.proof();
  const body = { name: 'Đổi Tên', mail: 'a@b.example' };
  const put = (headers: Readonly<Record<string, string>>) => callApi(country, 'PUT', '/account', body, headers);
  const other = (await cast.owner.proof())['x-form-token'];
  const tries: [Readonly<Record<string, string>>, string][] = [
    [{ cookie: proof.cookie }, 'form_outdated'],
    [{ ...proof, 'x-form-token': other }, 'form_outdated'],
    [{ ...proof, 'x-form-token': '' }, 'form_outdated'],
    [{ ...proof, origin: 'https://evil.example' }, 'cross_site_request'],
    [{ ...proof, origin: 'null' }, 'cross_site_request'],
    [{ ...proof, 'sec-fetch-site': 'same-site' }, 'cross_site_request'],
    // With any authorization the cookie is not looked at.
    [{ ...proof, origin: 'https://evil.example', authorization: 'Basic eDp5' }, 'sign_in_needed'],
    [{ ...proof, authorization: 'Bearer x' }, 'sign_in_needed'],
    [{ 'x-form-token': proof['x-form-token'] }, 'sign_in_needed'],
    [{ ...proof, cookie: proof.cookie.replaceAll('lt_developer=', 'lt_citizen=') }, 'sign_in_needed'],
  ];
  for (const [headers, error] of tries)
    expect([Object.keys(headers), (await put(headers)).body.error]).toEqual([Object.keys(headers), error]);
  const plain = await fetch(new URL('/developer/api/account', country.hub), {
    method: 'PUT',
    headers: { ...proof, 'content-type': 'text/plain' },
    body: JSON.stringify(body),
  });
  expect(plain.status).toBe(400);
});

test('E15 a page with a secret is kept by no cache, and no other site frames or reads it', async () => {
  const { service } = await openService(country, cast);
  const page = await cast.author.open(`/services/${service}/sandbox/credentials`);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const api = await cast.author.call('GET', `/services/${service}`, undefined, { origin: 'https://evil.example' });
  expect(api.headers['cache-control']).toBe('no-store');
  expect(api.headers['access-control-allow-origin']).toBeUndefined();
  expect(api.headers['x-content-type-options']).toBe('nosniff');
  expect(JSON.stringify(api.body)).not.toMatch(/secretHash|secret_hash/);
});

test('E2 whoever comes back comes back to the console and nowhere else', async () => {
  for (const back of [
    '//evil.example',
    'https://evil.example',
    '/developerx',
    '/\\evil.example',
    '/developer\r\nset-cookie: a=b',
    '/citizen',
  ]) {
    const developer = new Developer(country);
    const page = await developer.signIn(byNationalEid('097192000042'), back);
    expect(new URL(page.url).pathname).toBe('/developer');
    expect(new URL(page.url).origin).toBe(country.hub);
  }
});

test('E5 who is locked after they agreed, or says that it was not they who signed in, has not agreed', async () => {
  const { service } = await openService(country, cast);
  await cast.author.ask('POST', `/services/${service}/production/submission`);
  const decisions = `/services/${service}/production/decisions`;
  const approval = { version: 1, says: 'approve' };
  await cast.owner.ask('POST', decisions, { ...approval, as: 'owner' });
  const { people, own, developer } = store();
  const { person } = (await developer.accounts.find(cast.owner.account))!;
  const waitsFor = async () =>
    (await cast.registrar.ask('GET', `/services/${service}/production/differences`)).submission.missing;
  expect(await waitsFor()).toEqual(['registrar']);
  await people.lock(person, []);
  expect(await waitsFor()).toEqual(['owner', 'registrar']);
  expect((await cast.registrar.ask('POST', decisions, { ...approval, as: 'registrar' })).state).toBe('open');
  await people.unlock(person, []);
  expect(await waitsFor()).toEqual([]);
  const now = Date.now();
  const dates = { openedAt: now, acknowledgeBy: now, answerBy: now, deleteAfter: now };
  const opened = {
    number: 'NTME-2345',
    person,
    kind: 'not_me',
    content: { source: 'national-eid' },
    ...dates,
  } as const;
  expect(await own.blocks.suspend(person, 'national-eid', opened, { entries: [] })).toBe(true);
  expect(await waitsFor()).toEqual(['owner']);
  expect(country.runningHub().clients.has(service)).toBe(false);
  await own.blocks.restore(person, 'national-eid', { entries: [] });
});

test('E7 an address that somebody wrote into a draft is not flooded with letters of endings', async () => {
  const { agency, service } = await openService(country, cast);
  const { developer } = store();
  const mail = `${randomUUID()}@nguoi-la.example`;
  await developer.agencies.save(
    { ...(await developer.agencies.find(agency))!, members: [], contact: { mail } },
    { trail: [] },
  );
  const { service: kept } = (await developer.services.find(service))!;
  const endsAt = Date.now() - 1;
  const ended = {
    kind: 'secret',
    secretHash: 'x'.repeat(43),
    createdAt: 1,
    by: cast.author.account,
    endsAt,
    warned: [],
  } as const;
  const credentials = Array.from({ length: 60 }, () => ({ ...ended, id: randomUUID() }));
  const draft = { ...kept.sandbox.draft!, contact: { mail } };
  const full = { ...kept, sandbox: { ...kept.sandbox, draft, credentials }, production: { ...kept.production, draft } };
  expect(await developer.services.save(full, { search: '', hosts: [], thumbprints: [] }, { trail: [] })).toBe('saved');
  let [letters, looks] = [0, 0];
  const services = {
    ...developer.services,
    ending: async () => (looks++ === 0 ? [(await developer.services.find(service))!] : []),
    save: (...given: Parameters<typeof developer.services.save>) => {
      letters += given[2].messages?.length ?? 0;
      return developer.services.save(...given);
    },
  };
  const { clients, sandbox } = country.runningHub();
  const { configuration } = country;
  const watched = { ...store(), developer: { ...developer, services } };
  const nothing = () => {};
  await new CredentialEndings({
    store: watched,
    clients,
    sandbox: sandbox!,
    configuration,
    wake: nothing,
    clock: Date.now,
    log: nothing,
  }).look();
  expect(letters).toBeGreaterThan(0);
  expect(letters).toBeLessThanOrEqual(40);
});

test('E9 a script that goes live in a loop is slowed down: each time is a version that is kept, in every process', async () => {
  const { service } = await openService(country, cast);
  const parts = { store: store(), clock: Date.now };
  const again = (what: string, most: number) =>
    Promise.all(Array.from({ length: most }, () => countWithinHour(parts, `${what} of ${service}`, most)));
  for (const [what, most] of [
    ['drafts', 600],
    ['publications', 120],
    ['submissions', 60],
  ] as const)
    await again(what, most);
  const { sandbox } = await cast.author.ask('GET', `/services/${service}`);
  const changed = { ...sandbox.draft, consent_days: 17 };
  for (const [method, path, body] of [
    ['PUT', '/sandbox/draft', changed],
    ['POST', '/sandbox/publication', undefined],
    ['POST', '/production/draft', undefined],
    ['POST', '/production/submission', undefined],
  ] as const) {
    const answer = await cast.author.call(method, `/services/${service}${path}`, body);
    expect([path, answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([path, 429, true]);
  }
});

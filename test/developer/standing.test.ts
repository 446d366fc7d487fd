/** E8: a suspended service's tokens are dead and its sign-in says why; taken up again it works; retired it is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';
import { openDeveloperCountry } from './developer.ts';
import {
  type Cast,
  codeFrom,
  openCast,
  openLiveService,
  openService,
  pressedFrom,
  redeemed,
  tokenOf,
  trailOf,
  userinfo,
} from './production.ts';

let country: TestCountry;
let cast: Cast;
beforeAll(async () => {
  country = await openDeveloperCountry();
  cast = await openCast(country);
});
afterAll(() => country?.close());

test('E8 suspended, its tokens are dead at once, codes are refused, and the page says why; resumed, it works', async () => {
  const { service, secrets } = await openLiveService(country, cast);
  const at = `/services/${service}/production`;
  const token = await tokenOf(country, service, secrets.production);
  expect((await userinfo(country, token)).status).toBe(200);
  const code = await codeFrom(await pressedFrom(country, service));
  const underWay = await pressedFrom(country, service);

  expect(await cast.author.ask('POST', `${at}/suspend`, { reason: 'Mất khóa.' })).toEqual({
    state: 'suspended',
    suspended_by: 'agency',
  });
  expect((await userinfo(country, token)).status).toBe(401);
  expect((await redeemed(country, service, secrets.production, code)).status).toBe(401);
  const { page } = await pressedFrom(country, service);
  expect([page.status, page.code]).toEqual([403, 'client_suspended']);
  expect(page.body).toContain('Tra cứu hồ sơ');
  expect(page.$('main').html()).not.toContain('dich-vu.example');
  await underWay.press('source=tax-code');
  expect(underWay.page.code).toBe('client_suspended');

  await cast.author.ask('POST', `${at}/resume`);
  // What was issued before stays dead, as does what is issued in the very second in which it was suspended.
  expect((await userinfo(country, token)).status).toBe(401);
  const since = country.runningHub().clients.get(service)!.tokens_since!;
  await until(async () => Date.now() >= since * 1000, 5_000);
  const anew = await tokenOf(country, service, secrets.production);
  expect((await userinfo(country, anew)).status).toBe(200);
});

test('E8 what a registrar has suspended only a registrar takes up again', async () => {
  const { service } = await openLiveService(country, cast);
  const at = `/services/${service}/production`;
  expect((await cast.developer.call('POST', `${at}/suspend`, {})).body.error).toBe('role_too_small');
  expect((await cast.stranger.call('POST', `${at}/suspend`, {})).body.error).toBe('not_found');
  await cast.author.ask('POST', `${at}/suspend`, {});
  // The agency cannot take up what a registrar wants to stay as it is.
  expect((await cast.registrar.ask('POST', `${at}/suspend`, {})).suspended_by).toBe('registrar');
  expect((await cast.author.call('POST', `${at}/resume`)).body.error).toBe('role_too_small');
  const page = await cast.author.open(`/services/${service}/production`);
  expect(page.$(`form[action$="/production/resume"]`)).toHaveLength(0);
  expect(await cast.registrar.ask('POST', `${at}/resume`)).toEqual({ state: 'live' });
  expect((await cast.author.call('POST', `${at}/resume`)).body.error).toBe('not_possible_now');
});

test('E8 a version that goes live while the service is suspended leaves it suspended', async () => {
  const { service } = await openLiveService(country, cast);
  const at = `/services/${service}/production`;
  await cast.author.ask('POST', `${at}/suspend`, {});
  const { production } = await cast.author.ask('GET', `/services/${service}`);
  await cast.author.ask('PUT', `${at}/draft`, { ...production.draft, contact: { mail: 'moi@co-quan.example' } });
  await cast.author.ask('POST', `${at}/submission`);
  expect(country.runningHub().clients.get(service)?.suspended).toBe(true);
  expect((await pressedFrom(country, service)).page.code).toBe('client_suspended');
});

test('E8 while it is suspended its secret ends: it is not taken up before it has another', async () => {
  const { service } = await openLiveService(country, cast);
  const at = `/services/${service}/production`;
  await cast.author.ask('POST', `${at}/suspend`, {});
  const { services } = country.runningHub().store.developer;
  const { service: kept } = (await services.find(service))!;
  const credentials = kept.production.credentials.map((one) => ({ ...one, endsAt: Date.now() - 1 }));
  const ended = { ...kept, production: { ...kept.production, credentials } };
  await services.save(ended, { search: '', hosts: [], thumbprints: [] }, { trail: [] });
  const refused = await cast.author.call('POST', `${at}/resume`);
  expect([refused.status, refused.body.problems[0].code]).toEqual([422, 'authentication_without_secret']);
  await cast.author.ask('POST', `${at}/secrets`, {});
  expect(await cast.author.ask('POST', `${at}/resume`)).toEqual({ state: 'live' });
});

test('E8 retired, it is gone for good', async () => {
  const { service, secrets } = await openLiveService(country, cast);
  const at = `/services/${service}/production`;
  const token = await tokenOf(country, service, secrets.production);
  const code = await codeFrom(await pressedFrom(country, service));
  const mistyped = await cast.author.call('POST', `${at}/retire`, { confirm: 'khac' });
  expect([mistyped.status, mistyped.body.problems[0].code]).toEqual([422, 'not_this_service']);
  expect(await cast.author.ask('POST', `${at}/retire`, { confirm: service })).toEqual({ state: 'retired' });
  expect((await userinfo(country, token)).status).toBe(401);
  expect((await redeemed(country, service, secrets.production, code)).status).toBe(401);
  expect((await pressedFrom(country, service)).page.code).toBe('client_unknown');

  const { production } = await cast.author.ask('GET', `/services/${service}`);
  expect([production.state, production.credentials]).toEqual(['retired', []]);
  const refused = await Promise.all([
    cast.author.call('POST', `${at}/resume`),
    cast.author.call('POST', `${at}/draft`),
    cast.author.call('POST', `${at}/submission`),
    cast.author.call('POST', `${at}/step-back`),
    cast.author.call('POST', `${at}/suspend`, {}),
    cast.author.call('POST', `${at}/retire`, { confirm: service }),
  ]);
  expect(refused.map(({ body }) => body.error)).toEqual(refused.map(() => 'not_possible_now'));
  // The sandbox goes on; its client is another.
  expect(country.runningHub().sandbox!.clients.has(`${service}-sandbox`)).toBe(true);
  const [last] = await trailOf(cast.author, service);
  expect(last).toMatchObject({ action: 'production.retired', after: { state: 'retired' } });
  expect(last.before.credentials).toHaveLength(1);
});

test('E8 in the sandbox developers suspend and end what is theirs', async () => {
  const { service } = await openService(country, cast);
  const at = `/services/${service}/sandbox`;
  const { clients } = country.runningHub().sandbox!;
  await cast.developer.ask('POST', `${at}/suspend`, {});
  expect(clients.get(`${service}-sandbox`)?.suspended).toBe(true);
  await cast.developer.ask('POST', `${at}/resume`);
  expect(clients.get(`${service}-sandbox`)?.suspended).toBeUndefined();
  await cast.developer.ask('POST', `${at}/retire`, { confirm: service });
  expect(clients.has(`${service}-sandbox`)).toBe(false);
  expect((await cast.developer.call('POST', `${at}/publication`)).body.error).toBe('not_possible_now');
});

test('E8 by the pages: suspended, taken up, retired', async () => {
  const { service } = await openLiveService(country, cast);
  const { visitor } = cast.author;
  const path = `/services/${service}/production`;
  const state = () => visitor.page.$('[data-life=production] [data-state]').attr('data-state');
  await cast.author.open(path);
  await visitor.press(`form[action="/developer/services/${service}/production/suspend"] button`);
  expect(state()).toBe('suspended');
  await visitor.press(`form[action="/developer/services/${service}/production/resume"] button`);
  expect(state()).toBe('live');
  visitor.fill({ confirm: 'khac' });
  await visitor.press(`form[action="/developer/services/${service}/production/retire"] button`);
  expect(visitor.page.has('[data-problem=not_this_service]')).toBe(true);
  visitor.fill({ confirm: service });
  await visitor.press(`form[action="/developer/services/${service}/production/retire"] button`);
  expect(state()).toBe('retired');
});

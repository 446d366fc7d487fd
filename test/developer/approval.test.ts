/** E5: nobody agrees to their own work; two people of the right kinds do, to exactly what they were shown. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ageSignIns, byTaxCode } from '../citizen/citizen.ts';
import { HOA, type TestCountry } from '../country.ts';
import { callApi, Developer, openDeveloperCountry, withToken } from './developer.ts';
import {
  agree,
  type Cast,
  openCast,
  openLiveService,
  openService,
  passEveryFault,
  proofOf,
  redraft,
  setMembers,
  trailOf,
} from './production.ts';

let country: TestCountry;
let cast: Cast;
beforeAll(async () => {
  country = await openDeveloperCountry();
  cast = await openCast(country);
});
afterAll(() => country?.close());

const isLive = (service: string) => country.runningHub().clients.has(service);
const approval = (as: string, more: object = {}) => ({ version: 1, as, says: 'approve', ...more });
const decide = (who: Developer, service: string, body: object) =>
  who.call('POST', `/services/${service}/production/decisions`, body);

async function submitted(wish = {}) {
  const opened = await openService(country, cast, wish);
  await cast.author.ask('POST', `/services/${opened.service}/production/submission`);
  return opened;
}

test('E5 a service is live once another owner and a registrar have agreed, and not before', async () => {
  const { service } = await submitted();
  expect(isLive(service)).toBe(false);
  expect((await decide(cast.owner, service, approval('owner'))).body).toEqual({ version: 1, state: 'open' });
  expect(isLive(service)).toBe(false);
  expect((await decide(cast.registrar, service, approval('registrar'))).body).toEqual({ version: 1, state: 'live' });
  expect(isLive(service)).toBe(true);
});

test('E5 it is handed in only when everything it needs is there, all told at once', async () => {
  const { agency, service } = await openService(country, cast);
  const { faultTrials } = country.runningHub().sandbox!.store;
  await faultTrials.begin({ client: `${service}-sandbox`, fault: 'expired', deliveredAt: Date.now() });
  await setMembers(country, agency, { [cast.author.account]: 'owner' });
  await redraft(cast.author, service, (draft) => ({ ...draft, landing_page: 'http://dich-vu.example/' }));
  const refused = await cast.author.call('POST', `/services/${service}/production/submission`);
  expect([refused.status, refused.body.error]).toEqual([409, 'not_ready_for_production']);
  expect(refused.body.problems.map(({ field, code }: { field: string; code: string }) => [field, code])).toEqual([
    ['', 'two_owners_needed'],
    ['', 'score_card_not_full'],
    ['landing_page', 'address_http'],
  ]);
  for (const { reason, code } of refused.body.problems) expect(reason.vi).not.toBe(code);
});

test('E5 who wrote it or handed it in cannot agree to it', async () => {
  const { service } = await submitted();
  const refused = await decide(cast.author, service, approval('owner'));
  expect([refused.status, refused.body.error]).toEqual([403, 'own_submission']);

  // An owner wrote it, and had a colleague hand it in.
  const other = await openService(country, cast);
  await redraft(cast.owner, other.service, (draft) => ({ ...draft, consent_days: 30 }));
  await cast.developer.ask('POST', `/services/${other.service}/production/submission`);
  for (const who of [cast.owner, cast.author]) {
    const { status, body } = await decide(who, other.service, approval('owner'));
    expect([status, body.error]).toEqual([403, 'own_submission']);
  }
});

test('E5 the two are two people in their own offices: not the same one twice, not a registrar of the agency', async () => {
  const { agency, service } = await submitted();
  const { registrars } = country.runningHub().store.developer;
  const roles = { [cast.author.account]: 'owner', [cast.owner.account]: 'owner' };
  await registrars.add(cast.owner.account);
  try {
    expect((await decide(cast.owner, service, approval('owner'))).status).toBe(200);
    for (const as of ['owner', 'registrar']) {
      const { status } = await decide(cast.owner, service, approval(as));
      expect(status).toBe(as === 'owner' ? 409 : 403);
    }
    // Having left, they may decide as a registrar: but then there is no owner who agreed.
    await setMembers(country, agency, { [cast.author.account]: 'owner', [cast.developer.account]: 'owner' });
    const again = await decide(cast.owner, service, approval('registrar'));
    expect(again.body).toEqual({ version: 1, state: 'open' });
    expect(isLive(service)).toBe(false);
  } finally {
    await registrars.remove(cast.owner.account);
  }
  await setMembers(country, agency, { ...roles, [cast.registrar.account]: 'reader' });
  expect((await decide(cast.registrar, service, approval('registrar'))).body.error).toBe('role_too_small');
  expect((await decide(cast.developer, service, approval('owner'))).status).toBe(404);
  expect((await decide(cast.stranger, service, approval('registrar'))).body.error).toBe('not_found');
});

test('E5 a developer of the agency does not decide as an owner', async () => {
  const { service } = await submitted();
  expect((await decide(cast.developer, service, approval('owner'))).body.error).toBe('role_too_small');
  expect((await decide(cast.registrar, service, approval('owner'))).body.error).toBe('role_too_small');
});

test('E5 whoever decides has signed in at loa3 or better in the last 15 minutes', async () => {
  const { service } = await submitted();
  const weakly = new Developer(country);
  await weakly.signIn(byTaxCode(HOA));
  expect((await weakly.ask('GET', '/account')).account).toBe(cast.owner.account);
  const refused = await decide(weakly, service, approval('owner'));
  expect([refused.status, refused.body.error]).toEqual([403, 'stronger_sign_in_needed']);
  expect(refused.headers['www-authenticate']).toContain('acr_values="loa3"');

  const longAgo = new Developer(country);
  await longAgo.signIn(proofOf('owner'));
  await ageSignIns(country, 901, '097185000021');
  expect((await decide(longAgo, service, approval('owner'))).body.error).toBe('stronger_sign_in_needed');
  await cast.owner.signIn(proofOf('owner'));
  expect((await decide(cast.owner, service, approval('owner'))).status).toBe(200);
});

test('E5 on the page, whoever is signed in weakly is led to a better sign-in and back', async () => {
  const { service } = await submitted();
  const weakly = new Developer(country);
  await weakly.signIn(byTaxCode(HOA));
  await weakly.open(`/services/${service}/production`);
  const page = await weakly.visitor.press('says=approve');
  expect(page.code).toBe('developer_sign_in_again');
  const signIn = new URL(page.$('a.primary').attr('href')!, page.url);
  expect(Object.fromEntries(signIn.searchParams)).toEqual({
    back: `/developer/services/${service}/production`,
    fresh: 'yes',
    level: 'loa3',
  });
  await weakly.visitor.open(signIn);
  const back = await proofOf('owner')(weakly.visitor);
  expect(back.url.pathname).toBe(`/developer/services/${service}/production`);
  await weakly.visitor.press('says=approve');
  const { submission } = await cast.author.ask('GET', `/services/${service}/production/differences`);
  expect(submission.missing).toEqual(['registrar']);
});

test('E5 a token decides nothing', async () => {
  const { service } = await submitted();
  const scopes = ['read', 'write', 'secrets', 'members'];
  const { token } = await cast.owner.ask('POST', '/tokens', { name: 'script', scopes, days: 1 });
  const path = `/services/${service}/production/decisions`;
  const refused = await callApi(country, 'POST', path, approval('owner'), withToken(token));
  expect([refused.status, refused.body.error]).toEqual([403, 'session_needed']);
});

test('E5 an approval is of the version that was shown, against what was live then', async () => {
  const { service } = await submitted();
  await cast.owner.ask('POST', `/services/${service}/production/decisions`, approval('owner'));
  await cast.author.ask('DELETE', `/services/${service}/production/submission`);
  expect((await decide(cast.registrar, service, approval('registrar'))).body.error).toBe('not_possible_now');
  await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 10 }));
  await cast.author.ask('POST', `/services/${service}/production/submission`);
  const outdated = await decide(cast.registrar, service, approval('registrar'));
  expect([outdated.status, outdated.body.error]).toEqual([409, 'edited_meanwhile']);
  // What was agreed to before was another version.
  await decide(cast.registrar, service, approval('registrar', { version: 2 }));
  expect(isLive(service)).toBe(false);
  await decide(cast.owner, service, approval('owner', { version: 2 }));
  expect(country.runningHub().clients.get(service)?.consent_days).toBe(10);

  await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 11 }));
  await cast.author.ask('POST', `/services/${service}/production/submission`);
  expect((await decide(cast.registrar, service, approval('registrar', { version: 3 }))).body.error).toBe(
    'edited_meanwhile',
  );
  const right = await decide(cast.registrar, service, approval('registrar', { version: 3, against: 2 }));
  expect(right.body).toEqual({ version: 3, state: 'open' });
});

test('E5 who agreed and lost the office since has not agreed', async () => {
  const { agency, service } = await submitted();
  await decide(cast.owner, service, approval('owner'));
  await setMembers(country, agency, {
    [cast.author.account]: 'owner',
    [cast.developer.account]: 'owner',
    [cast.owner.account]: 'developer',
  });
  expect((await decide(cast.registrar, service, approval('registrar'))).body.state).toBe('open');
  const { submission } = await cast.author.ask('GET', `/services/${service}/production/differences`);
  expect(submission.missing).toEqual(['owner']);
  expect(submission.decisions.map(({ counts }: { counts: boolean }) => counts)).toEqual([false, true]);
  expect((await decide(cast.developer, service, approval('owner'))).body.state).toBe('live');
});

test('E5 when both decide at once it goes live exactly once', async () => {
  const { service } = await submitted();
  const answers = await Promise.all([
    decide(cast.owner, service, approval('owner')),
    decide(cast.registrar, service, approval('registrar')),
    decide(cast.owner, service, approval('owner')),
  ]);
  expect(answers.filter(({ body }) => body.state === 'live')).toHaveLength(1);
  expect(isLive(service)).toBe(true);
  const actions = (await trailOf(cast.author, service)).map(({ action }) => action);
  expect(actions.filter((action) => action === 'production.published')).toHaveLength(1);
  expect(actions.filter((action) => action === 'production.approved')).toHaveLength(2);
});

test('E5 changes are asked for, and refusals made, with a reason; a page says which', async () => {
  for (const [says, state] of [
    ['ask_for_changes', 'changes_asked'],
    ['refuse', 'refused'],
  ] as const) {
    const { service } = await submitted();
    const silent = await decide(cast.registrar, service, { version: 1, as: 'registrar', says, reason: ' ' });
    expect([silent.status, silent.body.problems[0].field]).toEqual([422, 'reason']);
    const reason = 'Mục đích chưa nói rõ vì sao cần họ tên.';
    const { body } = await decide(cast.registrar, service, { version: 1, as: 'registrar', says, reason });
    expect(body).toEqual({ version: 1, state });
    expect((await decide(cast.owner, service, approval('owner'))).body.error).toBe('not_possible_now');
    const page = await cast.author.open(`/services/${service}/production`);
    expect(page.text('[data-decisions]')).toContain(reason);
    expect(page.has(`[data-submission="${state}"]`)).toBe(true);
    // Mended, it is handed in anew.
    await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 20 }));
    await cast.author.ask('POST', `/services/${service}/production/submission`);
  }
});

test('E5 a change of the contact is live at once; any other is not', async () => {
  const { service } = await openLiveService(country, cast);
  await redraft(cast.developer, service, (draft) => ({ ...draft, contact: { mail: 'moi@co-quan.example' } }));
  const answer = await cast.developer.ask('POST', `/services/${service}/production/submission`);
  expect(answer).toEqual({ version: 2, state: 'live' });
  await redraft(cast.developer, service, (draft) => ({
    ...draft,
    contact: { mail: 'nua@co-quan.example' },
    minimum_acr: 'loa2',
  }));
  expect((await cast.developer.ask('POST', `/services/${service}/production/submission`)).state).toBe('open');
  expect(country.runningHub().clients.get(service)?.minimum_acr).toBe('loa1');
});

test('E5 the agency’s new name is agreed to as well', async () => {
  const { agency, service } = await openLiveService(country, cast);
  await cast.author.ask('PUT', `/agencies/${agency}`, {
    name: { vi: 'Bộ Công an', en: 'Ministry of Public Security' },
    sector: 'justice',
    contact: { mail: 'cntt@co-quan.example' },
  });
  expect(country.runningHub().clients.get(service)?.agency.name.vi).toMatch(/^Cơ quan/);
  await redraft(cast.author, service, (draft) => ({ ...draft, contact: { mail: 'moi@co-quan.example' } }));
  expect((await cast.author.ask('POST', `/services/${service}/production/submission`)).state).toBe('open');
  const { submitted: shown } = await cast.registrar.ask('GET', `/services/${service}/production/differences`);
  expect(shown.map(({ field }: { field: string }) => field)).toEqual([
    'agency.name.vi',
    'agency.name.en',
    'contact.mail',
  ]);
  await agree(cast, service);
  expect(country.runningHub().clients.get(service)?.agency.name.vi).toBe('Bộ Công an');
});

test('E5 a registrar who never saw the service finds it, and every field that is different in words', async () => {
  const { service } = await openLiveService(country, cast);
  await redraft(cast.author, service, (draft) => ({
    ...draft,
    name: { vi: 'Nộp hồ sơ', en: 'Hand in a file' },
    redirect_uris: [...draft.redirect_uris, draft.redirect_uris[0]!.replace('callback', 'back')],
    minimum_acr: 'loa2',
    require_pushed_authorization_requests: true,
    claims: [
      { ...draft.claims[0]!, basis: 'law', legal_basis: 'Điều 12, Nghị định 118/2025/NĐ-CP' },
      { item: 'birthdate', purpose: { vi: 'Để biết tuổi.', en: 'To know the age.' }, basis: 'consent', optional: true },
    ],
    contact: { mail: 'moi@co-quan.example' },
  }));
  await passEveryFault(country, service);
  await cast.author.ask('POST', `/services/${service}/production/submission`);
  const list = await cast.registrar.open('/submissions');
  expect(list.$(`a[href="/developer/services/${service}/production"]`)).toHaveLength(1);
  expect((await cast.stranger.call('GET', '/submissions')).status).toBe(404);

  const page = await cast.registrar.open(`/services/${service}/production`);
  const { submitted: shown } = await cast.registrar.ask('GET', `/services/${service}/production/differences`);
  expect(shown.length).toBeGreaterThan(10);
  const rows = page.$('[data-differences="submitted"] tr[data-field]').toArray();
  expect(rows.map((row) => page.$(row).attr('data-field'))).toEqual(shown.map(({ field }: { field: string }) => field));
  for (const row of rows) {
    const name = page.$(row).find('th').text().trim();
    expect(name).not.toBe('');
    expect(name).not.toMatch(/[_.]/);
  }
  expect(page.text('tr[data-field="name.vi"]')).toContain('Nộp hồ sơ');
  // Pressed on the page, it is the same decision.
  await cast.registrar.visitor.press('says=approve');
  expect(await cast.registrar.visitor.page.text('[data-decisions]')).not.toBe('');
  const { submission } = await cast.registrar.ask('GET', `/services/${service}/production/differences`);
  expect(submission.missing).toEqual(['owner']);
});

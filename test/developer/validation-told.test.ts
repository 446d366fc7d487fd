/** What is wrong with settings and keys is told by the API and by the page alike: where, by which rule, why. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Credential, Environment } from '../../src/developer/ports.ts';
import { type Facts, skeletonOf, thumbprintOf } from '../../src/developer/problems.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { formOf } from '../../src/developer/settings-form.ts';
import { reasonOf } from '../../views/texts/developer/problems.ts';
import { byTaxCode } from '../citizen/citizen.ts';
import { onlySources, type TestCountry } from '../country.ts';
import { AGENCY, type Developer, newDeveloper, openDeveloperCountry } from './developer.ts';
import { AT_HOME, KEY_RULES, OTHERS, RSA_KEY, RULES, SANDBOX } from './rules.ts';
import { EC_KEY, KEY, NOW, RIGHT } from './settings.ts';

const ID = 'tra-cuu-ho-so';
const YEAR = 365 * 24 * 60 * 60 * 1000;

let country: TestCountry;
let developer: Developer;
let agency: string;
beforeAll(async () => {
  const threeSources = onlySources('tax-code', 'social-insurance', 'mobile-id');
  country = await openDeveloperCountry({
    configure: (configuration) => {
      const { sandbox, ...own } = threeSources(configuration);
      // Two names of the hub to be taken for: its own is that of this machine, this one is as in production.
      return { ...own, sandbox: { ...threeSources(sandbox!), issuer: 'https://thu.lienthong.gov.vn:8443' } };
    },
  });
  developer = await newDeveloper(country, 'Nguyễn Văn An', byTaxCode());
  agency = (await developer.ask('POST', '/agencies', { ...AGENCY, id: 'hanoi' })).id;
  await developer.ask('POST', `/agencies/${agency}/services`, { id: ID, name: { vi: 'Tra cứu', en: 'Lookup' } });
});
afterAll(() => country?.close());

const records = () => country.runningHub().store.developer;

/** Gives the service these credentials in both environments, and the store what the row wants others to have. */
async function prepare(credentials: Facts['credentials'], others: Pick<Facts, 'hosts' | 'thumbprintsElsewhere'>) {
  const { service } = (await records().services.find(ID))!;
  const kept = credentials.map(
    (one, at): Credential => ({
      ...KEY,
      ...one,
      id: `c${at}`,
      endsAt: Date.now() + (one.endsAt > NOW ? YEAR : -1000),
    }),
  );
  const thumbprints = kept.flatMap(({ jwk }) => (jwk ? [thumbprintOf(jwk)] : []));
  const own = { search: '', hosts: [], thumbprints };
  const changed = {
    ...service,
    sandbox: { ...service.sandbox, credentials: kept },
    production: { ...service.production, credentials: kept },
  };
  await records().services.save(changed, own, { trail: [] });
  for (const owner of new Set([...others.hosts.map((one) => one.agency), 'somebody-else']))
    await othersHave(owner, others);
}

/** A service of another agency, with its hosts and keys. */
async function othersHave(
  owner: string,
  { hosts, thumbprintsElsewhere }: Pick<Facts, 'hosts' | 'thumbprintsElsewhere'>,
) {
  const id = `dich-vu-cua-${owner}`;
  const found = await records().services.find(id);
  const nothing = { state: 'none', newest: 0, credentials: [] } as const;
  const before = found?.service ?? {
    id,
    revision: 0,
    agency: owner,
    sandbox: nothing,
    production: nothing,
    createdAt: NOW,
  };
  if (found === undefined) {
    const contact = { mail: 'a@b.vn' };
    const name = { vi: owner, en: owner };
    await records().agencies.save(
      { id: owner, revision: 0, name, sector: 'other', contact, members: [], invitations: [], createdAt: NOW },
      { trail: [] },
    );
  }
  const index = {
    search: '',
    hosts: hosts.filter((one) => one.agency === owner).map(({ host }) => ({ host, skeleton: skeletonOf(host) })),
    thumbprints: owner === 'somebody-else' ? [...thumbprintsElsewhere] : [],
  };
  expect(await records().services.save(before, index, { trail: [] })).toBe('saved');
}

interface Told {
  readonly field: string;
  readonly code: string;
  readonly reason: string;
}

/** What the page says beside its fields once it has been saved, in one language. */
async function toldByPage(environment: Environment, language: 'vi' | 'en'): Promise<readonly Told[]> {
  const { visitor } = developer;
  const back = encodeURIComponent(`/developer/services/${ID}/${environment}/settings?saved=yes`);
  const { $, status } = await visitor.open(new URL(`/language/${language}?back=${back}`, country.hub));
  expect(status).toBe(200);
  return $('[data-problem]')
    .toArray()
    .map((one) => ({
      field: $(one).attr('data-field')!,
      code: $(one).attr('data-problem')!,
      reason: $(one)
        .text()
        .replace(/\s+/g, ' ')
        .replace(/^ ?(Dòng|Line) \d+: /, '')
        .trim(),
    }));
}

/** Saves by the page, then by the API; what is wrong is the same, in the words of each language. */
async function toldBoth(environment: Environment, settings: ServiceSettings): Promise<readonly Told[]> {
  const path = `/services/${ID}/${environment}/settings`;
  const { $ } = await developer.open('/services');
  const token = $('[name=form_token]').first().attr('value')!;
  await developer.visitor.post(new URL(`/developer${path}`, country.hub), { ...formOf(settings), form_token: token });
  expect(developer.visitor.page.status).toBe(200);
  const byPage = { en: await toldByPage(environment, 'en'), vi: await toldByPage(environment, 'vi') };
  const { problems } = await developer.ask('PUT', `/services/${ID}/${environment}/draft`, settings);
  for (const language of ['vi', 'en'] as const) {
    const byApi = problems.map(({ field, code }: Told) => ({ field, code, reason: reasonOf(code)[language] }));
    expect(byPage[language].toSorted(byField)).toEqual(byApi.toSorted(byField));
  }
  for (const one of problems) expect(one.reason).toEqual(reasonOf(one.code));
  return problems;
}

const byField = (one: Told, other: Told) => `${one.field} ${one.code}`.localeCompare(`${other.field} ${other.code}`);

/** The contract refuses it before any rule is asked, or lines part it: no page could send it so. */
const NOT_SENT = new Set(['a null', 'a line end']);
/** Of these the country of the test has others: its hub is one for trying, and is on this machine. */
const ELSEWHERE = new Set([
  'keys on localhost',
  'sign-out on localhost',
  'a name for examples',
  'the hub on this machine',
  'the hub',
]);

describe('E3 each rule, on page and API alike', () => {
  const rows = RULES.filter(([rule]) => !NOT_SENT.has(rule) && !ELSEWHERE.has(rule));

  test.each(rows)('E3 %s: %s', async (_rule, code, field, wish, facts = {}) => {
    await prepare(facts.credentials ?? [KEY], {
      hosts: facts.hosts ?? [],
      thumbprintsElsewhere: facts.thumbprintsElsewhere ?? new Set(),
    });
    const environment = facts === SANDBOX || facts === AT_HOME ? 'sandbox' : 'production';
    const settings = JSON.parse(JSON.stringify({ ...RIGHT, ...wish })) as ServiceSettings;
    const problems = await toldBoth(environment, settings);
    expect(problems.map((one) => ({ field: one.field, code: one.code }))).toEqual([{ field, code }]);
  });

  test('E3 what nothing is wrong with is told to be complete, and goes live', async () => {
    await prepare([KEY], { hosts: [], thumbprintsElsewhere: new Set() });
    await toldBoth('sandbox', RIGHT);
    expect(developer.visitor.page.has('[data-saved=complete]')).toBe(true);
    expect((await developer.call('POST', `/services/${ID}/sandbox/publication`)).status).toBe(200);
  });

  test('E3 the hub’s own addresses, on page and API alike', async () => {
    await prepare([KEY], { hosts: [], thumbprintsElsewhere: new Set() });
    await toldBoth('sandbox', { ...RIGHT, redirect_uris: [`${country.hub}/callback`] });
    expect(developer.visitor.page.$('[data-problem]').attr('data-problem')).toBe('host_of_hub');
  });
});

describe('E3 each rule for keys, on page and API alike', () => {
  test.each(KEY_RULES)('E3 a key, %s: %s', async (rule, code, key) => {
    const own = rule.includes('already') ? [KEY] : [];
    await prepare(own, { hosts: OTHERS.slice(0, 0), thumbprintsElsewhere: new Set([thumbprintOf(RSA_KEY)]) });
    const answer = await developer.call('POST', `/services/${ID}/sandbox/keys`, { jwk: key });
    const isObject = typeof key === 'object' && !Array.isArray(key);
    // What is no object the contract refuses before any rule is asked.
    expect(answer.status).toBe(isObject ? 422 : 400);
    const [problem] = answer.body.problems;
    if (isObject) expect(problem).toMatchObject({ field: 'jwk', code, reason: reasonOf(code) });
    for (const language of ['vi', 'en'] as const) {
      const back = encodeURIComponent(`/developer/services/${ID}/sandbox/credentials`);
      await developer.visitor.open(new URL(`/language/${language}?back=${back}`, country.hub));
      const button = { vi: 'Thêm khóa', en: 'Add the key' }[language];
      const page = await developer.visitor.fill({ jwk: JSON.stringify(key) }).press(button);
      expect(page.status).toBe(422);
      const told = page.$('[data-problem]').first();
      expect([told.attr('data-field'), told.attr('data-problem')]).toEqual([problem.field, problem.code]);
      expect(told.text()).toContain(problem.reason[language]);
    }
    expect((await records().services.find(ID))!.service.sandbox.credentials).toHaveLength(own.length);
  });

  test('E3 the key that was right in the table is taken', async () => {
    await prepare([], { hosts: [], thumbprintsElsewhere: new Set() });
    expect((await developer.call('POST', `/services/${ID}/sandbox/keys`, { jwk: EC_KEY })).status).toBe(201);
  });
});

/** The citizen's API: as it is described, the same as the pages, and nothing else whatever it is asked. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { CORRECTABLE } from '../../src/citizen/cases/cases.ts';
import { type CitizenParts, citizenRoutes, roomsOf } from '../../src/citizen/console.ts';
import { CASE_KINDS, CHANGE_KINDS } from '../../src/citizen/ports.ts';
import { GROUP_OF, HISTORY_GROUPS, SHOWN_EVENT_TYPES } from '../../src/citizen/rooms/history-kinds.ts';
import { isErrorCode } from '../../src/errors.ts';
import { CITIZEN } from '../../src/own-pages/own-page.ts';
import { signInRoutes } from '../../src/own-pages/sign-in-routes.ts';
import { CONSENT_ENDS } from '../../views/citizen/agencies.ts';
import { CONSENT_ITEMS } from '../../views/pages.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { description, operations } from '../description.ts';
import { atSecond } from '../oidc/time.ts';
import { byNationalEid, byTaxCode, signInToPage } from './citizen.ts';
import { API, asPage, OwnApi, objections, operationOf, ownOperations, rightly } from './described.ts';
import { codeIn, lettersFor } from './letters-come.ts';
import { missingOn } from './on-page.ts';
import { type Life, lifeOfAn, lifeOfHoa, SERVICES } from './rich-lives.ts';

/** Somebody with two ways, who does all that can be done. */
const DUC = { taxCode: '8000000318', password: 'Thue@2026' } as const;
const DUC_NUMBER = '097079000031';

let country: TestCountry;
let api: OwnApi;
let an: Life;
let hoa: Life;
beforeAll(async () => {
  country = await openTestCountry(SERVICES, {
    configure: (configuration) => ({ ...configuration, deliveryPauses: [50] }),
  });
  api = new OwnApi(country);
  an = await lifeOfAn(country, api);
  hoa = await lifeOfHoa(country, api);
}, 120_000);
afterAll(async () => {
  await api?.close();
  await country?.close();
});

const gets = ownOperations.filter(({ method }) => method === 'GET');
const downloads = ['getReceipt', 'getData'];
const looks = gets.filter(({ operation }) => !downloads.includes(operation.operationId));

describe('D18 all of it is described', () => {
  // Rooms only keep these until somebody asks.
  const anything: unknown = new Proxy(() => anything, { get: () => anything });
  const signIn = signInRoutes({ ...(anything as object), page: CITIZEN } as Parameters<typeof signInRoutes>[0]);
  const parts = new Proxy(anything as CitizenParts, {
    get: (_any, name) => (name === 'signInRoutes' ? signIn : anything),
  });

  test('D18 every operation of the rooms, and no other', () => {
    const there = roomsOf(parts).operations.map(({ method, path }) => {
      return `${method} ${API}${path.replace(/:(\w+)/g, '{$1}').replace(/\/$/, '')}`;
    });
    expect(there.toSorted()).toEqual(ownOperations.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  test('D18 no route of the page is anything else than a room, its operation, or described', () => {
    const rooms = roomsOf(parts).operations.map(({ method, path }) => `${method} ${path}`);
    const others = operations
      .filter(({ path }) => /^\/(citizen|record-keys)/.test(path) && !path.startsWith(API))
      .map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    const there = routesIn(citizenRoutes(parts)).map((route) => route.replace(/ \/citizen(?=\/)/, ' '));
    const described = [...rooms, ...rooms, ...others.map((route) => route.replace(/ \/citizen(?=\/)/, ' '))];
    expect(there.toSorted()).toEqual(described.toSorted());
  });

  test('D18 every kind that is known is a kind of the description', () => {
    const { schemas } = description.components;
    const kinds = {
      ChangeKind: CHANGE_KINDS,
      CaseKind: CASE_KINDS,
      Correctable: CORRECTABLE,
      ConsentEnd: CONSENT_ENDS,
      HistoryGroup: HISTORY_GROUPS,
      HistoryKind: SHOWN_EVENT_TYPES,
      ItemId: CONSENT_ITEMS,
    };
    for (const [name, known] of Object.entries(kinds))
      expect([name, schemas[name]?.enum?.toSorted()]).toEqual([name, [...known].toSorted()]);
    expect(Object.keys(GROUP_OF)).toHaveLength(SHOWN_EVENT_TYPES.length);
  });

  test('D18 nobody who is not signed in gets anything', async () => {
    for (const described of ownOperations) {
      const told = await api.send(rightly(described, {}, {}));
      const { operationId } = described.operation;
      expect([operationId, told.status, objections(described, told)]).toEqual([operationId, 401, []]);
    }
  });

  test('D18 what is not there is told as all else is', async () => {
    for (const [method, path, status] of [
      ['GET', '/nothing', 404],
      ['POST', '/nothing', 404],
      ['PUT', '/nothing', 404],
      ['GET', '/ways/block', 405],
      ['POST', '/ways', 405],
      ['PUT', '/ways', 405],
      ['DELETE', '/cases/7KQM-2XWD', 405],
      ['PATCH', '/erase', 405],
      ['OPTIONS', '/ways', 405],
    ] as const) {
      const told = await api.send({ method, path: `${API}${path}`, headers: an.page });
      expect([method, path, told.status, objections(undefined, told)]).toEqual([method, path, status, []]);
    }
    const { headers } = await api.send({ method: 'PUT', path: `${API}/erase`, headers: an.page });
    expect([headers.allow].flat().join(', ')).toBe('GET, POST');
  });
});

describe('D18 API and pages agree', () => {
  test.each(looks)('D18 $path', async ({ path, operation: { operationId } }) => {
    for (const parameters of await everyParameter(path)) {
      const { body } = await api.ask(operationId, an.page, { parameters });
      // The same session, seen through a token of its own.
      expect((await api.ask(operationId, an.bearer, { parameters })).body).toEqual(body);
      const address = rightly(operationOf(operationId), {}, { parameters }).path.replace(API, '/citizen');
      const page = await an.visitor.newTab().open(new URL(address, country.hub));
      expect([page.status, page.language]).toEqual([200, 'en']);
      expect([address, missingOn(page, body)]).toEqual([address, []]);
    }
  });

  test('D18 receipts and the archive are the same files by either address', async () => {
    for (const parameters of await everyParameter('/citizen/api/receipts/{consent}')) {
      const told = await api.ask('getReceipt', an.page, { parameters });
      const page = await an.visitor.newTab().open(new URL(`/citizen/receipts/${parameters.consent}`, country.hub));
      const facts = (jws: string) => {
        const {
          receipt_id: _id,
          issued_at: _at,
          ...rest
        } = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString());
        return rest;
      };
      expect(facts(page.body)).toEqual(facts(told.text));
      expect(page.headers.get('content-type')).toBe(told.headers['content-type']);
    }
    // Of An's somebody else here may have had enough.
    const data = await api.ask('getData', hoa.page, { query: 'language=en' });
    expect(data.headers['content-disposition']).toMatch(/^attachment; filename="lien-thong-[\d-]+\.zip"$/);
  });

  test('D18 every reason in a history is a code of the table', async () => {
    const { body } = await api.ask('getHistory', an.page);
    const reasons = body.entries.flatMap(({ reason }: { reason?: string }) => reason ?? []);
    expect(reasons.every(isErrorCode)).toBe(true);
  });

  /** Every value that a path of An's can have. */
  async function everyParameter(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const [, name] = /\{(\w+)\}/.exec(path) ?? [];
    const of = async (id: string) => (await api.ask(id, an.page)).body;
    const agencies = async () => (await of('getAgencies')).agencies as { client: string; consent: { id: string } }[];
    const lists: Readonly<Record<string, () => Promise<readonly string[]>>> = {
      client: async () => (await agencies()).map(({ client }) => client),
      consent: async () => (await agencies()).map(({ consent }) => consent.id),
      event: async () => (await of('getHistory')).entries.map(({ id }: { id: string }) => id),
      number: async () => (await of('getCases')).cases.map((one: { number: string }) => one.number),
      proposal: async () => [an.ids.proposal!],
    };
    if (name === undefined) return [{}];
    const values = await lists[name]!();
    expect(values.length).toBeGreaterThan(0);
    return values.map((value) => ({ [name]: value }));
  }
});

describe('D9 nobody else’s', () => {
  test('D9 what belongs to somebody else is not there for any operation, by cookie or token', async () => {
    const { ids } = hoa;
    const calls: Readonly<Record<string, object>> = {
      getAgency: { parameters: { client: ids.client } },
      withdrawConsent: { body: { client: ids.client } },
      getReceipt: { parameters: { consent: ids.consent } },
      getEvent: { parameters: { event: ids.event } },
      denyEvent: { body: { event: ids.event } },
      unlinkWay: { body: { link: ids.link, end_session: 'yes' } },
      endSession: { body: { session: ids.session } },
      forgetDevice: { body: { device: ids.device } },
      stopChange: { body: { change: ids.change } },
      getProposedContact: { parameters: { proposal: ids.proposal } },
      confirmContact: {
        body: { proposal: ids.proposal, code: codeIn((await lettersFor(country, 'hoa.moi@example.vn'))[0]!) },
      },
      removeContact: { body: { contact: ids.contact } },
      openCase: { body: { kind: 'object', client: ids.client, text: 'Của ai?' } },
      getCase: { parameters: { number: ids.number } },
    };
    // Whoever can be told that there is none of it can be asked for somebody else's.
    const named = ownOperations.filter(({ operation }) => '404' in operation.responses);
    const ofSources = ['blockWay', 'unblockWay', 'restoreWay'];
    expect(Object.keys(calls).toSorted()).toEqual(
      named
        .map(({ operation }) => operation.operationId)
        .filter((id) => !ofSources.includes(id))
        .toSorted(),
    );
    const before = await everythingOf(hoa);
    for (const [id, values] of Object.entries(calls)) {
      for (const as of [an.page, an.bearer]) {
        const told = await api.ask(id, as, values);
        expect([id, told.status, told.body?.error]).toEqual([id, 404, 'not_found']);
      }
    }
    expect(await everythingOf(hoa)).toEqual(before);
  });

  test('D9 no form token of somebody else, no token of another client', async () => {
    const foreign = { ...an.page, 'x-form-token': hoa.page['x-form-token']! };
    const { 'x-form-token': _none, ...without } = an.page;
    for (const described of ownOperations.filter(({ method }) => method === 'POST')) {
      for (const as of [foreign, without]) {
        const told = await api.send(rightly(described, as, {}));
        expect([described.path, told.status, told.body.error]).toEqual([described.path, 403, 'form_outdated']);
        expect(objections(described, told)).toEqual([]);
      }
    }
  });

  const everythingOf = async ({ page }: Life) =>
    Promise.all(
      looks
        .filter(({ path }) => !path.includes('{'))
        .map(async ({ operation: { operationId } }) => (await api.ask(operationId, page)).body),
    );
});

test('D18 whoever is not signed in well enough is told what would be enough', async () => {
  const weak = new Visitor();
  await signInToPage(country, weak, byTaxCode());
  const page = await asPage(country, weak);
  const refused = await api.ask('blockWay', page, { body: { source: 'national-eid' } });
  expect([refused.status, refused.body]).toEqual([
    403,
    {
      error: 'stronger_sign_in_needed',
      error_description: expect.any(String),
      incident: expect.any(String),
      acr_values: 'loa3',
      max_age: 300,
    },
  ]);
  expect(refused.headers['www-authenticate']).toBe(
    'Bearer error="insufficient_user_authentication", acr_values="loa3", max_age="300"',
  );
  await atSecond(16 * 60, async () => {
    const old = await api.ask('endSession', page, { body: { session: 'x' } });
    expect([old.status, old.body.error, old.body.max_age]).toEqual([401, 'sign_in_needed', 900]);
    expect(old.headers['www-authenticate']).toContain('max_age="900"');
  });
  const { headers } = await api.ask('getOverview', { authorization: 'Bearer nonsense' });
  expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  expect((await api.ask('getOverview', {})).headers['www-authenticate']).toBe('Bearer');
});

test('D18 every change answers well when it is rightly asked', async () => {
  const weak = new Visitor();
  await signInToPage(country, weak, byTaxCode(DUC));
  const elsewhere = new Visitor();
  await signInToPage(country, elsewhere, byNationalEid(DUC_NUMBER));
  const visitor = new Visitor();
  await signInToPage(country, visitor, byNationalEid(DUC_NUMBER));
  const page = await asPage(country, visitor);
  const done = new Set<string>();
  const ask = async (id: string, body: object = {}, as = page) => {
    const told = await api.ask(id, as, { body });
    expect([id, told.status, told.text]).toEqual([id, expect.any(Number), told.text]);
    if (told.status < 300) done.add(id);
    else throw new Error(`${id}: ${told.text}`);
    return told.body;
  };
  const look = async (id: string) => (await api.ask(id, page)).body;

  const { proposal } = await ask('proposeContact', { kind: 'phone', address: '0912 000 031', language: 'en' });
  await ask('confirmContact', { proposal, code: codeIn((await lettersFor(country, '+84912000031'))[0]!) });
  const { waits } = await ask('blockWay', { source: 'mobile-id', wait: 'yes' }, await asPage(country, weak));
  await ask('stopChange', { change: waits.id });
  await ask('blockWay', { source: '*' });
  await ask('unblockWay', { source: '*' });
  const { entries } = await look('getHistory');
  const byTax = entries.find(
    (one: { kind: string; source?: { id: string } }) =>
      one.kind === 'person_identified' && one.source?.id === 'tax-code',
  );
  await ask('denyEvent', { event: byTax.id });
  await ask('restoreWay', { source: 'tax-code' });
  const { ways } = await look('getWays');
  const taxes = ways.find((way: { source: string }) => way.source === 'tax-code');
  await ask('unlinkWay', { link: taxes.links[0].id });
  await ask('openCase', { kind: 'complain', text: 'Chậm quá.' });
  await ask('correct', { attribute: 'gender', should_be: 'nam' });
  const { devices } = await look('getSessions');
  await ask('forgetDevice', { device: devices.find((one: { isThis: boolean }) => !one.isThis).id });
  await signInToPage(country, elsewhere, byNationalEid(DUC_NUMBER));
  const { sessions } = await look('getSessions');
  await ask('endSession', { session: sessions.find((one: { isThis: boolean }) => !one.isThis).id });
  expect(await ask('endOtherSessions')).toEqual({ ended: 0 });
  const { contacts } = await look('getContacts');
  await ask('removeContact', { contact: contacts[0].id });
  expect(await ask('endAllSessions')).toEqual({ ended: 1 });
  expect((await api.ask('getOverview', page)).status).toBe(401);

  // Asked for by An and Hoà, when their lives began.
  const before = ['withdrawConsent', 'erase'];
  const changes = ownOperations.filter(({ method }) => method === 'POST').map(({ operation }) => operation.operationId);
  expect([...done, ...before].toSorted()).toEqual(changes.toSorted());
}, 60_000);

/** The routes of a router and of those mounted in it, whose own paths Express does not tell. */
function routesIn(router: unknown): readonly string[] {
  interface Layer {
    readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
    readonly handle?: { readonly stack?: readonly Layer[] };
  }
  const { stack = [] } = router as { stack?: readonly Layer[] };
  return stack.flatMap(({ route, handle }) => {
    if (route === undefined) return handle?.stack ? routesIn(handle) : [];
    return Object.keys(route.methods)
      .filter((method) => method !== '_all')
      .map((method) => `${method.toUpperCase()} ${route.path}`);
  });
}

/** Owns the tests of secrets and keys that end: who is told, when and once; and that what has ended opens nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Delivery } from '../../src/background/delivery.ts';
import type { Configuration } from '../../src/config.ts';
import { CredentialEndings } from '../../src/developer/endings.ts';
import type { DeveloperRecords } from '../../src/developer/ports.ts';
import { saveService } from '../../src/developer/saving.ts';
import { messageCarriers } from '../../src/messaging/carriers.ts';
import { openMailCarrier } from '../../src/messaging/mail.ts';
import type { Store } from '../../src/store.ts';
import { lettersFor } from '../citizen/letters-come.ts';
import type { TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';
import { basic, post, together } from '../oidc/redeeming.ts';
import { DAY } from '../oidc/time.ts';
import { openDeveloperCountry } from './developer.ts';
import { type Cast, type Opened, openCast, openService, setMembers, trailOf } from './production.ts';

const log = () => {};
let country: TestCountry;
let configuration: Configuration;
let cast: Cast;
let opened: Opened;
let delivery: Delivery;
beforeAll(async () => {
  country = await openDeveloperCountry({
    configure: (usual) => {
      configuration = usual;
      return usual;
    },
  });
  cast = await openCast(country);
  for (const [who, developer] of Object.entries(cast)) await developer.introduce(`Họ Tên ${who}`, mailOf(who));
});
afterAll(() => country?.close());

const mailOf = (who: string) => `${who}@co-quan.example`;
const TOLD = [
  mailOf('author'),
  mailOf('owner'),
  mailOf('developer'),
  'cntt@co-quan.example',
  'ky-thuat@co-quan.example',
];

beforeEach(async () => {
  opened = await openService(country, cast);
  const { author, owner, developer, stranger } = cast;
  const roles = { author: 'owner', owner: 'owner', developer: 'developer', stranger: 'reader' } as const;
  const members = Object.entries({ author, owner, developer, stranger });
  await setMembers(
    country,
    opened.agency,
    Object.fromEntries(members.map(([who, one]) => [one.account, roles[who as keyof typeof roles]])),
  );
  // Of this process's own, which can be made to look.
  const mail = openMailCarrier(configuration.mail!, { plainLoopback: true, log });
  const { outbox } = country.runningHub().store;
  delivery = new Delivery({ outbox, carriers: messageCarriers({ mail, sms: undefined }), clock: Date.now, log });
});
afterEach(async () => {
  // What a test has left would be told of in the next one.
  await dropSecrets();
  await delivery.close();
});

function partsOf(store: Store = country.runningHub().store) {
  const { clients, sandbox } = country.runningHub();
  return { configuration: country.configuration, store, clients, sandbox: sandbox!, wake: () => delivery.wake() };
}

/** Who looks as if it were so many days later, and a minute. */
const lookingIn = (days: number, store?: Store) =>
  new CredentialEndings({
    ...partsOf(store),
    configuration,
    clock: () => Date.now() + days * DAY * 1000 + 60_000,
    log,
  });

/** What is written to whom when somebody looks so many days from now. */
async function letters(days: number, look = () => lookingIn(days).look()) {
  country.messages.reset();
  await look();
  return (await lettersFor(country)).map(({ to, subject, text }) => ({ to, subject: subject ?? '', text }));
}

const withSecret = async (days: number) => {
  await dropSecrets();
  return cast.author.ask('POST', `/services/${opened.service}/sandbox/secrets`, { days });
};

/** Without them being ended: a live service keeps one. */
async function dropSecrets() {
  const { services } = country.runningHub().store.developer;
  const { service } = (await services.find(opened.service))!;
  const [sandbox, production] = [service.sandbox, service.production].map((one) => ({ ...one, credentials: [] }));
  const none = { ...service, sandbox: sandbox!, production: production! };
  expect(await services.save(none, { search: '', hosts: [], thumbprints: [] }, { trail: [] })).toBe('saved');
}

test('E7 whoever can do something about it is warned 60, 30 and 7 days before a secret ends, once each, and when it has', async () => {
  await withSecret(365);
  expect(await letters(365 - 61)).toEqual([]);
  for (const left of [60, 30, 7]) {
    const written = await letters(365 - left);
    expect(written.map(({ to }) => to).toSorted()).toEqual(TOLD.toSorted());
    for (const { subject, text } of written) {
      expect(subject).toContain(`${opened.service}-sandbox`);
      expect(subject).toMatch(new RegExp(`còn ${left} ngày.*ends in ${left} days`));
      expect(text).toContain(`/developer/services/${opened.service}/sandbox/credentials`);
    }
    expect(await letters(365 - left)).toEqual([]);
    expect(await letters(365 - left + 1)).toEqual([]);
  }
  const ended = await letters(365);
  expect(ended.map(({ to }) => to).toSorted()).toEqual(TOLD.toSorted());
  expect(ended[0]!.subject).toMatch(/đã hết hạn.*has ended/);
  expect(await letters(366)).toEqual([]);
  const actions = (await trailOf(cast.author, opened.service)).map(({ action, actor }) => `${action} ${actor ?? ''}`);
  expect(actions.filter((one) => one.includes('warned_of'))).toHaveLength(3);
  expect(actions.filter((one) => one.includes('ran_out'))).toHaveLength(1);
});

test('E7 a credential that never was so far from its end is not warned of', async () => {
  await withSecret(20);
  expect(await letters(0)).toEqual([]);
  expect(await letters(12)).toEqual([]);
  expect(await letters(13)).toHaveLength(TOLD.length);
});

test('E7 where nobody had looked for a while, one letter says what is left', async () => {
  await withSecret(100);
  const written = await letters(97);
  expect(written).toHaveLength(TOLD.length);
  expect(written[0]!.subject).toMatch(/ends in 3 days/);
  expect(await letters(98)).toEqual([]);
});

test('E7 what has ended is refused at the token endpoint by the clock, before anybody looks', async () => {
  const { secret } = await withSecret(1);
  const client = `${opened.service}-sandbox`;
  const sandbox = { ...country, hub: country.sandboxIssuer!.url };
  const status = async () =>
    (await post(sandbox, '/par', together({ fields: { client_id: client } }, basic(client, secret)))).status;
  // Known, and refused for what it asks.
  expect(await status()).toBe(400);
  const { developer } = country.runningHub().store;
  const { service } = (await developer.services.find(opened.service))!;
  const endsAt = Math.ceil(Date.now() / 1000) * 1000 + 1_000;
  const credentials = service.sandbox.credentials.map((one) => ({ ...one, endsAt }));
  await saveService(partsOf(), {
    service: { ...service, sandbox: { ...service.sandbox, credentials } },
    agency: (await developer.agencies.find(opened.agency))!,
    trail: [],
    publish: ['sandbox'],
  });
  await until(async () => (await status()) === 401, 10_000);
  expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
});

test('E7 of two processes that look at once each letter is sent by one', async () => {
  await withSecret(90);
  const both = () => Promise.all([lookingIn(60).look(), lookingIn(60).look()]).then(() => {});
  const written = await letters(60, both);
  expect(written.map(({ to }) => to).toSorted()).toEqual(TOLD.toSorted());
  expect((await trailOf(cast.author, opened.service)).filter(({ action }) => /warned_of/.test(action))).toHaveLength(1);
});

test('E7 what somebody writes while it looks is not lost, and the letter comes at the next look', async () => {
  await withSecret(90);
  const { store } = country.runningHub();
  const { services } = store.developer;
  const draft = (await services.find(opened.service))!.service.sandbox.draft!;
  const edited = { ...draft, purpose: { vi: 'Đã sửa.', en: 'Changed.' } };
  let edits = 0;
  const ending: DeveloperRecords['services']['ending'] = async (...asked) => {
    const listed = await services.ending(...asked);
    if (listed.length > 0 && edits === 0) {
      edits += 1;
      // As a developer does between the look and what is written of it.
      const found = (await services.find(opened.service))!.service;
      const changed = { ...found, sandbox: { ...found.sandbox, draft: edited } };
      const index = {
        search: '',
        hosts: [],
        thumbprints: [],
        nextEnd: found.sandbox.credentials[0]!.endsAt - 60 * DAY * 1000,
      };
      expect(await services.save(changed, index, { trail: [] })).toBe('saved');
    }
    return listed;
  };
  const meddled = Object.create(store, {
    developer: { value: { ...store.developer, services: Object.create(services, { ending: { value: ending } }) } },
  }) as Store;
  expect(await letters(60, () => lookingIn(60, meddled).look())).toEqual([]);
  expect((await services.find(opened.service))!.service.sandbox.draft).toEqual(edited);
  expect(await letters(60)).toHaveLength(TOLD.length);
  expect((await services.find(opened.service))!.service.sandbox.draft).toEqual(edited);
});

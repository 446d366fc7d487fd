/** E6: what is drafted touches nothing that is live, in no process; a step back is live everywhere in seconds. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPostgresDatabase } from '../../adapters/postgres/store.ts';
import { LiveRegistrations } from '../../src/registrations.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import type { TestCountry } from '../country.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { until } from '../engines/until.ts';
import { openDeveloperCountry } from './developer.ts';
import {
  agree,
  type Cast,
  codeFrom,
  openCast,
  openLiveService,
  openService,
  pressedFrom,
  redeemed,
  redraft,
} from './production.ts';

describe.each(['the embedded store', 'PostgreSQL and Redis'])('%s', (engine) => {
  let country: TestCountry;
  let cast: Cast;
  let engines: EnginePair | undefined;
  /** Another process that serves the same hub: what it knows it knows from the store. */
  let elsewhere: LiveRegistrations;
  let closeElsewhere: () => Promise<void>;
  beforeAll(async () => {
    if (engine.startsWith('PostgreSQL')) engines = await startEnginePair();
    const addresses = engines?.addresses;
    country = await openDeveloperCountry(
      addresses ? { configure: (configuration) => ({ ...configuration, ...addresses }) } : {},
    );
    cast = await openCast(country);
    const other = addresses
      ? await openPostgresDatabase({ url: addresses.databaseUrl, vault: createVault(generateKeys()), clock: Date.now })
      : { ...country.runningHub().store, close: async () => {} };
    elsewhere = new LiveRegistrations({
      store: other,
      mode: 'sandbox',
      objection: () => undefined,
      clock: Date.now,
      log: () => {},
    });
    await elsewhere.open([]);
    closeElsewhere = async () => {
      await elsewhere.close();
      await other.close();
    };
  }, 90_000);
  afterAll(async () => {
    await closeElsewhere?.();
    await country?.close();
    await engines?.remove();
  });

  const rowsOf = async (service: string) => {
    const { registrations, sandboxRegistrations } = country.runningHub().store;
    const rows = [...(await registrations.since(0)), ...(await sandboxRegistrations.since(0))];
    return rows.filter(({ id }) => id === service || id === `${service}-sandbox`);
  };
  const soon = (isSo: () => boolean) => until(async () => isSo(), 5_000);

  test('E6 drafting, handing in and taking back leave what is live as it is, and who is under way', async () => {
    const { service, secrets } = await openLiveService(country, cast);
    const before = await rowsOf(service);
    expect(before).toHaveLength(2);
    const visitor = await pressedFrom(country, service);
    const change = (name: string) =>
      redraft(cast.author, service, (draft) => ({
        ...draft,
        name: { vi: name, en: name },
        redirect_uris: ['https://khac.dich-vu.example/callback'],
        minimum_acr: 'loa4',
      }));
    const at = `/services/${service}`;
    await change('Một');
    const sandboxDraft = (await cast.author.ask('GET', at)).sandbox.draft;
    await cast.author.ask('PUT', `${at}/sandbox/draft`, { ...sandboxDraft, minimum_acr: 'loa4' });
    await cast.author.ask('POST', `${at}/production/submission`);
    await change('Hai');
    await cast.registrar.ask('POST', `${at}/production/decisions`, {
      version: 2,
      against: 1,
      as: 'registrar',
      says: 'ask_for_changes',
      reason: 'Địa chỉ lạ.',
    });
    await cast.author.ask('POST', `${at}/production/submission`);
    await cast.author.ask('DELETE', `${at}/production/submission`);
    await cast.author.ask('POST', `${at}/production/draft`);
    expect(await rowsOf(service)).toEqual(before);
    const answer = await redeemed(country, service, secrets.production, await codeFrom(visitor));
    expect(answer.status).toBe(200);
    expect((await pressedFrom(country, service)).page.code).toBe('choose_source');
  });

  test('E6 what goes live is in another process in seconds, and so is the step back; the draft stays', async () => {
    const { service } = await openLiveService(country, cast);
    await soon(() => elsewhere.get(service)?.version === 1);
    await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 7 }));
    await cast.author.ask('POST', `/services/${service}/production/submission`);
    await agree(cast, service);
    await soon(() => elsewhere.get(service)?.consent_days === 7);
    const { draft } = (await cast.author.ask('GET', `/services/${service}`)).production;

    const back = `/services/${service}/production/step-back`;
    expect((await cast.developer.call('POST', back)).body.error).toBe('role_too_small');
    expect(await cast.author.ask('POST', back)).toMatchObject({ client_id: service, version: 1 });
    await soon(() => elsewhere.get(service)?.version === 1);
    expect(elsewhere.get(service)?.consent_days).toBe(180);
    expect(country.runningHub().clients.get(service)?.consent_days).toBe(180);
    const { production } = await cast.author.ask('GET', `/services/${service}`);
    expect(production.draft).toEqual(draft);
    // Once: whatever was before that one is not what somebody remembers.
    expect((await cast.author.call('POST', back)).body.error).toBe('not_possible_now');
    const { versions } = await cast.author.ask('GET', `/services/${service}/production/versions`);
    expect(versions.map(({ number, standing }: { number: number; standing: string }) => [number, standing])).toEqual([
      [2, 'past'],
      [1, 'live'],
    ]);
    // What was live is still as it was handed in.
    const second = await cast.author.ask('GET', `/services/${service}/production/versions/2`);
    expect(second.settings.consent_days).toBe(7);
  });

  test('E6 who agreed before a step back held it against something else', async () => {
    const { service } = await openLiveService(country, cast);
    const at = `/services/${service}/production`;
    await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 7 }));
    await cast.author.ask('POST', `${at}/submission`);
    await agree(cast, service);
    await redraft(cast.author, service, (draft) => ({ ...draft, consent_days: 8 }));
    await cast.author.ask('POST', `${at}/submission`);
    const approval = { version: 3, against: 2, says: 'approve' };
    await cast.owner.ask('POST', `${at}/decisions`, { ...approval, as: 'owner' });
    await cast.author.ask('POST', `${at}/step-back`);
    const late = await cast.registrar.call('POST', `${at}/decisions`, { ...approval, as: 'registrar' });
    expect(late.body.error).toBe('edited_meanwhile');
    const { submission } = await cast.registrar.ask('GET', `${at}/differences`);
    expect(submission.missing).toEqual(['owner', 'registrar']);
  });

  test('E6 in the sandbox a developer steps back alone', async () => {
    const { service } = await openService(country, cast);
    const at = `/services/${service}/sandbox`;
    const { draft } = (await cast.developer.ask('GET', `/services/${service}`)).sandbox;
    await cast.developer.ask('PUT', `${at}/draft`, { ...draft, consent_days: 7 });
    await cast.developer.ask('POST', `${at}/publication`);
    const { clients } = country.runningHub().sandbox!;
    expect(clients.get(`${service}-sandbox`)?.consent_days).toBe(7);
    await cast.developer.ask('POST', `${at}/step-back`);
    expect(clients.get(`${service}-sandbox`)?.consent_days).toBe(180);
    expect((await cast.author.ask('GET', `/services/${service}`)).sandbox.draft.consent_days).toBe(7);
  });

  test('E6 the draft of production begins with what is live in the sandbox, not with what is written there', async () => {
    const { service } = await openService(country, cast);
    const { sandbox } = await cast.author.ask('GET', `/services/${service}`);
    await cast.author.ask('PUT', `/services/${service}/sandbox/draft`, { ...sandbox.draft, consent_days: 3 });
    const { draft } = await cast.author.ask('POST', `/services/${service}/production/draft`);
    expect(draft).toEqual(sandbox.draft);
  });
});

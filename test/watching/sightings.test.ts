/**
 * What a developer sees of the sign-ins at their service: each that failed with its cause, step and number, all in numbers,
 * nothing of a person; and that seeing costs no sign-in anything, nor grows with what somebody sends.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { dateInVietnam } from '../../src/calendar.ts';
import { StoreUnavailable } from '../../src/store.ts';
import { bucketOf, LAST_BUCKET, quantileOf } from '../../src/watching/durations.ts';
import { causeOf, LIBRARY_CAUSES, refusalOf, standardError } from '../../src/watching/error-causes.ts';
import type { FailedSignIn, SightingsBatch } from '../../src/watching/sightings.ts';
import { SightingsCollector } from '../../src/watching/sightings-collector.ts';
import { summaryOf } from '../../src/watching/sightings-summary.ts';
import { causeInWords } from '../../views/texts/developer/sightings.ts';
import {
  AN_NUMBER,
  HOA,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  SECRET,
  signIn,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { until } from '../engines/until.ts';
import { Haystack, spellings } from '../haystack.ts';
import { assertionOf, post, withAssertion } from '../oidc/redeeming.ts';
import { askStore } from '../store-copy.ts';
import { Unreadable } from '../unreadable.ts';

let country: TestCountry;
let stock: client.Configuration;
beforeAll(async () => {
  const services = [
    { client_id: 'stock' },
    { client_id: 'secretive', secret: 'basic' as const },
    { client_id: 'strong', minimum_acr: 'loa2' as const },
    { client_id: 'paused', suspended: true as const },
  ];
  country = await openTestCountry(services, { configure: (usual) => ({ ...usual, sightingsInterval: 20 }) });
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const sightings = () => country.runningHub().store.sightings;

/** The newest failures of a client, as soon as there are so many. */
async function failures(many: number, of = 'stock'): Promise<readonly FailedSignIn[]> {
  await until(async () => (await sightings().failuresOf(of, 100)).length >= many, 5_000);
  return sightings().failuresOf(of, 100);
}

async function summary(of = 'stock') {
  const day = dateInVietnam(Date.now());
  return summaryOf(await sightings().countsOf(of, day, day));
}

/** The number on the page a visitor looks at. */
const incidentOn = (visitor: Visitor) => visitor.page.text('footer').match(/[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/)![0];

async function arrive(parameters: Record<string, string> = {}): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.open((await pressButton(stock, country, parameters)).address);
  return visitor;
}

describe('a sign-in that fails is seen with cause, step, source and the number its citizen was shown:', () => {
  test('nobody in the register, and no more is said of them', async () => {
    const visitor = await arrive();
    country.populationRegister.faults.set('down');
    await proveByTaxCode(visitor, HOA);
    const [failed] = await failures(1);
    expect(failed).toMatchObject({
      client: 'stock',
      error: 'temporarily_unavailable',
      cause: 'register_unavailable',
      step: 'identify',
      source: 'tax-code',
      incident: incidentOn(visitor),
    });
    expect(Date.now() - failed!.at).toBeLessThan(10_000);
    await until(async () => (await summary()).outcomes.length > 0, 5_000);
    expect((await summary()).outcomes).toEqual([{ name: 'unavailable', count: 1 }]);
  });

  test('why a person was not identified stays between them and the registers', async () => {
    const { store } = country.runningHub();
    await tokensFor(country, stock);
    await store.people.lock((await store.people.findHolder(AN_NUMBER))!, []);
    const visitor = await arrive();
    await proveByTaxCode(visitor);
    const [failed] = await failures(1);
    expect(failed).toMatchObject({ cause: 'not_identified', step: 'identify', incident: incidentOn(visitor) });
  });

  test('the citizen turned back at the source, refused to share, or did not begin', async () => {
    const visitor = await arrive();
    await visitor.press('source=tax-code');
    await visitor.press('decision=cancel');
    expect(await failures(1)).toMatchObject([
      { cause: 'source_cancelled', step: 'prove', source: 'tax-code', incident: incidentOn(visitor) },
    ]);
    // Going back to the service after that is the same turning back.
    await visitor.press('button.quiet');
    const another = await arrive({ scope: 'openid profile' });
    await proveByTaxCode(another);
    await another.press('decision=refuse');
    expect((await failures(2))[0]).toMatchObject({ cause: 'consent_refused', step: 'consent', error: 'access_denied' });
    const third = await arrive();
    await third.press('button.quiet');
    await until(async () => (await summary()).count === 3, 5_000);
    expect((await summary()).outcomes).toEqual([
      { name: 'cancelled', count: 2 },
      { name: 'consent_refused', count: 1 },
    ]);
  });

  test('an address nobody registered', async () => {
    const visitor = await arrive({ redirect_uri: `${country.callback.origin}/elsewhere` });
    expect(visitor.page.code).toBe('redirect_uri_unknown');
    expect(await failures(1)).toMatchObject([
      { error: 'invalid_redirect_uri', cause: 'redirect_uri_unknown', step: 'request', incident: incidentOn(visitor) },
    ]);
  });

  test('the last of two reasons is the one on the page', async () => {
    const { address } = await pressButton(stock, country, { redirect_uri: `${country.callback.origin}/elsewhere` });
    address.searchParams.delete('code_challenge');
    const visitor = new Visitor();
    await visitor.open(address);
    expect(visitor.page.code).toBe('redirect_uri_unknown');
    expect(await failures(1)).toMatchObject([{ cause: 'redirect_uri_unknown', incident: incidentOn(visitor) }]);
    await until(async () => (await summary()).count > 0, 5_000);
    expect((await summary()).count).toBe(1);
  });

  test('a request without PKCE, for a scope, a level or a prompt there is not', async () => {
    const { address } = await pressButton(stock, country);
    address.searchParams.delete('code_challenge');
    await new Visitor().open(address);
    await arrive({ scope: 'profile' });
    await arrive({ claims: 'no JSON' });
    await arrive({ prompt: 'whatever' });
    await arrive({ response_type: 'none' });
    const causes = (await failures(5)).map(({ cause, step }) => [step, cause]);
    expect(causes.sort()).toEqual(
      [
        ['request', 'claims_invalid'],
        ['request', 'code_challenge_missing'],
        ['request', 'prompt_invalid'],
        ['request', 'response_type_unsupported'],
        ['request', 'scope_invalid'],
      ].sort(),
    );
  });

  test('half an identity, which the agency did not want', async () => {
    await tokensFor(country, stock, { scope: 'openid profile' });
    const claims = JSON.stringify({ userinfo: { gender: { essential: true } } });
    const visitor = await arrive({ scope: 'openid profile', claims });
    country.populationRegister.faults.set('down');
    await proveByTaxCode(visitor);
    expect(country.callback.answers.at(-1)!.parameters.get('error')).toBe('temporarily_unavailable');
    expect(await failures(1)).toMatchObject([
      { error: 'temporarily_unavailable', cause: 'register_unavailable', step: 'identify' },
    ]);
  });

  test('the service is suspended', async () => {
    const visitor = new Visitor();
    const party = await relyingParty(country, 'paused');
    await visitor.open((await pressButton(party, country)).address);
    expect(visitor.page.code).toBe('client_suspended');
    const fields = { client_id: 'paused', grant_type: 'authorization_code', code: 'c' };
    await post(country, '/token', { fields });
    const seen = await failures(2, 'paused');
    expect(seen.map(({ cause, step }) => [cause, step])).toEqual([
      ['client_suspended', 'token'],
      ['client_suspended', 'request'],
    ]);
    expect(seen[1]!.incident).toBe(incidentOn(visitor));
  });

  test('asking silently is no failure, but is counted', async () => {
    await arrive({ prompt: 'none' });
    await until(async () => (await summary()).count > 0, 5_000);
    expect((await summary()).outcomes).toEqual([{ name: 'interaction_required', count: 1 }]);
    expect(await sightings().failuresOf('stock', 9)).toEqual([]);
  });
});

describe('what the agency’s own program does wrong is seen:', () => {
  async function code(): Promise<{ readonly code: string; readonly verifier: string }> {
    const pressed = await pressButton(stock, country);
    const answer = await signIn(country, pressed);
    return { code: answer.searchParams.get('code')!, verifier: pressed.checks.pkceCodeVerifier };
  }

  async function redeem(fields: Record<string, string>, claims: Record<string, unknown> = {}): Promise<number> {
    const { fields: proof } = withAssertion(await assertionOf(country, 'stock', claims));
    const usual = { grant_type: 'authorization_code', redirect_uri: country.callback.url };
    return (await post(country, '/token', { fields: { ...usual, ...proof, ...fields } })).status;
  }

  test('the code', async () => {
    const good = await code();
    expect(await redeem({ code: good.code, code_verifier: 'x'.repeat(43) })).toBe(400);
    expect(await redeem({ code: good.code })).toBe(400);
    expect(await redeem({ code: good.code, code_verifier: good.verifier, redirect_uri: 'https://else.vn/' })).toBe(400);
    expect(await redeem({ code: good.code, code_verifier: good.verifier })).toBe(200);
    expect(await redeem({ code: good.code, code_verifier: good.verifier })).toBe(400);
    expect(await redeem({ code: 'never', code_verifier: good.verifier })).toBe(400);
    const seen = await failures(5);
    expect(seen.map(({ error, cause, step }) => [error, cause, step]).sort()).toEqual(
      ['code_used', 'code_verifier_missing', 'code_verifier_wrong', 'redirect_uri_mismatch', 'code_unknown']
        .map((cause) => ['invalid_grant', cause, 'token'])
        .sort(),
    );
    await until(async () => (await summary()).count === 6, 5_000);
    expect((await summary()).outcomes).toEqual([
      { name: 'token_refused', count: 5 },
      { name: 'signed_in', count: 1 },
    ]);
  });

  test('its proof', async () => {
    const now = Math.floor(Date.now() / 1000);
    await redeem({ code: 'c' }, { exp: now - 600, iat: now - 660 });
    await redeem({ code: 'c' }, { exp: now + 7200 });
    await redeem({ code: 'c' }, { aud: 'https://elsewhere.vn' });
    const forged = withAssertion(await assertionOf(country, 'stock', {}, { key: country.service('strong').key }));
    await post(country, '/token', { fields: { ...forged.fields, grant_type: 'authorization_code', code: 'c' } });
    const seen = await failures(4);
    expect(seen.map(({ error, cause, step }) => [error, cause, step]).sort()).toEqual(
      ['assertion_expired', 'assertion_lives_too_long', 'assertion_audience_wrong', 'assertion_signature_wrong']
        .map((cause) => ['invalid_client', cause, 'token'])
        .sort(),
    );
  });

  test('its secret, and the way it is brought', async () => {
    const basic = (secret: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`secretive:${secret}`).toString('base64')}` },
    });
    const fields = { grant_type: 'authorization_code', code: 'c', redirect_uri: country.callback.url };
    await post(country, '/token', { fields, ...basic('wrong') });
    await post(country, '/token', { fields: { ...fields, client_id: 'secretive' } });
    await post(country, '/token', { fields: { ...fields, grant_type: 'password' }, ...basic(SECRET) });
    const seen = await failures(3, 'secretive');
    expect(seen.map(({ cause }) => cause).sort()).toEqual([
      'client_authentication_method_wrong',
      'client_secret_wrong',
      'grant_type_unsupported',
    ]);
  });

  test('a pushed request', async () => {
    const { fields } = withAssertion(await assertionOf(country, 'stock'));
    await post(country, '/par', { fields: { ...fields, response_type: 'code', redirect_uri: 'https://else.vn/' } });
    expect((await failures(1))[0]).toMatchObject({ step: 'request' });
  });

  test('of a client that is not registered nothing is kept, nor anything that was sent', async () => {
    const marker = 'attacker-was-here';
    await post(country, '/token', { fields: { client_id: marker, code: marker } });
    await arrive({ client_id: marker });
    await arrive({ prompt: marker, scope: `openid ${marker}`, claims: marker });
    // A choice that no page offers, as a script would send it.
    const visitor = await arrive();
    const uid = visitor.page.url.pathname;
    await visitor.post(`${uid}/source`, { source: marker });
    expect(await failures(2)).toMatchObject([{ cause: 'source_not_allowed', step: 'choose' }, { step: 'request' }]);
    expect(await dump()).not.toContain(marker);
    expect(await dump()).toContain('stock');
  });
});

/** Every value in the tables of what developers see. */
async function dump(): Promise<string> {
  return askStore(country.configuration.dataDirectory, (rows) =>
    JSON.stringify(
      ['sign_in_count', 'sign_in_duration', 'failed_sign_in'].map((table) => rows(`SELECT * FROM ${table}`)),
    ),
  );
}

test('what is seen names nobody: no person, account, token, address or browser', async () => {
  const tokens = await tokensFor(country, stock, {
    scope: 'openid profile birth personal_number tax_code email phone',
  });
  const visitor = await arrive();
  country.populationRegister.faults.set('down');
  await proveByTaxCode(visitor, HOA);
  const [failed] = await failures(1);
  const unreadable = new Unreadable();
  unreadable.everybodyIn(country.registers);
  await unreadable.inBrowser(visitor);
  const text = await dump();
  expect(text).toContain(failed!.incident);
  const found = new Haystack(Buffer.from(text)).find(
    [...unreadable.personal, ...unreadable.secret, tokens.claims()!.sub, tokens.access_token, '127.0.0.1', 'Mozilla'],
    spellings,
  );
  expect(found).toEqual([]);
  const person = await country.runningHub().store.people.findHolder(AN_NUMBER);
  expect(text).not.toContain(person);
  expect(Object.keys(failed!).sort()).toEqual([
    ...['at', 'cause', 'client', 'error', 'id', 'incident', 'source', 'step'],
  ]);
});

test('a sign-in is counted by day, source and level, and timed as its citizen waited and as the hub answered', async () => {
  await tokensFor(country, stock);
  await tokensFor(country, stock, {}, { account: HOA });
  await until(async () => (await summary()).count === 2, 5_000);
  const seen = await summary();
  expect(seen).toMatchObject({
    count: 2,
    days: [{ day: dateInVietnam(Date.now()), count: 2, outcomes: { signed_in: 2 } }],
    sources: [{ name: 'tax-code', count: 2 }],
    levels: [{ name: 'loa1', count: 2 }],
    outcomes: [{ name: 'signed_in', count: 2 }],
  });
  expect(seen.p95).toBeGreaterThan(0);
  // Its beginning is known to the second.
  expect(seen.p95).toBeLessThan(20);
  expect(seen.days[0]!.p95).toBe(seen.p95);
  expect(seen.answerP95).toBeGreaterThan(0);
  expect(seen.answerP95).toBeLessThan(5);
});

test('what was seen last is told when the hub stops, and is there when it has come again', async () => {
  await arrive({ scope: 'profile' });
  await country.restartHub();
  expect(await sightings().failuresOf('stock', 9)).toMatchObject([{ cause: 'scope_invalid' }]);
});

describe('in memory', () => {
  const told: SightingsBatch[] = [];
  const NOW = Date.UTC(2026, 2, 1, 20);
  let failing: Error | undefined;
  const logged: string[] = [];
  beforeEach(() => {
    told.length = 0;
    logged.length = 0;
    failing = undefined;
  });

  function collector(): SightingsCollector {
    return new SightingsCollector({
      store: {
        sightings: {
          async add(batch) {
            if (failing) throw failing;
            told.push(batch);
          },
        },
      },
      isKnown: (id) => id.startsWith('known'),
      sources: ['tax-code'],
      clock: () => NOW,
      log: (code) => void logged.push(code),
    });
  }

  const bad = { error: 'invalid_request', cause: 'other', step: 'request', incident: 'AAAA-2222' } as const;

  test('equal endings are one number, by the day in Viet Nam', async () => {
    const seen = collector();
    for (const outcome of ['signed_in', 'signed_in', 'refused'] as const)
      seen.ended({ client: 'known', outcome, source: 'tax-code', level: 'loa1' });
    await seen.flush();
    const usual = { day: '2026-03-02', client: 'known', source: 'tax-code', level: 'loa1' };
    expect(told).toEqual([
      {
        counts: [
          { ...usual, outcome: 'signed_in', count: 2 },
          { ...usual, outcome: 'refused', count: 1 },
        ],
        durations: [],
        failures: [],
      },
    ]);
    await seen.flush();
    expect(told).toHaveLength(1);
  });

  test('a flood for somebody’s service makes counters grow and nothing else', async () => {
    const seen = collector();
    for (let n = 0; n < 10_000; n += 1)
      seen.ended(
        { client: 'known', outcome: 'request_refused', source: `s${n}`, level: `l${n}` },
        { ...bad, incident: `${n}` },
      );
    for (let n = 0; n < 10_000; n += 1) seen.ended({ client: `stranger-${n}`, outcome: 'request_refused' }, bad);
    await seen.flush();
    const [batch] = told;
    expect(batch!.counts).toMatchObject([{ client: 'known', count: 10_000 }]);
    expect(batch!.failures.map(({ incident }) => incident)).toEqual(
      Array.from({ length: 20 }, (_, n) => `${9_980 + n}`),
    );
    expect(seen.dropped).toBe(0);
  });

  test('there is an end to how much is held, and what is beyond it is counted as dropped', async () => {
    const seen = collector();
    for (let n = 0; n < 6_000; n += 1) seen.ended({ client: `known-${n}`, outcome: 'request_refused' }, bad);
    await seen.flush();
    expect(told[0]!.counts).toHaveLength(5_000);
    expect(told[0]!.failures.length).toBeLessThanOrEqual(2_000);
    expect(seen.dropped).toBe(6_000 - told[0]!.counts.length + 6_000 - told[0]!.failures.length);
  });

  test('what the store does not take is told the next time, with what came meanwhile, and said once', async () => {
    const seen = collector();
    failing = new StoreUnavailable('sqlite');
    seen.ended({ client: 'known', outcome: 'request_refused' }, bad);
    await seen.flush();
    await seen.flush();
    seen.ended({ client: 'known', outcome: 'request_refused' }, bad);
    expect([told, logged]).toEqual([[], ['store_unavailable']]);
    failing = undefined;
    await seen.close();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ counts: [{ count: 2 }], failures: [{ at: NOW }, { at: NOW }] });
  });

  test('two processes add up', async () => {
    const store = country.runningHub().store;
    const parts = { store, isKnown: () => true, sources: ['tax-code'], clock: Date.now, log: () => {} };
    const processes = [new SightingsCollector(parts), new SightingsCollector(parts)];
    for (const each of processes)
      for (let n = 0; n < 50; n += 1)
        each.ended({ client: 'strong', outcome: 'refused', source: 'tax-code' }, { ...bad, incident: 'BBBB-3333' });
    await Promise.all(processes.map((each) => each.flush()));
    const day = dateInVietnam(Date.now());
    expect((await store.sightings.countsOf('strong', day, day)).counts).toEqual([
      { client: 'strong', day, source: 'tax-code', outcome: 'refused', count: 100 },
    ]);
    expect(await store.sightings.failuresOf('strong', 100)).toHaveLength(25);
  });
});

describe('causes', () => {
  const of = (detail: string) => causeOf({ error: 'invalid_grant', error_detail: detail });

  test('are short codes, whatever was said', () => {
    for (const cause of LIBRARY_CAUSES) expect(cause).toMatch(/^[a-z]+(_[a-z]+)*$/);
    for (const said of ['<script>', 'redirect_uri', 'x authorization code not found', '', 'a'.repeat(10_000)])
      expect(of(said)).toBe('other');
    expect(standardError({ error: '<script>alert(1)</script>' })).toBe('invalid_request');
    expect(standardError({ error: 'invalid_grant' })).toBe('invalid_grant');
  });

  test('are known for what the library says of codes and proofs', () => {
    // As its sources have them: a new version that says it otherwise is noticed here.
    const library = path.dirname(createRequire(import.meta.url).resolve('oidc-provider'));
    const sources = [
      'helpers/pkce.js',
      'helpers/grant_source.js',
      'shared/jwt_client_auth.js',
      'actions/grants/authorization_code.js',
    ]
      .map((file) => readFileSync(path.join(library, file), 'utf8'))
      .join();
    const said = [...sources.matchAll(/new (?:Error|InvalidGrant|InvalidClientAuth)\(['`]([^'`]+)['`]\)/g)]
      .map(([, words]) => words!.replace(/^\$\{label\}/, 'authorization code'))
      .filter((words) => words !== 'unsupported code_challenge_method');
    expect(said.length).toBeGreaterThan(15);
    for (const words of said) expect([words, of(words)]).not.toEqual([words, 'other']);
  });

  test('have words in both languages, those of the hub’s own table too', () => {
    for (const cause of [...LIBRARY_CAUSES, 'not_identified', 'source_cancelled', 'whatever else']) {
      const { vi, en } = causeInWords(cause);
      for (const words of [vi, en]) expect(words).toBe(words.normalize('NFC').trim());
      expect(vi).not.toBe(en);
      expect(Math.min(vi.length, en.length)).toBeGreaterThan(10);
    }
  });

  test('of a person are one', () => {
    for (const code of [
      'person_deceased',
      'guardian_required',
      'person_locked',
      'identity_mismatch',
      'source_blocked',
    ] as const)
      expect(refusalOf(code)).toEqual({ cause: 'not_identified', step: 'identify' });
  });
});

describe('a summary', () => {
  const count = (day: string, more: object) => ({ day, client: 'a', outcome: 'signed_in', count: 1, ...more }) as const;

  test('has every day, and adds up', () => {
    const sums = summaryOf({
      from: '2026-02-27',
      to: '2026-03-01',
      counts: [
        count('2026-02-27', { source: 'tax-code', level: 'loa1', count: 5 }),
        count('2026-02-27', { source: 'mobile-id', level: 'loa3', count: 7 }),
        count('2026-03-01', { outcome: 'refused', source: 'tax-code', count: 4 }),
        count('2026-03-01', { outcome: 'request_refused', count: 3 }),
      ],
      durations: [],
    });
    expect(sums).toEqual({
      from: '2026-02-27',
      to: '2026-03-01',
      count: 19,
      days: [
        { day: '2026-02-27', count: 12, outcomes: { signed_in: 12 } },
        { day: '2026-02-28', count: 0, outcomes: {} },
        { day: '2026-03-01', count: 7, outcomes: { refused: 4, request_refused: 3 } },
      ],
      sources: [
        { name: 'tax-code', count: 9 },
        { name: 'mobile-id', count: 7 },
      ],
      levels: [
        { name: 'loa3', count: 7 },
        { name: 'loa1', count: 5 },
      ],
      outcomes: [
        { name: 'signed_in', count: 12 },
        { name: 'refused', count: 4 },
        { name: 'request_refused', count: 3 },
      ],
    });
  });

  test('is of a period that is one', () => {
    const days = (from: string, to: string) => () => summaryOf({ from, to, counts: [], durations: [] });
    expect(days('2026-03-02', '2026-03-01')).toThrow(RangeError);
    expect(days('2020-01-01', '2026-03-01')).toThrow(RangeError);
    expect(days('whenever', '2026-03-01')).toThrow(RangeError);
  });

  test('knows the 95th of a hundred durations to within the step from one bucket to the next', () => {
    const seconds = Array.from({ length: 1_000 }, (_, n) => 0.02 * 1.011 ** n);
    const buckets = Map.groupBy(seconds, bucketOf);
    const counted = [...buckets].map(([bucket, those]) => ({ bucket, count: those.length }));
    for (const share of [0.5, 0.95, 0.99]) {
      const truth = seconds[Math.ceil(share * seconds.length) - 1]!;
      expect(quantileOf(counted, share)! / truth).toBeGreaterThan(0.84);
      expect(quantileOf(counted, share)! / truth).toBeLessThan(1.19);
    }
    expect(quantileOf([], 0.95)).toBeUndefined();
    expect([0, -1, Number.NaN, Number.POSITIVE_INFINITY].map(bucketOf)).toEqual([0, 0, 0, LAST_BUCKET]);
  });
});

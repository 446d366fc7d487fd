/** Owns the tests of the country as a whole: agencies, control, driver and visitor around a running hub. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Country, startCountry } from '../../sandbox/country.ts';
import { ControlClient } from '../../sandbox/expected/control-client.ts';
import { driveRow, type Verdict } from '../../sandbox/expected/drive.ts';
import type { Row } from '../../sandbox/expected/rows.ts';
import { PortTaken } from '../../sandbox/listener.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { onlySources } from '../country.ts';

let directory: string;
let country: Country;
let control: ControlClient;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'country-'));
  // Not all there are: the driver has to see one that is not there.
  country = await startCountry({
    directory,
    logLevel: 'silent',
    configure: onlySources('tax-code', 'social-insurance'),
  });
  control = new ControlClient(country.control);
});
afterAll(async () => {
  await country.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => control.reset());

/** From an agency's button to the hub's consent page, as the first citizen of the register. */
async function proveAt(agency: string, visitor = new Visitor()): Promise<Visitor> {
  await visitor.open(agency);
  await visitor.follow('a.lien-thong-button');
  await visitor.press('source=tax-code');
  visitor.fill({ tax_code: '8000000011', password: 'Thue@2026' });
  await visitor.press('decision=sign_in');
  return visitor;
}

describe('the sample agencies', () => {
  test('the city portal says hello with what it received', async () => {
    const visitor = await proveAt(country.songHong.url);
    await visitor.press('decision=agree');
    expect([visitor.page.code, visitor.page.heading]).toEqual(['hello', 'Xin chào, Nguyễn Văn An']);
    expect(visitor.page.claims).toMatchObject({ acr: 'loa1', personal_number: '097090000011', tax_code: '8000000011' });
    await visitor.reload();
    expect(visitor.page.code).toBe('hello');
  });

  test('the library receives its answer by form_post, and less', async () => {
    const visitor = await proveAt(country.library.url);
    await visitor.press('decision=agree');
    if (visitor.page.code === 'form_post') await visitor.press('button');
    expect(visitor.page.code).toBe('hello');
    expect(visitor.page.claims).not.toHaveProperty('personal_number');
  });

  test('each press is another request; two tabs and a repeated answer both end at hello', async () => {
    const first = new Visitor();
    await first.open(`${country.songHong.url}/login`);
    const second = first.newTab();
    await second.open(`${country.songHong.url}/login`);
    const asked = [first, second].map(({ trail }) => trail.find((url) => url.searchParams.has('code_challenge'))!);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked[0]!.searchParams.get(name)).not.toBe(asked[1]!.searchParams.get(name));
    }
    await proveAt(country.songHong.url, first);
    await first.press('decision=agree');
    const answer = first.trail.findLast((url) => url.pathname === '/callback')!;
    await first.open(answer);
    expect(first.page.code).toBe('hello');
  });

  test('refusing consent, and an answer nobody asked for, have a way to try again', async () => {
    const visitor = await proveAt(country.songHong.url);
    await visitor.press('decision=refuse');
    expect([visitor.page.code, visitor.page.error]).toEqual(['agency_error', 'access_denied']);
    await visitor.follow('Thử lại');
    expect(visitor.page.code).toBe('choose_source');
    await visitor.open(`${country.songHong.url}/callback?code=stolen&state=unknown`);
    expect([visitor.page.code, visitor.page.error]).toEqual(['agency_error', 'unknown_request']);
  });

  test('signing out leads through the hub and back', async () => {
    const visitor = await proveAt(country.songHong.url);
    await visitor.press('decision=agree');
    await visitor.follow('Đăng xuất');
    if (visitor.page.code === 'sign_out') await visitor.press('logout=yes');
    expect(['signed_out', 'signed_out_at_agency']).toContain(visitor.page.code);
    await visitor.open(`${country.songHong.url}/hello`);
    expect(visitor.page.code).toBe('home');
  });

  test('speak English, and pass it on', async () => {
    const visitor = new Visitor();
    await visitor.open(country.songHong.url);
    await visitor.follow('English');
    expect([visitor.page.language, visitor.page.text('.lien-thong-button')]).toEqual(['en', 'Sign in with Liên Thông']);
    await visitor.follow('Sign in with Liên Thông');
    expect(visitor.page.language).toBe('en');
  });
});

async function verdictsOn(row: Row): Promise<Verdict[]> {
  return Array.fromAsync(driveRow(row, { control, agency: country.songHong.url, source: 'tax-code' }));
}

describe('the driver', () => {
  const expectation = { outcome: 'signed_in', person: 'an', acr: 'loa1' } as const;

  test('sees a sign-in, a refusal after a change, and a source that is not there', async () => {
    const verdicts = await verdictsOn({
      name: 'a row',
      steps: [
        { source: 'tax-code', login: '8000000011', expect: expectation, claims: { name: 'Nguyễn Văn An' } },
        {
          source: 'tax-code',
          login: '8000000011',
          change: { name: 'LE VAN BINH' },
          expect: { outcome: 'refused', reason: 'identity_mismatch' },
        },
        { source: 'mobile-id', login: '+84912000011', expect: { ...expectation, acr: 'loa3' } },
        { source: 'tax-code', login: '8000000212', expect: { ...expectation, person: 'hoa' } },
      ],
    });
    expect(verdicts.map(({ ok, counted }) => [ok, counted ?? true])).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [true, false],
    ]);
    expect(verdicts[2]?.got).toEqual({ outcome: 'source_not_offered' });
  });

  test('does not take one person for another', async () => {
    const [verdict] = await verdictsOn({
      name: 'a wrong expectation',
      steps: [{ source: 'tax-code', login: '8000000011', expect: { ...expectation, person: 'hoa' } }],
    });
    expect(verdict).toMatchObject({ ok: false, got: { outcome: 'signed_in', person: 'an' } });
  });
});

describe('the control', () => {
  test('is not for web pages and names what it does not know', async () => {
    const from = (init: RequestInit, at = '/reset') => fetch(`${country.control}${at}`, { method: 'POST', ...init });
    expect((await from({ headers: { origin: 'http://localhost:3201' } })).status).toBe(403);
    const json = { 'content-type': 'application/json' };
    const wrong = await from({ headers: json, body: '{"service":"tax-authority","fault":"tired"}' }, '/faults');
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: 'no_such_fault' }]);
    expect((await fetch(`${country.control}/registers/fishing`)).status).toBe(404);
  });

  test('a fault reaches the citizen as a page of the hub, and a reset ends it', async () => {
    country.populationRegister.faults.set('down');
    const visitor = await proveAt(country.songHong.url);
    expect(visitor.page.code).toBe('register_unavailable');
    await control.reset();
    expect((await proveAt(country.songHong.url)).page.code).toBe('consent');
  });
});

test('a taken port is told in one line, and nothing stays open', async () => {
  const taken = Number(new URL(country.control).port);
  const another = startCountry({ directory, ports: { control: taken } });
  await expect(another).rejects.toThrow(PortTaken);
  await expect(another).rejects.toThrow(`Port ${taken} (control) is already taken`);
});

test('a second start finds what the first one knew', async () => {
  const subject = async () => {
    const visitor = await proveAt(country.songHong.url);
    if (visitor.page.code === 'consent') await visitor.press('decision=agree');
    return visitor.page.claims.sub;
  };
  const before = await subject();
  await country.restartHub();
  expect(await subject()).toBe(before);
});

/** E3: logos as they are handed in, refused with their reason on page and API alike, and served so that they can do nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FormData, request } from 'undici';
import { LARGEST_LOGO } from '../../src/developer/logos.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, callApi, Developer, goodSettings, openDeveloperCountry, withToken } from './developer.ts';
import { openAgency, openService, type Somebody, signInPeople } from './people.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30"/></svg>';
const SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><script>alert(1)</script></svg>';
const HANDLER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" onload="alert(1)"/>';
const OUTSIDE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><use href="https://dau-do.example/hinh.svg#a"/></svg>';

let country: TestCountry;
let people: readonly Somebody[];
beforeAll(async () => {
  country = await openDeveloperCountry();
  people = await signInPeople(country, 4);
});
afterAll(() => country?.close());

const upload = ({ developer }: Somebody, content: string | Uint8Array<ArrayBuffer>) =>
  developer.call('POST', '/logos', { content: Buffer.from(content).toString('base64') });

/** Sends the form of an agency's page with a file in it. */
async function sendOnPage(
  { developer }: Pick<Somebody, 'developer'>,
  agency: string,
  content: string | Uint8Array<ArrayBuffer>,
  { token = true, field = 'content' } = {},
) {
  const page = await developer.open(`/agencies/${agency}`);
  const body = new FormData();
  if (token) body.set('form_token', page.$('input[name=form_token]').first().attr('value'));
  body.set(field, new Blob([content]), 'logo.svg');
  return post(developer, `/developer/agencies/${agency}/logo`, body);
}

async function post(
  { visitor }: Developer,
  path: string,
  body: FormData | string,
  headers: Readonly<Record<string, string>> = {},
) {
  const cookies = Object.entries(await visitor.cookies(`${country.hub}/developer`));
  const answer = await request(new URL(path, country.hub), {
    method: 'POST',
    headers: {
      cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'same-origin',
      origin: country.hub,
      ...headers,
    },
    body,
  });
  return { status: answer.statusCode, location: answer.headers.location, text: await answer.body.text() };
}

const logoOf = async (agency: string) => (await country.runningHub().store.developer.agencies.find(agency))!.logo;

test('E3 a logo is kept under the hash of what it became, and served by both issuers', async () => {
  const [owner] = people as [Somebody];
  const { status, body } = await upload(owner, SVG);
  expect(status).toBe(201);
  expect(body.path).toBe(`/logos/${body.id}`);
  // The same picture is the same logo.
  expect((await upload(owner, SVG)).body).toEqual(body);
  for (const issuer of [country.hub, country.sandboxIssuer!.url]) {
    const served = await request(new URL(body.path, issuer));
    expect(served.statusCode).toBe(200);
    expect(served.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(await served.body.text()).toContain('<circle');
    for (const other of [body.path.replace('.svg', '.png'), `/logos/${'x'.repeat(43)}.svg`])
      expect((await request(new URL(other, issuer))).statusCode).toBe(404);
  }
});

test.each([
  ['a script', SCRIPT, 'svg_script'],
  ['an event handler', HANDLER, 'svg_event_handler'],
  ['a reference outside', OUTSIDE, 'svg_reference'],
  ['a page', '<!doctype html><p>Xin chào</p>', 'svg_doctype'],
  ['no picture', 'chỉ là chữ', 'logo_type'],
  ['more than there may be', Buffer.alloc(LARGEST_LOGO + 1, 'a'), 'logo_too_large'],
])('E3 %s is refused with its reason, on page and API alike', async (_what, content, code) => {
  const [, owner] = people as [Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const told = await upload(owner, content);
  expect(told).toMatchObject({ status: 422, body: { error: 'logo_refused', problems: [{ field: 'content', code }] } });
  const { vi, en } = told.body.problems[0].reason;
  expect([vi, en]).not.toContain(code);
  const page = await sendOnPage(owner, agency, content);
  expect(page.status).toBe(422);
  expect(page.text).toContain(`data-field="content" data-problem="${code}"`);
  expect(await logoOf(agency)).toBeUndefined();
});

test('E3 a logo goes onto the agency by its page, stays when other things change, and goes again', async () => {
  const [, , owner] = people as [Somebody, Somebody, Somebody];
  const agency = await openAgency(country, owner);
  const sent = await sendOnPage(owner, agency, SVG);
  expect([sent.status, sent.location]).toEqual([303, `/developer/agencies/${agency}`]);
  const logo = await logoOf(agency);
  expect(logo).toMatch(/\.svg$/);
  const { developer } = owner;
  let page = await developer.open(`/agencies/${agency}`);
  expect(page.$('main img').attr('src')).toBe(`/logos/${logo}`);
  await developer.visitor.fill({ name_vi: 'Sở Tư pháp mới' }).press('Lưu');
  expect(await logoOf(agency)).toBe(logo);
  await developer.visitor.fill({ without_logo: ['yes'] });
  page = await developer.visitor.press('Lưu');
  expect(page.code).toBe('developer_agency');
  expect(await logoOf(agency)).toBeUndefined();
});

test('E3 an upload that is no form of this visit, or no form at all, does nothing', async () => {
  const [, , owner] = people as [Somebody, Somebody, Somebody];
  const { developer } = owner;
  const agency = await openAgency(country, owner);
  const path = `/developer/agencies/${agency}/logo`;
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  const seen = [
    (await sendOnPage(owner, agency, SVG, { token: false })).status,
    (await sendOnPage(owner, agency, SVG, { field: 'form_token' })).status,
    (await post(developer, path, 'content=x', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    (await post(developer, path, 'no boundary here', multipart)).status,
    (await post(developer, path, '', multipart)).status,
    (await post(developer, path, 'x'.repeat(1_100_000), multipart)).status,
    (await post(developer, path, 'x', { ...multipart, 'sec-fetch-site': 'cross-site', origin: 'https://o.example' }))
      .status,
    (await post(new Developer(country), path, 'x', multipart)).status,
  ];
  expect(seen).toEqual([403, 403, 400, 400, 400, 413, 403, 401]);
  expect(await logoOf(agency)).toBeUndefined();
});

test('E3 a logo that nobody handed in is unknown, for an agency and for a service', async () => {
  const [owner] = people as [Somebody];
  const agency = await openAgency(country, owner);
  const logo = `${'x'.repeat(43)}.svg`;
  const { status, body } = await owner.developer.call('PUT', `/agencies/${agency}`, { ...AGENCY, logo });
  expect({ status, problems: body.problems }).toMatchObject({ status: 422, problems: [{ code: 'logo_unknown' }] });
  const service = await openService(country, owner, agency);
  const settings = goodSettings('http://localhost:9');
  const { problems } = await owner.developer.ask('PUT', `/services/${service}/sandbox/draft`, { ...settings, logo });
  expect(problems).toEqual(expect.arrayContaining([expect.objectContaining({ field: 'logo', code: 'logo_unknown' })]));
  const { id } = (await upload(owner, SVG)).body;
  const known = await owner.developer.ask('PUT', `/services/${service}/sandbox/draft`, { ...settings, logo: id });
  expect(known.problems.map(({ field }: { field: string }) => field)).not.toContain('logo');
});

test('E3 an agency is called by no name that says something else', async () => {
  const [owner] = people as [Somebody];
  for (const [vi, code] of [
    ['Trúng thưởng tại trung-thuong.vn', 'text_address'],
    ['S\u1edf T\u01b0 ph\u00e1p \u041d\u0430', 'text_letters'],
    ['Liên Thông', 'name_of_hub'],
  ]) {
    const wish = { ...AGENCY, id: 'co-quan-gia', name: { vi, en: 'Department' } };
    const { status, body } = await owner.developer.call('POST', '/agencies', wish);
    expect({ status, problems: body.problems }).toMatchObject({ status: 422, problems: [{ field: 'name.vi', code }] });
  }
});

test('E3 nobody uploads without end, and whoever is over is told when to come again', async () => {
  const somebody = people[3]!;
  const { token } = await somebody.developer.ask('POST', '/tokens', { name: 'logos', scopes: ['write'], days: 1 });
  const content = Buffer.from('no picture').toString('base64');
  const statuses = new Set<number>();
  let refused = await callApi(country, 'POST', '/logos', { content }, withToken(token));
  for (let tries = 0; tries < 40 && refused.status !== 429; tries++) {
    statuses.add(refused.status);
    refused = await callApi(country, 'POST', '/logos', { content }, withToken(token));
  }
  expect([...statuses]).toEqual([422]);
  expect(refused).toMatchObject({ status: 429, body: { error: 'too_many_requests' } });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
});

/** The pages of a service: finding it, filling in its settings, proving it, and what each page says comes next. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formOf } from '../../src/developer/settings-form.ts';
import { proveByTaxCode, type TestCountry } from '../country.ts';
import { AGENCY, type Developer, goodSettings, newDeveloper, openDeveloperCountry } from './developer.ts';

let country: TestCountry;
let developer: Developer;
let agency: string;
beforeAll(async () => {
  country = await openDeveloperCountry();
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  agency = (await developer.ask('POST', '/agencies', AGENCY)).id;
});
afterAll(() => country?.close());

/** A service with a secret and settings, not yet live. */
async function prepared(id: string, more: Parameters<typeof goodSettings>[1] = {}) {
  await developer.ask('POST', `/agencies/${agency}/services`, { id, name: { vi: 'Tra cứu', en: 'Lookup' } });
  await developer.ask('POST', `/services/${id}/sandbox/secrets`, {});
  await developer.ask('PUT', `/services/${id}/sandbox/draft`, goodSettings(country.callback.origin, more));
  return id;
}

describe('E1 by the pages alone', () => {
  test('E1 from an agency to a service that is live in the sandbox, each page saying what comes next', async () => {
    const { visitor } = developer;
    await developer.open('/services');
    visitor.fill({ in_agency: agency, name_vi: 'Đăng ký khai sinh', name_en: 'Register a birth', id: 'khai-sinh' });
    let page = await visitor.press('Thêm dịch vụ');
    expect(page.url.pathname).toBe('/developer/services/khai-sinh/sandbox/settings');
    // Nobody who has just begun is told that everything is missing.
    expect(page.has('[data-problem]')).toBe(false);
    page = await developer.open('/services/khai-sinh');
    expect(page.$('[data-next]').attr('data-next')).toBe('settings');
    page = await visitor.follow('Điền phần cài đặt');
    const { origin } = country.callback;
    visitor.fill({
      short_name_vi: 'Khai sinh',
      short_name_en: 'Births',
      purpose_vi: 'Để đăng ký khai sinh cho con bạn.',
      purpose_en: 'To register the birth of your child.',
      landing_page: `${origin}/`,
      login_uri: `${origin}/login`,
      redirect_uris: `${origin}/callback\r\n\r\n${origin}/callback2`,
      claims: ['name'],
      'purpose_vi.name': 'Để biết ai đăng ký.',
      'purpose_en.name': 'To know who registers.',
      token_endpoint_auth_method: 'client_secret_basic',
      minimum_acr: 'loa1',
      life_situations: ['birth', 'family'],
    });
    page = await visitor.press('Lưu bản nháp');
    expect(
      page
        .$('[data-problem]')
        .toArray()
        .map((one) => page.$(one).attr('data-problem')),
    ).toEqual(['authentication_without_secret']);
    expect(page.$('[name=redirect_uris]').text()).toBe(`${origin}/callback\n${origin}/callback2`);
    page = await developer.open('/services/khai-sinh');
    expect(page.$('[data-next]').attr('data-next')).toBe('credentials');
    await visitor.follow('Thêm mã bí mật hoặc khóa');
    page = await visitor.press('Tạo mã bí mật');
    const secret = page.text('[data-secret]');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect((await visitor.open('/developer/services/khai-sinh/sandbox/credentials')).body).not.toContain(secret);
    await developer.open('/services/khai-sinh');
    expect(visitor.page.$('[data-next]').attr('data-next')).toBe('publish');
    page = await visitor.press('Đưa vào thử nghiệm');
    expect(page.url.pathname).toBe('/developer/services/khai-sinh');
    expect(page.$('[data-environment=sandbox]').attr('data-state')).toBe('live');
    expect(page.$('[data-next]').attr('data-next')).toBe('try');
    expect(country.runningHub().sandbox!.clients.get('khai-sinh-sandbox')).toMatchObject({
      redirect_uris: [`${origin}/callback`, `${origin}/callback2`],
      life_situations: ['birth', 'family'],
    });
  });
});

describe('the form of settings', () => {
  test('what a form shows is what was saved, and comes back the same', async () => {
    const id = await prepared('tra-cuu-form', {
      sources: ['tax-code'],
      verified_claims: true,
      contact: { mail: 'a@b.vn', phone: '024 3825 3536' },
    });
    const { visitor } = developer;
    const before = (await developer.ask('GET', `/services/${id}`)).sandbox.draft;
    await developer.open(`/services/${id}/sandbox/settings`);
    await visitor.press('Lưu bản nháp');
    expect(visitor.page.has('[data-saved=complete]')).toBe(true);
    expect((await developer.ask('GET', `/services/${id}`)).sandbox.draft).toEqual(before);
  });

  test('saved and used in the sandbox with one press; where something is wrong all that was typed stays', async () => {
    const id = await prepared('mot-lan-bam');
    const { visitor } = developer;
    await developer.open(`/services/${id}/sandbox/settings`);
    visitor.fill({ redirect_uris: 'http://hoso.hanoi.gov.vn/callback', consent_days: '90' });
    let page = await visitor.press('Lưu và dùng ở thử nghiệm');
    expect(page.status).toBe(422);
    const wrong = page.$('#field-redirect_uris');
    expect([wrong.attr('aria-invalid'), wrong.text()]).toEqual(['true', 'http://hoso.hanoi.gov.vn/callback']);
    expect(page.text(`#${wrong.attr('aria-describedby')!.split(' ').at(-1)}`)).toContain('Dòng 1');
    expect(page.has('[role=alert] a[href="#field-redirect_uris"]')).toBe(true);
    expect(page.$('[name=consent_days]').attr('value')).toBe('90');
    visitor.fill({ redirect_uris: country.callback.url });
    page = await visitor.press('Lưu và dùng ở thử nghiệm');
    expect(page.url.pathname).toBe(`/developer/services/${id}`);
    expect(country.runningHub().sandbox!.clients.get(`${id}-sandbox`)).toMatchObject({ consent_days: 90 });
  });

  test('what the contract does not take is said in words, and nothing is lost', async () => {
    const id = await prepared('khong-dung-dang');
    const { visitor } = developer;
    await developer.open(`/services/${id}/sandbox/settings`);
    visitor.fill({ consent_days: 'many', name_vi: 'Tên mới' });
    const page = await visitor.press('Lưu bản nháp');
    expect(page.status).toBe(422);
    expect(page.has('.field [data-field=consent_days]')).toBe(true);
    expect(page.$('[name=consent_days]').attr('aria-invalid')).toBe('true');
    expect(page.$('[name=name_vi]').attr('value')).toBe('Tên mới');
    expect(page.$('[name=consent_days]').attr('value')).toBe('many');
  });

  test('an environment that there is not is not found', async () => {
    const id = await prepared('moi-truong');
    for (const room of ['settings', 'credentials'])
      expect((await developer.open(`/services/${id}/staging/${room}`)).status).toBe(404);
  });

  test('every setting has its place in the form', () => {
    const settings = goodSettings('https://hoso.hanoi.gov.vn');
    expect(Object.keys(formOf(settings))).toEqual(expect.arrayContaining(['name_vi', 'sources', 'consent_days']));
  });
});

describe('secrets and keys on their page', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  test('a key is taken as JWK, as a set with one, and in PEM; one that is private is refused and not shown again', async () => {
    const id = await prepared('khoa-tren-trang');
    const { visitor } = developer;
    const jwk = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const add = async (key: string) => {
      await developer.open(`/services/${id}/sandbox/credentials`);
      return visitor.fill({ jwk: key }).press('Thêm khóa');
    };
    const { publicKey, privateKey } = pem;
    await add(publicKey.export({ format: 'pem', type: 'spki' }) as string);
    let page = await add(JSON.stringify({ keys: [jwk()] }));
    expect(page.$('[data-kind=key]')).toHaveLength(2);
    for (const secret of [
      JSON.stringify(privateKey.export({ format: 'jwk' })),
      privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    ]) {
      page = await add(secret);
      expect([page.status, page.$('[data-problem]').attr('data-problem')]).toEqual([422, 'key_private']);
      expect(page.text('textarea')).toBe('');
    }
    page = await add('nonsense');
    expect(page.$('[data-problem]').attr('data-problem')).toBe('key_malformed');
    // Two of a kind at a time.
    page = await add(JSON.stringify(jwk()));
    expect([page.status, page.$('[data-problem]').attr('data-problem')]).toEqual([422, 'credential_limit']);
  });

  test('one is ended behind a second step, and is gone at the issuer', async () => {
    const id = await prepared('ket-thuc');
    const { visitor } = developer;
    await developer.ask('POST', `/services/${id}/sandbox/publication`);
    await developer.ask('POST', `/services/${id}/sandbox/secrets`, {});
    const secrets = () => country.runningHub().sandbox!.clients.get(`${id}-sandbox`)!.authentication;
    expect(secrets()).toMatchObject({ secrets: [{}, {}] });
    const page = await developer.open(`/services/${id}/sandbox/credentials`);
    expect(page.$('details form[action$="/end"]')).toHaveLength(2);
    await visitor.press('Kết thúc, tôi chắc chắn');
    expect(visitor.page.$('[data-kind=secret]')).toHaveLength(1);
    expect((secrets() as { secrets: unknown[] }).secrets).toHaveLength(1);
  });
});

test('E2 a service of another team has no page', async () => {
  const id = await prepared('cua-nguoi-khac');
  const other = await newDeveloper(country, 'Trần Thị Hoà', async (visitor) =>
    proveByTaxCode(visitor, { taxCode: '8000000212', password: 'Thue@2026' }),
  );
  for (const room of ['', '/sandbox/settings', '/sandbox/credentials', '/production/settings'])
    expect((await other.open(`/services/${id}${room}`)).status).toBe(404);
  expect((await other.open('/services')).body).not.toContain(id);
  expect((await other.open('/services?all=yes')).body).not.toContain(id);
});

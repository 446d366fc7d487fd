/** How a service presents itself to citizens: its picture, what it wants each thing for, its short name on the phone. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import type { ClientRegistration } from '../../src/clients.ts';
import { termsVersion } from '../../src/consent/terms.ts';
import {
  AN_NUMBER,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
  tokensFor,
} from '../country.ts';

const LOGO = `/logos/${'Ab3_-'.repeat(8)}xyz.svg`;
const AN_PHONE = '+84912000011';
const ITEM_TERMS: NonNullable<ClientRegistration['item_terms']> = {
  name: {
    purpose: { vi: 'Ghi trên phiếu.', en: 'Written on the certificate.' },
    basis: 'law',
    legal_basis: 'Luật Lý lịch tư pháp 28/2009/QH12, Điều 42',
  },
  gender: { purpose: { vi: 'Xưng hô trong thư.', en: 'To address letters.' }, basis: 'consent' },
};

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    {
      client_id: 'pictured',
      service: { vi: 'Cấp phiếu lý lịch tư pháp', en: 'Criminal record certificate' },
      short_name: { vi: 'Lý lịch tư pháp', en: 'Criminal record' },
      logo: LOGO,
      item_terms: ITEM_TERMS,
    },
    { client_id: 'plain' },
  ]);
});
afterAll(() => country.close());
// Each is somebody’s first time.
beforeEach(() => country.reset());

async function atChoice(service: string, parameters: Record<string, string> = {}): Promise<Visitor> {
  const visitor = new Visitor();
  const pressed = await pressButton(await relyingParty(country, service), country, {
    scope: 'openid profile',
    ...parameters,
  });
  await visitor.open(pressed.address);
  return visitor;
}

test('the picture stands beside the service on the choice and on the consent page, where each thing has its reason', async () => {
  const visitor = await atChoice('pictured', { ui_locales: 'en' });
  expect(visitor.page.code).toBe('choose_source');
  expect(visitor.page.$('.service img').attr('src')).toBe(LOGO);
  await proveByTaxCode(visitor);
  const { $, code } = visitor.page;
  expect(code).toBe('consent');
  expect($('.service img').attr('src')).toBe(LOGO);
  const told = $('form dl')
    .first()
    .find('dd')
    .toArray()
    .map((dd) =>
      $(dd)
        .find('small')
        .toArray()
        .map((line) => $(line).text()),
    );
  expect(told).toEqual([
    ['Written on the certificate.', 'Required by Luật Lý lịch tư pháp 28/2009/QH12, Điều 42'],
    ['To address letters.'],
  ]);
});

test('a service without any of it is shown as ever', async () => {
  const visitor = await atChoice('plain');
  await proveByTaxCode(visitor);
  expect(visitor.page.code).toBe('consent');
  expect(visitor.page.$('.service img, dd small')).toHaveLength(0);
});

test('another purpose or another law of one item asks again; the order in which they are written does not', () => {
  const { registration } = country.service('pictured');
  const version = (item_terms: ClientRegistration['item_terms']) => termsVersion({ ...registration, item_terms });
  const { name, gender } = ITEM_TERMS;
  expect(version({ gender: gender!, name: name! })).toBe(termsVersion({ ...registration }));
  expect(version({ name: { ...name!, legal_basis: 'Luật khác' }, gender: gender! })).not.toBe(version(ITEM_TERMS));
  expect(version({ name: name!, gender: { ...gender!, purpose: { vi: 'Khác.', en: 'Other.' } } })).not.toBe(
    version(ITEM_TERMS),
  );
  expect(version(undefined)).not.toBe(version(ITEM_TERMS));
});

test.each([
  ['pictured', 'vi', 'Đăng nhập Lý lịch tư pháp'],
  ['pictured', 'en', 'Sign in to Criminal record'],
  ['plain', 'vi', 'Đăng nhập Cơ quan thử'],
])('the phone names %s in %s by its short name, else by its agency', async (service, language, words) => {
  const visitor = await atChoice(service, { ui_locales: language, idp_hint: 'mobile-id' });
  visitor.fill({ phone: AN_PHONE, personal_number: AN_NUMBER });
  expect((await visitor.press('button.primary')).code).toBe('mobile_wait');
  const phone = new Visitor();
  const address = `${country.mobileOperator.url}/phones/${encodeURIComponent(AN_PHONE)}`;
  // The waiting page asks for the push; its own refresh does so too.
  while ((await phone.open(address)).code !== 'mobile_phone') await visitor.open(`${visitor.page.url.pathname}/wait`);
  expect(phone.page.text('[data-display-text]')).toBe(words);
});

test('a citizen finds it beside the agency on their page', async () => {
  await tokensFor(country, await relyingParty(country, 'pictured'), { scope: 'openid profile' });
  const citizen = new Visitor();
  await citizen.open(`${country.hub}/citizen/sign-in`);
  await proveByTaxCode(citizen);
  const list = await citizen.open(`${country.hub}/citizen/agencies`);
  expect(list.$('[data-client=pictured] img').attr('src')).toBe(LOGO);
  const page = await citizen.open(`${country.hub}/citizen/agencies/pictured`);
  expect(page.$('.party img').attr('src')).toBe(LOGO);
  // As it was agreed to, each with its reason.
  expect(page.text('dl')).toContain('Ghi trên phiếu.');
  expect(page.text('dl')).toContain('Luật Lý lịch tư pháp 28/2009/QH12, Điều 42');
  expect(page.text('dl')).toContain('Xưng hô trong thư.');
});

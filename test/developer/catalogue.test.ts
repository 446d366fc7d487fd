/** The public catalogue: what citizens can sign in to now, found by occasion and by words, without signing in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, type TestCountry } from '../country.ts';

const name = (vi: string, en: string) => ({ vi, en });

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    {
      client_id: 'khai-sinh',
      service: name('Đăng ký khai sinh', 'Register a birth'),
      agency: { id: 'justice', name: name('Sở Tư pháp', 'Department of Justice') },
      life_situations: ['birth', 'family'],
      minimum_acr: 'loa2',
    },
    { client_id: 'lai-xe', service: name('Đổi giấy phép lái xe', 'Driving licence'), life_situations: ['vehicle'] },
    { client_id: 'tam-dung', service: name('Đang tạm dừng', 'Suspended'), suspended: true },
    { client_id: 'may-chu', service: name('Máy chủ', 'A resource server'), role: 'resource_server' },
    { client_id: 'xau', service: name('<script>alert(1)</script>', '"><img src=x>'), life_situations: ['other'] },
  ]);
});
afterAll(() => country?.close());

const listed = (visitor: Visitor) =>
  visitor.page
    .$('[data-service]')
    .toArray()
    .map((one) => visitor.page.$(one).attr('data-service'));
const json = async (query = '') => {
  const answer = await request(new URL(`/services.json${query}`, country.hub));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: (await answer.body.json()) as { services: { id: string }[]; found: number },
  };
};

describe('the catalogue of services', () => {
  test('lists services, and neither the hub’s own pages, resource servers nor what is suspended', async () => {
    const visitor = new Visitor();
    await visitor.open(country.hub);
    await visitor.follow('Mở danh mục dịch vụ');
    expect(visitor.page.code).toBe('catalogue');
    const all = ['e-library', 'khai-sinh', 'lai-xe', 'song-hong-portal', 'xau'];
    expect(listed(visitor).toSorted()).toEqual(all);
    expect((await json()).body.services.map(({ id }) => id).toSorted()).toEqual(all);
    const one = visitor.page.$('[data-service=khai-sinh]');
    expect(one.find('a').first().attr('href')).toBe(`${country.callback.origin}/login`);
    expect(one.find('[data-level]').text()).toBe('Mật khẩu và mã gửi tới điện thoại');
    expect(one.text()).toContain('Sở Tư pháp');
  });

  test('by occasion, by words with and without marks, in both languages', async () => {
    const visitor = new Visitor({ language: 'en' });
    await visitor.open(new URL('/services', country.hub));
    await visitor.follow('[data-situation=birth]');
    expect(listed(visitor)).toEqual(['khai-sinh']);
    for (const [words, expected] of [
      ['giay phep', ['lai-xe']],
      ['Giấy phép LÁI XE', ['lai-xe']],
      ['department of justice', ['khai-sinh']],
      ['khai sinh phep', []],
    ] as const) {
      await visitor.open(new URL('/services', country.hub));
      await visitor.fill({ q: words }).press('Find');
      expect([words, listed(visitor)]).toEqual([words, expected]);
      expect((await json(`?q=${encodeURIComponent(words)}`)).body.found).toBe(expected.length);
    }
  });

  test('what is registered under odd names stays text, and what is asked oddly is no harm', async () => {
    const visitor = new Visitor();
    const page = await visitor.open(new URL('/services?q=%3Cscript%3E&situation=nowhere&page=999999', country.hub));
    expect(page.status).toBe(200);
    expect(page.has('main script, main img[src=x]')).toBe(false);
    for (const query of [
      '?page=0',
      '?page=-1',
      '?page=abc',
      '?q=a&q=b',
      '?situation[]=birth',
      `?q=${'x'.repeat(5000)}`,
    ])
      expect((await json(query)).status).toBe(200);
  });

  test('is a page for everybody: nothing from elsewhere, no script, a name for every link', async () => {
    const visitor = new Visitor();
    const { $, headers } = await visitor.open(new URL('/services', country.hub));
    expect(headers.getSetCookie()).toEqual([]);
    expect($('script, [style], [onclick]')).toHaveLength(0);
    const links = $('main .entries a')
      .toArray()
      .map((one) => $(one).attr('aria-label'));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(Boolean)).toHaveLength(links.length);
    const { headers: told } = await json();
    expect([told['access-control-allow-origin'], told['cache-control']]).toEqual(['*', 'public, max-age=60']);
  });

  test('follows registrations as they change, and is parted into pages', async () => {
    const { clients } = country.runningHub();
    const { registration } = country.service('lai-xe');
    const more = Array.from({ length: 60 }, (_, at) => ({
      registration: {
        ...registration,
        client_id: `them-${at}`,
        service: name(`Thêm ${at}`, `More ${at}`),
        life_situations: ['tax' as const],
      },
      hash: '',
    }));
    await clients.apply(more);
    const visitor = new Visitor();
    const seen: (string | undefined)[] = [];
    await visitor.open(new URL('/services?situation=tax', country.hub));
    expect(visitor.page.$('[data-found]').attr('data-found')).toBe('60');
    for (;;) {
      seen.push(...listed(visitor));
      if (!visitor.page.has('a[rel=next]')) break;
      await visitor.follow('a[rel=next]');
    }
    expect(new Set(seen).size).toBe(60);
    await clients.apply([{ registration: { ...more[0]!.registration, suspended: true }, hash: '' }]);
    expect((await json('?situation=tax')).body.found).toBe(59);
    for (const { registration: one } of more) await clients.remove(one.client_id);
    expect((await json('?situation=tax')).body.found).toBe(0);
  });
});

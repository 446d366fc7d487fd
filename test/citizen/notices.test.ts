/** A person is told of what they may not know of: once, in plain words, naming nobody, whatever the mail server does. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { noticeMessage } from '../../src/citizen/notices/notices.ts';
import { AN, AN_NUMBER, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { bySocialInsurance, byTaxCode, signInToPage } from './citizen.ts';
import { AN_MAIL, AN_MOBILE, giveContact, lettersFor, linkIn } from './letters-come.ts';

let country: TestCountry;
const logged: string[] = [];
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], {
    log: (code, facts) => void logged.push(JSON.stringify([code, facts])),
    configure: (configuration) => ({ ...configuration, deliveryPauses: [100], logLevel: 'debug' }),
  });
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  logged.length = 0;
});

/** An, in a browser that the hub knows from now on, with an address. */
async function an(...addresses: readonly string[]): Promise<Visitor> {
  const visitor = new Visitor();
  expect((await signInToPage(country, visitor)).code).toBe('citizen_overview');
  for (const address of addresses) expect((await giveContact(country, visitor, address)).code).toBe('citizen_contacts');
  await lettersFor(country);
  country.messages.reset();
  return visitor;
}

const signIn = async (visitor: Visitor) =>
  tokensFor(country, await relyingParty(country, 'stock'), { prompt: 'login' }, { visitor });

test('D7 a new device is told by exactly one letter, with time, agency, way, device and a link; a known one by none', async () => {
  const visitor = await an(AN_MAIL);
  await signIn(visitor);
  await signIn(visitor);
  expect(await lettersFor(country)).toEqual([]);

  await signIn(new Visitor());
  const letters = await lettersFor(country);
  expect(letters.map(({ to, channel }) => [to, channel])).toEqual([[AN_MAIL, 'mail']]);
  const { text, subject } = letters[0]!;
  const now = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' }).format();
  expect(subject).toBe('Đăng nhập trên thiết bị mới');
  expect(text).toMatch(/Lúc: \d\d:\d\d \d\d\/\d\d\/\d{4} \(giờ Việt Nam\)/);
  expect(text).toContain(now.split('/')[2]!);
  expect(text).toContain('Cơ quan: Cơ quan thử');
  expect(text).toContain('Cách đăng nhập: Mã số thuế');
  expect(text).toContain('Thiết bị: ');
  expect(text).toContain('không bao giờ hỏi mật khẩu');
  expect(linkIn(country, letters[0]!).pathname).toMatch(/^\/citizen\/not-me\/[\w-]{43}$/);
  for (const own of ['Nguyễn', 'NGUYEN', AN.taxCode, AN_NUMBER, AN_MAIL]) expect(text).not.toContain(own);
});

test('D7 a way that is used for the first time is told, too, and to a phone in one short message', async () => {
  await an(AN_MAIL, AN_MOBILE);
  await signInToPage(country, new Visitor(), bySocialInsurance());
  const letters = await lettersFor(country);
  expect(letters.map(({ to }) => to).sort()).toEqual([AN_MOBILE, AN_MAIL]);
  const sms = letters.find(({ channel }) => channel === 'sms')!;
  expect(sms.text.length).toBeLessThanOrEqual(160);
  expect(sms.text).toMatch(/^Liên Thông: cách đăng nhập mới \d\d\/\d\d \d\d:\d\d\. Mã số BHXH/);
  // One link in both: it works once.
  expect(linkIn(country, sms)).toEqual(linkIn(country, letters.find(({ channel }) => channel === 'mail')!));
});

test('D7 where there is no contact nobody is told, and nothing is said of it', async () => {
  await an();
  await signIn(new Visitor());
  expect(await lettersFor(country)).toEqual([]);
  expect(logged.filter((line) => line.includes('message_given_up') || line.includes('_not_taken'))).toEqual([]);
});

test('D7 the hub answers a sign-in while the mail server is down, and the letter comes when it is back', async () => {
  await an(AN_MAIL);
  for (const fault of ['down', 'hang'] as const) {
    country.messages.mail.faults.set(fault);
    country.messages.reset();
    const begun = performance.now();
    await signIn(new Visitor());
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(country.messages.received()).toEqual([]);
    country.messages.mail.faults.set('none');
    expect(await lettersFor(country)).toHaveLength(1);
  }
}, 30_000);

test('D7 a hub that ends in between tells once, and not twice', async () => {
  await an(AN_MAIL);
  country.messages.mail.faults.set('down');
  await signIn(new Visitor());
  await country.restartHub();
  await country.restartHub();
  country.messages.mail.faults.set('none');
  expect(await lettersFor(country)).toHaveLength(1);
});

test('D7 letters are in the language in which the address was given', async () => {
  const visitor = new Visitor({ language: 'en' });
  await signInToPage(country, visitor);
  await giveContact(country, visitor, AN_MAIL);
  await lettersFor(country);
  country.messages.reset();
  await signIn(new Visitor());
  const [letter] = await lettersFor(country);
  expect(letter!.subject).toBe('Sign-in on a new device');
  expect(letter!.text).toContain('Agency: Test agency');
  expect(letter!.text).toContain('never asks for your password');
});

test('an address that is told of its own end is told once', async () => {
  await an(AN_MAIL);
  const { store } = country.runningHub();
  const person = (await store.people.findHolder(AN_NUMBER))!;
  const also = [{ kind: 'mail', address: AN_MAIL, language: 'vi' } as const];
  await store.outbox.enqueue([noticeMessage(person, { type: 'person_erased' }, also)], 60);
  await signIn(new Visitor());
  const subjects = (await lettersFor(country)).map(({ subject }) => subject).sort();
  expect(subjects).toEqual(['Đã xóa dữ liệu', 'Đăng nhập trên thiết bị mới'].sort());
});

test('nothing that is sent, no address and no link stands in the log', async () => {
  await an(AN_MAIL, AN_MOBILE);
  await signIn(new Visitor());
  const [letter] = await lettersFor(country, AN_MAIL);
  const link = linkIn(country, letter!);
  await new Visitor().open(link);
  await new Visitor().open(`${country.hub}/language/en?back=${encodeURIComponent(link.pathname)}`);
  const token = link.pathname.split('/').at(-1)!;
  expect(logged.length).toBeGreaterThan(5);
  for (const line of logged)
    for (const secret of [AN_MAIL, AN_MOBILE, token, 'not-me', 'Sông Hồng']) expect(line).not.toContain(secret);
});

test('signing in by the tax code at the page itself is told as such', async () => {
  await an(AN_MAIL);
  await signInToPage(country, new Visitor(), byTaxCode());
  const [letter] = await lettersFor(country);
  expect(letter!.text).toContain('Cơ quan: Liên Thông');
});

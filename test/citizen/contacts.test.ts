/** Contacts: whoever could change them unseen could do everything else unseen. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN_NUMBER, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';
import { atSecond, DAY } from '../oidc/time.ts';
import { bytesOfStore, journalIn } from '../store-copy.ts';
import { byMobileId, byTaxCode, callApi, signInAnew, signInToPage } from './citizen.ts';
import { AN_MAIL, AN_MOBILE, codeIn, giveContact, lettersFor, proposeContact } from './letters-come.ts';

const NEW_MAIL = 'an.moi@example.vn';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([], {
    configure: (configuration) => ({ ...configuration, changeInterval: 20, deliveryPauses: [50] }),
  });
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const personOf = async () => (await store().people.findHolder(AN_NUMBER))!;
const contacts = async () => (await store().own.contacts.of(await personOf())).map(({ address }) => address);
const at = async (prove = byTaxCode(), visitor = new Visitor()) => {
  expect((await signInToPage(country, visitor, prove, '/citizen/contacts')).code).toBe('citizen_contacts');
  return visitor;
};
const propose = (visitor: Visitor, address: string, kind = 'mail') =>
  callApi(country, visitor, '/contacts/propose', { method: 'POST', body: { kind, address } });
const confirm = (visitor: Visitor, proposal: string, code: string, more: object = {}) =>
  callApi(country, visitor, '/contacts/code', { method: 'POST', body: { proposal, code, ...more } });
const codeFor = async (address: string) => codeIn((await lettersFor(country, address))[0]!);
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const events = async (type: string) =>
  (await journalIn(country.configuration.dataDirectory)).filter((event) => event.type === type);

describe('D14 giving an address', () => {
  test('D14 by a code that comes to it, and the address is told', async () => {
    const visitor = await at();
    expect(visitor.page.text('main')).toContain('Chưa có địa chỉ nào');
    await proposeContact(country, visitor, ' An.Nguyen@EXAMPLE.vn ');
    expect(visitor.page.code).toBe('citizen_contact_code');
    const [letter, ...others] = await lettersFor(country);
    expect(others).toEqual([]);
    expect(letter!.to).toBe('An.Nguyen@example.vn');
    expect(letter!.text).not.toMatch(/Nguyễn|097090/);
    expect(visitor.page.body).not.toContain(codeIn(letter!));
    country.messages.reset();
    await visitor.fill({ code: ` ${codeIn(letter!).slice(0, 3)} ${codeIn(letter!).slice(3)}` }).press('button.primary');
    expect(visitor.page.code).toBe('citizen_contacts');
    expect(visitor.page.text('[data-contact=mail]')).toContain('An.Nguyen@example.vn');
    expect((await lettersFor(country)).map(({ to, subject }) => [to, subject])).toEqual([
      ['An.Nguyen@example.vn', 'Đã thêm địa chỉ liên hệ'],
    ]);
    const { body } = await callApi(country, visitor, '/contacts');
    expect(body).toEqual({
      contacts: [
        {
          id: expect.any(String),
          kind: 'mail',
          address: 'An.Nguyen@example.vn',
          language: 'vi',
          since: expect.any(String),
        },
      ],
      offered: ['mail', 'phone'],
    });
  });

  test('D14 a phone by a short message', async () => {
    const visitor = await at();
    await proposeContact(country, visitor, '0912 000 011');
    const [message] = await lettersFor(country);
    expect(message).toMatchObject({ channel: 'sms', to: AN_MOBILE });
    expect(message!.text.length).toBeLessThanOrEqual(160);
    await visitor.fill({ code: codeIn(message!) }).press('button.primary');
    expect(await contacts()).toEqual([AN_MOBILE]);
    expect((await lettersFor(country, AN_MOBILE))[0]!.text).toContain('đã thêm địa chỉ liên hệ');
  });

  test('D14 another takes the place of the one of its kind: old and new are told, and the other kind', async () => {
    const visitor = await at();
    await giveContact(country, visitor, AN_MAIL);
    await giveContact(country, visitor, AN_MOBILE);
    await lettersFor(country);
    country.messages.reset();
    await giveContact(country, visitor, NEW_MAIL);
    expect((await contacts()).sort()).toEqual([AN_MOBILE, NEW_MAIL]);
    const told = (await lettersFor(country)).filter(({ text }) => !/\b\d{6}\b/.test(text));
    expect(told.map(({ to }) => to).sort()).toEqual([AN_MOBILE, NEW_MAIL, AN_MAIL]);
    for (const { text } of told)
      for (const address of [AN_MAIL, NEW_MAIL, AN_MOBILE]) expect(text).not.toContain(address);
    expect((await events('contact_added')).map(({ content }) => content)).toMatchObject([{}, {}, {}]);
  });

  test.each([
    ['mail', 'nobody'],
    ['mail', 'a@b'],
    ['mail', 'a@b.vn, c@d.vn'],
    ['mail', 'a@b.vn\r\nBcc: c@d.vn'],
    ['mail', '"quoted"@example.vn'],
    ['mail', `${'a'.repeat(65)}@example.vn`],
    ['mail', '<a@b.vn>'],
    ['phone', '0212345678'],
    ['phone', '+4915112345678'],
    ['phone', '091200001'],
    ['phone', '0912000011;0912000012'],
  ])('D14 %s %j is no address', async (kind, address) => {
    const visitor = await at();
    const { status, body } = await propose(visitor, address, kind);
    expect([status, body.error]).toEqual([400, 'contact_invalid']);
    expect(await lettersFor(country)).toEqual([]);
  });

  test('D14 an error leads back to the form', async () => {
    const visitor = await at();
    await proposeContact(country, visitor, 'x@y');
    expect(visitor.page.code).toBe('contact_invalid');
    expect(visitor.page.has('a.primary[href^="/citizen"]')).toBe(true);
  });
});

describe('D14 the code', () => {
  test('D14 is refused after five wrong ones, also the right one', async () => {
    const visitor = await at();
    const { body } = await propose(visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    for (let time = 0; time < 5; time += 1)
      expect((await confirm(visitor, body.proposal, wrong(code))).body.error).toBe('contact_code_wrong');
    const right = await confirm(visitor, body.proposal, code);
    expect([right.status, right.body.error]).toEqual([400, 'contact_code_expired']);
    expect(await contacts()).toEqual([]);
  });

  test('D14 of fifty guesses at once no more than five are answered', async () => {
    const visitor = await at();
    const { body } = await propose(visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    const guesses = Array.from({ length: 50 }, () => confirm(visitor, body.proposal, wrong(code)));
    const answers = (await Promise.all(guesses)).map((answer) => answer.body.error);
    expect(answers.filter((error) => error === 'contact_code_wrong')).toHaveLength(5);
    expect(answers.filter((error) => error === 'contact_code_expired')).toHaveLength(45);
  });

  test('D14 works once: of four at once one, and never again', async () => {
    const visitor = await at();
    const { body } = await propose(visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    const uses = Array.from({ length: 4 }, () => confirm(visitor, body.proposal, code));
    const answers = await Promise.all(uses);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await confirm(visitor, body.proposal, code)).body.error).toBe('contact_code_expired');
    expect(await events('contact_added')).toHaveLength(1);
  });

  test('D14 ends after ten minutes', async () => {
    const visitor = await at();
    const { body } = await propose(visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    await atSecond(10 * 60 + 1, async () => {
      expect((await confirm(visitor, body.proposal, code)).body.error).toBe('contact_code_expired');
    });
    expect(await contacts()).toEqual([]);
  });

  test("D14 of somebody else's proposal is nowhere, with the right code, too", async () => {
    const visitor = await at();
    const { body } = await propose(visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    const hoa = new Visitor();
    await signInToPage(country, hoa, byTaxCode(HOA));
    expect((await confirm(hoa, body.proposal, code)).status).toBe(404);
    expect((await confirm(hoa, 'A'.repeat(32), code)).status).toBe(404);
    expect((await callApi(country, hoa, `/contacts/code/${body.proposal}`)).status).toBe(404);
    expect((await confirm(visitor, body.proposal, code)).status).toBe(200);
  });

  test('D14 is sent five times an hour to a person', async () => {
    const visitor = await at();
    for (let time = 0; time < 5; time += 1) expect((await propose(visitor, `a${time}@example.vn`)).status).toBe(200);
    const sixth = await propose(visitor, 'a6@example.vn');
    expect([sixth.status, sixth.body.error]).toEqual([429, 'contact_code_limit']);
    expect(await lettersFor(country)).toHaveLength(5);
    await atSecond(60 * 60 + 1, async () => {
      const later = await at();
      expect((await propose(later, 'a6@example.vn')).status).toBe(200);
    });
  });

  test('D14 is sent five times an hour to an address; who else asks sees no difference', async () => {
    const visitor = await at();
    for (let time = 0; time < 4; time += 1) await propose(visitor, AN_MAIL);
    const hoa = new Visitor();
    await signInToPage(country, hoa, byTaxCode(HOA));
    const answers = [await propose(hoa, AN_MAIL), await propose(hoa, AN_MAIL), await propose(hoa, AN_MAIL)];
    expect(answers.map(({ status, body }) => [status, Object.keys(body)])).toEqual(
      answers.map(() => [200, ['proposal']]),
    );
    expect(await lettersFor(country, AN_MAIL)).toHaveLength(5);
  });

  test('D14 an address that somebody else has is taken like any other', async () => {
    const visitor = await at();
    await giveContact(country, visitor, AN_MAIL);
    const hoa = new Visitor();
    await signInToPage(country, hoa, byTaxCode(HOA));
    const known = await propose(hoa, AN_MAIL);
    const unknown = await propose(hoa, 'nobody.at.all@example.vn');
    expect([known.status, Object.keys(known.body)]).toEqual([unknown.status, Object.keys(unknown.body)]);
    expect((await confirm(hoa, known.body.proposal, await codeFor(AN_MAIL))).status).toBe(200);
    expect(await contacts()).toEqual([AN_MAIL]);
  });
});

describe('D14 how good a sign-in it takes', () => {
  test('D14 with a stronger way linked: the code still works after signing in again by that', async () => {
    await at(byMobileId(country));
    const visitor = await at();
    await proposeContact(country, visitor, AN_MAIL);
    const code = await codeFor(AN_MAIL);
    const address = visitor.page.url;
    await visitor.fill({ code }).press('button.primary');
    expect(visitor.page.code).toBe('citizen_sign_in_again');
    // Nobody to tell yet, so there is nothing to wait for.
    expect(visitor.page.has('[name=wait]')).toBe(false);
    const proposal = address.pathname.split('/').at(-1)!;
    expect((await confirm(visitor, proposal, code, { wait: 'yes' })).body.error).toBe('no_contact');
    expect(await contacts()).toEqual([]);
    await proposeContact(country, visitor, NEW_MAIL);
    const second = await codeFor(NEW_MAIL);
    const page = visitor.page.url;
    await visitor.fill({ code: second }).press('button.primary');
    await signInAnew(country, visitor, byMobileId(country), page.pathname);
    expect(visitor.page.code).toBe('citizen_contact_code');
    await visitor.fill({ code: second }).press('button.primary');
    expect(visitor.page.code).toBe('citizen_contacts');
    expect(await contacts()).toEqual([NEW_MAIL]);
  });

  test('D14 or seven days, of which every contact is told; then old and new are told that it was made', async () => {
    const visitor = await at();
    await giveContact(country, visitor, AN_MAIL);
    await at(byMobileId(country));
    await proposeContact(country, visitor, NEW_MAIL);
    const code = await codeFor(NEW_MAIL);
    await visitor.fill({ code }).press('button.primary');
    country.messages.reset();
    await visitor.press('wait=yes');
    expect((await lettersFor(country)).map(({ to, subject }) => [to, subject])).toEqual([
      [AN_MAIL, 'Một thay đổi đang chờ thực hiện'],
    ]);
    expect(await contacts()).toEqual([AN_MAIL]);
    country.messages.reset();
    const told = await atSecond(7 * DAY + 1, async () => {
      await until(async () => (await contacts())[0] === NEW_MAIL, 5_000);
      await until(async () => (await store().own.waiting.of(await personOf())).length === 0, 5_000);
      return (await lettersFor(country)).map(({ to, subject }) => `${to} ${subject}`).sort();
    });
    expect(told).toEqual(
      [
        `${AN_MAIL} Đã đổi địa chỉ liên hệ`,
        `${NEW_MAIL} Đã đổi địa chỉ liên hệ`,
        `${NEW_MAIL} Đã thực hiện một thay đổi`,
      ].sort(),
    );
  });

  test('D14 to ask for a code, one of a quarter of an hour ago', async () => {
    const visitor = await at();
    await atSecond(16 * 60, async () => {
      const { status, body } = await propose(visitor, AN_MAIL);
      expect([status, body.error]).toEqual([401, 'sign_in_needed']);
    });
    expect(await lettersFor(country)).toEqual([]);
  });
});

describe('D14 removing', () => {
  test('D14 tells the address that goes', async () => {
    const visitor = await at();
    await giveContact(country, visitor, AN_MAIL);
    await lettersFor(country);
    country.messages.reset();
    await visitor.press('[data-contact=mail] button');
    expect(visitor.page.code).toBe('citizen_contacts');
    expect(await contacts()).toEqual([]);
    expect((await lettersFor(country)).map(({ to, subject }) => [to, subject])).toEqual([
      [AN_MAIL, 'Đã xóa địa chỉ liên hệ'],
    ]);
    expect(await events('contact_removed')).toHaveLength(1);
  });

  test("D14 somebody else's is nowhere; by a weak sign-in it waits", async () => {
    const visitor = await at();
    await giveContact(country, visitor, AN_MAIL);
    const { id } = (await store().own.contacts.of(await personOf()))[0]!;
    const hoa = new Visitor();
    await signInToPage(country, hoa, byTaxCode(HOA));
    const remove = (who: Visitor, more: object = {}) =>
      callApi(country, who, '/contacts/remove', { method: 'POST', body: { contact: id, ...more } });
    expect((await remove(hoa)).status).toBe(404);
    expect((await remove(hoa, { wait: 'yes' })).status).toBe(404);
    await at(byMobileId(country));
    expect((await remove(visitor)).body).toMatchObject({ error: 'stronger_sign_in_needed', acr_values: 'loa3' });
    expect((await remove(visitor, { wait: 'yes' })).status).toBe(202);
    expect(await contacts()).toEqual([AN_MAIL]);
  });
});

test('D14 what cannot be reached is not offered', async () => {
  const silent = await openTestCountry([], {
    configure: ({ mail: _mail, sms: _sms, ...configuration }) => configuration,
  });
  try {
    const visitor = new Visitor();
    await signInToPage(silent, visitor, byTaxCode(), '/citizen/contacts');
    expect(visitor.page.has('form[action$=propose]')).toBe(false);
    const body = { kind: 'mail', address: AN_MAIL };
    const answer = await callApi(silent, visitor, '/contacts/propose', { method: 'POST', body });
    expect(answer.body.error).toBe('contact_invalid');
  } finally {
    await silent.close();
  }
});

test('addresses and codes are nowhere readable at rest', async () => {
  const visitor = await at();
  country.messages.mail.faults.set('down');
  await propose(visitor, AN_MAIL);
  const bytes = await bytesOfStore(country.configuration.dataDirectory);
  expect(bytes.includes(AN_MAIL)).toBe(false);
  country.messages.mail.faults.set('none');
  await giveContact(country, visitor, NEW_MAIL);
  expect((await bytesOfStore(country.configuration.dataDirectory)).includes(NEW_MAIL)).toBe(false);
});

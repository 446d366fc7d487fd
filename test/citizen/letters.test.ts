/** Everything that is ever written to anybody: in both languages, short enough for a phone, with one way to go at most. */
import { describe, expect, test } from '@jest/globals';
import { type LetterParts, LONGEST_SMS, writeCode, writeNotice } from '../../src/citizen/notices/letters.ts';
import type { Notice } from '../../src/citizen/notices/notices.ts';
import { CHANGE_KINDS } from '../../src/citizen/ports.ts';
import { LANGUAGES } from '../../views/pages.ts';

const AT = Date.UTC(2027, 2, 14, 17, 5);
const TOKEN = 'T'.repeat(43);
const NUMBER = 'KHQ7-2M9P';

const NOTICES: readonly Notice[] = [
  ...(['device', 'source'] as const).map(
    (kind): Notice => ({
      type: 'new_sign_in',
      kind,
      at: AT,
      client: 'clinic',
      source: 'tax-code',
      device: { browser: 'Chrome', system: 'Windows', form: 'desktop' },
      token: TOKEN,
    }),
  ),
  { type: 'new_sign_in', kind: 'device', at: AT, client: 'gone', source: 'gone', token: TOKEN },
  ...(['mail', 'phone'] as const).flatMap((kind) =>
    (['added', 'replaced', 'removed'] as const).map((change): Notice => ({ type: 'contact_changed', kind, change })),
  ),
  ...CHANGE_KINDS.flatMap((change): readonly Notice[] => [
    { type: 'change_waits', change, due: AT, token: TOKEN },
    { type: 'change_stopped', change },
    { type: 'change_carried_out', change, possible: true },
    { type: 'change_carried_out', change, possible: false },
  ]),
  { type: 'not_me', source: 'tax-code', case: NUMBER },
  { type: 'case_opened', kind: 'access', case: NUMBER, answerBy: AT },
  ...(['open', 'acknowledged', 'forwarded', 'answered'] as const).map(
    (state): Notice => ({ type: 'case_advanced', kind: 'access', case: NUMBER, state }),
  ),
  { type: 'person_erased' },
];

const parts: LetterParts = {
  issuer: 'https://dang-nhap.lienthong.gov.vn',
  hotline: '1900 0000',
  agencyOf: (client) =>
    client === 'clinic' ? { vi: 'Bệnh viện Đa khoa Sông Hồng', en: 'Red River General Hospital' } : undefined,
  sourceOf: (source) => (source === 'tax-code' ? { vi: 'Mã số thuế', en: 'Tax code' } : undefined),
};

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(NOTICES.map((notice) => [JSON.stringify(notice), notice] as const))('D7 %s', (_name, notice) => {
    const { letter, sms } = writeNotice(notice, parts)[language];
    expect(letter.subject).toMatch(/^[^\r\n]{5,60}$/);
    expect(letter.text).not.toMatch(/undefined|\[object|NaN|=>|\n{3}/);
    expect(letter.text).toMatch(language === 'vi' ? /không bao giờ hỏi mật khẩu/ : /never asks for your password/);
    expect(letter.text).toContain('1900 0000');
    expect(sms).toMatch(/^Liên Thông: /);
    expect(sms.length).toBeLessThanOrEqual(LONGEST_SMS);
    const links = [...letter.text.matchAll(/https:\/\/\S+/g)].map(([link]) => link);
    expect(links).toHaveLength(notice.type === 'person_erased' ? 0 : 1);
    const path = { new_sign_in: '/citizen/not-me/', change_waits: '/citizen/stop/' }[notice.type as string];
    if (path === undefined) return;
    expect(links).toEqual([`${parts.issuer}${path}${TOKEN}`]);
    expect(sms.endsWith(links[0]!)).toBe(true);
  });

  test('D7 a moment is told as it is in Viet Nam', () => {
    const { letter, sms } = writeNotice(NOTICES[0]!, parts)[language];
    expect(letter.text).toContain(language === 'vi' ? '00:05 15/03/2027 (giờ Việt Nam)' : '15 March 2027 at 00:05');
    expect(sms).toContain('15/03 00:05');
  });

  test('D7 of long names a message has what fits; what must be said is there', () => {
    const long = { vi: 'Trung tâm '.repeat(30), en: 'Department of '.repeat(22) };
    const { sms } = writeNotice(NOTICES[0]!, { ...parts, agencyOf: () => long, sourceOf: () => long })[language];
    expect(sms.length).toBeLessThanOrEqual(LONGEST_SMS);
    expect(sms).toContain(TOKEN);
  });

  test('D14 a code says what it is for, and asks nobody to tell it', () => {
    const { letter, sms } = writeCode('012345', language, '1900 0000');
    for (const text of [letter.text, sms]) expect(text.match(/\b\d{6}\b/g)).toEqual(['012345']);
    expect(sms.length).toBeLessThanOrEqual(LONGEST_SMS);
    expect(letter.subject).not.toContain('012345');
    expect(letter.text).not.toContain('http');
  });
});

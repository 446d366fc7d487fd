/** What the phone shows: the agency, in what a SIM can display. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { displayTextFor } from '../../../providers/mobile-id/display-text.ts';

test('names the agency after the verb, with marks as UCS-2', () => {
  expect(displayTextFor('Thư viện Điện tử', 'vi')).toEqual({
    displayText: 'Đăng nhập Thư viện Điện tử',
    displayTextFormat: 'UCS-2',
  });
  expect(displayTextFor('Thư viện Điện tử', 'en').displayTextFormat).toBe('UCS-2');
  // In the GSM alphabet, and still a mark.
  expect(displayTextFor('Cà Mau', 'en').displayTextFormat).toBe('UCS-2');
});

test('without marks goes as GSM-7, which has more room', () => {
  const name = 'Department of Planning and Investment of the City of the Red River';
  expect(displayTextFor(name, 'en')).toEqual({ displayText: `Sign in to ${name}`, displayTextFormat: 'GSM-7' });
});

test('composes letters, and shows no control, invisible or astral character', () => {
  expect(displayTextFor('Sở\n Tư pháp \u{1f600}\u202e'.normalize('NFD'), 'vi').displayText).toBe(
    'Đăng nhập Sở Tư pháp',
  );
});

test('a name that fits only alone stands alone', () => {
  const name = 'Uỷ ban nhân dân thành phố Sông Hồng, tỉnh An Bình';
  expect(name).toHaveLength(49);
  expect(displayTextFor(name, 'vi').displayText).toBe(name);
});

test('a longer one is cut between words', () => {
  const name = 'Sở Nông nghiệp và Phát triển nông thôn thành phố Sông Hồng';
  expect(displayTextFor(name, 'vi').displayText).toBe('Sở Nông nghiệp và Phát triển nông thôn thành...');
  expect(displayTextFor('ă'.repeat(60), 'vi').displayText).toBe(`${'ă'.repeat(47)}...`);
});

test('escaped characters count twice in GSM-7', () => {
  expect(displayTextFor('['.repeat(60), 'en').displayText).toBe(`${'['.repeat(48)}...`);
});

test('always fits its format', () => {
  const names = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(names, fc.constantFrom('vi' as const, 'en' as const), (name, language) => {
      const { displayText, displayTextFormat } = displayTextFor(name, language);
      expect(displayText.length).toBeLessThanOrEqual(displayTextFormat === 'UCS-2' ? 50 : 100);
      expect(displayText).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      if (displayTextFormat === 'GSM-7') expect(displayText).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

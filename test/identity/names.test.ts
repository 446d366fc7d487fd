/** Names: which writings are one name, and that nothing else is (design: Identity, rule 2). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { namesAgree } from '../../src/identity/names.ts';

const NON_BREAKING_SPACE = '\u00A0';
const NARROW_SPACE = '\u202F';
const ZERO_WIDTH_JOINER = '\u200D';
const SOFT_HYPHEN = '\u00AD';

describe('one name, written twice', () => {
  test.each([
    ['itself', 'Nguyễn Văn An', 'Nguyễn Văn An'],
    ['decomposed', 'Nguyễn Thị Hường', 'Nguyễn Thị Hường'.normalize('NFD')],
    ['marks of different classes in either order', 'Ngo\u031B\u0323', 'Ngo\u0323\u031B'],
    ['deprecated tone marks', 'Ba\u0301', 'Ba\u0341'],
    ['upper case', 'HOÀNG PHỦ NGỌC TƯỜNG VI', 'Hoàng Phủ Ngọc Tường Vi'],
    ['no marks at all', 'NGUYEN VAN AN', 'Nguyễn Văn An'],
    ['no marks, with đ', 'DANG DINH DUC', 'Đặng Đình Đức'],
    ['Icelandic eth for đ', '\u00D0ặng \u00D0ình \u00D0ức', 'Đặng Đình Đức'],
    ['eth in lower case', '\u00F0ặng', 'Đặng'],
    ['tone placement: oa', 'Trần Thị Hoà', 'Trần Thị Hòa'],
    ['tone placement: oa, upper case, decomposed', 'TRẦN THỊ HOÀ'.normalize('NFD'), 'Trần Thị Hòa'],
    ['tone placement: oe', 'Khoẻ', 'Khỏe'],
    ['tone placement: uy', 'Thuý', 'Thúy'],
    ['tone placement: uy under the dot below', 'Thuỵ', 'Thụy'],
    ['tone placement: no onset', 'Uỷ', 'Ủy'],
    ['tone placement: after đ', 'Đoá', 'Đóa'],
    ['tone placement: two onset letters', 'Nhuỵ Khoà', 'Nhụy Khòa'],
    ['tone placement: within a name of the highlands', 'H’Hoà Niê', "H'Hòa Niê"],
    ['doubled and outer spaces', ' H’Hen   Niê ', "H'Hen Niê"],
    ['other white space', `Lê${NON_BREAKING_SPACE}Thị${NARROW_SPACE}\tThúy\n`, 'Lê Thị Thúy'],
    ['format characters', `Nguye${ZERO_WIDTH_JOINER}\u0302\u0303n\uFEFF V${SOFT_HYPHEN}ăn An`, 'Nguyễn Văn An'],
    ['unmarked with an apostrophe', 'H`HEN NIE', 'H’Hen Niê'],
    ['foreign marks', 'FRANCOIS MULLER', 'François Müller'],
  ])('%s', (_case, one, other) => {
    expect(namesAgree(one, other)).toBe(true);
    expect(namesAgree(other, one)).toBe(true);
  });

  test.each("' ` ´ ʹ ʻ ʼ ʽ ʾ ʿ ˈ ‘ ’ ‛ ′ ‵ ꞌ Ꞌ ＇ ՚".split(' '))('every apostrophe: %s', (apostrophe) =>
    expect(namesAgree(`H${apostrophe}Hen Niê`, "H'Hen Niê")).toBe(true));
});

describe('two names', () => {
  test.each([
    ['one mark apart', 'Lê Thị Thúy', 'Lê Thị Thuỷ'],
    ['a mark more', 'Ngô Thanh Tâm', 'Ngô Thanh Tầm'],
    ['đ against d, both marked', 'Đặng Đức', 'Dặng Đức'],
    ['marks on one word only', 'Nguyễn Van An', 'Nguyễn Văn An'],
    ['only a đ', 'Đang Đinh Đuc', 'Đặng Đình Đức'],
    ['unmarked, another letter', 'PHAM MINH TU', 'Phạm Minh Tuấn'],
    ['word order', 'DUPONT MARIE', 'Marie Dupont'],
    ['a word less', 'Nguyễn An', 'Nguyễn Văn An'],
    ['words run together', 'Nguyễn VănAn', 'Nguyễn Văn An'],
    ['an apostrophe lost', 'HHEN NIE', "H'Hen Niê"],
    ['i and y', 'Lí', 'Lý'],
    ['the u of quý is no vowel: never moved', 'Qúy', 'Quý'],
    ['gi: never moved', 'Gìa', 'Già'],
    ['both styles place it the same before a final', 'Hòang', 'Hoàng'],
    ['oai has one placement', 'Hòai', 'Hoài'],
    ['a tone on both vowels', 'Hòà', 'Hoà'],
    ['two syllables in one word', 'Marikhóa', 'Marikhoá'],
    ['two marks of one class in the wrong order', 'Ba\u0301\u0302', 'Bấ'],
    ['Cyrillic а', 'Nguyễn Văn \u0410n', 'Nguyễn Văn An'],
    ['Cyrillic in an unmarked form', 'NGUYEN VAN \u0410N', 'Nguyễn Văn An'],
    ['an unmarked form in another script is not plain', 'Николаи', 'Николай'],
    ['Greek omicron', 'H\u039F', 'HO'],
    ['full-width letters', 'ＡＮ', 'AN'],
    ['African d', '\u0189ặng', 'Đặng'],
    ['a combining stroke', 'D\u0335ặng', 'Đặng'],
    ['dotless i', 'Ng\u0131', 'Ngi'],
    ['a joiner that is no format character', 'Hoa\u034F\u0300', 'Hoà'],
  ])('%s', (_case, one, other) => {
    expect(namesAgree(one, other)).toBe(false);
    expect(namesAgree(other, one)).toBe(false);
  });
});

describe('no name at all agrees with nothing, not even itself', () => {
  test.each([
    ['empty', ''],
    ['blank', ` ${NON_BREAKING_SPACE} `],
    ['only format characters', '\u200B\u200D'],
    ['no letter', "-.'"],
    ['a control character', 'Nguyễn\u0000 Văn An'],
    ['half a surrogate pair', 'An\uD800'],
    ['a letter lost in conversion', 'Nguy\uFFFDn'],
    ['a letter of a private font', 'An\uE000'],
    ['absurdly long', 'An '.repeat(100)],
  ])('%s', (_case, text) => expect(namesAgree(text, text)).toBe(false));
});

describe('for every name', () => {
  const ONSETS = ['', 'b', 'ch', 'đ', 'gi', 'h', 'kh', 'ng', 'nh', 'ph', 'qu', 'th', 'tr', 'v'];
  const RHYMES = [
    'oà',
    'òa',
    'oá',
    'óa',
    'uý',
    'úy',
    'uỷ',
    'ủy',
    'oẻ',
    'ỏe',
    'oai',
    'an',
    'ấn',
    'ương',
    'ưởng',
    'ễ',
    'i',
  ];
  const syllable = fc.tuple(fc.constantFrom(...ONSETS), fc.constantFrom(...RHYMES)).map((parts) => parts.join(''));
  const vietnamese = fc.array(syllable, { minLength: 1, maxLength: 5 }).map((syllables) => syllables.join(' '));
  const hostile = fc.string({ unit: 'binary', maxLength: 30 });
  const unmarked = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').toUpperCase();

  test('agreement is symmetric', () => {
    fc.assert(
      fc.property(fc.oneof(vietnamese, hostile), fc.oneof(vietnamese, hostile), (one, other) => {
        expect(namesAgree(one, other)).toBe(namesAgree(other, one));
      }),
    );
  });

  test('a name agrees with itself, in any case and composition, and with its unmarked form', () => {
    fc.assert(
      fc.property(vietnamese, (name) => {
        for (const form of [name, name.toUpperCase(), name.normalize('NFD'), ` ${name}\u2003`, unmarked(name)]) {
          expect(namesAgree(name, form)).toBe(true);
        }
      }),
    );
  });

  test('names that agree have the same letters once every mark is gone', () => {
    fc.assert(
      fc.property(vietnamese, vietnamese, (one, other) => {
        if (namesAgree(one, other)) expect(unmarked(one)).toBe(unmarked(other));
      }),
    );
  });

  test('another tone on a syllable makes another name', () => {
    const tones = fc.constantFrom('\u0300', '\u0301', '\u0303', '\u0309', '\u0323');
    fc.assert(
      fc.property(vietnamese, tones, tones, (name, one, other) => {
        expect(namesAgree(`${name} ba${one}`, `${name} ba${other}`)).toBe(one === other);
      }),
    );
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(hostile, hostile, (one, other) => typeof namesAgree(one, other) === 'boolean'));
  });
});

/** Owns how people are called: family, middle and given names about as frequent as they are, and how registers misspell them. */
import { poolOf, type Random } from './random.ts';

// Shares in per cent after Lê Trung Hoa, Họ và tên người Việt Nam (2005); the two writings of one family are two names.
const FAMILY = poolOf(
  `Nguyễn 38.4, Trần 11, Lê 9.5, Phạm 7.1, Hoàng 2.8, Huỳnh 2.3, Phan 4.5, Vũ 2.2, Võ 1.7, Đặng 2.1, Bùi 2, Đỗ 1.4,
   Hồ 1.3, Ngô 1.3, Dương 1, Lý 0.5, Trương 0.8, Đinh 0.7, Đoàn 0.6, Lâm 0.5, Mai 0.5, Trịnh 0.5, Đào 0.5, Cao 0.5,
   Lương 0.5, Hà 0.5, Tạ 0.3, Lưu 0.3, Thái 0.3, Châu 0.2, Phùng 0.3, Tô 0.2, Vương 0.3, Nông 0.2, Quách 0.1, H'Hen 0.02,
   Niê 0.05, Ksor 0.04, Y 0.03, Giàng 0.1, Vàng 0.1, Lò 0.1, Cầm 0.05, Thạch 0.1, Kim 0.1, Sơn 0.05`,
);

const MIDDLE = {
  male: poolOf(
    `Văn 40, Đức 7, Minh 6, Quang 5, Hữu 5, Xuân 4, Ngọc 4, Thanh 4, Đình 4, Công 3, Quốc 4, Anh 2, Hoàng 3, Duy 2, Tuấn 2,
     Gia 2, Bảo 2, Trọng 2, Bá 1, Viết 1, Khắc 1`,
  ),
  female: poolOf(
    `Thị 48, Thị Thu 3, Thị Thanh 3, Thị Hồng 3, Thị Ngọc 4, Thị Kim 3, Ngọc 5, Thanh 4, Thu 3, Minh 3, Phương 3, Bích 2,
     Khánh 2, Hoài 1, Thị Mỹ 1, Thị Bích 1, Thị Phương 2, Mai 1, Quỳnh 1`,
  ),
};

const GIVEN = {
  male: poolOf(
    `Hùng 6, Tuấn 6, Dũng 5, Anh 6, Minh 5, Hải 4, Nam 4, Sơn 4, Long 4, Thắng 4, Đức 4, Cường 4, Hoàng 3, Hiếu 3, Huy 4,
     Trung 3, Thành 4, Bình 3, Hòa 2, Tú 2, Phong 2, Khánh 2, Quân 3, Việt 2, Tùng 3, An 2, Bảo 2, Khoa 2, Phúc 3, Tài 2,
     Lợi 1, Đạt 3, Thịnh 2, Vinh 2, Toàn 2, Kiên 2, Lâm 2, Tâm 2, Tiến 3, Quý 1, Thuỵ 0.5, Khoẻ 0.2, Đăng 1, Nghĩa 1`,
  ),
  female: poolOf(
    `Hương 6, Hoa 4, Lan 5, Linh 6, Hằng 4, Hà 5, Thủy 4, Thúy 3, Mai 4, Nga 3, Anh 6, Ngọc 4, Trang 5, Thảo 4, Hồng 3,
     Yến 3, Hạnh 3, Dung 3, Phương 5, Loan 3, Nhung 3, Vân 3, Oanh 2, Huệ 2, Ánh 2, Hiền 4, Hoài 1, Tâm 2, Bình 1, Xuân 2,
     Liên 2, Ngân 3, Nhi 3, Vy 3, My 2, Trâm 2, Diệp 1, Quỳnh 3, Đào 1, Hòa 2, Thùy 3, Châu 1, Hảo 1, Như 2`,
  ),
};

/** Given names that only marks tell apart. */
const ONE_MARK_APART = [
  ['Thúy', 'Thủy'],
  ['Thùy', 'Thúy'],
  ['Anh', 'Ánh'],
  ['Hà', 'Hạ'],
  ['Đức', 'Đực'],
  ['Dương', 'Dưỡng'],
  ['Hòa', 'Hoa'],
  ['Hoàng', 'Hoằng'],
] as const;

export interface DrawnName {
  readonly family: string;
  readonly middle: string;
  readonly given: string;
}

export function drawName(random: Random, gender: 'male' | 'female'): DrawnName {
  return { family: random.draw(FAMILY), middle: random.draw(MIDDLE[gender]), given: random.draw(GIVEN[gender]) };
}

/** The names of twins: family and, when they are of one gender, middle name in common. */
export function drawTwinNames(
  random: Random,
  gender: 'male' | 'female',
  other: 'male' | 'female',
  oneMarkApart: boolean,
): [DrawnName, DrawnName] {
  const one = drawName(random, gender);
  const middle = gender === other ? one.middle : random.draw(MIDDLE[other]);
  if (oneMarkApart) {
    const [given, second] = random.pick(ONE_MARK_APART);
    return [
      { ...one, given },
      { ...one, given: second },
    ];
  }
  for (;;) {
    const given = random.draw(GIVEN[other]);
    if (given !== one.given) return [one, { family: one.family, middle, given }];
  }
}

export function written({ family, middle, given }: DrawnName): string {
  return `${family} ${middle} ${given}`;
}

export function withoutMarks(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').toUpperCase();
}

/** Marks lost on one word only, as a clerk in a hurry writes. */
export function withoutSomeMarks(random: Random, name: string): string {
  const words = name.split(' ');
  const marked = words.flatMap((word, at) => (/^[\x20-\x7E]+$/.test(word) ? [] : [at]));
  if (marked.length < 2) return name;
  const at = random.pick(marked);
  const bare = withoutMarks(words[at]!);
  words[at] = bare[0] + bare.slice(1).toLowerCase();
  return words.join(' ');
}

const OTHER_TONE_PLACE = [
  ['òa', 'oà'],
  ['óa', 'oá'],
  ['ỏe', 'oẻ'],
  ['ùy', 'uỳ'],
  ['úy', 'uý'],
  ['ủy', 'uỷ'],
  ['ụy', 'uỵ'],
] as const;

/** The tone on the other vowel, where the two styles differ. */
export function withOtherTonePlace(name: string): string {
  return OTHER_TONE_PLACE.reduce((text, [old, recent]) => {
    // The u of quý belongs to the onset.
    const end = (one: string) => new RegExp(`(?<![Qq])${one}(?= |$)`, 'gu');
    return end(old).test(text) ? text.replace(end(old), recent) : text.replace(end(recent), old);
  }, name);
}

/** A slip of the finger in the given name: a letter lost, doubled or exchanged with the next. */
export function mistyped(random: Random, name: string): string {
  const start = name.lastIndexOf(' ') + 1;
  const at = start + random.below(name.length - start);
  const letter = name[at]!;
  const before = name.slice(0, at);
  const after = name.slice(at + 1);
  const slips = [before + after, before + letter + letter + after, before + (after[0] ?? '') + letter + after.slice(1)];
  return random.pick(slips).trimEnd();
}

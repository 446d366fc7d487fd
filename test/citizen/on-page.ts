/** Owns what a page has to say when the API gives these values: texts, moments, addresses and names of things. */
import type { Page } from '../../sandbox/visitor.ts';
import { DATES, MOMENTS } from '../../views/moments.ts';
import { english } from '../../views/texts/en.ts';

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
/** Values that stand on the page as they are. `see` of a page that is open leads nowhere. */
const AS_THEY_ARE = new Set(
  'address account number case see receipt home history older link signIn said shouldBe answer proposal client logo citation'.split(
    ' ',
  ),
);
/** What is not shown any more when the other is. */
const IN_PLACE_OF = { acknowledgeBy: 'acknowledged', answerBy: 'answered' };
/** Of what is listed, its own page says more. */
const LISTS = new Set(['cases', 'agencies']);
const ONLY_ON_ITS_OWN_PAGE = new Set(['opened', 'acknowledgeBy', 'acknowledged', 'answered', 'receipt']);
/** Members by whose elements they are counted. */
const COUNTED: Readonly<Record<string, string>> = {
  attention: '.attention li',
  ways: 'li[data-source]',
  sessions: 'li[data-session]',
  devices: 'li[data-device]',
  entries: 'li[data-event]',
  changes: 'li[data-change]',
  contacts: 'li[data-contact]',
  rights: 'li[data-right]',
  cases: 'li[data-case]',
};

/** What of the values is not on the page, which is in English. */
export function missingOn(page: Page, values: object): readonly string[] {
  const { $ } = page;
  const attributes = $('main, main *').toArray();
  const all = attributes.flatMap((one) => ('attribs' in one ? Object.values(one.attribs) : []));
  const whole = plain([$('main').text(), ...all].join('\n'));
  const counts = Object.entries(values).flatMap(([name, value]) => {
    const selector = COUNTED[name];
    if (selector === undefined || !Array.isArray(value)) return [];
    const shown = $(selector).length;
    return shown === value.length ? [] : [`${name}: ${value.length} but ${shown}`];
  });
  const texts = wanted(values, []).filter((alternatives) => !alternatives.some((one) => whole.includes(plain(one))));
  return [...counts, ...texts.map((alternatives) => alternatives.join(' | '))];
}

const plain = (text: string) => text.replace(/\s+/g, ' ').trim();

/** One list of alternatives for each value that is to be seen. */
function wanted(value: unknown, at: readonly string[]): readonly (readonly string[])[] {
  const name = at.at(-1) ?? '';
  if (Array.isArray(value)) {
    if (['granted', 'leftOut', 'items'].includes(name)) return value.map((item) => [itemOf(item)]);
    return value.flatMap((one) => wanted(one, [...at, '']));
  }
  if (typeof value === 'object' && value !== null) {
    if ('vi' in value && 'en' in value) return [[String(value.en)]];
    const isRow = 'group' in value;
    const past = Object.entries(IN_PLACE_OF).flatMap(([key, other]) => (other in value ? [key] : []));
    const isLeftOut = (key: string) =>
      past.includes(key) ||
      (isRow && key === 'client') ||
      // Whoever may do it at once needs no other sign-in.
      (key === 'signIn' && 'restorable' in value && value.restorable === true) ||
      (key === 'see' && at.length <= (isRow ? 1 : 0)) ||
      (LISTS.has(at[0] ?? '') && ONLY_ON_ITS_OWN_PAGE.has(key));
    return Object.entries(value)
      .filter(([key]) => !isLeftOut(key))
      .flatMap(([key, one]) => wanted(one, [...at, key]));
  }
  if (typeof value !== 'string') return [];
  if (MOMENT.test(value)) return [[MOMENTS, DATES].map(({ en }) => en.format(new Date(value)))];
  if (name === 'level' || name === 'minimum') return [[english.citizen.level[value as 'loa1']]];
  if (name === 'value' && /^[^\d]{3,}/.test(value) && !/^(male|female)$/.test(value)) return [[value]];
  const isId = name === 'id' && at.at(-2) !== 'consent' && value.length > 20;
  return AS_THEY_ARE.has(name) || isId ? [[value]] : [];
}

const itemOf = (id: string) => english.consent.items[id as 'name'];

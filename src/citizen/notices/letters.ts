/**
 * Owns how what a person is told reads: as a letter, and as a text message. Letters are plain text, so that what a program
 * shows is what was sent; neither names the person or anything that is theirs.
 */
import { DATES, MOMENTS, shortMoment } from '../../../views/moments.ts';
import { LANGUAGES, type Language, type Localised } from '../../../views/pages.ts';
import { citizenInEnglish } from '../../../views/texts/citizen.en.ts';
import { citizenInVietnamese } from '../../../views/texts/citizen.vi.ts';
import { noticesInEnglish } from '../../../views/texts/notices.en.ts';
import { type NoticesTexts, type NoticeWords, noticesInVietnamese } from '../../../views/texts/notices.vi.ts';
import type { Letter } from '../../messaging/messaging.ts';
import { CITIZEN } from '../../own-pages/own-page.ts';
import type { Notice } from './notices.ts';

const NOTICES: Readonly<Record<Language, NoticesTexts>> = { vi: noticesInVietnamese, en: noticesInEnglish };
const PAGE_TEXTS = { vi: citizenInVietnamese, en: citizenInEnglish };

/** Characters of one text message, or of the two or three that carriers make of it where letters have marks. */
export const LONGEST_SMS = 160;
const LONGEST_NAME_IN_SMS = 32;
const HUB = 'Liên Thông';

/** Where "this was not me" is said about a sign-in, and where a change that waits is stopped. */
export const NOT_ME_PATH = `${CITIZEN.path}/not-me`;
export const STOP_PATH = `${CITIZEN.path}/stop`;

export interface LetterParts {
  readonly issuer: string;
  readonly hotline: string;
  /** Names as they are registered; `undefined` for what is not (any more). */
  readonly agencyOf: (client: string) => Localised | undefined;
  readonly sourceOf: (source: string) => Localised | undefined;
}

/** One notice in one language. */
export interface WrittenNotice {
  readonly letter: Letter;
  readonly sms: string;
}

/** What a notice names, by label, in the order in which it is read; `link` where it leads, `short` for a text message. */
interface Named {
  readonly words: NoticeWords;
  readonly facts: Readonly<Partial<Record<keyof NoticesTexts['labels'], string>>>;
  /** Follows the words of a text message. */
  readonly when?: number;
  /** What goes into a text message while there is room, what matters most first. */
  readonly short?: readonly string[];
  readonly path?: string;
}

/** Writes a notice in every language: whom it is for reads one of them. */
export function writeNotice(notice: Notice, parts: LetterParts): Readonly<Record<Language, WrittenNotice>> {
  return Object.fromEntries(
    LANGUAGES.map((language) => [language, written(named(notice, language, parts), language, parts)]),
  ) as Record<Language, WrittenNotice>;
}

/** Writes the code that shows whose an address is. */
export function writeCode(code: string, language: Language, hotline: string): WrittenNotice {
  const { code: words, closing } = NOTICES[language];
  const text = [words.says(code), words.next, closing(hotline)].join('\n\n');
  return { letter: { subject: words.subject, text }, sms: `${HUB}: ${words.sms(code)}` };
}

function named(notice: Notice, language: Language, { agencyOf, sourceOf }: LetterParts): Named {
  const texts = NOTICES[language];
  const own = PAGE_TEXTS[language];
  const at = (milliseconds: number) => texts.inVietnam(MOMENTS[language].format(milliseconds));
  const page = CITIZEN.path;
  switch (notice.type) {
    case 'new_sign_in': {
      const source = onOneLine(sourceOf(notice.source)?.[language] ?? notice.source);
      const agency = onOneLine(agencyOf(notice.client)?.[language] ?? notice.client);
      const device = notice.device ? own.device(notice.device) : own.unknownDevice;
      return {
        words: texts.new_sign_in[notice.kind],
        facts: { at: at(notice.at), agency, source, device },
        when: notice.at,
        short: [`${inShort(source)}.`, `${inShort(agency)}.`],
        path: `${NOT_ME_PATH}/${notice.token}`,
      };
    }
    case 'contact_changed':
      return { words: texts.contact_changed[notice.change](texts.contactKind[notice.kind]), facts: {}, path: page };
    case 'change_waits': {
      const change = own.change[notice.change];
      return {
        words: texts.change_waits,
        facts: { change, due: at(notice.due) },
        when: notice.due,
        short: [`${change}.`],
        path: `${STOP_PATH}/${notice.token}`,
      };
    }
    case 'change_stopped':
      return { words: texts.change_stopped, facts: { change: own.change[notice.change] }, path: page };
    case 'change_carried_out': {
      const words = texts.change_carried_out[notice.possible ? 'done' : 'impossible'];
      return { words, facts: { change: own.change[notice.change] }, path: page };
    }
    case 'not_me': {
      const source = sourceOf(notice.source)?.[language] ?? notice.source;
      return { words: texts.not_me, facts: { source, case: notice.case }, short: [`${inShort(source)}.`], path: page };
    }
    case 'case_opened': {
      // The end of a day: its midnight would be read as the day after.
      const answerBy = own.case.endOf(DATES[language].format(notice.answerBy - 1));
      const facts = { case: notice.case, answerBy };
      return { words: texts.case_opened, facts, short: [`${notice.case}.`], path: page };
    }
    case 'case_advanced': {
      const words = texts.case_advanced[notice.state];
      return { words, facts: { case: notice.case }, short: [`${notice.case}.`], path: page };
    }
    case 'person_erased':
      return { words: texts.person_erased, facts: {} };
  }
}

function written(
  { words, facts, when, short = [], path }: Named,
  language: Language,
  parts: LetterParts,
): WrittenNotice {
  const { labels, closing, smsClosing } = NOTICES[language];
  const link = path && `${parts.issuer}${path}`;
  const lines = Object.entries(facts).map(([label, value]) => `${labels[label as keyof typeof labels]}: ${value}`);
  const next = [words.next, link].filter(Boolean).join('\n');
  const text = [words.says, lines.join('\n'), next, closing(parts.hotline)].filter(Boolean).join('\n\n');
  const last = words.smsNext && link ? [`${words.smsNext} ${link}`] : [];
  const first = [`${HUB}: ${words.sms}`, ...(when === undefined ? [] : [`${shortMoment(when)}.`])].join(' ');
  return { letter: { subject: words.subject, text }, sms: fitted(first, [...short, smsClosing], last) };
}

/** What must be said, then as much of the rest as there is room for. */
function fitted(first: string, more: readonly string[], last: readonly string[]): string {
  const said: string[] = [];
  for (const one of more) if ([first, ...said, one, ...last].join(' ').length <= LONGEST_SMS) said.push(one);
  return [first, ...said, ...last].join(' ');
}

/** A name that could end its line, or turn the reading direction, could say something in the hub's name. */
const onOneLine = (name: string) => name.replace(/[\p{Cc}\p{Bidi_Control}\p{Z}]+/gu, ' ').trim();

const inShort = (name: string) =>
  name.length <= LONGEST_NAME_IN_SMS ? name : `${name.slice(0, LONGEST_NAME_IN_SMS - 1).trimEnd()}…`;

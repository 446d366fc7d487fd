/** Owns turning a page's values into HTML: templates compiled once at start, every value escaped, one frame for all. */
import { readdirSync, readFileSync } from 'node:fs';
import { Eta } from 'eta';
import { type ErrorCode, type ErrorText, type ErrorValues, errorOf } from '../src/errors.ts';
import { type Asset, loadAssets } from './assets.ts';
import { buttonKit } from './button-kit.ts';
import { horizontalBars, stackedBars } from './charts.ts';
import type { CitizenPage, RoomName } from './citizen.ts';
import type { DeveloperPage, DeveloperRoomName } from './developer.ts';
import { loadIcons } from './icons.ts';
import { DATES, MOMENTS } from './moments.ts';
import type { ConsentItemId, Frame, Language, Localised, Page, Service } from './pages.ts';
import { english } from './texts/en.ts';
import { type Texts, vietnamese } from './texts/vi.ts';

const NUMBERS: Readonly<Record<Language, Intl.NumberFormat>> = {
  vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }),
};

const TEXTS: Readonly<Record<Language, Texts>> = { vi: vietnamese, en: english };

export interface Renderer {
  /** The whole HTML document of a page. */
  render(page: Page, frame: Frame): string;
  /** Path → file, for the web edge to serve. */
  readonly assets: ReadonlyMap<string, Asset>;
}

/** Compiles all templates and reads all files; whatever is missing fails here, at start, and not before a citizen. */
export function createRenderer(): Renderer {
  const eta = new Eta({ autoEscape: true, rmWhitespace: true });
  for (const folder of ['parts', 'pages', 'pages/citizen', 'pages/developer']) {
    const directory = new URL(`./${folder}/`, import.meta.url);
    for (const file of readdirSync(directory).filter((name) => name.endsWith('.eta'))) {
      eta.loadTemplate(`@${folder}/${file.replace('.eta', '')}`, readFileSync(new URL(file, directory), 'utf8'));
    }
  }
  const icon = loadIcons();
  const { assets, versioned, button } = loadAssets();

  function render(page: Page, frame: Frame): string {
    const { language } = frame;
    const text = TEXTS[language];
    const view = {
      page,
      frame,
      text,
      icon,
      versioned,
      address,
      service: serviceOf(page),
      dial: `tel:${frame.hotline.replace(/[^+0-9]/g, '')}`,
      languages: Object.entries(frame.inLanguage).map(([code, href]) => ({
        code,
        href,
        name: TEXTS[code as Language].languageName,
      })),
      say: (localised: Localised) => localised[language],
      buttonStyle: button.find(({ file }) => file === 'button.css'),
      buttonKit: (hub: string) => buttonKit(hub, language, button),
      date: (date: Date) => DATES[language].format(date),
      /** Of the texts in which pages of the citizen have moments. */
      day: (iso: string) => timeIn(DATES[language], iso),
      moment: (iso: string) => timeIn(MOMENTS[language], iso),
      attribute: (id: ConsentItemId, value: string) => attributeIn(language, id, value),
      initials,
      logo,
      number: (value: number) => NUMBERS[language].format(value),
      stackedBars,
      horizontalBars,
      /** Whether a room of the citizen's page is the one shown, or the one it belongs to. */
      isHere: (path: string) => path === roomOf(frame.here),
      errorText: (code: ErrorCode, values?: ErrorValues) => errorTextOf(code, values ?? {}, language),
    };
    const { code, title } = headingOf(page, language);
    // Where one is, from the inside out; the hub's own pages have no other agency.
    const places = new Set([title, nameOf(page)?.[language], view.service?.agency[language], text.hub].filter(Boolean));
    const content = eta.render(`@pages/${page.page}`, { ...view, title });
    return eta.render('@parts/frame', {
      ...view,
      content,
      code,
      windowTitle: [...places].join(' – '),
    });
  }

  return { render, assets };
}

/** The machine-readable code of a page and its first heading. */
function headingOf(page: Page, language: Language): { code: string; title: string } {
  const text = TEXTS[language];
  if (isCitizens(page)) return { code: page.page.replaceAll(/[/-]/g, '_'), title: titleOf(page, language) };
  if (isDevelopers(page)) return { code: page.page.replaceAll(/[/-]/g, '_'), title: developerTitleOf(page, language) };
  switch (page.page) {
    case 'choose-source':
      return { code: 'choose_source', title: text.chooseSource.title };
    case 'consent':
      return {
        code: 'consent',
        title: page.items.length > 0 ? text.consent.title(page.service.agency[language]) : text.consent.titleOfNothing,
      };
    case 'continue-as':
      return { code: 'continue_as', title: text.continueAs.title };
    case 'link':
      return { code: 'link', title: text.link.title };
    case 'mobile-numbers':
      return { code: 'mobile_numbers', title: text.mobileNumbers.title };
    case 'mobile-wait':
      return { code: 'mobile_wait', title: text.mobileWait.title };
    case 'digital-signature':
      return { code: 'digital_signature', title: text.digitalSignature.title };
    case 'error':
      return { code: page.code, title: errorTextOf(page.code, page.values ?? {}, language).title };
    case 'sign-out':
      return { code: 'sign_out', title: text.signOut.title };
    case 'signed-out':
      return { code: 'signed_out', title: text.signedOut.title };
    case 'form-post':
      return { code: 'form_post', title: text.formPost.title };
    case 'help':
      return { code: 'help', title: text.helpPage.title };
    case 'button-kit':
      return { code: 'button_kit', title: text.buttonKit.title };
    case 'catalogue':
      return { code: 'catalogue', title: text.catalogue.title };
    case 'home':
      return { code: 'home', title: text.home.title };
  }
}

function isCitizens(page: Page): page is CitizenPage {
  return page.page.startsWith('citizen/');
}

function isDevelopers(page: Page): page is DeveloperPage {
  return page.page.startsWith('developer/');
}

function developerTitleOf(page: DeveloperPage, language: Language): string {
  return TEXTS[language].developer[page.page.slice('developer/'.length) as DeveloperRoomName].title;
}

/** Of the agency or service that a page of the console is about. */
function nameOf(page: Page): Localised | undefined {
  if (!isDevelopers(page)) return undefined;
  if (page.page === 'developer/agency') return page.agency.name;
  return 'name' in page ? page.name : undefined;
}

function titleOf(page: CitizenPage, language: Language): string {
  const text = TEXTS[language].citizen;
  if (page.page === 'citizen/not-me' && page.case !== undefined) return text['not-me'].done;
  if (page.page === 'citizen/stop' && page.stopped) return text.stop.done;
  if (page.page === 'citizen/agency') return page.service.name[language];
  if (page.page === 'citizen/event') return text.history.kind[page.entry.kind];
  return text[page.page.slice('citizen/'.length) as Exclude<RoomName, 'agency' | 'event'>].title;
}

/** Rooms that have no name of their own in the navigation, and the one from which they are entered. */
const ENTERED_FROM: Readonly<Record<string, string>> = {
  '/citizen/changes': '/citizen',
  '/citizen/cases': '/citizen/rights',
  '/citizen/erase': '/citizen/rights',
  '/developer/agencies': '/developer',
  '/developer/invitations': '/developer',
};

/** The room with a name that a path of the citizen's page or of the console belongs to. */
function roomOf(here: string | undefined): string | undefined {
  const [, page, room] = here?.split(/[/?]/, 3) ?? [];
  if (page !== 'citizen' && page !== 'developer') return undefined;
  const path = room ? `/${page}/${room}` : `/${page}`;
  return ENTERED_FROM[path] ?? path;
}

/** The picture of a service, if it has one; an address that is not of the hub's own pictures is none. */
function logo(service: Service): string | undefined {
  return service.logo !== undefined && /^\/logos\/[\w-]{43}\.(svg|png)$/.test(service.logo) ? service.logo : undefined;
}

/** Of the first two words of a name, in place of a picture. */
function initials(name: string): string {
  const words = name.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 2)
    .map((word) => [...word][0]!.toLocaleUpperCase('vi'))
    .join('');
}

/** A moment in words; what is none, as it is. */
function timeIn(format: Intl.DateTimeFormat, iso: string): string {
  return Number.isNaN(Date.parse(iso)) ? iso : format.format(new Date(iso));
}

/** One attribute as it is read: dates to the precision that is known, words for codes. */
function attributeIn(language: Language, id: ConsentItemId, value: string): string {
  if (id === 'birthdate') return value.split('-').reverse().join('/');
  if (id === 'gender') return TEXTS[language].citizen.gender[value as 'male' | 'female'] ?? value;
  if (id === 'nationality' && /^[A-Z]{2}$/.test(value))
    return new Intl.DisplayNames([language], { type: 'region' }).of(value) ?? value;
  return value;
}

function serviceOf(page: Page): Service | undefined {
  return 'service' in page ? page.service : undefined;
}

/** The words for an error in one language, with what they name filled in and a capital where a name begins them. */
function errorTextOf(code: ErrorCode, values: ErrorValues, language: Language): ErrorText {
  const { title, text, next } = errorOf(code);
  const unnamed = TEXTS[language].error.unnamed;
  const fill = (words: Localised) => {
    const filled = words[language].replace(/\{(source|authority|age)\}/g, (_, key: keyof ErrorValues) => {
      return values[key]?.[language] ?? unnamed[key];
    });
    return filled.charAt(0).toLocaleUpperCase(language) + filled.slice(1);
  };
  return { title: fill(title), text: fill(text), next: fill(next) };
}

/** An address that is safe to follow: of the hub itself, or of the web. Anything else (`javascript:`) leads nowhere. */
function address(href: string): string {
  return /^(https?:\/\/|\/(?!\/))/i.test(href) ? href : '#';
}

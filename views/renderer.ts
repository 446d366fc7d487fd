/** Owns turning a page's values into HTML: templates compiled once at start, every value escaped, one frame for all. */
import { readdirSync, readFileSync } from 'node:fs';
import { Eta } from 'eta';
import { type ErrorCode, type ErrorText, type ErrorValues, errorOf } from '../src/errors.ts';
import { type Asset, loadAssets } from './assets.ts';
import { loadIcons } from './icons.ts';
import type { Frame, Language, Localised, Page, Service } from './pages.ts';
import { english } from './texts/en.ts';
import { type Texts, vietnamese } from './texts/vi.ts';

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
  for (const folder of ['parts', 'pages']) {
    const directory = new URL(`./${folder}/`, import.meta.url);
    for (const file of readdirSync(directory)) {
      eta.loadTemplate(`@${folder}/${file.replace('.eta', '')}`, readFileSync(new URL(file, directory), 'utf8'));
    }
  }
  const icon = loadIcons();
  const { assets, versioned } = loadAssets();

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
      date: (date: Date) => DATES[language].format(date),
      errorText: (code: ErrorCode, values?: ErrorValues) => errorTextOf(code, values ?? {}, language),
    };
    const { code, title } = headingOf(page, language);
    const agency = view.service?.agency[language];
    const content = eta.render(`@pages/${page.page}`, { ...view, title });
    return eta.render('@parts/frame', {
      ...view,
      content,
      code,
      windowTitle: [title, agency, text.hub].filter(Boolean).join(' – '),
    });
  }

  return { render, assets };
}

/** The machine-readable code of a page and its first heading. */
function headingOf(page: Page, language: Language): { code: string; title: string } {
  const text = TEXTS[language];
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
    case 'home':
      return { code: 'home', title: text.home.title };
  }
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

/** Days as they are in Viet Nam, wherever the server stands. */
const DAY = { year: 'numeric', timeZone: 'Asia/Ho_Chi_Minh' } as const;
const DATES: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat('vi-VN', { ...DAY, day: '2-digit', month: '2-digit' }),
  en: new Intl.DateTimeFormat('en-GB', { ...DAY, day: 'numeric', month: 'long' }),
};

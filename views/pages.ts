/** Owns what each page needs to be shown; the templates beside it turn these values into HTML. */
import type { ErrorCode, ErrorValues } from '../src/errors.ts';
import type { CataloguePage } from './catalogue.ts';
import type { CitizenPage } from './citizen.ts';
import type { ConsentPreview } from './developer/seeing.ts';
import type { DeveloperPage } from './developer.ts';

export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
/** A text in every language the hub speaks. */
export type Localised = Readonly<Record<Language, string>>;

/** What every page carries, whatever it shows. */
export interface Frame {
  readonly language: Language;
  /** Address of this same page in each language. */
  readonly inLanguage: Readonly<Record<Language, string>>;
  /** What to tell the hotline; also in the log. */
  readonly incident: string;
  /** Hotline number as it is dialled. */
  readonly hotline: string;
  /** Path under which this page, or what was asked for in its place, can be asked for again. */
  readonly here?: string;
}

/** The service that asks for the sign-in, as its registration names it. */
export interface Service {
  readonly agency: Localised;
  readonly name: Localised;
  /** Path of its picture on the hub. */
  readonly logo?: string;
}

/** Why a way to sign in cannot be chosen now; each has its words in the texts. */
export type ClosedReason = 'not_strong_enough' | 'not_for_this_service' | 'unavailable';

export interface SourceCard {
  readonly id: string;
  readonly name: Localised;
  /** The agency behind it, named on each card. */
  readonly authority: Localised;
  /** What the citizen will be asked for there. */
  readonly asks: Localised;
  readonly icon: 'receipt' | 'shield' | 'smartphone' | 'signature' | 'key';
  /** Absent when it can be chosen. */
  readonly closed?: ClosedReason;
  /** What the operator has to say of it. */
  readonly notice?: Localised;
}

/** What a citizen can be asked to share; each has its name in the texts. */
export const CONSENT_ITEMS = [
  'name',
  'gender',
  'birthdate',
  'place_of_birth',
  'nationality',
  'personal_number',
  'tax_code',
  'social_insurance_number',
  'email',
  'phone',
] as const;
export type ConsentItemId = (typeof CONSENT_ITEMS)[number];

/** One thing that would be shared, with its value as the citizen will see it. */
export interface ConsentItem {
  readonly id: ConsentItemId;
  readonly value: string;
  /** Required items have no box; optional ones come unticked. */
  readonly required: boolean;
  /** What this one thing is wanted for, where the service tells it one by one. */
  readonly terms?: ItemTerms;
}

export interface ItemTerms {
  readonly purpose: Localised;
  readonly basis: 'consent' | 'law';
  /** The law as it is cited. */
  readonly citation?: string;
}

/** A way to sign in at which one may sign out, too. */
export interface SignedOutSource {
  readonly name: Localised;
  readonly address: string;
}

/** A service the session had signed in to, and whether it knows of the end: `own` has to be left by oneself. */
export interface SignedOutAgency extends Service {
  readonly told: 'told' | 'waiting' | 'own';
}

export type Page =
  | {
      readonly page: 'choose-source';
      readonly service: Service;
      /** Form target; the pressed button sends `source`. */
      readonly action: string;
      /** Form target of "back to the agency". */
      readonly cancelAction: string;
      readonly sources: readonly SourceCard[];
      /** Whether the box `shared_computer` comes ticked, as it was before. */
      readonly sharedComputer: boolean;
      /** What went wrong at the source just tried. */
      readonly reason?: ErrorCode;
      /** What the reason's text names: the source, its agency. */
      readonly values?: ErrorValues;
    }
  | {
      readonly page: 'consent';
      readonly service: Service;
      readonly purpose: Localised;
      readonly basis: 'consent' | 'law';
      /** Form target; sends `decision` agree|refuse and the ticked `item`s. */
      readonly action: string;
      readonly items: readonly ConsentItem[];
      /** Last day on which the consent holds. */
      readonly until: Date;
      /** Sent back with the decision: which page it was that the citizen decided on. */
      readonly shown: string;
      /** Something differs from what the citizen once agreed to. */
      readonly changed: boolean;
      /** Nobody decides anything: a developer looks at what it will be. */
      readonly preview?: ConsentPreview;
    }
  | {
      readonly page: 'continue-as';
      readonly service: Service;
      /** Form target; sends `decision` continue|other. */
      readonly action: string;
      readonly name: string;
    }
  /** Double proof: both accounts were just proved in this browser, the citizen says that both are theirs. */
  | {
      readonly page: 'link';
      readonly service: Service;
      /** Form target; sends `decision` agree|refuse. */
      readonly action: string;
      /** Names of the two ways to sign in, the first one proved first. */
      readonly sources: readonly [Localised, Localised];
    }
  /** The two numbers that an operator knows a subscriber by. */
  | {
      readonly page: 'mobile-numbers';
      readonly service: Service;
      /** Form target; sends `phone` and `personal_number`. */
      readonly action: string;
      /** Form target of "another way". */
      readonly cancelAction: string;
      /** As they were typed before, and which of them have to be typed again. */
      readonly values: { readonly phone: string; readonly personalNumber: string };
      readonly wrong: readonly ('phone' | 'personalNumber')[];
    }
  /** The phone is asked; its screen has to show the same code. */
  | {
      readonly page: 'mobile-wait';
      readonly service: Service;
      /** Asked again and again, by itself, until it leads on. */
      readonly waitAction: string;
      /** Form target of "another way". */
      readonly cancelAction: string;
      /** Four digits. */
      readonly code: string;
      /** Whether the phone was asked already. */
      readonly sent: boolean;
    }
  /** A card or token signs, through the browser's Web eID extension. */
  | {
      readonly page: 'digital-signature';
      readonly service: Service;
      /** Form target; the script sends `token` when the card has signed. */
      readonly action: string;
      /** Form target of "another way". */
      readonly cancelAction: string;
      /** What the card signs, with the hub's origin. */
      readonly nonce: string;
      /** Why the page comes again. */
      readonly reason?: 'request_expired';
    }
  | {
      readonly page: 'error';
      readonly code: ErrorCode;
      /** What some texts name: the source, its agency, the age. */
      readonly values?: ErrorValues;
      /** Start again at the agency: the address of its login. */
      readonly restart?: string;
      /** A page of the hub to go on from. */
      readonly back?: string;
      /** Choose another way, within the same request. */
      readonly otherSource?: string;
      /** Back to the agency with the refusal: a form target. */
      readonly cancelAction?: string;
      readonly service?: Service;
    }
  | {
      readonly page: 'sign-out';
      readonly service?: Service;
      /** Form target; sends `logout` yes|everywhere, or nothing to stay signed in. */
      readonly action: string;
      /** Hidden fields of the library's form. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | {
      readonly page: 'signed-out';
      readonly service?: Service;
      readonly home?: string;
      /** The agencies the session had signed in to. */
      readonly agencies: readonly SignedOutAgency[];
      /** Sources signed in at that offer a sign-out of their own. */
      readonly sources: readonly SignedOutSource[];
    }
  /** response_mode=form_post: submits itself where scripts run, with a button where they do not. */
  | { readonly page: 'form-post'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly page: 'help' }
  /** Whether there is a console at which agencies register by themselves. */
  | { readonly page: 'home'; readonly hasConsole: boolean }
  | CataloguePage
  /** The login button for agencies; `hub` is the origin that the code to copy names. */
  | { readonly page: 'button-kit'; readonly hub: string }
  | CitizenPage
  | DeveloperPage;

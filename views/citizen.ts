/**
 * Owns what the pages of the citizen's own room need to be shown. Their values are also what the API answers with, so they
 * are plain: moments as ISO 8601 texts, no markup, nothing that only a page could use but the paths of its forms.
 */
import type { Acr } from '../src/identity/assertion.ts';
import type { AgenciesPage, AgencyPage } from './citizen/agencies.ts';
import type { CasePage, CasesPage } from './citizen/cases.ts';
import type { ChangesPage } from './citizen/changes.ts';
import type { ContactCodePage, ContactsPage } from './citizen/contacts.ts';
import type { ErasePage } from './citizen/erase.ts';
import type { EventPage, HistoryPage } from './citizen/history.ts';
import type { NotMePage, StopPage } from './citizen/links.ts';
import type { OverviewPage } from './citizen/overview.ts';
import type { CorrectPage, OpenCasePage, RightsPage } from './citizen/rights.ts';
import type { SessionsPage } from './citizen/sessions.ts';
import type { WaysPage } from './citizen/ways.ts';

/** What surrounds every page of somebody who is signed in. */
export interface CitizenFrame {
  readonly name: string;
  /** Hidden in every form as `form_token`. */
  readonly formToken: string;
}

/** A better sign-in is needed, or, where a change may wait, patience. */
export interface SignInAgainPage {
  readonly page: 'citizen/sign-in-again';
  readonly needed: 'recent' | 'strongest';
  readonly level?: Acr;
  /** Paths: to the sign-in, and back without. */
  readonly signIn: string;
  readonly back: string;
  /** The form once more, for whoever would rather wait. */
  readonly wait?: { readonly action: string; readonly fields: Readonly<Record<string, string>> };
}

/** A room, without what surrounds it. */
export type RoomPage =
  | OverviewPage
  | AgenciesPage
  | AgencyPage
  | HistoryPage
  | EventPage
  | SignInAgainPage
  | WaysPage
  | SessionsPage
  | ChangesPage
  | ContactsPage
  | ContactCodePage
  | RightsPage
  | OpenCasePage
  | CorrectPage
  | CasesPage
  | CasePage
  | ErasePage;

/** Pages that act by a link of a letter: nobody is signed in there. */
export type LinkPage = NotMePage | StopPage;

/** By which its template and its texts are found. */
export type RoomName = (RoomPage | LinkPage)['page'] extends `citizen/${infer Name}` ? Name : never;

export type CitizenPage = (RoomPage & { readonly citizen: CitizenFrame }) | LinkPage;

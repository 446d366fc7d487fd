/** Owns what the pages of the developer console need to be shown. */
import type { AgencyPage, InvitationPage } from './developer/agency.ts';
import type { OverviewPage } from './developer/overview.ts';
import type { ProductionPage, SubmissionsPage, TrailPage } from './developer/production.ts';
import type { ReferencePage } from './developer/reference.ts';
import type { PiecesPage, SignInsPage, SimulatorPage, TestPeoplePage } from './developer/seeing.ts';
import type { ServicePage, ServicesPage } from './developer/services.ts';
import type { CredentialsPage, SettingsPage } from './developer/settings.ts';
import type { TokensPage } from './developer/tokens.ts';
import type { TryItPage } from './developer/try-it.ts';
import type { Localised } from './pages.ts';

/** What surrounds every page of the console. */
export interface DeveloperFrame {
  /** As they introduced themselves; empty before. */
  readonly name: string;
  /** Decides for the hub what goes into production. */
  readonly registrar: boolean;
  /** Hidden in every form as `form_token`. */
  readonly formToken: string;
}

/** What is wrong with what somebody sent, and what they had sent: the same page once more. */
export interface Attempt {
  readonly problems: readonly { readonly field: string; readonly code: string; readonly reason: Localised }[];
  readonly fields: Readonly<Record<string, string>>;
}

/** A better sign-in is needed. */
export interface DeveloperSignInPage {
  readonly page: 'developer/sign-in-again';
  readonly signIn: string;
  readonly back: string;
}

/** A page of the console, without what surrounds it. */
export type DeveloperRoom =
  | OverviewPage
  | AgencyPage
  | InvitationPage
  | TokensPage
  | DeveloperSignInPage
  | ServicesPage
  | SignInsPage
  | SimulatorPage
  | TryItPage
  | PiecesPage
  | TestPeoplePage
  | ServicePage
  | SettingsPage
  | CredentialsPage
  | ProductionPage
  | SubmissionsPage
  | TrailPage;

/** A page of the console that is for everybody. */
export type PublicDeveloperRoom = ReferencePage;

export type DeveloperPage =
  | (DeveloperRoom & { readonly developer: DeveloperFrame; readonly attempt?: Attempt })
  | (PublicDeveloperRoom & { readonly developer?: DeveloperFrame });

/** By which its template and its texts are found. */
export type DeveloperRoomName = DeveloperPage['page'] extends `developer/${infer Name}` ? Name : never;

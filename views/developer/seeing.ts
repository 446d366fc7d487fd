/** Owns what the pages show by which a developer sees their service: its sign-ins, faults, ready pieces, people to try with. */
import type { TestPerson } from '../../src/test-people.ts';
import type { Outcome, Step } from '../../src/watching/sightings.ts';
import type { Localised } from '../pages.ts';

type Environment = 'sandbox' | 'production';

interface OfService {
  readonly id: string;
  readonly name: Localised;
}

/** Names of sources by id. */
type SourceNames = Readonly<Record<string, Localised>>;

interface Total {
  readonly name: string;
  readonly count: number;
}

export interface SignInsPage extends OfService {
  readonly page: 'developer/sign-ins';
  readonly environment: Environment;
  readonly days: number;
  readonly choices: readonly number[];
  readonly sources: SourceNames;
  readonly seen: {
    readonly client_id: string;
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly days: readonly {
      readonly day: string;
      readonly count: number;
      readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
      readonly p95?: number;
    }[];
    readonly sources: readonly Total[];
    readonly levels: readonly Total[];
    readonly outcomes: readonly { readonly name: Outcome; readonly count: number }[];
    readonly p95?: number;
    readonly answer_p95?: number;
    readonly failures: readonly {
      readonly id: string;
      readonly at: string;
      readonly error: string;
      readonly cause: string;
      readonly words: Localised;
      readonly step: Step;
      readonly source?: string;
      readonly incident: string;
    }[];
  };
}

export interface SimulatorPage extends OfService {
  readonly page: 'developer/simulator';
  /** Whether whoever looks may have a fault delivered. */
  readonly may: boolean;
  readonly api: string;
  readonly card: {
    readonly client_id: string;
    readonly live: boolean;
    readonly login_uri?: string;
    readonly full: boolean;
    readonly armed?: string;
    readonly results: readonly {
      readonly fault: string;
      readonly expects: string;
      readonly where: string;
      readonly outcome: string;
      readonly at?: string;
      readonly reason?: string;
    }[];
  };
}

export interface PiecesPage extends OfService {
  readonly page: 'developer/pieces';
  readonly environment: Environment;
  readonly clientId: string;
  readonly issuer: string;
  readonly from: 'live' | 'draft';
  readonly pieces: readonly {
    readonly id: string;
    readonly name: string;
    readonly fits: boolean;
    readonly reason?: Localised;
    readonly files: readonly { readonly path: string; readonly content: string }[];
    readonly how: readonly (Localised & { readonly command?: string })[];
  }[];
}

export interface TestPeoplePage {
  readonly page: 'developer/test-people';
  readonly people: readonly TestPerson[];
  readonly sources: SourceNames;
}

/** What stands above a consent screen that is only looked at. */
export interface ConsentPreview extends OfService {
  readonly environment: Environment;
  readonly from: 'live' | 'draft';
  readonly person: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** By which way the person would have come in; absent where nobody knows. */
  readonly source?: Localised;
  /** As the phone would read. */
  readonly phone: Localised;
}

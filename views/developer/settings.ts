/** Owns what the form of a service's settings shows, and the page of what it proves itself with. */
import type { Localised } from '../pages.ts';

interface Where {
  readonly id: string;
  readonly name: Localised;
  readonly environment: 'sandbox' | 'production';
  /** Whether whoever looks may change it. */
  readonly may: boolean;
}

export interface FieldProblem {
  /** As the contract names it; empty for the whole. */
  readonly field: string;
  readonly code: string;
  readonly reason: Localised;
  /** Name of the control beside which it stands. */
  readonly control: string;
  /** Which one of a list, from 1. */
  readonly line?: number;
  /** It is put right by a secret or a key, and by no word in the form. */
  readonly byCredentials: boolean;
}

export interface SettingsPage extends Where {
  readonly page: 'developer/settings';
  /** Whether there is a draft; in production it begins with what the sandbox has. */
  readonly begun: boolean;
  readonly live?: number;
  /** As they stand in the form, by name; of a list each in a line. */
  readonly typed: Readonly<Record<string, string>>;
  readonly problems: readonly FieldProblem[];
  /** It has just been saved. */
  readonly saved: boolean;
  readonly items: readonly string[];
  readonly sources: readonly { readonly id: string; readonly name: Localised; readonly acr: string }[];
  readonly levels: readonly string[];
  readonly lifeSituations: readonly string[];
  readonly authenticationMethods: readonly string[];
  readonly signingAlgorithms: readonly string[];
  readonly keyEncryption: readonly string[];
}

export interface CredentialsPage extends Where {
  readonly page: 'developer/credentials';
  /** Its settings are saved, and nothing but one of these is missing. */
  readonly needed: boolean;
  readonly clientId: string;
  readonly issuer: string;
  readonly credentials: readonly {
    readonly id: string;
    readonly kind: 'secret' | 'key';
    readonly jwk?: { readonly kid?: string; readonly kty?: string; readonly use?: string; readonly crv?: string };
    readonly created: string;
    readonly ends: string;
    readonly ended: boolean;
  }[];
  /** Where keys are fetched from: then those by value have no say. */
  readonly jwksUri?: string;
  /** Shown this once. */
  readonly secret?: string;
}

/** Owns the values of sessions and devices: where somebody is signed in now, and which browsers are known as theirs. */
import type { DeviceLabel } from '../../src/citizen/ports.ts';
import type { Acr } from '../../src/identity/assertion.ts';
import type { Localised } from '../pages.ts';

export interface OwnSession {
  /** Names it in forms; opens nothing. */
  readonly id: string;
  /** The one the page is shown in. */
  readonly isThis: boolean;
  readonly device?: DeviceLabel;
  readonly source: Localised;
  readonly level: Acr;
  readonly begun: string;
  /** At the latest, however much it is used. */
  readonly ends: string;
  readonly services: readonly { readonly agency: Localised; readonly name: Localised }[];
}

export interface OwnDevice {
  readonly id: string;
  readonly isThis: boolean;
  readonly label: DeviceLabel;
  readonly first: string;
  readonly last: string;
}

export interface SessionsPage {
  readonly page: 'citizen/sessions';
  /** The one the page is shown in first, then the latest. */
  readonly sessions: readonly OwnSession[];
  /** How many more there are, earlier ones. */
  readonly notShown?: number;
  readonly devices: readonly OwnDevice[];
}

/** Owns the values of the pages that act by a link of a letter: nobody is signed in, so they name nobody. */
import type { ChangeKind, DeviceLabel } from '../../src/citizen/ports.ts';
import type { Localised } from '../pages.ts';

/** "This was not me": the sign-in in question and a button; or what was done about it. */
export interface NotMePage {
  readonly page: 'citizen/not-me';
  readonly at: string;
  readonly agency: Localised;
  readonly source: Localised;
  readonly device?: DeviceLabel;
  /** Number of the case, once it was said. */
  readonly case?: string;
}

/** A change that waits and a button to stop it; or that it was stopped. */
export interface StopPage {
  readonly page: 'citizen/stop';
  readonly change: ChangeKind;
  readonly requested: string;
  readonly due: string;
  readonly stopped: boolean;
}

/** Owns how a service of the country misbehaves on request, so that the hub's answers to it can be tried. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestHandler } from 'express';

export const FAULTS = ['none', 'down', 'slow', 'hang', 'garbage'] as const;
export type Fault = (typeof FAULTS)[number];

/** Longer than any caller should be willing to wait for a register. */
export const SLOW_MILLISECONDS = 4_000;

/** A switch that one service looks at before each answer. */
export class FaultSwitch {
  #fault: Fault = 'none';

  get current(): Fault {
    return this.#fault;
  }

  set(fault: Fault): void {
    this.#fault = fault;
  }

  /** Goes in front of everything a service answers. */
  readonly handler: RequestHandler = async (_request, response, next) => {
    switch (this.#fault) {
      case 'none':
        return next();
      case 'down':
        response.status(503).type('text').send('out of service\n');
        return;
      case 'slow':
        await wait(SLOW_MILLISECONDS, undefined, { ref: false }); // nobody's reason to stay
        // Whoever asked may have given up meanwhile.
        if (!response.destroyed) next();
        return;
      case 'hang':
        return; // The caller has to give up by itself.
      case 'garbage':
        response.type('json').send('{"record": <html>');
    }
  };
}

/** A service that can be told to fail and, where it signs what it says, to lie. */
export interface Misbehaving {
  readonly faults: FaultSwitch;
  /** The lies it knows. */
  readonly forgeries?: readonly string[];
  /** Makes every answer wrong in one place; `undefined` makes it honest again. */
  forge?(forgery: string | undefined): void;
}

/** Owns why a store cannot be opened at all, in words for whoever starts the program. */

export type StoreProblem = 'store_locked' | 'store_newer' | 'store_unreadable';

/** The store cannot be opened; `code` is stable and the message says what to do. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
  readonly code: StoreProblem;

  constructor(code: StoreProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

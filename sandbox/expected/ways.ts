/** Owns how a citizen proves who they are at each source, with what that source's register holds about them. */
import type { Visitor } from '../visitor.ts';

export type RegisterEntry = Readonly<Record<string, unknown>>;

/** Begins at the source's first page and ends when the hub has the answer, or when the source keeps the citizen. */
export type Way = (visitor: Visitor, login: string, entry: RegisterEntry) => Promise<void>;

/** The ways that exist so far, by source. A new source adds its own here. */
export const WAYS: Readonly<Record<string, Way>> = {
  'tax-code': async (visitor, login, entry) => {
    visitor.fill({ tax_code: login, password: String(entry.password) });
    await visitor.press('decision=sign_in');
  },
};

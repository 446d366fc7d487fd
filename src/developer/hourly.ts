/** Owns counting what somebody may do so many times an hour, in the store: it holds in every process and past a restart. */
import type { ProtocolState } from '../store.ts';
import { OverLimit } from '../web/limits.ts';

const KIND = 'DeveloperHour';
/** Seconds. */
const HOUR = 60 * 60;

export interface HourlyParts {
  readonly store: { readonly state: ProtocolState };
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Counts one more of something in its hour; the seconds until its next hour when there were `most` already, else 0. */
export async function countWithinHour(
  { store: { state }, clock }: HourlyParts,
  what: string,
  most: number,
): Promise<number> {
  for (;;) {
    const kept = await state.get(KIND, what);
    if (kept === undefined) {
      const first = { count: 1, until: clock() + HOUR * 1000 };
      if (await state.putIfAbsent(KIND, what, first, HOUR)) return 0;
      continue;
    }
    const { count, until } = kept.value as { count: number; until: number };
    const left = Math.max(1, Math.ceil((until - clock()) / 1000));
    if (count >= most) return left;
    if (await state.replace(KIND, what, kept.version, { count: count + 1, until }, left)) return 0;
  }
}

/** The same, where more are refused. Throws `OverLimit`. */
export async function takeWithinHour(parts: HourlyParts, what: string, most: number): Promise<void> {
  const wait = await countWithinHour(parts, what, most);
  if (wait > 0) throw new OverLimit(wait);
}

/** Owns what an operator may learn of a running hub's keys before changing the file: which it holds, which are still needed. */
import { z } from 'zod';
import type { Renewal } from '../store.ts';
import type { ListedKey } from '../vault/rotation.ts';
import type { CommandResult } from './channel.ts';

export const keyCommand = z.strictObject({ command: z.literal('keys.show') });

/** What the answer of `keys.show` looks like, for whoever reads it on the other side of the channel. */
export const heldKeys = z.object({
  ok: z.literal(true),
  keys: z.array(z.object({ kind: z.string(), id: z.string(), state: z.enum(['active', 'accepted']) })),
  left: z.object({
    index: z.array(z.object({ version: z.number(), rows: z.number() })),
    wrapping: z.array(z.object({ version: z.number(), rows: z.number() })),
  }),
});
export type HeldKeys = z.infer<typeof heldKeys>;

/** The keys this process started with, without what they are made of, and the rows left under other than the active ones. */
export async function answerAboutKeys(keys: readonly ListedKey[], renewal: Renewal): Promise<CommandResult> {
  const { index, wrapping } = await renewal.left();
  return {
    ok: true,
    keys: keys.map(({ kind, id, state }) => ({ kind, id, state })),
    left: { index: index.map((one) => ({ ...one })), wrapping: wrapping.map((one) => ({ ...one })) },
  };
}

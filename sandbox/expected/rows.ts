/** Owns the form of a file of expected outcomes: rows of sign-ins, each with what should come of it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const outcome = z.looseObject({
  outcome: z.enum(['signed_in', 'refused', 'returned_to_choice']),
  reason: z.string().optional(),
  /** Our name for the person in the population register. */
  person: z.string().optional(),
  acr: z.string().optional(),
});

const step = z.object({
  source: z.string(),
  login: z.string(),
  expect: outcome,
  /** Edits that source's register entry before the sign-in. */
  change: z.record(z.string(), z.unknown()).optional(),
  /** Claims the agency should receive, besides others. */
  claims: z.record(z.string(), z.unknown()).optional(),
  /** Agrees to link the source that was refused in the step before. */
  // biome-ignore lint/suspicious/noThenProperty: the file's own word, and never a function
  then: z.literal('accept_link').optional(),
});
export type Step = z.infer<typeof step>;

const row = z.object({ name: z.string(), why: z.string().optional(), steps: z.array(step).min(1) });
export type Row = z.infer<typeof row>;

/** Reads a file of rows; an error's message is one line that names the file. */
export async function readRows(file: string): Promise<readonly Row[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
  const parsed = z.array(row).safeParse(content);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new Error(`${file}: ${first?.path.join('.')}: ${first?.message}`);
}

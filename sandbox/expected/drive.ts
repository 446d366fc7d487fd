/** Owns driving rows of sign-ins through a running hub and judging what came of each step. */
import { isDeepStrictEqual } from 'node:util';
import { Visitor } from '../visitor.ts';
import type { ControlClient } from './control-client.ts';
import type { Row, Step } from './rows.ts';
import { type Ending, walk } from './walk.ts';

export interface Verdict {
  readonly row: string;
  /** Counted from 1. */
  readonly step: number;
  readonly source: string;
  readonly login: string;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly got: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  /** Only with a filter: a step that was walked but is not what was asked for. */
  readonly counted?: false;
}

export interface Drive {
  readonly control: ControlClient;
  /** Address of the agency whose button is pressed. */
  readonly agency: string;
  /** Counts only steps at this source that follow no other source's step in their row. */
  readonly source?: string;
}

/** One subject per person and one person per subject, within a row. */
class Subjects {
  readonly #personOf = new Map<string, string>();
  readonly #subjectOf = new Map<string, string>();

  /** What contradicts that this subject is this person, if anything. */
  contradiction(person: string, subject: string): string | undefined {
    const before = this.#personOf.get(subject);
    if (before !== undefined && before !== person) return `the subject of ${before}`;
    const earlier = this.#subjectOf.get(person);
    if (earlier !== undefined && earlier !== subject) return 'another subject than before';
    this.#personOf.set(subject, person);
    this.#subjectOf.set(person, subject);
    return undefined;
  }
}

async function describe(ending: Ending, step: Step, control: ControlClient, subjects: Subjects) {
  if (!('claims' in ending)) return { ...ending };
  const { claims } = ending;
  const number = claims.personal_number;
  const person = typeof number === 'string' ? await control.personOf(number) : undefined;
  const contradiction = person && subjects.contradiction(person, String(claims.sub));
  const asked = Object.keys(step.claims ?? {}).map((name) => [name, claims[name]]);
  return {
    outcome: 'signed_in',
    ...(person === undefined ? {} : { person }),
    ...(typeof claims.acr === 'string' ? { acr: claims.acr } : {}),
    ...(asked.length > 0 ? { claims: Object.fromEntries(asked) } : {}),
    ...(contradiction ? { contradiction } : {}),
  };
}

/** Whether everything that was expected is there; what was not spoken of may be as it is, a contradiction may not. */
function meets(expected: Readonly<Record<string, unknown>>, got: Readonly<Record<string, unknown>>): boolean {
  const named = Object.entries(expected).every(([name, value]) => isDeepStrictEqual(got[name], value));
  return named && got.contradiction === undefined;
}

/** Drives one row on an empty hub; a verdict for each step as it ends. */
export async function* driveRow(row: Row, { control, agency, source }: Drive): AsyncGenerator<Verdict> {
  await control.reset();
  const subjects = new Subjects();
  let visitor = new Visitor();
  let goOn = false;
  let otherSourceBefore = false;
  for (const [index, step] of row.steps.entries()) {
    if (!goOn) visitor = new Visitor();
    const got = await takeStep(step, visitor, goOn, { control, agency }, subjects);
    goOn = got.reason === 'needs_second_source';
    const expected = { ...step.expect, ...(step.claims === undefined ? {} : { claims: step.claims }) };
    const counted = source === undefined || (step.source === source && !otherSourceBefore);
    otherSourceBefore ||= step.source !== source;
    yield {
      row: row.name,
      step: index + 1,
      source: step.source,
      login: step.login,
      expected,
      got,
      ok: meets(expected, got),
      ...(counted ? {} : { counted: false as const }),
    };
  }
}

async function takeStep(
  step: Step,
  visitor: Visitor,
  goOn: boolean,
  { control, agency }: Drive,
  subjects: Subjects,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    if (step.change !== undefined) await control.change(step.source, step.login, step.change);
    const entry = await control.entry(step.source, step.login);
    if (entry === undefined) return { outcome: 'not_in_register' };
    const { source, login, then } = step;
    const route = { agency, source, login, entry, around: control, acceptLink: then === 'accept_link' };
    return await describe(await walk(visitor, route, goOn), step, control, subjects);
  } catch (error) {
    return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

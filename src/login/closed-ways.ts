/**
 * Owns why somebody whose proof is good may still not come in by it: the person is locked, has closed this way, or a way
 * would be added to them by less than the strongest they have. Pure; the commit of an identification checks the first two
 * once more.
 */
import { ANY_NEW_SOURCE } from '../citizen/ports.ts';
import { type ErrorCode, Refusal } from '../errors.ts';
import type { Acr, Assertion, SourceId } from '../identity/assertion.ts';
import { reaches, strongestLevel } from '../identity/assurance.ts';
import type { Change, Identification, PersonId } from '../identity/person.ts';
import type { PersonKnown } from '../store.ts';

/** A refusal whose person is known: they find it in their own history. Whom it is about is on no page and in no log. */
export class ClosedWay extends Refusal {
  readonly #person: PersonId;
  readonly #device: string | undefined;
  /** Which of the proved accounts' sources it is about. */
  readonly source: SourceId;

  constructor(code: ErrorCode, source: SourceId, person: PersonId, device: string | undefined) {
    super(code);
    this.source = source;
    this.#person = person;
    this.#device = device;
  }

  about(): { readonly person: PersonId; readonly device: string | undefined } {
    return { person: this.#person, device: this.#device };
  }
}

/** Registered level of a source; nothing of one that is no longer configured. */
export type LevelOf = (source: SourceId) => Acr | undefined;

/** Throws `ClosedWay` when a person who was there before may not be identified by what was proved. */
export function assertOpen(
  { person, changes }: Extract<Identification, { outcome: 'identified' }>,
  proved: readonly Assertion[],
  known: PersonKnown,
  levelOf: LevelOf,
): void {
  const refuse = (code: ErrorCode, source: SourceId) => {
    throw new ClosedWay(code, source, person, known.device);
  };
  if (known.state === 'locked') refuse('person_locked', proved[0]!.source);
  const isClosed = (source: string, reason: string) =>
    known.blocks.some((block) => block.source === source && block.reason === reason);
  // The alarm first: it says more, and only an operator or a stronger sign-in ends it.
  for (const { source } of proved) if (isClosed(source, 'not_me')) refuse('source_suspended', source);
  for (const { source } of proved) if (isClosed(source, 'citizen')) refuse('source_blocked', source);
  const added = changes.filter((change) => change.type === 'link.added');
  for (const { source } of added) if (isClosed(ANY_NEW_SOURCE, 'citizen')) refuse('source_blocked', source);
  const weak = added.find((link) => isTooWeak(link, proved, strongestLevel(known.links, levelOf)));
  if (weak) refuse('link_too_weak', weak.source);
}

/**
 * An account that does not say itself whose it is comes to a person by another one that does: which has to be as strong as
 * the person's strongest, or whoever got hold of the weakest password could give themselves a lasting way in.
 */
function isTooWeak(
  { how, source, subject }: Extract<Change, { type: 'link.added' }>,
  proved: readonly Assertion[],
  strongest: Acr,
): boolean {
  const others = proved.filter((one) => one.source !== source || one.subject !== subject);
  return how === 'double_proof' && !others.some(({ acr }) => reaches(acr, strongest));
}

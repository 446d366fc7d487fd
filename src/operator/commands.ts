/**
 * Owns what an operator may do to a running hub: lock and unlock persons, unlink accounts, end suspensions, decide reviews,
 * answer cases, register clients, name registrars, ask what keys are needed.
 */
import { z } from 'zod';
import { type Event, entry } from '../journal/events.ts';
import type { LiveRegistrations } from '../registrations.ts';
import { DECISIONS, type OwnLink, type Review, type Store } from '../store.ts';
import type { ListedKey } from '../vault/rotation.ts';
import { answerAboutCases, caseCommand } from './case-commands.ts';
import type { CommandResult } from './channel.ts';
import { answerAboutClients, clientCommand } from './client-commands.ts';
import { answerAboutKeys, keyCommand } from './key-commands.ts';
import { answerAboutRegistrars, registrarCommand } from './registrar-commands.ts';

const number = z.string().regex(/^\d{9,12}$/);
const id = z.string().min(1).max(40);
const decider = z.string().trim().min(1).max(60);

const command = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('person.show'), number }),
  z.strictObject({ command: z.literal('person.lock'), number }),
  z.strictObject({ command: z.literal('person.unlock'), number }),
  z.strictObject({ command: z.literal('person.links'), number }),
  z.strictObject({ command: z.literal('person.unlink'), number, link: id }),
  z.strictObject({ command: z.literal('person.restore'), number, source: id }),
  z.strictObject({ command: z.literal('reviews.list') }),
  z.strictObject({ command: z.literal('reviews.show'), review: id }),
  z.strictObject({ command: z.literal('reviews.decide'), review: id, decision: z.enum(DECISIONS), decider }),
  ...clientCommand.options,
  ...caseCommand.options,
  ...registrarCommand.options,
  keyCommand,
]);
export type Command = z.input<typeof command>;
type Asked = z.output<typeof command>;
type PersonCommand = Extract<Asked, { number: string }>;
type RegistrarCommand = Extract<Asked, { command: `registrars.${string}` }>;
type ReviewCommand = Extract<Asked, { command: `reviews.${string}` }>;

/** How much of an id is shown: enough to tell links of one person, or open reviews, apart. */
const SHORT = 8;

export interface CommandParts {
  readonly store: Store;
  readonly clients: LiveRegistrations;
  /** Those the hub started with. */
  readonly keys: readonly ListedKey[];
  readonly mode: 'production' | 'sandbox';
  /** Ends every running session of a person; resolves with them. */
  readonly endSessionsOf: (person: string) => Promise<readonly unknown[]>;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly clock: () => number;
}

export class OperatorCommands {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** Carries out what came over the channel; what is no command is told so. */
  async answer(question: unknown): Promise<CommandResult> {
    const asked = command.safeParse(question);
    if (!asked.success) return no('command_invalid');
    if (asked.data.command === 'keys.show') return answerAboutKeys(this.#parts.keys, this.#parts.store.renewal);
    if ('number' in asked.data) return this.#aboutPerson(asked.data);
    if (isAboutRegistrars(asked.data)) return answerAboutRegistrars(asked.data, this.#parts);
    if ('case' in asked.data || asked.data.command === 'cases.list') return answerAboutCases(asked.data, this.#parts);
    return 'review' in asked.data || asked.data.command === 'reviews.list'
      ? this.#aboutReviews(asked.data)
      : answerAboutClients(asked.data, this.#parts);
  }

  async #aboutPerson(asked: PersonCommand): Promise<CommandResult> {
    const { people } = this.#parts.store;
    const person = await people.findHolder(asked.number);
    if (person === undefined) return no('person_unknown');
    switch (asked.command) {
      case 'person.show': {
        const [state, links] = await Promise.all([people.stateOf(person), people.linksOf(person)]);
        const active = links.filter((link) => link.state === 'active').length;
        return { ok: true, state: state!, links: links.length, active };
      }
      case 'person.lock': {
        const locked = await people.lock(person, this.#told({ type: 'person_locked' }, person));
        // Also when it was locked already: whoever locks twice wants to be sure.
        const ended = await this.#parts.endSessionsOf(person);
        return { ok: true, state: 'locked', changed: locked, sessions_ended: ended.length };
      }
      case 'person.unlock': {
        const unlocked = await people.unlock(person, this.#told({ type: 'person_unlocked' }, person));
        return { ok: true, state: 'active', changed: unlocked };
      }
      case 'person.links':
        return { ok: true, links: (await people.linksOf(person)).map(shownLink) };
      case 'person.unlink':
        return this.#unlink(person, asked.link);
      case 'person.restore':
        return this.#restore(person, asked.source);
    }
  }

  async #unlink(person: string, wanted: string): Promise<CommandResult> {
    const { people } = this.#parts.store;
    const links = (await people.linksOf(person)).filter(({ id: known }) => known.startsWith(wanted));
    const [link] = links;
    if (link === undefined || links.length > 1) return no(link ? 'link_not_exact' : 'link_unknown');
    const event = { type: 'link_unlinked', source: link.source } as const;
    const outcome = await people.unlink(person, link.id, this.#told(event, person));
    if (outcome !== 'unlinked') return no(outcome === 'unknown' ? 'link_gone' : 'link_needed');
    // One of them may have been begun with this very account, by whoever has it.
    const ended = await this.#parts.endSessionsOf(person);
    return { ok: true, source: link.source, state: 'unlinked', sessions_ended: ended.length };
  }

  /** Ends what "this was not me" began: the citizen has shown whose the account is. */
  async #restore(person: string, source: string): Promise<CommandResult> {
    const told = this.#told({ type: 'source_restored', source, by: 'operator' }, person);
    const restored = await this.#parts.store.own.blocks.restore(person, source, { entries: told });
    return restored ? { ok: true, source, state: 'restored' } : no('source_not_suspended');
  }

  async #aboutReviews(asked: ReviewCommand): Promise<CommandResult> {
    const { reviews } = this.#parts.store;
    const open = await reviews.open();
    if (asked.command === 'reviews.list') return { ok: true, reviews: open.map(shownReview) };
    const found = open.filter((review) => review.id.startsWith(asked.review));
    const [review] = found;
    if (review === undefined || found.length > 1) return no(review ? 'review_not_exact' : 'review_unknown');
    if (asked.command === 'reviews.show')
      return { ok: true, ...shownReview(review), evidence: review.evidence ?? 'deleted' };
    const { decision } = asked;
    const event = { type: 'review_decided', source: review.source, decision } as const;
    const outcome = await reviews.decide(review.id, decision, asked.decider, this.#told(event, review.person));
    if (outcome === 'decided') return { ok: true, review: review.id.slice(0, SHORT), decision };
    return no(outcome === 'overtaken' ? 'only_dismiss' : 'review_unknown');
  }

  #told(event: Event, person: string | undefined) {
    return [entry(this.#parts.clock(), event, person)];
  }
}

const isAboutRegistrars = (asked: Asked): asked is RegistrarCommand => asked.command.startsWith('registrars.');
const no = (problem: string): CommandResult => ({ ok: false, problem });
const day = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);

/** The account by its last two characters: enough to ask the citizen which one they mean. */
function shownLink({ id: link, source, subject, state, how, firstAt, lastAt }: OwnLink) {
  const account = `…${subject.slice(-2)}`;
  return { link: link.slice(0, SHORT), source, account, state, how, first: day(firstAt), last: day(lastAt) };
}

function shownReview({ id: review, kind, source, openedAt, deleteAfter }: Review) {
  const dates = { opened: day(openedAt), evidence_until: day(deleteAfter) };
  return { review: review.slice(0, SHORT), kind, source, ...dates };
}

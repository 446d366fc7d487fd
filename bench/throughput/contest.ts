/**
 * Owns the measuring: providers take turns under the same load, round after round, so that whatever else the machine does
 * meets them all, and each is compared with the yardstick of its own round.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Seen, Step } from './load.ts';
import { cpuOf, memoryOf } from './processes.ts';

/** A provider that is measured. */
export interface Contender {
  readonly name: string;
  readonly order: Omit<Order, 'firstTurn' | 'signIns'>;
  /** The process that answers, with all it started. */
  readonly server: number;
  /** Databases that work for it. */
  readonly engines: readonly number[];
  /** How often it went to its store since it began, if it tells. */
  readonly trips?: () => Promise<number | undefined>;
}

/** What a sign-in was in one round. Times in milliseconds. */
export interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly serverCpu: number;
  readonly enginesCpu: number;
  readonly othersCpu: number;
  readonly trips: number | undefined;
  /** Bytes, at its end. */
  readonly memory: number;
}

export interface ContestSettings {
  readonly load: ChildProcess;
  /** Processes that belong to the bench and not to the provider: load and stubs. */
  readonly others: readonly number[];
  readonly rounds: number;
  readonly signIns: number;
  readonly warmUp: number;
  readonly told: (line: string) => void;
}

export class Contest {
  readonly #settings: ContestSettings;
  /** Where each contender is in the order of visits: nobody comes twice. */
  readonly #turns = new Map<Contender, number>();

  constructor(settings: ContestSettings) {
    this.#settings = settings;
  }

  /** Every round of every contender; in every second round the other way about. */
  async run(contenders: readonly Contender[]): Promise<ReadonlyMap<Contender, readonly Round[]>> {
    const { rounds, signIns, warmUp, told } = this.#settings;
    for (const contender of contenders) {
      told(`warming up ${contender.name}`);
      await this.measure(contender, warmUp);
    }
    const results = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const measured = await this.measure(contender, signIns);
        results.get(contender)!.push(measured);
        told(`round ${round + 1}, ${contender.name}: ${measured.serverCpu.toFixed(2)} ms of CPU a sign-in`);
      }
    }
    return results;
  }

  /** What each step of a sign-in costs. */
  async steps(contender: Contender, signIns: number): Promise<readonly Step[]> {
    const seen = await this.#drive(contender, signIns, { inStep: contender.server });
    return seen.steps ?? [];
  }

  /** One run of so many sign-ins. Throws when one of them failed. */
  async measure(contender: Contender, signIns: number): Promise<Round> {
    const { others } = this.#settings;
    const costs = () => [cpuOf(contender.server), cpuOf(...contender.engines), cpuOf(...others)] as const;
    const tripsBefore = await contender.trips?.();
    const before = costs();
    const seen = await this.#drive(contender, signIns);
    const after = costs();
    const tripsAfter = await contender.trips?.();
    const each = (position: 0 | 1 | 2) => (after[position] - before[position]) / signIns;
    const sorted = seen.durations.toSorted((a, b) => a - b);
    return {
      perSecond: (signIns * 1000) / seen.milliseconds,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      serverCpu: each(0),
      enginesCpu: each(1),
      othersCpu: each(2),
      trips: tripsBefore === undefined || tripsAfter === undefined ? undefined : (tripsAfter - tripsBefore) / signIns,
      memory: memoryOf(contender.server),
    };
  }

  async #drive(contender: Contender, signIns: number, how: Pick<Order, 'inStep'> = {}): Promise<Seen> {
    const { load } = this.#settings;
    const firstTurn = this.#turns.get(contender) ?? 0;
    this.#turns.set(contender, firstTurn + signIns);
    load.send({ ...contender.order, ...how, firstTurn, signIns } satisfies Order);
    const [seen] = (await once(load, 'message')) as [Seen];
    if (seen.failures.length > 0) throw new Error(`${contender.name}: ${seen.failures.join('; ')}`);
    return seen;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? Number.NaN) + sorted[middle]!) / 2;
}

/** Owns the port behind which results of the fault simulator are kept. Nothing in it is about a person. */

/** Decided outcomes; `waiting` while the hub still looks what the service does. */
export type TrialOutcome = 'waiting' | 'passed' | 'failed' | 'undecided';

/** The latest time that a client met a fault. */
export interface FaultTrial {
  readonly client: string;
  readonly fault: string;
  readonly outcome: TrialOutcome;
  /** Milliseconds since the epoch, here and below. With client and fault it names the trial. */
  readonly deliveredAt: number;
  readonly decidedAt?: number;
  /** A stable code. */
  readonly reason?: string;
}

/** What has become of one trial. */
export interface TrialDecision {
  readonly client: string;
  readonly fault: string;
  readonly deliveredAt: number;
  /** Outcomes which this one may take the place of. */
  readonly from: readonly TrialOutcome[];
  readonly outcome: TrialOutcome;
  readonly decidedAt: number;
  readonly reason?: string;
}

/** Results by client and fault: of each the latest only. */
export interface FaultTrials {
  /** Begins a trial in place of the client's former one with the same fault, whatever had become of it. */
  begin(trial: Pick<FaultTrial, 'client' | 'fault' | 'deliveredAt' | 'reason'>): Promise<void>;
  /** `false`, and nothing, when the trial was begun anew or its outcome is none of those. */
  decide(decision: TrialDecision): Promise<boolean>;
  /** In no particular order. */
  of(client: string): Promise<readonly FaultTrial[]>;
}

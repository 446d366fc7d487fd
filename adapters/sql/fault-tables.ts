/** Owns the step that made the table of the fault simulator's results. Released steps are never changed (migrations.ts). */
import { notNull, oneOf } from './columns.ts';
import type { Step } from './migrations.ts';

export const faultTrials: Step = ({ schema }, { integer, text, endOfTable }) => [
  schema
    .createTable('fault_trial')
    .addColumn('client', text, notNull)
    .addColumn('fault', text, notNull)
    .addColumn('outcome', text, oneOf('outcome', 'waiting', 'passed', 'failed', 'undecided'))
    .addColumn('delivered_at', integer, notNull)
    .addColumn('decided_at', integer)
    .addColumn('reason', text)
    .addPrimaryKeyConstraint('fault_trial_fault', ['client', 'fault'])
    .modifyEnd(endOfTable)
    .compile(),
];

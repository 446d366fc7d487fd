/** Owns what the trial prints: by cause, how accounts fared, beside the rates that were assumed. */
import { type Account, SOURCE_NAMES } from './accounts.ts';
import { withoutMarks } from './names.ts';
import type { HttpResult } from './over-http.ts';
import { ACCOUNTS, COUNTRY, EVENTS, FLAWS, type Flaw, REGISTER_SILENT, type SourceName } from './rates.ts';
import type { Outcome, Result } from './trial.ts';

interface Row {
  accounts: number;
  alone: number;
  together: number;
  missed: number;
  review: number;
  rightly: number;
  false: number;
}

const COLUMNS = ['accounts', 'alone', 'together', 'missed', 'review', 'rightly', 'false'] as const;

/** Refusals over which an operator decides. */
const REVIEWED: readonly string[] = ['ambiguous', 'account_changed'];

/** The whole report, as lines of plain text. */
export function report(result: Result, seconds: number): string {
  const { settings, population, outcomes, falseMatches } = result;
  return [
    `Identity trial: ${count(population.residents.length)} people, seed ${settings.seed}, errors ×${settings.errors ?? 1}`,
    `${count(population.countNamesakes())} of them share their full name and day of birth with somebody else.`,
    '',
    ...table(result),
    '',
    `Refused, by reason: ${reasons([...outcomes.values()])}`,
    `${count(result.signIns)} decisions, ${count(result.persons)} persons; ${count(result.split)} second persons of one human (missed);`,
    `${count(result.letInWrongly)} accounts of dead people or children let in, whom no number led to the register;`,
    `the register was silent ${count(result.registerSilent)} times.`,
    nearMisses(result),
    `Also stated: ${alsoStated()}`,
    `${seconds.toFixed(1)} s`,
    '',
    `False matches: ${verdict(falseMatches)}`,
  ].join('\n');
}

/** The report of what went over HTTP, under the same table. */
export function httpReport({ settings, population, overHttp, disagreements }: HttpResult, seconds: number): string {
  const { outcomes, falseMatches, signIns, persons, split } = overHttp;
  return [
    `Over HTTP: ${count(population.residents.length)} people, seed ${settings.seed}, errors ×${settings.errors ?? 1}`,
    '',
    ...table({ outcomes, falseMatches, population }),
    '',
    `Refused, by reason: ${reasons([...outcomes.values()])}`,
    `${count(signIns)} sign-ins from button to agency, ${count(persons)} subjects; ${count(split)} second subjects of one human (missed).`,
    `${seconds.toFixed(1)} s`,
    '',
    ...disagreements.map(
      ({ account, http, pure }) => `${account.attested.source}: over HTTP ${http}; the rules ${pure}`,
    ),
    `Otherwise than the pure rules: ${disagreements.length}`,
    `False matches over HTTP: ${verdict(falseMatches)}`,
  ].join('\n');
}

const verdict = ({ size }: ReadonlySet<unknown>) => `${size}${size === 0 ? '' : '  <- somebody became somebody else'}`;

/** What the table rests on. */
type Judged = Pick<Result, 'outcomes' | 'falseMatches' | 'population'>;

function table(judged: Judged): string[] {
  const rows = tally(judged);
  const width = Math.max(...[...rows.keys()].map(({ length }) => length));
  const head = ['', 'stated rate', 'accounts', 'signs in', 'by 2 proofs', 'missed', 'review', 'rightly no', 'FALSE'];
  return [
    line(head, width),
    ...[...rows].sort(([one], [other]) => order(one) - order(other)).map(([cause, row]) => lineOf(cause, row, width)),
    lineOf('all', sum([...rows.values()]), width),
  ];
}

function tally({ outcomes, falseMatches, population }: Judged): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const [account, outcome] of outcomes) {
    const cause = causeOf(account, population.mayNotSignIn(account.owner), hasNumber(account, population));
    const row = rows.get(cause) ?? { accounts: 0, alone: 0, together: 0, missed: 0, review: 0, rightly: 0, false: 0 };
    rows.set(cause, row);
    row.accounts += 1;
    if (falseMatches.has(account)) row.false += 1;
    row[fateOf(outcome, population.mayNotSignIn(account.owner) !== undefined)] += 1;
  }
  return rows;
}

/**
 * How near it was: the accounts that attest somebody else's number, and those of them that bear the other's name, marks
 * aside. Where the birth date fits as well, or none is attested, no rule could tell the two apart.
 */
function nearMisses({ outcomes, population }: Judged): string {
  const others = [...outcomes.keys()].flatMap(({ owner, attested }) => {
    const answer = population.find(attested.attributes.personalNumber ?? '');
    const another = answer.kind === 'found' && population.humanOf(answer.record) !== owner;
    return another ? [{ one: population.residents[owner]!.record, other: answer.record }] : [];
  });
  const sameName = others.filter(({ one, other }) => withoutMarks(one.name) === withoutMarks(other.name));
  return `${count(others.length)} accounts attest the number of somebody else, ${count(sameName.length)} of them under that one's name (marks aside).`;
}

function hasNumber({ owner }: Account, { residents }: Result['population']): boolean {
  return residents[owner]!.record.personalNumber !== null;
}

function fateOf(outcome: Outcome, mayNot: boolean): 'alone' | 'together' | 'missed' | 'review' | 'rightly' {
  if (outcome.kind !== 'refused') return outcome.kind;
  if (mayNot) return 'rightly';
  return REVIEWED.includes(outcome.reason) ? 'review' : 'missed';
}

const SEVERAL = 'several errors at once';
const CHANGED_HANDS = 'phone or account went to another';
const FOREIGN = 'holder has no number at all';
const FAULTLESS = 'written as the register has it';

/** One cause an account: what its holder is, what became of it, its errors, else how it is written. */
function causeOf(
  { flaws, changedHands }: Account,
  mayNot: 'deceased' | 'child' | undefined,
  holderHasNumber: boolean,
): string {
  if (mayNot !== undefined) return `holder is ${mayNot === 'child' ? 'a child' : 'deceased'}`;
  if (changedHands) return CHANGED_HANDS;
  if (!holderHasNumber) return FOREIGN;
  const errors = flaws.filter((flaw) => FLAWS[flaw].kind === 'error');
  if (errors.length > 1) return SEVERAL;
  const flaw = errors[0] ?? flaws[0];
  return flaw === undefined ? FAULTLESS : FLAWS[flaw].text;
}

function order(cause: string): number {
  const flaw = Object.values(FLAWS).findIndex(({ text }) => text === cause);
  const last = [SEVERAL, CHANGED_HANDS, FOREIGN].indexOf(cause);
  if (cause === FAULTLESS) return -1;
  return flaw >= 0 ? flaw : last >= 0 ? 100 + last : 200;
}

function statedRate(cause: string): string {
  const flaw = (Object.keys(FLAWS) as Flaw[]).find((name) => FLAWS[name].text === cause);
  if (flaw !== undefined) return FLAWS[flaw].shares.map(share).join('/');
  if (cause === CHANGED_HANDS) return `phones ${share(EVENTS.phoneRecycled)}, else ${share(EVENTS.accountGivenAway)}`;
  if (cause === FOREIGN) return share(COUNTRY.foreignWithoutNumber);
  return cause === 'holder is deceased' ? `${share(COUNTRY.deceased)} + ${share(EVENTS.died)}` : '';
}

function alsoStated(): string {
  const accounts = SOURCE_NAMES.map((source: SourceName) => {
    const { share: has, twice } = ACCOUNTS[source];
    return `${source} ${share(has)} (${share(twice)} twice)`;
  });
  return [
    `rates in % of accounts: tax/insurance/mobile/card; ${accounts.join(', ')};`,
    `twins ${share(COUNTRY.twins)} (${share(COUNTRY.twinsOneMarkApart)} one mark apart), renamed ${share(COUNTRY.renamed)},`,
    `former numbers given twice ${share(COUNTRY.formerNumberShared)}, numbers corrected ${share(EVENTS.numberCorrected)},`,
    `missing numbers added later ${share(EVENTS.numberAdded)}, register silent ${share(REGISTER_SILENT)}; all in bench/identity-trial/rates.ts.`,
  ].join('\n');
}

function reasons(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.kind === 'refused') counts.set(outcome.reason, (counts.get(outcome.reason) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([reason, times]) => `${reason} ${count(times)}`)
    .join(', ');
}

function sum(rows: readonly Row[]): Row {
  const total: Row = { accounts: 0, alone: 0, together: 0, missed: 0, review: 0, rightly: 0, false: 0 };
  for (const row of rows) for (const column of COLUMNS) total[column] += row[column];
  return total;
}

function lineOf(cause: string, row: Row, width: number): string {
  const part = (value: number) => (value === 0 ? '·' : `${count(value)} ${((100 * value) / row.accounts).toFixed(1)}%`);
  const { accounts, alone, together, missed, review, rightly } = row;
  const parts = [alone, together, missed, review, rightly].map(part);
  return line([cause, statedRate(cause), count(accounts), ...parts, String(row.false)], width);
}

function line([cause = '', rate = '', ...cells]: readonly string[], width: number): string {
  return [cause.padEnd(width), rate.padEnd(24), ...cells.map((cell) => cell.padStart(14))].join(' ').trimEnd();
}

function share(part: number): string {
  return String(Number((part * 100).toPrecision(3)));
}

function count(value: number): string {
  return value.toLocaleString('en').replaceAll(',', ' ');
}

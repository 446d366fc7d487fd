/** Owns the accounts people have at the four sources, with everything those registers write otherwise than it is. */
import type { Acr, Assertion, AttestedAttributes } from '../../src/identity/assertion.ts';
import type { PopulationRecord } from '../../src/identity/person.ts';
import { mistyped, withOtherTonePlace, withoutMarks, withoutSomeMarks } from './names.ts';
import type { Human, Population } from './population.ts';
import type { Random } from './random.ts';
import { ACCOUNTS, CHILD_HAS_TAX_CODE, FLAWS, type Flaw, type SourceName } from './rates.ts';

/** An account and the truth about it. Only what it attests ever reaches the rules. */
export interface Account {
  owner: Human;
  attested: Assertion;
  flaws: readonly Flaw[];
  changedHands: boolean;
}

export const SOURCE_NAMES = Object.keys(ACCOUNTS) as SourceName[];

const ACR: Record<SourceName, Acr> = {
  'tax-code': 'loa1',
  'social-insurance': 'loa2',
  'mobile-id': 'loa3',
  'digital-signature': 'loa4',
};

/** Seconds since the epoch, of every authentication. */
const AUTH_TIME = 1_790_000_000;

export class Accounts {
  readonly all: Account[] = [];
  readonly #population: Population;
  readonly #random: Random;
  /** Multiplies the rates of errors, not of other ways of writing. */
  readonly #errors: number;

  constructor(population: Population, random: Random, errors: number) {
    this.#population = population;
    this.#random = random;
    this.#errors = errors;
    for (const human of population.residents.keys()) this.#open(human);
  }

  /** Writes an account anew for whoever holds it from now on: same source, same subject. */
  give(account: Account, human: Human): void {
    const { source, subject } = account.attested;
    Object.assign(account, this.#write(human, source as SourceName, subject), { changedHands: true });
  }

  /** The source added the number it lacked. */
  addNumber(account: Account): void {
    const { personalNumber } = this.#population.residents[account.owner]!.record;
    if (personalNumber === null) return;
    account.attested = { ...account.attested, attributes: { ...account.attested.attributes, personalNumber } };
  }

  #open(human: Human): void {
    const child = this.#population.mayNotSignIn(human) === 'child';
    for (const source of SOURCE_NAMES) {
      const { share, twice } = ACCOUNTS[source];
      const has = this.#random.chance(child ? (source === 'tax-code' ? CHILD_HAS_TAX_CODE : 0) : share);
      if (!has) continue;
      this.all.push({ ...this.#write(human, source, this.#newSubject()), changedHands: false });
      if (this.#random.chance(twice)) {
        this.all.push({ ...this.#write(human, source, this.#newSubject()), changedHands: false });
      }
    }
  }

  #newSubject(): string {
    return String(8_000_000_000 + this.all.length);
  }

  #write(owner: Human, source: SourceName, subject: string): Omit<Account, 'changedHands'> {
    const { record, bornOn, twin } = this.#population.residents[owner]!;
    const flaws: Flaw[] = [];
    // A flaw counts where it changed something: nobody loses marks they do not have.
    const change = <Value>(flaw: Flaw, value: Value, changed: () => Value): Value => {
      if (!this.#happens(flaw, source)) return value;
      const result = changed();
      if (result !== value) flaws.push(flaw);
      return result;
    };
    const name = this.#nameOf(record, change);
    const carriesBirthDate = source === 'tax-code' || source === 'social-insurance';
    const birthDate = carriesBirthDate ? this.#birthDateOf(record, bornOn, change) : undefined;
    const personalNumber = this.#numberOf(record, twin, change);
    const attributes: AttestedAttributes = {
      name,
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(personalNumber === undefined ? {} : { personalNumber }),
    };
    return { owner, flaws, attested: assertionOf(source, subject, attributes) };
  }

  #nameOf(record: PopulationRecord, change: Changing): string {
    const random = this.#random;
    let name = change('formerName', record.name, () => record.formerNames[0] ?? record.name);
    name = change(
      'nameUnlisted',
      name,
      () => `${name.slice(0, name.lastIndexOf(' '))} ${random.pick(['Thơ', 'Tẹo', 'Lành'])}`,
    );
    name = change('nameTyped', name, () => mistyped(random, name));
    name = change('otherTonePlace', name, () => withOtherTonePlace(name));
    name = change('marksPartlyLost', name, () => withoutSomeMarks(random, name));
    name = change('marksLost', name, () => withoutMarks(name));
    name = change('otherLetter', name, () => name.replaceAll('Đ', 'Ð'));
    name = change('decomposed', name, () => name.normalize('NFD'));
    return change('otherSpaces', name, () => ` ${name.replaceAll(' ', random.pick(['  ', '\u00A0', '\u2003']))}`);
  }

  #birthDateOf(record: PopulationRecord, bornOn: string, change: Changing): string {
    const random = this.#random;
    // A source may know the day that the population register does not.
    let date = random.chance(0.5) ? bornOn : record.birthDate;
    const [year = '', month = '', day = ''] = date.split('-');
    date = change('daySwapped', date, () => (day !== '' && Number(day) <= 12 ? `${year}-${day}-${month}` : date));
    date = change('dateTyped', date, () => {
      const at = random.pick(date.length > 4 ? [3, 9] : [3]);
      return date.slice(0, at) + String((Number(date[at]) + 1 + random.below(8)) % 10) + date.slice(at + 1);
    });
    return change('yearOnly', date, () => date.slice(0, 4));
  }

  #numberOf(record: PopulationRecord, twin: Human | undefined, change: Changing): string | undefined {
    let number = record.personalNumber ?? undefined;
    if (number === undefined) return undefined;
    const own = number;
    number = change('formerNumber', number, () => record.formerNumbers.find(({ length }) => length === 9) ?? own);
    number = change('numberTyped', number, () => this.#withTwoDigitsSwapped(own));
    number = change('numberOfNeighbour', number, () => this.#nextRow(own) ?? number);
    const twins = twin === undefined ? null : this.#population.residents[twin]?.record.personalNumber;
    number = change('numberOfTwin', number, () => twins ?? number);
    return change<string | undefined>('numberMissing', number, () => undefined);
  }

  /** Where a slip reaches somebody else's number, that one: the slips that reach nobody harm nobody. */
  #withTwoDigitsSwapped(number: string): string {
    const slips = [...number]
      .slice(1)
      .map((digit, at) => number.slice(0, at) + digit + number[at] + number.slice(at + 2));
    const others = slips.filter((slip) => slip !== number);
    return this.#random.pick(others.filter((slip) => this.#population.holds(slip)).concat(this.#random.pick(others)));
  }

  #nextRow(number: string): string | undefined {
    const row = (offset: number) => number.slice(0, 6) + String(Number(number.slice(6)) + offset).padStart(6, '0');
    return [row(1), row(-1)].find((other) => this.#population.holds(other));
  }

  #happens(flaw: Flaw, source: SourceName): boolean {
    const { kind, shares } = FLAWS[flaw];
    const share = shares[SOURCE_NAMES.indexOf(source)]!;
    return this.#random.chance(kind === 'error' ? Math.min(0.9, share * this.#errors) : share);
  }
}

type Changing = <Value>(flaw: Flaw, value: Value, changed: () => Value) => Value;

function assertionOf(source: SourceName, subject: string, attributes: AttestedAttributes): Assertion {
  return {
    source,
    subject,
    holder: 'person',
    attributes,
    acr: ACR[source],
    amr: ['pwd'],
    authTime: AUTH_TIME,
    evidence: { type: 'electronic_record', record: source, authority: source, country: 'VN', time: AUTH_TIME },
  };
}

/** Owns the people of the trial and the population register that knows them. */
import type { PopulationRecord, RegisterAnswer } from '../../src/identity/person.ts';
import { type DrawnName, drawName, drawTwinNames, written } from './names.ts';
import type { Random } from './random.ts';
import { COUNTRY } from './rates.ts';

/** Somebody of flesh and blood: an index into the population. The hub never sees it. */
export type Human = number;

/** What is true of somebody, as far as the register knows it. */
export interface Resident {
  record: PopulationRecord;
  /** Known to the family, if not to the register: `1949-06-15` where the record says `1949`. */
  readonly bornOn: string;
  readonly twin: Human | undefined;
}

const THIS_YEAR = 2026;
/** The trial's `today`: whoever was born later than this day fourteen years ago is a child. */
export const YOUNGEST_ADULT = '2012-09-01';

/** Few, so that rows next to each other exist and a slip of the finger hits somebody. */
const PROVINCES = ['001', '048', '079', '092', '031', '038'];

export class Population {
  readonly residents: Resident[] = [];
  readonly #byNumber = new Map<string, PopulationRecord[]>();
  readonly #humanOf = new Map<PopulationRecord, Human>();
  readonly #lastSerial = new Map<string, number>();
  readonly #random: Random;

  constructor(people: number, random: Random) {
    this.#random = random;
    while (this.residents.length < people) {
      if (random.chance(COUNTRY.twins / 2)) this.#beTwins();
      else {
        const gender = this.#gender();
        this.#beBorn(drawName(random, gender), this.#birthday(), { gender, province: random.pick(PROVINCES) });
      }
    }
  }

  /** What the register answers; it knows neither accounts nor the hub. */
  find(number: string): RegisterAnswer {
    const [record, ...others] = this.#byNumber.get(number) ?? [];
    if (record === undefined) return { kind: 'not_found' };
    return others.length > 0 ? { kind: 'ambiguous' } : { kind: 'found', record };
  }

  /** Whose record it is: for the judge only. */
  humanOf(record: PopulationRecord): Human {
    return this.#humanOf.get(record)!;
  }

  holds(number: string): boolean {
    return this.#byNumber.has(number);
  }

  mayNotSignIn(human: Human): 'deceased' | 'child' | undefined {
    const { record, bornOn } = this.residents[human]!;
    if (record.status === 'deceased') return 'deceased';
    return bornOn > YOUNGEST_ADULT ? 'child' : undefined;
  }

  /** How many share their full name and their day of birth with somebody else. */
  countNamesakes(): number {
    const groups = new Map<string, number>();
    const keys = this.residents.map(({ record, bornOn }) => `${record.name} ${bornOn}`);
    for (const key of keys) groups.set(key, (groups.get(key) ?? 0) + 1);
    return keys.filter((key) => groups.get(key)! > 1).length;
  }

  die(human: Human): void {
    this.#replace(human, { ...this.residents[human]!.record, status: 'deceased' });
  }

  /** The number was wrong; the register gives another and remembers the old one. */
  correctNumber(human: Human): void {
    const { record } = this.residents[human]!;
    if (record.personalNumber === null) return;
    const personalNumber = this.#nextNumber(record.personalNumber.slice(0, 6));
    const formerNumbers = [record.personalNumber, ...record.formerNumbers];
    this.#replace(human, { ...record, personalNumber, formerNumbers });
  }

  #beTwins(): void {
    const random = this.#random;
    const birthday = this.#birthday();
    const gender = this.#gender();
    const other = random.chance(0.7) ? gender : this.#gender();
    const [one, second] = drawTwinNames(random, gender, other, random.chance(COUNTRY.twinsOneMarkApart));
    const first = this.residents.length;
    const province = random.pick(PROVINCES);
    this.#beBorn(one, birthday, { gender, province, twin: first + 1 });
    this.#beBorn(second, birthday, { gender: other, province, twin: first });
  }

  #beBorn(
    drawn: DrawnName,
    bornOn: string,
    { gender, province, twin }: { gender: 'male' | 'female'; province: string; twin?: Human },
  ): void {
    const random = this.#random;
    const century = Number(bornOn.slice(0, 2)) - 19;
    const prefix = `${province}${century * 2 + (gender === 'female' ? 1 : 0)}${bornOn.slice(2, 4)}`;
    const old = bornOn < '1966';
    const yearOnly = old && random.chance(COUNTRY.birthYearOnly);
    const name = written(drawn);
    const renamed = random.chance(COUNTRY.renamed);
    const record: PopulationRecord = {
      personalNumber: random.chance(COUNTRY.foreignWithoutNumber) ? null : this.#nextNumber(prefix),
      name,
      birthDate: yearOnly ? bornOn.slice(0, 4) : bornOn,
      gender,
      birthPlace: null,
      nationality: 'VN',
      status: random.chance(COUNTRY.deceased) ? 'deceased' : 'alive',
      formerNumbers: bornOn < '2000' && random.chance(COUNTRY.hasFormerNumber) ? [this.#formerNumber()] : [],
      formerNames: renamed ? [written({ ...drawn, given: drawName(random, gender).given })] : [],
    };
    this.residents.push({ record, bornOn, twin });
    this.#replace(this.residents.length - 1, record);
  }

  #replace(human: Human, record: PopulationRecord): void {
    const resident = this.residents[human]!;
    const former = resident.record;
    for (const number of numbersOf(former)) {
      const others = (this.#byNumber.get(number) ?? []).filter((known) => known !== former);
      if (others.length > 0) this.#byNumber.set(number, others);
      else this.#byNumber.delete(number);
    }
    for (const number of numbersOf(record)) this.#byNumber.set(number, [...(this.#byNumber.get(number) ?? []), record]);
    this.#humanOf.set(record, human);
    resident.record = record;
  }

  /** Rows follow each other as they were registered. */
  #nextNumber(prefix: string): string {
    const serial = (this.#lastSerial.get(prefix) ?? 0) + 1;
    this.#lastSerial.set(prefix, serial);
    return prefix + String(serial).padStart(6, '0');
  }

  #formerNumber(): string {
    const shared = this.#random.chance(COUNTRY.formerNumberShared);
    const donor = shared ? this.#random.pick(this.residents)?.record.formerNumbers[0] : undefined;
    return donor ?? String(100_000_000 + this.#random.below(900_000_000));
  }

  #gender(): 'male' | 'female' {
    return this.#random.chance(0.5) ? 'male' : 'female';
  }

  #birthday(): string {
    const random = this.#random;
    // About the country's pyramid: even up to fifty, then fewer with each year.
    const age = random.chance(0.75) ? random.below(50) : 50 + Math.floor(40 * (1 - Math.sqrt(random.next())));
    const day = new Date(Date.UTC(THIS_YEAR - 1 - age, 0, 1 + random.below(365))).toISOString().slice(0, 10);
    return day < '1966' && random.chance(COUNTRY.birthOnNewYear) ? `${day.slice(0, 4)}-01-01` : day;
  }
}

function numbersOf({ personalNumber, formerNumbers }: PopulationRecord): string[] {
  return personalNumber === null ? [] : [personalNumber, ...formerNumbers];
}

/** Owns who the citizens of the measurement are: each follows from a number, so no process has to keep a million of them. */

/** The header in which the load generator tells the stub who is signing in. */
export const CITIZEN_HEADER = 'x-citizen';

export interface Citizen {
  /** Twelve digits; the tax code, too, as for every citizen since 1 July 2025. */
  readonly number: string;
  readonly name: string;
  readonly birthDate: string;
  readonly gender: 'male' | 'female';
}

const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi'];
const MIDDLES = ['Văn', 'Thị', 'Hữu', 'Ngọc', 'Minh', 'Đức', 'Thanh'];
const GIVEN = ['An', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Khánh', 'Lan', 'Mai', 'Nam', 'Oanh', 'Phúc', 'Quân'];
/** `010` is a place whose number may open a personal number. */
const FIRST_NUMBER = 10_000_000_000;

export function citizen(index: number): Citizen {
  const pick = (from: readonly string[]) => from[index % from.length]!;
  const two = (value: number) => String(value + 1).padStart(2, '0');
  return {
    number: String(FIRST_NUMBER + index).padStart(12, '0'),
    name: `${pick(FAMILIES)} ${pick(MIDDLES)} ${pick(GIVEN)}`,
    birthDate: `${1950 + (index % 50)}-${two(index % 12)}-${two(index % 28)}`,
    gender: index % 2 === 0 ? 'male' : 'female',
  };
}

export function indexOf(number: string): number {
  return Number(number) - FIRST_NUMBER;
}

/** Somebody who comes to a service for the first time. */
export interface Visit {
  readonly citizen: number;
  readonly service: number;
}

/** Without a common divisor with any number of persons in use: neighbours in time are no neighbours in the database. */
const STRIDE = 7_368_787;

/** So many services at most are visited, so that a provider has met each before it is measured. */
const MOST_VISITED = 200;
const visitedOf = (services: number) => Math.min(MOST_VISITED, Math.ceil(services / 2));

/** The visit of this turn; nobody comes to the same service twice before persons × services turns. */
export function visit(turn: number, persons: number, services: number): Visit {
  const round = Math.floor(turn / persons);
  return { citizen: ((turn % persons) * STRIDE) % persons, service: (turn + round) % visitedOf(services) };
}

/** The service a citizen of the filled database has agreed with before: one that is not visited. */
export function earlierService(index: number, services: number): number {
  const visited = visitedOf(services);
  return visited + (index % Math.max(1, services - visited));
}

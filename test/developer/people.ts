/** Owns people of agencies for tests: signed in to the console at `loa3`, each in a role. */
import { randomUUID } from 'node:crypto';
import { byNationalEid } from '../citizen/citizen.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, type Developer, newDeveloper } from './developer.ts';

/** Of the registers. */
const NUMBERS = ['097090000011', '097185000021', '097079000031', '097192000041', '097192000042', '097201000051'];

export interface Somebody {
  readonly developer: Developer;
  readonly account: string;
  readonly name: string;
  readonly mail: string;
}

/** Signs so many people in, each of them somebody else. */
export async function signInPeople(country: TestCountry, count: number): Promise<readonly Somebody[]> {
  const people: Somebody[] = [];
  for (const [at, number] of NUMBERS.slice(0, count).entries()) {
    const [name, mail] = [`Cán Bộ Thứ ${at}`, `can-bo-${at}@co-quan.example`];
    const developer = await newDeveloper(country, name, byNationalEid(number));
    await developer.introduce(name, mail);
    people.push({ developer, account: (await developer.ask('GET', '/account')).account, name, mail });
  }
  return people;
}

/** An agency that somebody brings in, with others in their roles as if they had been invited. */
export async function openAgency(
  country: TestCountry,
  owner: Somebody,
  others: readonly (readonly [Somebody, 'reader' | 'developer' | 'owner'])[] = [],
): Promise<string> {
  const { id } = await owner.developer.ask('POST', '/agencies', {
    ...AGENCY,
    id: `co-quan-${randomUUID().slice(0, 8)}`,
  });
  const { agencies } = country.runningHub().store.developer;
  const agency = (await agencies.find(id))!;
  const members = others.map(([{ account }, role]) => ({ account, role, since: Date.now() }));
  await agencies.save({ ...agency, members: [...agency.members, ...members] }, { trail: [] });
  return id;
}

/** A service of an agency; with `production`, as if it had been reviewed. */
export async function openService(
  country: TestCountry,
  { developer }: Somebody,
  agency: string,
  production: 'none' | 'live' = 'none',
): Promise<string> {
  const name = { vi: 'Tra cứu hồ sơ', en: 'Follow a file' };
  const { id } = await developer.ask('POST', `/agencies/${agency}/services`, {
    id: `dich-vu-${randomUUID().slice(0, 8)}`,
    name,
  });
  if (production === 'none') return id;
  const { services } = country.runningHub().store.developer;
  const { service } = (await services.find(id))!;
  const index = { search: id, hosts: [], thumbprints: [] };
  await services.save({ ...service, production: { ...service.production, state: 'live' } }, index, { trail: [] });
  return id;
}

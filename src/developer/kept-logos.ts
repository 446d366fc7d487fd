/** Owns reading logos for who shows them. Their ids are of their content, so what was read once is never anything else. */
import type { DeveloperRecords, KeptLogo } from './ports.ts';

/** At a time; of 100 KB at most each. */
const MOST_REMEMBERED = 100;

/** Reads logos and remembers those lately asked for. What is not there is asked for again: it may come. */
export function rememberedLogos(find: DeveloperRecords['logos']['find']): DeveloperRecords['logos']['find'] {
  /** Least lately asked for first. */
  const remembered = new Map<string, KeptLogo>();
  return async (id) => {
    const logo = remembered.get(id) ?? (await find(id));
    if (logo === undefined) return undefined;
    remembered.delete(id);
    remembered.set(id, logo);
    if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    return logo;
  };
}

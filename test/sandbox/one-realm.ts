/**
 * Owns a difference between Jest and Node: Jest runs tests in a realm of their own but lends them the outer realm's
 * `structuredClone`, whose objects oidc-provider then takes for no plain objects (it compares their constructor) and
 * refuses a client's keys. Importing this makes clones that belong here.
 */
const outerClone = globalThis.structuredClone;

function belongingHere(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, belongingHere);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, belongingHere(each)]));
}

globalThis.structuredClone = (value, options) => belongingHere(outerClone(value, options)) as typeof value;

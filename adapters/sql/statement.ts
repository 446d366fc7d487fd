/**
 * Owns statements that are built once and run many times: building one costs kysely more than SQLite takes to run it.
 */
import type { CompiledQuery, Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { Query } from './unit.ts';

type Build<Values, Row> = (sql: Kysely<Schema>, values: Values) => Query<Row>;

/** Stands in a compiled statement where a value goes. */
class Slot {
  readonly name: string;
  readonly position: number | undefined;

  constructor(name: string, position?: number) {
    this.name = name;
    this.position = position;
  }
}

interface Template<Row> {
  readonly compiled: CompiledQuery<Row>;
  /** Lists make as many placeholders as they have members, so another length is another statement. */
  readonly shape: string;
}

/**
 * A statement with values to be filled in. `build` sees placeholders in their place: it may pass them on to kysely, but
 * not look at them.
 */
export function statement<Values extends object, Row>(
  build: Build<Values, Row>,
): (sql: Kysely<Schema>, values: Values) => Query<Row> {
  const templates = new WeakMap<Kysely<Schema>, Template<Row>>();
  return (sql, values) => ({
    compile() {
      const shape = shapeOf(values);
      let template = templates.get(sql);
      if (template?.shape !== shape) {
        template = { compiled: build(sql, slotsFor(values)).compile(), shape };
        templates.set(sql, template);
      }
      const { compiled } = template;
      return { ...compiled, parameters: compiled.parameters.map((parameter) => fill(parameter, values)) };
    },
  });
}

function shapeOf(values: object): string {
  let shape = '';
  for (const value of Object.values(values)) shape += Array.isArray(value) ? `${value.length},` : ',';
  return shape;
}

function slotsFor<Values extends object>(values: Values): Values {
  const slots = Object.entries(values).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.map((_, position) => new Slot(name, position)) : new Slot(name)];
  });
  return Object.fromEntries(slots) as Values;
}

function fill(parameter: unknown, values: object): unknown {
  if (!(parameter instanceof Slot)) return parameter;
  const value = (values as Record<string, unknown>)[parameter.name];
  return parameter.position === undefined ? value : (value as unknown[])[parameter.position];
}

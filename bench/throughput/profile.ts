/** Owns reading a CPU profile: where the time of a hub went while it was under load, by package, by file, by function. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Step } from './load.ts';
import type { Span } from './processes.ts';

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Microseconds by name. */
type Times = Map<string, number>;

/** How many lines a table has: of the whole, and of one step. */
const SHOWN = 25;
const SHOWN_OF_STEP = 8;

/** The profiles a hub left in a folder: one of each of its processes. */
export class Profiles {
  readonly #profiles: readonly Profile[];
  readonly #program: string;

  constructor(folder: string, program: string) {
    const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
    this.#profiles = files.map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Profile);
    this.#program = program;
  }

  /** Where the time of this span went, in milliseconds a sign-in. */
  tables(span: Span, signIns: number): string {
    const { all, parts, functions, callers } = this.#read(span);
    return [
      `${(all / 1000 / signIns).toFixed(2)} ms a sign-in on the thread that runs JavaScript, waiting for the disk included`,
      table('by package or part, itself', parts, all, signIns, SHOWN),
      table("by the hub's own function nearest to it, with what that called", callers, all, signIns, SHOWN),
      table('by function, itself', functions, all, signIns, SHOWN),
    ].join('\n\n');
  }

  /** The same of one step, shorter. */
  step({ name, ...span }: Step, signIns: number): string {
    const { all, parts, functions, callers } = this.#read(span);
    return [
      table(`${name}: by package or part`, parts, all, signIns, SHOWN_OF_STEP),
      table('by the nearest function of the hub', callers, all, signIns, SHOWN_OF_STEP),
      table('by function', functions, all, signIns, SHOWN_OF_STEP),
    ].join('\n');
  }

  #read(span: Span): Tables {
    const tables: Tables = { all: 0, parts: new Map(), functions: new Map(), callers: new Map() };
    for (const profile of this.#profiles) read(profile, this.#program, span, tables);
    return tables;
  }
}

interface Tables {
  all: number;
  readonly parts: Times;
  readonly functions: Times;
  readonly callers: Times;
}

function table(title: string, times: Times, all: number, signIns: number, shown: number): string {
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, shown);
  const lines = sorted.map(([name, time]) => {
    const milliseconds = (time / 1000 / signIns).toFixed(3).padStart(8);
    return `${milliseconds}  ${((100 * time) / all).toFixed(1).padStart(5)} %  ${name}`;
  });
  return [title, ...lines].join('\n');
}

function read(profile: Profile, program: string, { from, to }: Span, tables: Tables): void {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  let at = profile.startTime;
  for (const [position, id] of profile.samples.entries()) {
    const lasted = profile.timeDeltas[position]!;
    at += lasted;
    const node = nodes.get(id)!;
    const { functionName, lineNumber } = node.callFrame;
    if (at < from || at > to || functionName === '(idle)') continue;
    const place = placeOf(node, program);
    tables.all += lasted;
    add(tables.parts, partOf(place), lasted);
    add(tables.functions, `${functionName || '(anonymous)'}  ${place}:${lineNumber + 1}`, lasted);
    add(tables.callers, callerOf(node, nodes, parents, program), lasted);
  }
}

function add(times: Times, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

/** The file, short: below the working copy, or as Node calls its own. */
function placeOf({ callFrame }: Node, program: string): string {
  const { url, functionName } = callFrame;
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  const file = url.replace('file://', '');
  const inPackages = file.lastIndexOf('/node_modules/');
  if (inPackages >= 0) return file.slice(inPackages + 1);
  return file.startsWith(program) ? path.relative(program, file) : file;
}

function partOf(place: string): string {
  const inPackage = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place);
  if (inPackage) return inPackage[1]!;
  if (place.startsWith('node:')) return place.split('/').slice(0, 3).join('/');
  return place;
}

/** The nearest function of the hub itself that this was done for. */
function callerOf(node: Node, nodes: Map<number, Node>, parents: Map<number, number>, program: string): string {
  for (let at: Node | undefined = node; at !== undefined; at = nodes.get(parents.get(at.id) ?? -1)) {
    const place = placeOf(at, program);
    if (/^(src|adapters|providers|views)\//.test(place))
      return `${at.callFrame.functionName || '(anonymous)'}  ${place}:${at.callFrame.lineNumber + 1}`;
  }
  // Continuations stand alone: the stack of who began them is gone.
  for (let at: Node | undefined = node; at !== undefined; at = nodes.get(parents.get(at.id) ?? -1)) {
    const part = partOf(placeOf(at, program));
    if (part !== '(native)') return `outside: ${part}`;
  }
  return 'outside: (native)';
}

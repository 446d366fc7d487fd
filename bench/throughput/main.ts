/**
 * Owns `npm run bench`: hubs and the yardstick side by side under the same load, and what is to be reached. README.md
 * beside this file tells what is measured and what was found.
 */
import '../../src/oidc/runtime-notice.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Contenders, type Wanted, wantedHubs } from './contenders.ts';
import { type Contender, Contest } from './contest.ts';
import { end } from './hub-process.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { microseconds, type Threads, threadsOf } from './processes.ts';
import { Profiles } from './profile.ts';
import { goalLine, goals, report, stepsTable } from './report.ts';
import { openStage, type Stage } from './stage.ts';

/** Sign-ins before the first that counts: until then Node still compiles. */
const WARM_UP = 1_000;
const PROFILED = 2_000;
const IN_STEP = 500;

const told = (line: string) => console.error(`… ${line}`);

async function contest(stage: Stage, options: Options, taking: Contenders): Promise<void> {
  const contenders: Contender[] = [await taking.yardstick()];
  for (const wanted of wantedHubs(options)) contenders.push(await taking.hub(wanted));
  const { load, others } = stage;
  const { rounds, signIns } = options;
  const measuring = new Contest({ load, others, rounds, signIns, warmUp: WARM_UP, told });
  const results = await measuring.run(contenders);
  console.log(`\n${report(results)}\n\n${goals(results).map(goalLine).join('\n')}`);
  if (!options.steps) return;
  for (const contender of contenders)
    console.log(`\n${contender.name}\n${stepsTable(await measuring.steps(contender, IN_STEP))}`);
}

/** One hub alone, the first of those wanted; its start and its warming up are left out. */
async function profile(stage: Stage, options: Options, taking: Contenders): Promise<void> {
  const [wanted] = wantedHubs(options) as [Wanted];
  const folder = join(stage.passing, 'profile');
  mkdirSync(folder);
  const contender = await taking.hub(wanted, folder);
  const { load, others } = stage;
  const alone = new Contest({ load, others, rounds: 1, signIns: PROFILED, warmUp: WARM_UP, told });
  await alone.measure(contender, WARM_UP);
  const [from, before] = [microseconds(), threadsOf(contender.server)];
  await alone.measure(contender, PROFILED);
  const [to, after] = [microseconds(), threadsOf(contender.server)];
  const steps = await alone.steps(contender, PROFILED);
  await end(contender.hub.process);
  const each = (kind: keyof Threads) => `${kind} ${((after[kind] - before[kind]) / PROFILED).toFixed(2)}`;
  const cpu = (['mainUser', 'mainSystem', 'otherUser', 'otherSystem'] as const).map(each).join(', ');
  console.log(`${contender.name}\nCPU ms a sign-in by thread, under the profiler: ${cpu}`);
  const profiles = new Profiles(folder, wanted.program);
  console.log(profiles.tables({ from, to }, PROFILED));
  console.log(`\n${stepsTable(steps)}`);
  for (const step of steps) console.log(`\n${profiles.step(step, PROFILED)}`);
}

async function run(options: Options): Promise<void> {
  const stage = await openStage(options.services);
  const taking = new Contenders(stage, options, told);
  try {
    await (options.profile ? profile : contest)(stage, options, taking);
  } finally {
    await taking.close();
    stage.close();
  }
}

let options: Options | undefined;
try {
  options = readOptions();
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 2;
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (options) await run(options);

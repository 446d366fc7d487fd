/** Owns the production start: settings from the environment, every problem told at once, a clean end. */
import './oidc/runtime-notice.ts';
import cluster from 'node:cluster';
import type { Configuration } from './config.ts';
import { HubUnstartable, startHub } from './hub.ts';
import { readConfiguration } from './issuers.ts';
import { prepareChannel } from './operator/channel.ts';
import { answerPrimary, openPortOfAll } from './watching/workers-together.ts';
import { createLog } from './web/log.ts';
import { tellPrimary, whenStopped } from './workers/messages.ts';
import { Workers, WorkersUnstartable } from './workers/primary.ts';

const END = ['SIGINT', 'SIGTERM'] as const;

// What a terminal sends to all processes at once is for the primary: it ends and renews its workers in order.
if (cluster.isWorker) for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const read = readConfiguration(process.env);
if (!read.ok) await refuse(read.problems);
else if (cluster.isPrimary && (read.configuration.workers ?? 1) > 1) await supervise(read.configuration);
else await serve(read.configuration);

/** One process that serves: the only one, or a worker. */
async function serve(configuration: Configuration): Promise<void> {
  try {
    const hub = await startHub(configuration);
    const end = (how: { readonly idle?: number } = {}) => void hub.close(how).then(() => process.exit(0));
    if (cluster.isPrimary) for (const signal of END) process.once(signal, () => end());
    else {
      whenStopped(end);
      // It is ended in order: another one takes its place first.
      process.on('SIGTERM', () => void tellPrimary({ type: 'worker:ending' }));
      answerPrimary(() => hub.watching.report());
      await tellPrimary({ type: 'worker:ready' });
    }
  } catch (error) {
    if (!(error instanceof HubUnstartable)) throw error;
    await refuse(error.problems);
  }
}

/** The primary of several workers. */
async function supervise(configuration: Configuration): Promise<void> {
  const { workers: count = 1, startPatience, drain, dataDirectory, logLevel, watch } = configuration;
  try {
    await prepareChannel(dataDirectory).catch(({ code }: NodeJS.ErrnoException) => {
      throw new WorkersUnstartable([`HUB_DATA: another hub uses this folder, or it cannot be made (${code})`]);
    });
    // Before there are any: that is when somebody wants to know what they wait for.
    if (watch)
      await openPortOfAll(watch, () =>
        Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined),
      ).catch(({ code }: NodeJS.ErrnoException) => {
        throw new WorkersUnstartable([`HUB_WATCH_HOST, HUB_WATCH_PORT: cannot listen there (${code})`]);
      });
    const starting = Workers.start({ count, startPatience, drain, log: createLog(logLevel) });
    const workers = await starting;
    for (const signal of END) process.once(signal, () => void workers.stop().then(() => process.exit(0)));
    process.on('SIGHUP', () => void workers.renew());
  } catch (error) {
    if (!(error instanceof WorkersUnstartable)) throw error;
    await refuse(error.problems);
  }
}

async function refuse(problems: readonly string[]): Promise<void> {
  // The primary says it, once for all workers.
  if (cluster.isWorker) await tellPrimary({ type: 'worker:refused', problems });
  else console.error(['The hub does not start:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  process.exit(1);
}

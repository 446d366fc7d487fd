/** Owns the production start: settings from the environment, every problem told at once, a clean end. */
import './oidc/runtime-notice.ts';
import { readConfiguration } from './config.ts';
import { HubUnstartable, startHub } from './hub.ts';

const read = readConfiguration(process.env);
if (!read.ok) refuse(read.problems);

try {
  const hub = await startHub(read.configuration);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void hub.close().then(() => process.exit(0)));
} catch (error) {
  if (!(error instanceof HubUnstartable)) throw error;
  refuse(error.problems);
}

function refuse(problems: readonly string[]): never {
  console.error(['The hub does not start:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  process.exit(1);
}

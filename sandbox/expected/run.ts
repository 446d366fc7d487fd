/** Owns `npm run expected -- FILE`: walks a file of sign-ins through a running hub, one JSON line a step. */
import { parseArgs } from 'node:util';
import { ControlClient } from './control-client.ts';
import { driveRow } from './drive.ts';
import { readRows } from './rows.ts';

const USAGE = `npm run expected -- FILE [--hub URL] [--control URL] [--agency URL] [--source tax-code]

  FILE       rows of steps, as in sandbox/expected/expected.json
  --hub      the hub                          http://localhost:3000
  --control  the control of its sandbox       http://localhost:3190
  --agency   the agency whose button is used  http://localhost:3201
  --source   count only the steps at this source that follow no other source's step`;

function giveUp(line: string): never {
  console.error(line);
  process.exit(1);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        hub: { type: 'string', default: 'http://localhost:3000' },
        control: { type: 'string', default: 'http://localhost:3190' },
        agency: { type: 'string', default: 'http://localhost:3201' },
        source: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return giveUp(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Nothing is worth trying when one of them is not there. */
async function mustListen(what: string, address: string): Promise<void> {
  await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) }).catch(() =>
    giveUp(`Nothing listens at ${address} (${what}). Start the hub with its sandbox first: npm start`),
  );
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [file] = positionals;
if (file === undefined) giveUp(USAGE);
const rows = await readRows(file).catch((error: Error) => giveUp(error.message));
await mustListen('the hub', values.hub);
await mustListen('the sandbox control', values.control);
await mustListen('the sample agency', values.agency);

const control = new ControlClient(values.control);
const drive = { control, agency: values.agency, ...(values.source === undefined ? {} : { source: values.source }) };
const tally = { steps: 0, counted: 0, asExpected: 0 };
for (const row of rows) {
  for await (const verdict of driveRow(row, drive)) {
    console.log(JSON.stringify(verdict));
    tally.steps += 1;
    if (verdict.counted === false) continue;
    tally.counted += 1;
    if (verdict.ok) tally.asExpected += 1;
  }
}
const failed = tally.counted - tally.asExpected;
// On the other stream, so that what is piped on is nothing but steps.
console.error(`${tally.steps} steps, ${tally.counted} counted: ${tally.asExpected} as expected, ${failed} not.`);
process.exitCode = failed > 0 || tally.counted === 0 ? 1 : 0;

// Tries every fault of the simulator on your sandbox service: HUB=… TOKEN=… SERVICE=… node run-simulator.mjs [--open COMMAND]
// COMMAND signs in once at your site, at LOGIN_URI of its environment; without it the script asks you to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { HUB, TOKEN, SERVICE, ...environment } = process.env;
const { open } = parseArgs({ options: { open: { type: 'string' } } }).values;

async function ask(method, body) {
  const answer = await fetch(`${HUB}/developer/api/services/${SERVICE}/simulator`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A whole sign-in, however it ends: by the command, or by you. */
async function signIn(address, words) {
  if (open) {
    const command = spawn(open, { shell: true, stdio: 'inherit', env: { ...environment, LOGIN_URI: address } });
    const [status] = await once(command, 'exit');
    if (status !== 0) throw new Error(`${open}: ${status}`);
    return;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question(
    `${words}: sign in at ${address} in a new private window. When your site has answered, press Enter. `,
  );
  terminal.close();
}

await ask('DELETE');
const { login_uri: address, results: faults } = await ask('GET');
// Only of a service that uses its tokens when all is right does it say something that it does not use them.
await signIn(address, 'no fault');
for (const { fault } of faults) {
  await ask('POST', { fault });
  for (;;) {
    await signIn(address, fault);
    if ((await ask('GET')).armed === undefined) break;
    if (open) throw new Error(`${open}: no sign-in has come to ${fault}, which waits for half an hour`);
  }
}
let card = await ask('GET');
for (; card.results.some(({ outcome }) => outcome === 'waiting'); card = await ask('GET')) await pause(500);

for (const { fault, outcome, reason } of card.results)
  console.log(outcome.padEnd(10), fault, reason ? `(${reason})` : '');
console.log(card.full ? 'The card is full.' : 'The card is not full.');
process.exitCode = card.full ? 0 : 1;

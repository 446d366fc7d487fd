/** Owns what the commands for operators share: asking the hub that runs on a data folder, and telling what it said. */
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { CHANNEL_FILE, type CommandResult } from '../src/operator/channel.ts';
import type { Command } from '../src/operator/commands.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  command_invalid: 'The hub does not understand this. A number is 9 to 12 digits; is the hub of this version?',
  person_unknown: 'Nobody has signed in with this number.',
  link_unknown: 'This person has no such link.',
  link_not_exact: 'More than one link begins like that: give more of it.',
  link_gone: 'That link is unlinked already.',
  link_needed: 'Without that link this person could not sign in any more: refused.',
  review_unknown: 'No such review waits for a decision.',
  review_not_exact: 'More than one review begins like that: give more of it.',
  only_dismiss: 'There is no frozen link to decide about: only dismiss is possible.',
  source_not_suspended: 'That source is not suspended for this person.',
  case_unknown: 'There is no such case.',
  case_advanced: 'That case is acknowledged already.',
  case_answered: 'That case is answered already.',
  client_unknown: 'No such client is registered.',
  clients_invalid: 'Nothing was changed:',
  account_unknown: 'Nobody has introduced themselves under this account. The console shows everybody their own.',
  registrar_unknown: 'This account is no registrar.',
  internal_error: 'The hub failed; its log says where.',
};

/** Asks the running hub and prints its answer; ends the process with 1 when it is no. */
export async function tell(command: Command): Promise<void> {
  const result = await ask(command);
  if (!result.ok) refuse([PROBLEMS[result.problem] ?? result.problem, ...(result.details ?? [])].join('\n  '));
  const { ok: _ok, ...answer } = result;
  console.log(JSON.stringify(answer, null, 2));
}

async function ask(command: Command): Promise<CommandResult> {
  const directory = process.env.HUB_DATA;
  if (!directory) refuse('Which hub? Set HUB_DATA to the folder of its store.');
  return (
    (await askThere(directory, command)) ?? refuse('No hub answers there. Does it run, on this machine and as you?')
  );
}

/** Asks the hub that runs on a data folder; nothing when none answers. */
export async function askThere(directory: string, command: Command): Promise<CommandResult | undefined> {
  const socket = connect(path.join(directory, CHANNEL_FILE));
  try {
    socket.write(`${JSON.stringify(command)}\n`);
    return JSON.parse(await text(socket));
  } catch {
    return undefined;
  }
}

/** The number of a person, from standard input: as an argument it would stay in the shell's history. */
export async function readNumber(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Personal number, then Ctrl-D: ');
  return (await text(process.stdin)).replace(/\s/g, '');
}

export function refuse(why: string): never {
  console.error(why);
  process.exit(1);
}

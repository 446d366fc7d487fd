/** Owns `npm run cases`: what citizens have asked for, and what somebody answers them. */
import { text } from 'node:stream/consumers';
import { refuse, tell } from './operator.ts';

const USAGE = `npm run cases -- list | show NUMBER | acknowledge NUMBER | answer NUMBER
The answer is read from standard input, as the citizen will read it. HUB_DATA names the folder of the hub's store.`;

const [action, number = '', ...more] = process.argv.slice(2);
if (more.length > 0 || (action === 'list') !== (number === '')) refuse(USAGE);
switch (action) {
  case 'list':
    await tell({ command: 'cases.list' });
    break;
  case 'show':
  case 'acknowledge':
    await tell({ command: `cases.${action}`, case: number });
    break;
  case 'answer':
    if (process.stdin.isTTY) process.stderr.write('The answer, then Ctrl-D: ');
    await tell({ command: 'cases.answer', case: number, answer: await text(process.stdin) });
    break;
  default:
    refuse(USAGE);
}

/** Owns `npm run person`: looking at a person of a running hub, locking and unlocking them, unlinking or restoring an account. */
import { readNumber, refuse, tell } from './operator.ts';

const USAGE = `npm run person -- show | lock | unlock | links | unlink LINK | restore SOURCE
The personal number is read from standard input. HUB_DATA names the folder of the hub's store.`;

const [action, link, ...more] = process.argv.slice(2);
const takesLink = action === 'unlink' || action === 'restore';
if (more.length > 0 || takesLink !== (link !== undefined)) refuse(USAGE);
switch (action) {
  case 'show':
  case 'lock':
  case 'unlock':
  case 'links':
    await tell({ command: `person.${action}`, number: await readNumber() });
    break;
  case 'unlink':
    await tell({ command: 'person.unlink', number: await readNumber(), link: link! });
    break;
  case 'restore':
    await tell({ command: 'person.restore', number: await readNumber(), source: link! });
    break;
  default:
    refuse(USAGE);
}

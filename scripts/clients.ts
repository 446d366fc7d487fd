/** Owns `npm run clients`: the registered clients of a running hub, and changing them while it runs. */
import { readFileSync } from 'node:fs';
import { refuse, tell } from './operator.ts';

const USAGE = `npm run clients -- list | show CLIENT | apply FILE | remove CLIENT
FILE is a list as in the clients file; clients that are not in it stay as they are.
HUB_DATA names the folder of the hub's store.`;

const [action, what, ...more] = process.argv.slice(2);
if (more.length > 0 || (action === 'list') !== (what === undefined)) refuse(USAGE);
switch (action) {
  case 'list':
    await tell({ command: 'clients.list' });
    break;
  case 'show':
  case 'remove':
    await tell({ command: `clients.${action}`, client: what! });
    break;
  case 'apply':
    await tell({ command: 'clients.apply', clients: listIn(what!) });
    break;
  default:
    refuse(USAGE);
}

function listIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return refuse(`${file} is no readable JSON file.`);
  }
}

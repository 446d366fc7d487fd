/** Owns `npm run registrars`: who decides for a running hub what goes into production. */
import { refuse, tell } from './operator.ts';

const USAGE = `npm run registrars -- list | add ACCOUNT | remove ACCOUNT
ACCOUNT is what the developer console shows them as their account, once they have introduced themselves.
HUB_DATA names the folder of the hub's store.`;

const [action, account, ...more] = process.argv.slice(2);
if (more.length > 0 || (action === 'list') !== (account === undefined)) refuse(USAGE);
switch (action) {
  case 'list':
    await tell({ command: 'registrars.list' });
    break;
  case 'add':
  case 'remove':
    await tell({ command: `registrars.${action}`, account: account! });
    break;
  default:
    refuse(USAGE);
}

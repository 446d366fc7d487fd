/** Owns `npm run reviews`: the doubts of a running hub, and what somebody decides about them. */
import { userInfo } from 'node:os';
import { DECISIONS, type Decision } from '../src/store.ts';
import { refuse, tell } from './operator.ts';

const USAGE = `npm run reviews -- list | show REVIEW | decide REVIEW ${DECISIONS.join('|')}
HUB_DATA names the folder of the hub's store. Decisions carry the name you are logged in by.`;

const [action, review = '', wish, ...more] = process.argv.slice(2);
const decision = DECISIONS.find((one): one is Decision => one === wish);
if (more.length > 0) refuse(USAGE);
if (action === 'list' && review === '') await tell({ command: 'reviews.list' });
else if (action === 'show' && review !== '' && wish === undefined) await tell({ command: 'reviews.show', review });
else if (action === 'decide' && review !== '' && decision !== undefined)
  await tell({ command: 'reviews.decide', review, decision, decider: userInfo().username });
else refuse(USAGE);

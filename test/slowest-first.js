/**
 * Owns the order of the test files: the slowest first, so that at the end no worker sits idle beside a long one. How long
 * each took is known from the run before; before the first one, what a folder's tests start tells. Within a file the order
 * stays random.
 */
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Milliseconds, about, where more is started than the hub: browsers, database servers, programs. */
const USUAL = { drills: 25_000, browser: 15_000, faults: 12_000, start: 12_000 };
/** Bytes of a file's text for one millisecond, elsewhere. */
const TEXT = 3;

export default class SlowestFirst extends Sequencer {
  /** Milliseconds that a file takes. Jest asks for nothing else to sort by, where none has failed. */
  time(test) {
    const folder = path.basename(path.dirname(test.path));
    return super.time(test) ?? USUAL[folder] ?? test.context.hasteFS.getSize(test.path) / TEXT;
  }
}

/**
 * Owns what has to be on this machine before the first test: a browser, the database servers and what agencies run. Jest's
 * `globalSetup`, once for all of its workers, so that no two of them install the same at the same time.
 */
import { APACHE, PYTHON } from './agency-programs.ts';
import { CHROMIUM } from './chromium.ts';
import { POSTGRESQL } from './engines/postgresql.ts';
import { REDIS } from './engines/redis.ts';
import { installMissing } from './installed.ts';

export default function beforeAll(): void {
  installMissing([CHROMIUM, POSTGRESQL, REDIS, APACHE, PYTHON]);
}

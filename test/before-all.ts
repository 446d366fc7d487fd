/**
 * Owns what has to be on this machine before the first test: a browser and the database servers. Jest's `globalSetup`, once
 * for all of its workers, so that no two of them install the same at the same time.
 */
import { ensureChromium } from './chromium.ts';
import { ensurePostgresql } from './engines/postgresql.ts';
import { ensureRedis } from './engines/redis.ts';

export default function beforeAll(): void {
  ensureChromium();
  ensurePostgresql();
  ensureRedis();
}

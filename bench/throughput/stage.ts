/** Owns what every run needs beside the providers: the bench's folder with its keys, the stubs, the load generator. */
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { generateKeys, readKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { freePort, type Running } from './hub-process.ts';
import { Population } from './population.ts';
import { clientIdOf, redirectUriOf, registrationOf, sourcesAt } from './services.ts';
import type { StubAddresses } from './stubs.ts';
import type { YardstickSettings } from './yardstick.ts';

/** Kept between runs: keys, and databases filled with persons that only these keys open. */
const FOLDER = join(import.meta.dirname, '..', '..', '.bench');

export interface Stage {
  /** What is kept from run to run. */
  readonly kept: string;
  /** What goes at the end of this one. */
  readonly passing: string;
  readonly files: { readonly keys: string; readonly clients: string; readonly sources: string };
  readonly population: Population;
  readonly addresses: StubAddresses;
  readonly load: ChildProcess;
  /** The stubs and the load generator. */
  readonly others: readonly number[];
  /** The key with which every agency proves itself, with its private part. */
  readonly agencyKey: JWK;
  yardstick(): Promise<Running & { readonly client: YardstickSettings['client'] }>;
  close(): void;
}

export async function openStage(services: number): Promise<Stage> {
  // Passable for the account that PostgreSQL runs under; what is inside is not readable.
  mkdirSync(FOLDER, { recursive: true, mode: 0o711 });
  const passing = mkdtempSync(join(FOLDER, 'run-'));
  const files = {
    keys: join(FOLDER, 'keys.json'),
    clients: join(passing, 'clients.json'),
    sources: join(passing, 'sources.json'),
  };
  if (!existsSync(files.keys)) writeFileSync(files.keys, JSON.stringify(generateKeys()), { mode: 0o600 });
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = { ...pair.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
  const registrations = Array.from({ length: services }, (_, service) => registrationOf(service, publicKey));
  writeFileSync(files.clients, JSON.stringify(registrations));

  const [stubs, addresses] = await startAnd<StubAddresses>('stubs.ts');
  writeFileSync(files.sources, JSON.stringify(sourcesAt(addresses.source)));
  const load = fork(join(import.meta.dirname, 'load.ts'));
  const started: ChildProcess[] = [stubs, load];

  return {
    kept: FOLDER,
    passing,
    files,
    population: new Population(createVault(readKeys(files.keys)), services),
    addresses,
    load,
    others: [stubs.pid!, load.pid!],
    agencyKey: pair.privateKey.export({ format: 'jwk' }),
    async yardstick() {
      const issuer = `http://localhost:${await freePort()}`;
      const client = { id: clientIdOf(0), redirectUri: redirectUriOf(0), key: publicKey };
      const settings: YardstickSettings = { issuer, client };
      const [process] = await startAnd<'listening'>('yardstick.ts', JSON.stringify(settings));
      started.push(process);
      return { issuer, process, client };
    },
    close() {
      for (const child of started) child.disconnect();
      rmSync(passing, { recursive: true, force: true });
    },
  };
}

/** Starts a part of the bench and waits for its first word. */
async function startAnd<Word>(part: string, ...told: string[]): Promise<[ChildProcess, Word]> {
  const child = fork(join(import.meta.dirname, part), told);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${part} ended`)));
  const [word] = (await Promise.race([once(child, 'message'), failed])) as [Word];
  failed.catch(() => {});
  return [child, word];
}

/** Owns the sandbox's own keys and secrets: made at the first start, kept between starts, readable by their owner only. */
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import { generateKeys, type Keys, readKeys } from '../src/vault/keys.ts';

const privateKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});
const secret = z.string().min(32);

const secretsFile = z.object({
  /** The authorities sign their tokens with these. */
  taxAuthority: privateKey,
  socialInsurance: privateKey,
  nationalEid: privateKey,
  /** The city portal proves itself with it. */
  songHong: privateKey,
  library: secret,
  archive: secret,
  /** Opens the population register. */
  populationRegister: secret,
  /** Lets the hub send text messages. */
  smsGateway: secret,
});
export type Secrets = z.infer<typeof secretsFile>;

/** What is left of a key pair for others to see. */
export function publicHalf({ d: _private, ...half }: JWK): JWK {
  return half;
}

async function newPrivateKey(): Promise<Secrets['songHong']> {
  const jwk = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
  return privateKey.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' });
}

const newSecret = () => randomBytes(32).toString('base64url');

async function newSecrets(): Promise<Secrets> {
  const keys = ['taxAuthority', 'socialInsurance', 'nationalEid', 'songHong'] as const;
  const made = await Promise.all(keys.map(async (name) => [name, await newPrivateKey()] as const));
  return {
    ...(Object.fromEntries(made) as Record<(typeof keys)[number], Secrets['songHong']>),
    library: newSecret(),
    archive: newSecret(),
    populationRegister: newSecret(),
    smsGateway: newSecret(),
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function writePrivately(file: string, content: unknown, flag: 'w' | 'wx' = 'wx'): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag });
}

/** What an older sandbox left, with what it did not have yet. */
async function completed(file: string): Promise<unknown> {
  const kept = JSON.parse(await readFile(file, 'utf8'));
  const names = Object.keys(secretsFile.shape);
  if (typeof kept !== 'object' || names.every((name) => name in kept)) return kept;
  const complete = { ...(await newSecrets()), ...kept };
  await writePrivately(file, complete, 'w');
  return complete;
}

export interface Prepared {
  readonly secrets: Secrets;
  readonly hubKeys: Keys;
  readonly hubKeysFile: string;
}

/** Reads the secrets of a data folder; makes folder and secrets where there are none yet. */
export async function prepareSecrets(directory: string): Promise<Prepared> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'sandbox.json');
  if (!(await exists(file))) await writePrivately(file, await newSecrets());
  const secrets = secretsFile.safeParse(await completed(file));
  if (!secrets.success) throw new Error(`${file} is not as this sandbox writes it; remove ${directory} to begin anew.`);
  const hubKeysFile = path.join(directory, 'keys.json');
  if (!(await exists(hubKeysFile))) await writePrivately(hubKeysFile, generateKeys());
  return { secrets: secrets.data, hubKeys: readKeys(hubKeysFile), hubKeysFile };
}

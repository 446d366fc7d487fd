/** What the developers' page tells agencies to write, done as it is written there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { readClients } from '../../src/clients.ts';
import { HOA, openTestCountry, proveByTaxCode, relyingParty, SECRET, type TestCountry, tokensFor } from '../country.ts';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/agencies.md'), 'utf8');
const example = path.join(root, 'docs/examples/agency.mjs');
/** The page's blocks of one language, in order. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block!);

let country: TestCountry;
let site: ChildProcess;
let home: string;
beforeAll(async () => {
  home = `http://localhost:${await freePort()}`;
  const addresses = { redirect_uris: [`${home}/callback`], login_uri: `${home}/login` };
  country = await openTestCountry([
    { client_id: 'city-permits', secret: 'basic', ...addresses },
    { client_id: 'reads-verified', scopes: ['openid', 'profile', 'birth', 'verified_claims'] },
  ]);
  site = spawn(process.execPath, [example], {
    env: { ...process.env, HUB: country.hub, CLIENT_ID: 'city-permits', CLIENT_SECRET: SECRET, HOME_ADDRESS: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(site.stdout!, 'data');
});
afterAll(async () => {
  site?.kill();
  await country?.close();
});

test('the example signs a citizen in', async () => {
  const visitor = new Visitor();
  await visitor.open(`${home}/login`);
  await proveByTaxCode(visitor);
  const hello = await visitor.press('decision=agree');
  expect(hello.body).toBe('Xin chào, Nguyễn Văn An');
});

test('the example says what went wrong', async () => {
  const visitor = new Visitor();
  await visitor.open(`${home}/login`);
  await proveByTaxCode(visitor, HOA);
  const refused = await visitor.press('decision=refuse');
  expect(refused.body).toBe('Not signed in: access_denied consent_refused');
});

test('the example on the page is the one that runs', () => {
  expect(blocks('js')).toContain(readFileSync(example, 'utf8'));
});

test('the registrations on the page are accepted', () => {
  for (const block of blocks('json').filter((one) => one.includes('"client_id"'))) {
    const problems: string[] = [];
    const file = path.join(country.directory, 'registrations-of-the-page.json');
    writeFileSync(file, block);
    readClients(file, 'production', problems);
    expect(problems).toEqual([]);
  }
});

test('the answer to verified_claims has the form the page shows', async () => {
  const [claims, shown] = blocks('json')
    .filter((one) => one.includes('"verification"'))
    .map((one) => JSON.parse(one));
  const reader = await relyingParty(country, 'reads-verified');
  const tokens = await tokensFor(country, reader, { scope: 'openid', claims: JSON.stringify(claims) });
  const info = await client.fetchUserInfo(reader, tokens.access_token, tokens.claims()!.sub);
  expect(formOf(info)).toEqual(formOf(shown));
});

/** A value with its times and subject left out: they differ each time. */
function formOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === 'time' || key === 'sub' ? 'some' : part)));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

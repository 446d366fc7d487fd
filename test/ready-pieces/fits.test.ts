/** What each library can do for a service is told before anybody tries; what fits is whole. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { ServiceFacts } from '../../src/developer/ready-pieces/facts.ts';
import { readyPiecesFor } from '../../src/developer/ready-pieces/ready-pieces.ts';
import { PYTHON } from '../agency-programs.ts';
import { whereIs } from '../installed.ts';

const FACTS: ServiceFacts = {
  issuer: 'https://hub.example',
  client_id: 'city-permits',
  service: { vi: 'Cấp phép', en: 'Permits' },
  scopes: ['openid', 'profile', 'birth'],
  minimum_acr: 'loa3',
  token_endpoint_auth_method: 'private_key_jwt',
  require_pushed_authorization_requests: false,
  id_token_signed_response_alg: 'ES256',
  redirect_uris: ['https://permits.example/city/callback', 'https://permits.example/other'],
  post_logout_redirect_uri: 'https://permits.example/goodbye',
  backchannel_logout_uri: 'https://permits.example/backchannel-logout',
};

const apacheOf = (facts: Partial<ServiceFacts>) =>
  readyPiecesFor({ ...FACTS, ...facts }).find(({ id }) => id === 'mod_auth_openidc')!;

test('E10 all three pieces fit a usual service', () => {
  const pieces = readyPiecesFor(FACTS);
  expect(pieces.map(({ id, fits }) => [id, fits])).toEqual([
    ['openid-client', true],
    ['mod_auth_openidc', true],
    ['authlib', true],
  ]);
});

test.each<[string, Partial<ServiceFacts>]>([
  ['pushed requests', { require_pushed_authorization_requests: true }],
  ['an encrypted id token', { id_token_encrypted_response_alg: 'RSA-OAEP-256' }],
  ['encrypted userinfo', { userinfo_encrypted_response_alg: 'ECDH-ES' }],
  ['no address to sign out to', { post_logout_redirect_uri: undefined }],
  ['a redirect address with parameters', { redirect_uris: ['https://permits.example/callback?a=b'] }],
  ['a redirect address without a path', { redirect_uris: ['https://permits.example/'] }],
  ['an address no configuration can hold', { redirect_uris: ["https://permits.example/ca'll"] }],
])('E10 Apache does not fit a service with %s, and it is said why', (_what, facts) => {
  const piece = apacheOf(facts);
  expect(piece).toMatchObject({ fits: false, files: [], how: [] });
  if (!piece.fits) expect([piece.reason.vi, piece.reason.en]).toEqual([expect.any(String), expect.any(String)]);
});

test('E10 the service is in place: levels, scopes, addresses, and no secret', () => {
  for (const { files, id } of readyPiecesFor({ ...FACTS, token_endpoint_auth_method: 'client_secret_basic' })) {
    const all = files.map(({ content }) => content).join('\n');
    for (const part of [
      'city-permits',
      'openid profile birth',
      'loa3',
      'loa4',
      'https://permits.example/city/callback',
    ])
      expect([id, part, all.includes(part)]).toEqual([id, part, true]);
    expect(all).not.toMatch(/\bloa[12]\b/);
    expect(all).toContain('LIEN_THONG_CLIENT_SECRET');
    expect(files.find((file) => file.path === 'README.md')?.content).toContain('# Permits');
  }
});

test('E10 Apache says which address hears of sign-outs, unless it is the registered one', () => {
  const hears = 'https://permits.example/city/callback?logout=backchannel';
  expect(JSON.stringify(apacheOf({}).how)).toContain(hears);
  expect(JSON.stringify(apacheOf({ backchannel_logout_uri: hears }).how)).not.toContain(hears);
});

test('E10 Apache is run on its own only to try it, without TLS on this machine', () => {
  const redirect_uris = ['http://localhost:3999/callback'];
  const paths = ({ files }: ReturnType<typeof apacheOf>) => files.map((file) => file.path);
  expect(paths(apacheOf({ redirect_uris }))).toContain('httpd.conf');
  expect(paths(apacheOf({}))).not.toContain('httpd.conf');
});

test('E10 every step is in Vietnamese and in English', () => {
  for (const { how } of readyPiecesFor(FACTS)) {
    expect(how.length).toBeGreaterThan(2);
    for (const { vi, en } of how) expect([vi, en, vi === en]).toEqual([expect.any(String), expect.any(String), false]);
  }
});

test('E10 whatever a service asks for, the programs are programs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ready-piece-'));
  const python = `import ast, sys; [ast.parse(open(f).read()) for f in sys.argv[1:]]`;
  const [scripts, modules]: [string[], string[]] = [[], []];
  for (const encrypted of [undefined, 'ECDH-ES', 'RSA-OAEP-256'] as const)
    for (const pushed of [false, true])
      for (const method of ['private_key_jwt', 'client_secret_post'] as const)
        for (const address of [undefined, FACTS.backchannel_logout_uri]) {
          const pieces = readyPiecesFor({
            ...FACTS,
            id_token_encrypted_response_alg: encrypted,
            userinfo_encrypted_response_alg: pushed ? 'ECDH-ES' : undefined,
            require_pushed_authorization_requests: pushed,
            token_endpoint_auth_method: method,
            backchannel_logout_uri: address,
            post_logout_redirect_uri: address && FACTS.post_logout_redirect_uri,
          });
          for (const file of pieces.flatMap(({ files }) => files)) {
            if (!/\.(mjs|py)$/.test(file.path)) continue;
            const written = path.join(folder, `${scripts.length + modules.length}-${file.path}`);
            writeFileSync(written, file.content);
            (file.path.endsWith('.py') ? scripts : modules).push(written);
            expect(file.content).not.toMatch(/<%|%>|[="] ?undefined|\[object/);
          }
        }
  expect(spawnSync(whereIs(PYTHON), ['-c', python, ...scripts], { encoding: 'utf8' }).stderr).toBe('');
  for (const one of modules)
    expect(spawnSync(process.execPath, ['--check', one], { encoding: 'utf8' }).stderr).toBe('');
  rmSync(folder, { recursive: true });
});

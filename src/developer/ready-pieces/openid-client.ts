/** Owns the ready piece for Node: openid-client, nothing else but Node itself. It can do all that a service may ask for. */
import { readFileSync } from 'node:fs';
import type { Blueprint } from './facts.ts';
import { fitting, type ReadyPiece, type Step } from './piece.ts';
import { noteSteps, proofSteps, runStep, SESSIONS } from './steps.ts';
import { filled } from './templates.ts';

/** Those that this hub itself runs with and is tested with. */
const { dependencies: VERSIONS } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { dependencies: Record<string, string> };

export function openidClientPiece(blueprint: Blueprint): ReadyPiece {
  const { facts, hasKeys } = blueprint;
  const named = { id: 'openid-client', name: `openid-client ${VERSIONS['openid-client']} (Node)` } as const;
  const needsJose = Boolean(facts.backchannel_logout_uri ?? facts.id_token_encrypted_response_alg);
  const package_ = {
    name: facts.client_id,
    private: true,
    type: 'module',
    engines: { node: '>=22' },
    dependencies: Object.fromEntries(
      ['openid-client', ...(needsJose ? ['jose'] : [])].map((name) => [name, VERSIONS[name]]),
    ),
  };
  const content = `${JSON.stringify(package_, null, 2)}\n`;
  const files = [
    ...filled('openid-client', ['login.mjs', ...(hasKeys ? ['make-keys.mjs'] : [])], blueprint, { needsJose }),
    { path: 'package.json', content },
  ];
  const install: Step = {
    vi: 'Đặt các tệp vào một thư mục, cài thư viện (Node 22 trở lên).',
    en: 'Put the files into one folder and install the library (Node 22 or newer).',
    command: 'npm install',
  };
  const run = runStep(`PORT=${blueprint.port} node login.mjs`, blueprint);
  return fitting(
    named,
    files,
    [install, ...proofSteps(blueprint, 'node make-keys.mjs'), run, SESSIONS, ...noteSteps(blueprint)],
    blueprint,
  );
}

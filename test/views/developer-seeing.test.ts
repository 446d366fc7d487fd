/** The pages by which developers see their services show whatever comes from outside as text, and nothing of it as a page. */
import { expect, test } from '@jest/globals';
import { load } from 'cheerio';
import { FAULTS } from '../../src/simulator/faults.ts';
import type { TrialResult } from '../../views/developer/try-it.ts';
import type { DeveloperRoom } from '../../views/developer.ts';
import { LANGUAGES, type Page } from '../../views/pages.ts';
import { createRenderer } from '../../views/renderer.ts';
import { frameIn, PAGES } from './samples.ts';

const renderer = createRenderer();
const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{7*7}}`;
const developer = { name: 'Nguyễn Văn An', registrar: true, formToken: 'token' };

/** Pages with this wherever somebody outside of the hub has a say: agencies, tokens, libraries' errors, files of operators. */
function pagesWith(text: string): readonly DeveloperRoom[] {
  const said = { vi: text, en: text };
  const values = [
    { name: 'iss', value: text },
    { name: text, value: text, moment: '2026-11-22T10:00:00Z' },
  ];
  const request = { endpoint: text, pushed: true, parameters: values };
  const result: TrialResult = {
    request,
    answer: { address: text, parameters: values },
    error: { at: 'answer', error: text, description: text },
    tokens: { status: 200, members: values },
    idToken: { header: values, claims: values },
    userinfo: { claims: values },
    checks: [{ check: 'state', passed: false }],
    revoked: true,
  };
  const tried = {
    page: 'developer/try-it',
    id: 'a-service',
    name: said,
    live: true,
    minimum: 'loa1',
    gone: false,
  } as const;
  const to = { redirectUri: text, scopes: ['profile'] };
  return [
    { ...tried, ...to },
    { ...tried, ...to, begun: { ...request, address: `https://sandbox.example/?${text}` } },
    { ...tried, ...to, result },
    {
      page: 'developer/sign-ins',
      id: 'a-service',
      name: said,
      environment: 'sandbox',
      days: 7,
      choices: [7],
      sources: { eid: said },
      seen: {
        client_id: 'a',
        from: '2026-11-22',
        to: '2026-11-22',
        count: 3,
        days: [{ day: '2026-11-22', count: 3, outcomes: { signed_in: 3 }, p95: 1.5 }],
        sources: [{ name: 'eid', count: 3 }],
        levels: [{ name: 'loa2', count: 3 }],
        outcomes: [{ name: 'signed_in', count: 3 }],
        p95: 1.5,
        answer_p95: 0.2,
        failures: [
          {
            id: '1',
            at: '2026-11-22T10:00:00Z',
            error: text,
            cause: text,
            words: said,
            step: 'token',
            source: 'eid',
            incident: text,
          },
        ],
      },
    },
    {
      page: 'developer/simulator',
      id: 'a-service',
      name: said,
      may: true,
      api: text,
      card: {
        client_id: 'a',
        live: true,
        login_uri: `https://agency.example/?${text}`,
        full: false,
        armed: 'expired',
        results: FAULTS.map(({ id, expects, where }) => ({ fault: id, expects, where, outcome: 'not_run' })),
      },
    },
    {
      page: 'developer/pieces',
      id: 'a-service',
      name: said,
      environment: 'sandbox',
      clientId: text,
      issuer: text,
      from: 'live',
      pieces: [
        {
          id: 'authlib',
          name: text,
          fits: true,
          files: [{ path: text, content: text }],
          how: [{ ...said, command: text }],
        },
        { id: 'mod_auth_openidc', name: text, fits: false, reason: said, files: [], how: [] },
      ],
    },
    {
      page: 'developer/test-people',
      sources: { eid: said },
      people: [
        {
          id: 'an',
          name: text,
          shows: said,
          attributes: { name: text, personal_number: text, birth_place: text },
          accounts: [
            {
              source: 'eid',
              level: 'loa2',
              credentials: [{ kind: 'password', value: text }],
              outcome: 'refused',
              reason: 'person_deceased',
            },
          ],
        },
      ],
    },
  ];
}

const plain = pagesWith('text');
const hostile = pagesWith(HOSTILE);

test.each(plain.map(({ page }, at) => [page, at] as const))('%s (%#) shows hostile values as text', (_name, at) => {
  for (const language of LANGUAGES) {
    const $ = load(renderer.render({ ...plain[at]!, developer } as Page, frameIn(language)));
    const poisoned = load(renderer.render({ ...hostile[at]!, developer } as Page, frameIn(language)));
    expect(poisoned('*')).toHaveLength($('*').length);
    expect(poisoned('script, img, [onerror], [style]')).toHaveLength(0);
    expect(poisoned('a[href^="javascript" i]')).toHaveLength(0);
    expect($('.primary').length).toBeLessThanOrEqual(1);
    expect($('h1')).toHaveLength(1);
    expect($('body').text()).not.toMatch(/undefined|\[object|NaN|Invalid Date/);
  }
});

test('what stands above a previewed consent screen shows hostile values as text', () => {
  const consent = PAGES.get('consent')!;
  const previewing = (text: string) =>
    ({
      ...consent,
      preview: {
        id: 'a-service',
        name: { vi: text, en: text },
        environment: 'sandbox',
        from: 'draft',
        person: 'an',
        people: [{ id: 'an', name: text }],
        source: { vi: text, en: text },
        phone: { vi: text, en: text },
      },
    }) as Page;
  for (const language of LANGUAGES) {
    const [$, poisoned] = ['text', HOSTILE].map((text) => load(renderer.render(previewing(text), frameIn(language))));
    expect(poisoned!('*')).toHaveLength($!('*').length);
    expect(poisoned!('script, [onerror]')).toHaveLength(0);
    expect($!('aside.preview')).toHaveLength(1);
    // The screen itself is as it is without.
    const bare = load(renderer.render(consent, frameIn(language)));
    expect($!('main').html()).toBe(bare('main').html());
  }
});

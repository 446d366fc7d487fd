/** Facts that receipts and archives of tests are made of, with names of people who mean harm. */

import type { PersonalData } from '../../src/citizen/documents/personal-data.ts';
import type { ReceiptFacts } from '../../src/citizen/documents/receipts.ts';
import type { OwnConsent } from '../../src/store.ts';

export const NOW = Date.parse('2026-03-02T03:04:05Z');
const DAY = 86_400_000;
export const ISSUER = 'https://hub.test';
export const HOSTILE = `"><script>alert('x')</script>&\`<img src=x onerror=alert(1)>`;

export function receiptFacts(consent: Partial<OwnConsent> = {}, facts: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    consent: {
      id: 'f2f6a4de-3f0b-4f7e-8f31-0d2b1c8d8a01',
      client: 'stock',
      offered: ['name', 'gender', 'email'],
      granted: ['name', 'email'],
      basis: 'consent',
      from: NOW - DAY,
      to: NOW + 179 * DAY,
      ...consent,
    },
    purpose: { vi: 'Nộp tờ khai', en: 'To file a return' },
    service: { vi: 'Thuế điện tử', en: 'Tax online' },
    agency: { id: 'tax', name: { vi: 'Cơ quan thuế', en: 'Tax authority' } },
    homeUri: 'https://tax.test/',
    sub: 'pairwise-sub-of-tax',
    claims: { name: ['name'], gender: ['gender'], email: ['email', 'email_verified'] },
    optionalItems: ['gender', 'email'],
    hub: { issuer: ISSUER, contact: '1900 0000', page: `${ISSUER}/me/consents` },
    ...facts,
  };
}

/** Everything there can be, each once. */
export function personalData(receipt: string, text = HOSTILE): PersonalData {
  const at = new Date(NOW).toISOString();
  const words = { vi: text, en: text };
  const { id, client, offered, granted, basis } = receiptFacts().consent;
  return {
    who: {
      attributes: { name: text, place_of_birth: { locality: text }, nationalities: ['VNM'] },
      personal_numbers: ['079090000011'],
      register_confirmed_at: at,
    },
    ways: [
      {
        source: 'tax-code',
        name: words,
        level: 'loa2',
        state: 'active',
        account: text,
        how: 'number',
        first_at: at,
        last_at: at,
      },
    ],
    blocks: [{ source: '*', reason: 'not_me', at, case: '2345-ABCD' }],
    contacts: [{ kind: 'mail', address: text, language: 'vi', confirmed_at: at }],
    consents: [
      {
        id,
        client,
        agency: { id: 'tax', name: words },
        service: words,
        purpose: words,
        basis,
        offered,
        granted,
        from: at,
        to: at,
        end_reason: 'withdrawn',
        used_at: at,
        receipt,
      },
    ],
    subjects: [{ agency: 'tax', name: words, sub: 'pairwise-sub-of-tax' }],
    history: [
      {
        id: 'e1',
        at,
        kind: 'claims_released',
        text: words,
        agency: text,
        source: 'tax-code',
        level: 'loa2',
        claims: ['name', text],
        purpose: text,
        device: 'd1',
        detail: { client: text },
      },
    ],
    devices: [
      {
        id: 'd1',
        label: { browser: text, system: text, form: 'mobile', shared: true },
        known: true,
        first_at: at,
        last_at: at,
      },
    ],
    alerts: [
      { id: 'a1', kind: 'device', at, client: text, source: 'tax-code', device: 'd1', expires_at: at, used_at: at },
    ],
    sessions: [{ began_at: at, source: 'tax-code', level: 'loa2', agencies: [text], current: true }],
    cases: [
      {
        number: '12345678',
        kind: 'correct',
        state: 'answered',
        content: { said: text, [text]: [text] },
        answer: text,
        opened_at: at,
        acknowledge_by: at,
        answer_by: at,
        acknowledged_at: at,
        answered_at: at,
      },
    ],
    waiting_changes: [{ id: 'c1', kind: 'unlink', detail: { link: text }, requested_at: at, due_at: at }],
    reviews: [
      {
        id: 'r1',
        kind: 'ambiguous',
        source: 'tax-code',
        state: 'decided',
        decision: 'dismiss',
        opened_at: at,
        decided_at: at,
      },
    ],
    developer_accounts: [
      {
        account: text,
        name: text,
        address: text,
        language: 'vi',
        at,
        agencies: [text],
        tokens: [{ id: 't1', name: text, at, expires_at: at, used_at: at }],
      },
    ],
  };
}

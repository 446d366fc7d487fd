/**
 * Owns the one table of everything that can go wrong: each error is a stable code with what the browser, the agency and
 * the log are told. Code and tests switch on codes, never on wording; the wording stands by language in `views/texts`.
 */

import type { Localised } from '../views/pages.ts';
import { errorsInEnglish } from '../views/texts/errors.en.ts';
import { errorsInVietnamese } from '../views/texts/errors.vi.ts';

/** How loudly the log speaks: a citizen's own doing, something worth a look, something to be mended. */
export type Severity = 'info' | 'warn' | 'error';

interface Row {
  /** HTTP status of the page or answer. */
  readonly status: number;
  /** Error code the agency receives when the request ends here; absent when the agency must not or cannot be told. */
  readonly oauth?: string;
  readonly severity: Severity;
}

const DENIED = { status: 403, oauth: 'access_denied', severity: 'info' } as const;
const SUSPICIOUS = { status: 403, oauth: 'access_denied', severity: 'warn' } as const;
const DOWN = { status: 503, oauth: 'temporarily_unavailable', severity: 'error' } as const;
const UNREADABLE = { status: 400, severity: 'warn' } as const;
/** The hub does not start: nobody is served, the operator reads the text on the terminal. */
const STARTUP = { status: 500, severity: 'error' } as const;

const ROWS = {
  // Identity: which person is this? In the order in which they apply (ARCHITECTURE: Identity).
  not_a_person: DENIED,
  needs_second_source: DENIED,
  register_unavailable: DOWN,
  person_not_found: DENIED,
  ambiguous: SUSPICIOUS,
  identity_mismatch: SUSPICIOUS,
  account_changed: SUSPICIOUS,
  person_deceased: SUSPICIOUS,
  guardian_required: DENIED,
  person_locked: SUSPICIOUS,
  source_blocked: DENIED,
  source_suspended: SUSPICIOUS,
  link_too_weak: DENIED,

  // The source's own.
  source_cancelled: DENIED,
  source_timeout: DENIED,
  source_account_locked: DENIED,
  source_unavailable: { ...DOWN, severity: 'warn' },
  source_answer_invalid: { ...SUSPICIOUS, status: 502 },
  source_not_allowed: DENIED,
  phone_absent: DENIED,
  delivery_error: DENIED,
  sim_error: DENIED,
  signature_invalid: SUSPICIOUS,
  not_a_subscriber: DENIED,
  certificate_revoked: DENIED,
  certificate_expired: DENIED,
  certificate_not_trusted: SUSPICIOUS,
  certificate_not_yet_valid: DENIED,
  certificate_purpose: DENIED,
  certificate_policy: DENIED,
  certificate_unknown: SUSPICIOUS,
  certificate_status_unknown: { ...DOWN, severity: 'warn' },

  // The path of a sign-in.
  other_browser: UNREADABLE,
  request_expired: { status: 400, severity: 'info' },
  client_unknown: { ...UNREADABLE, oauth: 'invalid_client' },
  client_suspended: { status: 403, severity: 'info' },
  redirect_uri_unknown: UNREADABLE,
  request_invalid: { ...UNREADABLE, oauth: 'invalid_request' },
  cross_site_request: { status: 403, severity: 'warn' },
  too_weak: { status: 403, oauth: 'unmet_authentication_requirements', severity: 'info' },
  another_person: SUSPICIOUS,
  consent_refused: DENIED,
  sign_out_invalid: { ...UNREADABLE, oauth: 'invalid_request' },

  // The citizen's page.
  sign_in_needed: { status: 401, severity: 'info' },
  stronger_sign_in_needed: { status: 403, severity: 'info' },
  form_outdated: { status: 403, severity: 'warn' },
  last_way: { status: 409, severity: 'info' },
  source_in_use: { status: 409, severity: 'info' },
  contact_invalid: { status: 400, severity: 'info' },
  contact_code_wrong: { status: 400, severity: 'info' },
  contact_code_expired: { status: 400, severity: 'info' },
  contact_code_limit: { status: 429, severity: 'warn' },
  link_used: { status: 410, severity: 'info' },
  erasure_held: { status: 409, severity: 'info' },
  change_gone: { status: 409, severity: 'info' },
  no_contact: { status: 409, severity: 'info' },
  too_many_cases: { status: 409, severity: 'info' },
  withdrawal_not_possible: { status: 409, severity: 'info' },

  // The developer console.
  session_needed: { status: 403, severity: 'info' },
  scope_missing: { status: 403, severity: 'warn' },
  role_too_small: { status: 403, severity: 'info' },
  introduction_needed: { status: 403, severity: 'info' },
  settings_invalid: { status: 422, severity: 'info' },
  logo_refused: { status: 422, severity: 'info' },
  edited_meanwhile: { status: 409, severity: 'info' },
  id_taken: { status: 409, severity: 'info' },
  last_owner: { status: 409, severity: 'info' },
  invitation_gone: { status: 410, severity: 'info' },
  credential_limit: { status: 409, severity: 'info' },
  limit_reached: { status: 409, severity: 'warn' },
  not_ready_for_production: { status: 409, severity: 'info' },
  own_submission: { status: 403, severity: 'warn' },
  not_possible_now: { status: 409, severity: 'info' },

  // The edge and the machinery.
  store_unavailable: DOWN,
  internal_error: { status: 500, oauth: 'server_error', severity: 'error' },
  not_found: { status: 404, severity: 'info' },
  method_not_allowed: { status: 405, severity: 'info' },
  too_large: { status: 413, oauth: 'invalid_request', severity: 'warn' },
  too_many_requests: { status: 429, oauth: 'temporarily_unavailable', severity: 'warn' },

  // Why the hub does not start.
  configuration_invalid: STARTUP,
  port_taken: STARTUP,
  store_locked: STARTUP,
  store_newer: STARTUP,
  store_unreadable: STARTUP,
  keys_missing: STARTUP,
  keys_invalid: STARTUP,
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof ROWS;
export const ERROR_CODES = Object.keys(ROWS) as readonly ErrorCode[];

/** What a citizen is told: what happened, why, and what to do next. Never anything about a person. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
  readonly next: string;
}

/**
 * What the texts may name: `source` is the way to sign in (MobileID), `authority` the agency behind it, `age` the age
 * under which a guardian is needed. Each has neutral words for when it is not given.
 */
export type ErrorValues = Readonly<Partial<Record<'source' | 'authority' | 'age', Localised>>>;

export interface HubError extends Row {
  readonly code: ErrorCode;
  readonly title: Localised;
  readonly text: Localised;
  readonly next: Localised;
}

const TABLE = new Map<string, HubError>(
  ERROR_CODES.map((code) => {
    const vi = errorsInVietnamese[code];
    const en = errorsInEnglish[code];
    return [
      code,
      {
        code,
        ...ROWS[code],
        title: { vi: vi.title, en: en.title },
        text: { vi: vi.text, en: en.text },
        next: { vi: vi.next, en: en.next },
      },
    ];
  }),
);

/** The table's row for a code; its texts still carry their `{source}`, `{authority}` and `{age}`. */
export function errorOf(code: ErrorCode): HubError {
  return TABLE.get(code)!;
}

/** Whether a string is a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return TABLE.has(code);
}

/** A step that cannot go on, thrown as a value of the table. `cause` goes to the log, never to a page. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly values: ErrorValues;

  constructor(code: ErrorCode, values: ErrorValues = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.values = values;
  }
}

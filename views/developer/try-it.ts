/** Owns what trying a service shows: the request, and everything that came back. */
import type { Localised } from '../pages.ts';

/** One parameter or claim; objects as JSON. */
export interface ShownValue {
  readonly name: string;
  readonly value: string;
  /** Where it is a moment: the same, ISO 8601. */
  readonly moment?: string;
}

/** A request as it goes to the issuer. */
export interface ShownRequest {
  readonly endpoint: string;
  /** Went to `/par` first; only its `request_uri` stands in the address. */
  readonly pushed: boolean;
  readonly parameters: readonly ShownValue[];
}

/** Something that a service has to hold against what it knows. */
export const TRIAL_CHECKS = [
  'state',
  'answer_issuer',
  'algorithm',
  'signature',
  'issuer',
  'audience',
  'nonce',
  'expiry',
  'issued',
  'level',
  'age',
  'subject',
] as const;
export type TrialCheck = (typeof TRIAL_CHECKS)[number];

/** What has become of one sign-in. What is absent it has not come to. */
export interface TrialResult {
  readonly request: ShownRequest;
  readonly answer?: { readonly address: string; readonly parameters: readonly ShownValue[] };
  readonly error?: {
    /** Where it came: at `/par`, at the redirect address, at an endpoint, or found by the checks of the library. */
    readonly at: 'pushed' | 'answer' | 'token' | 'userinfo' | 'checks';
    readonly error: string;
    readonly description?: string;
  };
  readonly tokens?: { readonly status: number; readonly members: readonly ShownValue[] };
  readonly idToken?: { readonly header: readonly ShownValue[]; readonly claims: readonly ShownValue[] };
  readonly userinfo?: { readonly claims: readonly ShownValue[] };
  readonly checks: readonly { readonly check: TrialCheck; readonly passed: boolean }[];
  /** Whether nobody can use the access token any more. */
  readonly revoked: boolean;
}

export interface TryItPage {
  readonly page: 'developer/try-it';
  readonly id: string;
  readonly name: Localised;
  /** Whether there is anything to try. */
  readonly live: boolean;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly minimum: string;
  /** A request that has been made and waits to be sent. */
  readonly begun?: ShownRequest & { readonly address: string };
  readonly result?: TrialResult;
  /** A result that was shown before. */
  readonly gone: boolean;
}

/**
 * Owns what a developer is told of why something failed: short stable codes. What the OpenID library says in words is looked
 * up, never repeated: some of it quotes what was sent. What is known of a person behind a refusal is not told at all.
 */
import type { ErrorCode } from '../errors.ts';
import type { Step } from './sightings.ts';

/** What an error of the library may carry. */
export interface LibraryError {
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly error_detail?: string | undefined;
  readonly cause?: unknown;
}

/** The library's words from their beginning, and our code; the first that fits. */
const CAUSES = [
  // The authorization request.
  [/^redirect_uri did not match/, 'redirect_uri_unknown'],
  [/^missing required parameters? .*\bredirect_uri\b/, 'redirect_uri_missing'],
  [/^missing required parameters? .*\bcode\b/, 'code_missing'],
  [/^missing required parameters? /, 'parameter_missing'],
  [/ must not be provided twice$/, 'parameter_twice'],
  [/^(Authorization Server policy requires PKCE|code_challenge must be provided)/, 'code_challenge_missing'],
  [/^(code_challenge_method must|not supported value of code_challenge_method)/, 'code_challenge_method_wrong'],
  [/^code_challenge /, 'code_challenge_invalid'],
  [/^(requested )?scope|^openid scope|^the scope openid/, 'scope_invalid'],
  [/^no way to sign in that this service accepts/, 'acr_values_unmet'],
  [/^unsupported response_type|^requested response_type/, 'response_type_unsupported'],
  [/^unsupported response_mode|^requested response_mode/, 'response_mode_unsupported'],
  [/^unsupported prompt|^prompt none/, 'prompt_invalid'],
  [/^invalid max_age/, 'max_age_invalid'],
  [/^could not parse the claims|^claims[ .]|^verified_claims/, 'claims_invalid'],
  [/^could not validate id_token_hint/, 'id_token_hint_invalid'],
  [/^Pushed Authorization Request must be used/, 'pushed_request_required'],
  [/^(invalid request_uri|request_uri )/, 'request_uri_expired'],
  [/^too many requests/, 'too_many_requests'],
  // The proof of the client.
  [/^the provided authentication mechanism does not match/, 'client_authentication_method_wrong'],
  [/^no client authentication mechanism/, 'client_authentication_missing'],
  [/^client authentication must only be provided using one/, 'client_authentication_twice'],
  [/^(invalid authorization header|client_id and client_secret in the)/, 'authorization_header_invalid'],
  [/^(invalid secret provided|client_secret must be provided)/, 'client_secret_wrong'],
  [/^could not authenticate the client - its client secret/, 'client_secret_expired'],
  // It is registered, or nobody would be told: it is nobody while it is suspended.
  [/^client not found/, 'client_suspended'],
  [/^client_id mismatch/, 'client_id_mismatch'],
  [/^client_assertion_type must/, 'client_assertion_type_wrong'],
  [/^(alg mismatch|Unsupported "alg")/, 'assertion_algorithm_wrong'],
  [/^(aud|audience|list of audience) /, 'assertion_audience_wrong'],
  [/^iss \(JWT issuer\)/, 'assertion_issuer_wrong'],
  [/^sub \(JWT subject\)/, 'assertion_subject_missing'],
  [/^unique jti/, 'assertion_jti_missing'],
  [/^client assertion tokens must only be used once/, 'assertion_used'],
  [/^(jwt expired|expiration must be specified)/, 'assertion_expired'],
  [/^client assertion expires too far/, 'assertion_lives_too_long'],
  [/^(client assertion was issued in the future|jwt (not active yet|issued in the future))/, 'assertion_of_the_future'],
  [/^no applicable key found/, 'assertion_key_unknown'],
  [/^signature verification failed/, 'assertion_signature_wrong'],
  [/^(invalid_client_metadata|client JSON Web Key Set)/, 'jwks_unusable'],
  [/^(invalid client_assertion format|Invalid JWT|Failed to (decode|parse)|invalid \w+ value)/, 'assertion_invalid'],
  // The code.
  [/^(unsupported grant_type|requested grant type)/, 'grant_type_unsupported'],
  [/^authorization code not found/, 'code_unknown'],
  [/^authorization code is expired/, 'code_expired'],
  [/^(authorization code )?already consumed/, 'code_used'],
  [/^client mismatch/, 'code_of_another_client'],
  [/^authorization code redirect_uri mismatch/, 'redirect_uri_mismatch'],
  [/^code_verifier must be provided/, 'code_verifier_missing'],
  [/^code_verifier /, 'code_verifier_wrong'],
  [/^(the session or the consent behind|grant (not found|is expired))/, 'sign_in_ended'],
  [/^(missing DPoP|DPoP|invalid DPoP|nonce is required in the DPoP|invalid nonce in DPoP)/, 'dpop_proof_wrong'],
  [/^(failed to parse the request body|only application\/)/, 'body_invalid'],
] as const satisfies readonly (readonly [RegExp, string])[];

/** Where the words say nothing, the error itself may. */
const BY_ERROR = {
  invalid_redirect_uri: 'redirect_uri_unknown',
  invalid_dpop_proof: 'dpop_proof_wrong',
  invalid_scope: 'scope_invalid',
  request_not_supported: 'request_object_unsupported',
  request_uri_not_supported: 'request_uri_unsupported',
  registration_not_supported: 'registration_unsupported',
  unsupported_response_type: 'response_type_unsupported',
  unsupported_response_mode: 'response_mode_unsupported',
  unsupported_grant_type: 'grant_type_unsupported',
} as const;

/** Told in place of why a person was not identified: that is between them and the registers (login/outcome.ts). */
export const NOT_IDENTIFIED = 'not_identified';

/** Causes that are not codes of errors.ts. */
export type ProtocolCause =
  | (typeof CAUSES)[number][1]
  | (typeof BY_ERROR)[keyof typeof BY_ERROR]
  | typeof NOT_IDENTIFIED
  | 'other';

/** The form of an error as OAuth 2.0, OpenID Connect and their extensions name it. */
const STANDARD_ERROR = /^[a-z]+(_[a-z]+){1,4}$/;

/** Why the library refused something, as one of our codes; `other` for what is not known. */
export function causeOf(error: LibraryError): ProtocolCause {
  const { cause } = error;
  const said = [error.error_detail, cause instanceof Error ? cause.message : undefined, error.error_description];
  for (const words of said) {
    if (typeof words !== 'string') continue;
    const found = CAUSES.find(([pattern]) => pattern.test(words));
    if (found) return found[1];
  }
  return (BY_ERROR as Readonly<Record<string, ProtocolCause>>)[error.error ?? ''] ?? 'other';
}

/** The error as the agency is told it; `invalid_request` for what has not the form of one. */
export function standardError({ error }: LibraryError): string {
  return error !== undefined && error.length <= 60 && STANDARD_ERROR.test(error) ? error : 'invalid_request';
}

/** Every code by which `causeOf` tells something. */
export const LIBRARY_CAUSES: readonly ProtocolCause[] = [
  ...new Set<ProtocolCause>([...CAUSES.map(([, cause]) => cause), ...Object.values(BY_ERROR), 'other']),
];

const OF_PERSON: ReadonlySet<string> = new Set<ErrorCode>([
  'not_a_person',
  'needs_second_source',
  'person_not_found',
  'ambiguous',
  'identity_mismatch',
  'account_changed',
  'person_deceased',
  'guardian_required',
  'person_locked',
  'source_blocked',
  'source_suspended',
  'link_too_weak',
]);

const STEP_OF: Readonly<Partial<Record<ErrorCode, Step>>> = {
  source_not_allowed: 'choose',
  register_unavailable: 'identify',
  too_weak: 'assure',
  another_person: 'assure',
  consent_refused: 'consent',
};

/** A refusal of the sign-in itself, as a developer may know it. */
export function refusalOf(code: ErrorCode): { readonly cause: string; readonly step: Step } {
  if (OF_PERSON.has(code)) return { cause: NOT_IDENTIFIED, step: 'identify' };
  return { cause: code, step: STEP_OF[code] ?? 'prove' };
}

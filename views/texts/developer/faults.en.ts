/** Owns the English words of the fault simulator. */
import type { faultsInVietnamese } from './faults.vi.ts';

export const faultsInEnglish: typeof faultsInVietnamese = {
  fault: {
    wrong_issuer: {
      name: 'Wrong issuer',
      wrong: 'iss in the id token is another issuer.',
      should: 'Refuse: take only an iss that equals the issuer of the discovery document.',
      libraries:
        'OpenID Connect Core 3.1.3.7, rule 2. openid-client: unexpected JWT "iss"; Authlib: invalid_claim "iss".',
    },
    wrong_audience: {
      name: 'Wrong audience',
      wrong: 'aud in the id token is another service.',
      should: 'Refuse: an id token has to be for the client_id of the service itself.',
      libraries:
        'OpenID Connect Core 3.1.3.7, rule 3. openid-client: unexpected JWT "aud"; Authlib: invalid_claim "aud".',
    },
    wrong_nonce: {
      name: 'Wrong nonce',
      wrong: 'nonce in the id token is not the nonce that was sent.',
      should: 'Refuse: compare nonce with the value kept for this very browser.',
      libraries:
        'OpenID Connect Core 3.1.3.7, rule 11. openid-client: expectedNonce; Authlib: nonce of parse_id_token; mod_auth_openidc checks it by itself.',
    },
    expired: {
      name: 'Expired',
      wrong: 'exp of the id token passed an hour ago.',
      should: 'Refuse: take only id tokens that have not ended; a few seconds between clocks are enough.',
      libraries: 'OpenID Connect Core 3.1.3.7, rule 9. openid-client: unexpected JWT "exp"; Authlib: expired_token.',
    },
    wrong_signature: {
      name: 'Wrong signature',
      wrong: 'The id token names the right key and algorithm, but another key has signed it.',
      should:
        'Refuse: verify the signature with the key from jwks_uri, also when the id token comes straight from /token.',
      libraries:
        'OpenID Connect Core 3.1.3.7, rule 6. openid-client verifies it only with enableNonRepudiationChecks; Authlib: bad_signature.',
    },
    wrong_algorithm: {
      name: 'Wrong algorithm',
      wrong: 'The id token is signed by HS256 with the public key as its secret: anybody can make one.',
      should: 'Refuse: take only the registered algorithm, never the alg that a token claims for itself.',
      libraries:
        'OpenID Connect Core 3.1.3.7, rule 7; RFC 8725, section 3.1. openid-client: id_token_signed_response_alg; Authlib: name the algorithms; mod_auth_openidc: OIDCIDTokenSignedResponseAlg.',
    },
    unknown_key: {
      name: 'Unknown key',
      wrong: 'kid of the id token is not at jwks_uri, and a key that nobody published has signed it.',
      should: 'Fetch the keys once more, and refuse when it is still not there.',
      libraries:
        'OpenID Connect Core 10.1. openid-client looks only with enableNonRepudiationChecks: no applicable keys found.',
    },
    acr_too_low: {
      name: 'Level too low',
      wrong: 'acr in the id token is below the level that the service requires.',
      should: 'Refuse, or go back at once to ask for your level: compare acr with it. It is one line of your own code.',
      libraries: 'OpenID Connect Core 3.1.3.7, rule 12. Nearly all libraries leave it to the service.',
    },
    access_denied: {
      name: 'The citizen does not agree',
      wrong: 'Instead of a code the browser brings error=access_denied, with state and iss.',
      should: 'Say that nobody is signed in, leave the button where it is, and do not call /token.',
      libraries: 'RFC 6749, section 4.1.2.1. openid-client: AuthorizationResponseError; Authlib: OAuthError.',
    },
    temporarily_unavailable: {
      name: 'Temporarily unavailable',
      wrong: 'Instead of a code the browser brings error=temporarily_unavailable, with state and iss.',
      should: 'Ask the citizen to come back in a few minutes, and do not call /token.',
      libraries: 'RFC 6749, section 4.1.2.1. openid-client: AuthorizationResponseError; Authlib: OAuthError.',
    },
    rotated_key: {
      name: 'A key that has just changed',
      wrong: 'Nothing is wrong: a new key has signed the id token, and is at jwks_uri from this moment.',
      should: 'Sign in: fetch the keys again for a kid you do not know. Many libraries do so once a minute at most.',
      libraries:
        'OpenID Connect Core 10.1.1. mod_auth_openidc fetches them at once, openid-client when those it has are a minute old (the ready piece: at once).',
    },
    slow_answer: {
      name: 'A slow answer',
      wrong: 'Nothing is wrong: /token answers rightly, but after four seconds.',
      should: 'Sign in: wait for ten seconds at least, and do not send the code a second time.',
      libraries:
        'openid-client: timeout; Authlib: timeout of httpx or requests; mod_auth_openidc: OIDCHTTPTimeoutLong.',
    },
  },
  outcome: {
    not_run: 'Not tried yet',
    waiting: 'Looking what the service does',
    passed: 'Passed',
    failed: 'Failed',
    undecided: 'Undecided',
  },
  reason: {
    token_used: 'The service went on to use the access token: it had accepted the faulty id token.',
    token_not_used: 'The service did not use the access token in time, though nothing was wrong with this sign-in.',
    tokens_requested: 'The service came for tokens although it had been told of an error instead of a code.',
    asked_again:
      'The service looked at the level only after /userinfo, but went back at once to ask for the level it needs.',
    no_baseline:
      'The last good sign-in did not call /userinfo, so that this one did not says nothing. Sign in once without a fault, then try again.',
  },
  expects: { refusal: 'Has to refuse', success: 'Has to sign in' },
  where: {
    authorization: 'The answer at redirect_uri',
    id_token: 'The id token',
    'token endpoint': 'The token endpoint',
    keys: 'The keys at jwks_uri',
  },
};

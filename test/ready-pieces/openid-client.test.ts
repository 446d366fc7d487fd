/** The ready piece with openid-client, run as it is against a hub. */
import { pieceSignsIn } from './signs-in.ts';

pieceSignsIn('openid-client', [
  { name: 'secret', settings: {}, secret: 'basic' },
  {
    name: 'key, PAR, ECDH-ES',
    settings: {
      require_pushed_authorization_requests: true,
      id_token_encrypted_response_alg: 'ECDH-ES',
      userinfo_encrypted_response_alg: 'ECDH-ES',
    },
  },
  {
    name: 'posted secret, RSA-OAEP-256, loa2',
    secret: 'post',
    settings: {
      minimum_acr: 'loa2',
      id_token_signed_response_alg: 'PS256',
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
      userinfo_signed_response_alg: 'RS256',
    },
  },
]);

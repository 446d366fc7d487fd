/** The ready piece for Apache, run as it is against a hub. */
import { pieceSignsIn } from './signs-in.ts';

pieceSignsIn('mod_auth_openidc', [
  { name: 'secret', settings: {}, secret: 'basic' },
  { name: 'key, signed userinfo', settings: { userinfo_signed_response_alg: 'ES256' } },
  {
    name: 'posted secret, loa2, RS256',
    secret: 'post',
    settings: { minimum_acr: 'loa2', id_token_signed_response_alg: 'RS256' },
  },
]);

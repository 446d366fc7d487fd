"""Owns opening an encrypted answer of the hub as an agency that writes Python would: with Authlib, or with jwcrypto.

One JSON object on standard input: `library`, `answer` (a JWE), `key` (the agency's private JWK), `algorithm`, `keys` (the
hub's key set), `signed` (its algorithm), `issuer`, `audience`. The claims come out as JSON.
"""

import json
import sys


def with_authlib(asked):
    from authlib.jose import JsonWebEncryption, JsonWebKey, JsonWebToken

    encryption = JsonWebEncryption([asked["algorithm"], "A256GCM"])
    opened = encryption.deserialize_compact(asked["answer"], JsonWebKey.import_key(asked["key"]))
    options = {
        "iss": {"essential": True, "value": asked["issuer"]},
        "aud": {"essential": True, "value": asked["audience"]},
    }
    keys = JsonWebKey.import_key_set(asked["keys"])
    claims = JsonWebToken([asked["signed"]]).decode(opened["payload"], keys, claims_options=options)
    claims.validate()
    return dict(claims)


def with_jwcrypto(asked):
    from jwcrypto import jwk, jwt

    key = jwk.JWK(**asked["key"])
    opened = jwt.JWT(key=key, jwt=asked["answer"], algs=[asked["algorithm"], "A256GCM"])
    keys = jwk.JWKSet.from_json(json.dumps(asked["keys"]))
    wanted = {"iss": asked["issuer"], "aud": asked["audience"], "exp": None}
    inner = jwt.JWT(key=keys, jwt=opened.claims, algs=[asked["signed"]], check_claims=wanted)
    return json.loads(inner.claims)


asked = json.load(sys.stdin)
print(json.dumps({"authlib": with_authlib, "jwcrypto": with_jwcrypto}[asked["library"]](asked)))

"""ID tokens of the stand-in issuers: sound ones, and ones that are wrong in one way, as an attacker would make them."""

import base64
import hashlib
import hmac
import json
import secrets
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey


class Twist(StrEnum):
    """How the next ID token is wrong."""

    WRONG_AUD = "wrong_aud"
    AZP_ONLY = "azp_only"
    """Made for another client, with us as the authorized party: what Authlib lets through by itself."""
    TWO_AUDS = "two_auds"
    WRONG_AZP = "wrong_azp"
    WRONG_ISS = "wrong_iss"
    NO_SUB = "no_sub"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    WRONG_NONCE = "wrong_nonce"
    NO_NONCE = "no_nonce"
    WRONG_AT_HASH = "wrong_at_hash"
    ALG_NONE = "alg_none"
    HS256_BY_PUBLIC_KEY = "hs256_by_public_key"
    FOREIGN_KEY = "foreign_key"
    """The issuer's key by name, somebody else's signature."""
    KEY_IN_HEADER = "key_in_header"
    """Signed by a key that the token brings along."""
    UNKNOWN_KEY = "unknown_key"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - the name of a fault


def new_key() -> RSAKey:
    """A key pair with a name of its own."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(8)}, private=True)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 4.2)."""
    return _coded(hashlib.sha256(verifier.encode()).digest())


def half_hash(value: str) -> str:
    """`at_hash` for RS256: the left half of the SHA-256."""
    return _coded(hashlib.sha256(value.encode()).digest()[:16])


def id_token(claims: dict[str, Any], key: RSAKey, twist: Twist | None) -> str:
    """The claims, signed by `key`, and spoilt as `twist` says."""
    claims = _spoilt(claims, twist)
    header: dict[str, Any] = {"alg": "RS256", "typ": "JWT", "kid": key.kid}
    if twist is Twist.ALG_NONE:
        return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."
    if twist is Twist.HS256_BY_PUBLIC_KEY:
        # By hand: the library refuses to take a public key for a shared secret, as every reader should.
        signed = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
        return f"{signed}.{_coded(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"
    if twist in {Twist.FOREIGN_KEY, Twist.KEY_IN_HEADER, Twist.UNKNOWN_KEY}:
        key = new_key()
        if twist is not Twist.FOREIGN_KEY:
            header["kid"] = key.kid
        if twist is Twist.KEY_IN_HEADER:
            header["jwk"] = key.as_dict(private=False)
    return jwt.encode(header, claims, key, algorithms=["RS256"])


def _spoilt(claims: dict[str, Any], twist: Twist | None) -> dict[str, Any]:
    if twist is None:
        return claims
    ours = claims["aud"]
    changes: dict[Twist, dict[str, Any]] = {
        Twist.WRONG_AUD: {"aud": "another-client", "azp": "another-client"},
        Twist.AZP_ONLY: {"aud": "another-client", "azp": ours},
        Twist.TWO_AUDS: {"aud": [ours, "another-client"], "azp": ours},
        Twist.WRONG_AZP: {"azp": "another-client"},
        Twist.WRONG_ISS: {"iss": "https://issuer.invalid"},
        Twist.EXPIRED: {"iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600},
        Twist.FROM_THE_FUTURE: {"iat": claims["iat"] + 3600, "exp": claims["exp"] + 3600},
        Twist.WRONG_NONCE: {"nonce": "of-another-sign-in"},
        Twist.WRONG_AT_HASH: {"at_hash": half_hash("another access token")},
    }
    left_out = {Twist.NO_SUB: "sub", Twist.NO_NONCE: "nonce"}.get(twist)
    changed = {**claims, **changes.get(twist, {})}
    return {name: value for name, value in changed.items() if name != left_out}


def _part(value: dict[str, Any]) -> str:
    return _coded(json.dumps(value).encode())


def _coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

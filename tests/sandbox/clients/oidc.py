"""Signing in by requests-oauthlib, with ID tokens read by PyJWT: none of it is what the shop itself uses."""

import base64
import hashlib
import json
import os
import sys
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

BASE, SERVICE, CLIENT, SECRET, SCOPE = sys.argv[1:6]
TWISTS = sys.argv[6:]
BACK = "http://127.0.0.1:1/callback"
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def found() -> dict[str, str]:
    """What discovery says."""
    answer = requests.get(f"{BASE}/{SERVICE}/.well-known/openid-configuration", timeout=10)
    told: dict[str, str] = answer.json()
    return told


def asked(session: OAuth2Session, place: dict[str, str], nonce: str, act: str = "allow") -> str:
    """Where the browser is sent after somebody pressed a button of the provider's page."""
    address, _ = session.authorization_url(place["authorization_endpoint"], nonce=nonce)
    who = {"email": "oksana@example.com"} if SERVICE == "google" else {"subject": "777"}
    form = {**dict(parse_qsl(urlsplit(address).query)), "act": act, **who}
    sent = requests.post(place["authorization_endpoint"], data=form, allow_redirects=False, timeout=10)
    return sent.headers["location"]


def session(pkce: str | None = "S256") -> OAuth2Session:
    """A client with a state and a verifier of its own."""
    return OAuth2Session(CLIENT, redirect_uri=BACK, scope=SCOPE.split(), pkce=pkce)


def signed_in(place: dict[str, str], keys: jwt.PyJWKClient, nonce: str) -> dict[str, object]:
    """The claims of a whole sign-in, held to everything that OpenID Connect Core 3.1.3.7 asks for."""
    client = session()
    token = client.fetch_token(
        place["token_endpoint"],
        authorization_response=asked(client, place, nonce),
        auth=HTTPBasicAuth(CLIENT, SECRET),
        include_client_id=False,
    )
    given = token["id_token"]
    key = keys.get_signing_key_from_jwt(given)
    required = ["iss", "sub", "aud", "exp", "iat", "nonce"]
    claims: dict[str, object] = jwt.decode(
        given, key, algorithms=["RS256"], audience=CLIENT, issuer=place["issuer"], options={"require": required}
    )
    if claims["nonce"] != nonce:
        raise jwt.InvalidTokenError("nonce")
    if claims.get("azp") not in (None, CLIENT):
        raise jwt.InvalidTokenError("azp")
    half = base64.urlsafe_b64encode(hashlib.sha256(token["access_token"].encode()).digest()[:16]).rstrip(b"=")
    if claims["at_hash"] != half.decode():
        raise jwt.InvalidTokenError("at_hash")
    return claims


def refused(pkce: str | None = "S256", act: str = "allow", secret: str = SECRET, times: int = 1) -> str:
    """The error that the client is told."""
    place, client = found(), session(pkce)
    try:
        back = asked(client, place, "n", act)
        for _ in range(times):
            client.fetch_token(place["token_endpoint"], authorization_response=back, auth=HTTPBasicAuth(CLIENT, secret))
    except OAuth2Error as error:
        return str(error.error)
    return "no error"


def spoilt(place: dict[str, str], keys: jwt.PyJWKClient, twist: str) -> str:
    """What the client makes of a token that is wrong in one way."""
    switch = json.dumps({"service": SERVICE, "fault": twist, "times": 1})
    sent = requests.post(f"{BASE}/faults", switch, headers={"content-type": "application/json"}, timeout=10)
    sent.raise_for_status()
    try:
        signed_in(place, keys, "the-nonce")
    except (jwt.PyJWTError, KeyError) as error:
        return type(error).__name__
    return "taken"


def main() -> None:
    place = found()
    keys = jwt.PyJWKClient(place["jwks_uri"])
    claims = signed_in(place, keys, "the-nonce")
    told = {
        "claims": {name: claims.get(name) for name in ("iss", "aud", "azp", "sub", "email", "name", "nonce")},
        "lives": claims["exp"] > claims["iat"],  # type: ignore[operator]
        "refusals": {
            "no": refused(act="deny"),
            "twice": refused(times=2),
            "secret": refused(secret="guess"),
            "no challenge": refused(pkce=None),
        },
        "spoilt": {twist: spoilt(place, keys, twist) for twist in TWISTS},
    }
    print(json.dumps(told))


main()

"""What providers of sign-in answer fits the standard: every answer and every refusal."""

from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.sandbox import shapes
from tests.sandbox.shapes.held import HOST, VERIFIER, fits

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("service", "client"), [("google", "sandbox.apps.example"), ("telegram-id", "1000001")])
async def test_an_issuer_answers_as_the_standard_has_it(web: httpx2.AsyncClient, service: str, client: str) -> None:
    found = fits(shapes.issuer.Discovery, await web.get(f"/{service}/.well-known/openid-configuration"))
    assert found["issuer"] == f"{HOST}/{service}"
    fits(shapes.issuer.Keys, await web.get(found["jwks_uri"]))
    asked = {
        "client_id": client, "redirect_uri": "http://shop.test/back", "response_type": "code", "scope": "openid",
        "state": "s", "nonce": "n", "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256", "act": "allow",
    }  # fmt: skip
    sent = await web.post(found["authorization_endpoint"], data=asked)
    back = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert set(back) == {"code", "scope", "state", "iss"}
    exchange = {
        "grant_type": "authorization_code", "code": back["code"], "redirect_uri": asked["redirect_uri"],
        "code_verifier": VERIFIER, "client_id": client, "client_secret": "sandbox-client-secret",
    }  # fmt: skip
    given = await web.post(found["token_endpoint"], data=exchange)
    fits(shapes.issuer.Tokens, given)
    assert given.headers["cache-control"] == "no-store"
    for changes, status in (({}, 400), ({"grant_type": "x"}, 400), ({"client_secret": "x"}, 401)):
        fits(shapes.issuer.OAuthError, await web.post(found["token_endpoint"], data=exchange | changes), status)

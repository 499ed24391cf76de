"""The stand-in issuers, asked by a client that knows nothing of this shop, and by ones that break the rules."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import InvalidClaimError, JoseError

from sandbox.app import create
from sandbox.faults import Switch
from sandbox.google import subject_of
from sandbox.id_tokens import Twist
from sandbox.issuer import Issuer
from sandbox.world import World

pytestmark = pytest.mark.anyio

HOST = "http://sandbox.test"
BACK = "http://shop.test/callback"
VERIFIER = "v" * 48
EMAIL = "oksana@example.com"


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create(world))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def client_of(browser: httpx2.AsyncClient, service: str, client_id: str, scope: str) -> Any:
    """Authlib's client, as its documentation registers one."""
    return OAuth().register(
        service,
        client_id=client_id,
        client_secret="sandbox-client-secret",
        server_metadata_url=f"{HOST}/{service}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "transport": browser._transport},
    )


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    """What the redirect to the client says."""
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def go_through(client: Any, browser: httpx2.AsyncClient, **typed: str) -> tuple[dict[str, Any], str]:
    """The whole way with Authlib's client: its tokens and the nonce it asked with."""
    asked = await client.create_authorization_url(BACK)
    page = await browser.get(asked["url"])
    assert page.status_code == 200
    back = sent_back(
        await browser.post(asked["url"], data=dict(parse_qsl(urlsplit(asked["url"]).query)) | typed | {"act": "allow"})
    )
    assert back["state"] == asked["state"]
    token = await client.fetch_access_token(
        code=back["code"], state=back["state"], redirect_uri=BACK, code_verifier=asked["code_verifier"]
    )
    return token, asked["nonce"]


@pytest.mark.parametrize("verified", [True, False])
async def test_a_foreign_client_signs_in_at_google(browser: httpx2.AsyncClient, verified: bool) -> None:
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    token, nonce = await go_through(client, browser, email=EMAIL, **({"verified": "1"} if verified else {}))
    person = await client.parse_id_token(token, nonce)
    assert person["iss"] == f"{HOST}/google"
    assert person["sub"] == subject_of(EMAIL)
    assert (person["email"], person["email_verified"]) == (EMAIL, verified)
    assert {"access_token", "expires_in", "id_token", "scope", "token_type"} <= set(token)
    assert len(person["sub"]) == 21


async def test_a_foreign_client_signs_in_at_telegram(browser: httpx2.AsyncClient) -> None:
    client = client_of(browser, "telegram-id", "1000001", "openid profile")
    token, nonce = await go_through(client, browser, subject="777")
    person = await client.parse_id_token(token, nonce)
    assert (person["sub"], person["id"]) == ("777", 777)
    assert "email" not in person


async def test_a_foreign_client_finds_the_new_key(world: World, browser: httpx2.AsyncClient) -> None:
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    await client.parse_id_token(*await go_through(client, browser))
    world.faults.arm(Switch("google", "new_key"))
    await client.parse_id_token(*await go_through(client, browser))


async def test_what_was_given_is_known_afterwards(world: World, browser: httpx2.AsyncClient) -> None:
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    sound, _ = await go_through(client, browser, email=EMAIL)
    world.faults.arm(Switch("google", Twist.FOREIGN_KEY.value))
    spoilt, _ = await go_through(client, browser, email=EMAIL)

    issuer: Issuer = world.state["google"]

    assert [(one.subject, one.id_token, one.twist) for one in issuer.given] == [
        (subject_of(EMAIL), sound["id_token"], None),
        (subject_of(EMAIL), spoilt["id_token"], Twist.FOREIGN_KEY),
    ]
    assert sound["id_token"] not in repr(issuer.given)


@pytest.mark.parametrize("twist", [twist for twist in Twist if twist is not Twist.NO_ID_TOKEN])
async def test_what_a_foreign_client_makes_of_spoilt_tokens(
    world: World, browser: httpx2.AsyncClient, twist: Twist
) -> None:
    # With every claim asked for in words, as integrations.md 4 says: by itself it would take azp_only.
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    world.faults.arm(Switch("google", twist.value))
    token, nonce = await go_through(client, browser)
    claims = {"iss": {"values": [f"{HOST}/google"]}, "aud": {"value": "sandbox.apps.example"}}
    if twist is Twist.TWO_AUDS:  # allowed by the standard; our own adapter is stricter
        await client.parse_id_token(token, nonce, claims_options=claims)
        return
    with pytest.raises(JoseError):
        await client.parse_id_token(token, nonce, claims_options=claims)


async def test_a_foreign_client_by_itself_takes_what_was_made_for_another(
    world: World, browser: httpx2.AsyncClient
) -> None:
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    world.faults.arm(Switch("google", "azp_only"))
    token, nonce = await go_through(client, browser)
    assert (await client.parse_id_token(token, nonce))["aud"] == "another-client"
    world.faults.arm(Switch("google", "wrong_aud"))
    token, nonce = await go_through(client, browser)
    with pytest.raises(InvalidClaimError):
        await client.parse_id_token(token, nonce)


def query(**changes: str) -> dict[str, str]:
    """What a client asks with; a change to "" leaves a field out."""
    asked = {
        "client_id": "sandbox.apps.example",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (asked | changes).items() if value}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
async def test_a_wrong_question_is_sent_back_with_its_state(
    browser: httpx2.AsyncClient, changes: dict[str, str], error: str
) -> None:
    back = sent_back(await browser.get("/google/auth", params=query(**changes)))
    assert back == {"error": error, "state": "the-state", "iss": f"{HOST}/google"}


@pytest.mark.parametrize("changes", [{"client_id": "somebody"}, {"redirect_uri": ""}, {"redirect_uri": "javascript:1"}])
async def test_a_stranger_is_led_nowhere(browser: httpx2.AsyncClient, changes: dict[str, str]) -> None:
    for answer in (
        await browser.get("/google/auth", params=query(**changes)),
        await browser.post("/google/auth", data=query(**changes) | {"act": "allow"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers


async def test_whoever_says_no_is_sent_back_without_a_code(browser: httpx2.AsyncClient) -> None:
    back = sent_back(await browser.post("/google/auth", data=query() | {"act": "deny"}))
    assert back == {"error": "access_denied", "state": "the-state", "iss": f"{HOST}/google"}


async def test_the_page_shows_what_it_was_sent_as_text(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/google/auth", params=query(state='"><script>alert(1)</script>'))
    assert "<script>" not in page.text


async def test_a_code_is_for_one_client_one_address_one_verifier_and_one_minute(
    world: World, browser: httpx2.AsyncClient
) -> None:
    async def exchange(**changes: str) -> httpx2.Response:
        code = sent_back(await browser.post("/google/auth", data=query() | {"act": "allow"}))["code"]
        world_issuer(world).now = lambda: now + (61 if changes.pop("late", "") else 0)
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            "client_id": "sandbox.apps.example",
            "client_secret": "sandbox-client-secret",
        }
        answer = await browser.post("/google/token", data=sent | changes)
        if not changes and answer.status_code == 200:
            answer = await browser.post("/google/token", data=sent)
        world_issuer(world).now = lambda: now
        return answer

    now = world_issuer(world).now()
    for changes in ({}, {"redirect_uri": "http://x.test"}, {"code_verifier": "w" * 48}, {"code": "x"}, {"late": "1"}):
        refused = await exchange(**changes)
        assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"}), changes
    wrong = await exchange(client_secret="guess")
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    other = await exchange(grant_type="password")
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})


def world_issuer(world: World) -> Issuer:
    found = world.state["google"]
    assert isinstance(found, Issuer)
    return found


async def test_the_journal_tells_what_happened_and_no_secret(world: World, browser: httpx2.AsyncClient) -> None:
    client = client_of(browser, "google", "sandbox.apps.example", "openid email")
    token, _ = await go_through(client, browser, email=EMAIL, verified="1")
    told = [entry.what for entry in world.journal.entries("google")]
    assert told == ["asked who it is", "the person said yes", "token given"]
    assert token["access_token"] not in str([entry.as_json() for entry in world.journal])

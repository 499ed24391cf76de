"""The word of a provider: every claim, every attack, every way of being away."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from authlib.oidc.core import CodeIDToken
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from joserfc.jwk import KeySet, RSAKey

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.integrations import oidc
from commerce_api.integrations.http import Outside
from commerce_api.integrations.oidc import Client, OpenIdProvider
from commerce_api.shop.accounts import attempts
from commerce_api.shop.accounts.errors import NotVouched, ProviderDown
from commerce_api.shop.accounts.identity import Vouched
from sandbox.faults import Wire
from sandbox.google import subject_of
from sandbox.id_tokens import Twist, challenge_of
from tests.commerce_api.integrations.issuers import HOST, SECRET, Issuers

pytestmark = pytest.mark.anyio

STATE, BROWSER = "s" * 32, "b" * 32
KEPT = attempts.secrets_of(STATE, BROWSER)
EMAIL = "oksana@example.com"
CLIENT = Client(
    f"{HOST}/google", "sandbox.apps.example", SECRET, "http://shop.test/auth/google/callback", "openid email"
)
KEYS = KeySet([RSAKey.generate_key(2048, {"kid": "one"})])


@pytest.fixture
def world() -> Issuers:
    return Issuers()


@pytest.fixture
async def provider(anyio_backend: str, world: Issuers, settings: Settings) -> AsyncIterator[OpenIdProvider]:
    made = oidc.google(world.connected(settings), world.transport_of)
    assert made is not None
    # A test waits for nobody.
    made.outside.patience = replace(made.outside.patience, tries=1)
    yield made
    await made.outside.aclose()


async def code_for(world: Issuers, provider: OpenIdProvider, **typed: str) -> str:
    """A code that the person of these tests has brought back."""
    address = await provider.start(STATE, KEPT.nonce, KEPT.verifier)
    back = await world.press(address, **{"email": EMAIL, "verified": "1", **typed})
    return dict(parse_qsl(urlsplit(back).query))["code"]


async def sign_in(world: Issuers, provider: OpenIdProvider, **typed: str) -> Vouched:
    return await provider.finish(await code_for(world, provider, **typed), KEPT.nonce, KEPT.verifier, None)


async def test_the_browser_is_sent_with_all_that_binds_the_answer_to_it(provider: OpenIdProvider) -> None:
    address = await provider.start(STATE, KEPT.nonce, KEPT.verifier)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{HOST}/google/auth?")
    assert query == {
        "response_type": "code",
        "client_id": "sandbox.apps.example",
        "redirect_uri": f"{provider.client.redirect_uri}",
        "scope": "openid email",
        "state": STATE,
        "nonce": KEPT.nonce,
        "code_challenge": challenge_of(KEPT.verifier),
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    assert query["redirect_uri"].endswith("/auth/google/callback")


async def test_a_person_is_known_by_issuer_and_subject_and_by_a_proven_address(
    world: Issuers, provider: OpenIdProvider
) -> None:
    found = await sign_in(world, provider)
    assert found == Vouched(f"{HOST}/google", subject_of(EMAIL), EMAIL)
    assert EMAIL not in repr(found)
    assert found.subject not in repr(found)


async def test_an_address_that_the_provider_did_not_prove_is_no_address(
    world: Issuers, provider: OpenIdProvider
) -> None:
    assert (await sign_in(world, provider, verified="")).email == ""


@pytest.mark.parametrize("word", ["true", "false", 1, None, ["x"]])
async def test_only_a_plain_yes_proves_an_address(world: Issuers, provider: OpenIdProvider, word: object) -> None:
    said = {"sub": "5", "email": EMAIL, "email_verified": word}
    world.issuer().kind = replace(world.issuer().kind, claims=lambda typed: said)
    assert (await sign_in(world, provider)).email == ""


@pytest.mark.parametrize("said", [{"sub": 5}, {"sub": ""}, {"sub": "5" * 256}, {"sub": ["5"]}, {"sub": None}])
async def test_a_person_without_a_usable_number_is_nobody(
    world: Issuers, provider: OpenIdProvider, said: dict[str, Any]
) -> None:
    world.issuer().kind = replace(world.issuer().kind, claims=lambda typed: said)
    with pytest.raises(NotVouched):
        await sign_in(world, provider)


async def test_telegram_vouches_for_a_number_alone(world: Issuers, settings: Settings) -> None:
    made = oidc.telegram(world.connected(settings), world.transport_of)
    assert made is not None
    found = await sign_in(world, made, subject="777")
    assert found == Vouched(f"{HOST}/telegram-id", "777", "")
    await made.outside.aclose()


def test_who_is_not_registered_is_not_connected(settings: Settings, world: Issuers) -> None:
    assert oidc.google(settings, world.transport_of) is None
    assert oidc.telegram(settings, world.transport_of) is None


@pytest.mark.parametrize("twist", list(Twist))
async def test_an_id_token_that_is_wrong_in_one_way_opens_nothing(
    world: Issuers, provider: OpenIdProvider, twist: Twist
) -> None:
    world.spoil(twist)
    with pytest.raises(NotVouched) as refused:
        await sign_in(world, provider)
    assert refused.value.why
    assert EMAIL not in refused.value.why
    # and the next one, which is sound, opens
    assert (await sign_in(world, provider)).email == EMAIL


def test_authlib_by_itself_takes_a_token_made_for_somebody_else() -> None:
    # Why the audience is asked for in words: when this fails, Authlib has become stricter.
    now = int(clock.now().timestamp())
    claims = {"iss": "i", "sub": "s", "aud": "another-client", "azp": "us", "iat": now, "exp": now + 60, "nonce": "n"}
    CodeIDToken(claims, {"alg": "RS256"}, {"iss": {"values": ["i"]}}, {"nonce": "n", "client_id": "us"}).validate()


@pytest.mark.parametrize(("late", "right"), [(59, True), (61, False)])
async def test_clocks_may_differ_by_a_minute_and_no_more(
    world: Issuers, provider: OpenIdProvider, late: int, right: bool
) -> None:
    code = await code_for(world, provider)
    issued = clock.now()
    with clock.frozen(issued):
        await provider.finish(await code_for(world, provider), KEPT.nonce, KEPT.verifier, None)  # keys are known now
    ahead = issued + timedelta(seconds=late)
    world.issuer().now = lambda: ahead.timestamp()
    with clock.frozen(issued):
        if right:
            await provider.finish(code, KEPT.nonce, KEPT.verifier, None)
        else:
            with pytest.raises(NotVouched):
                await provider.finish(code, KEPT.nonce, KEPT.verifier, None)


async def test_a_code_is_good_once(world: Issuers, provider: OpenIdProvider) -> None:
    code = await code_for(world, provider)
    await provider.finish(code, KEPT.nonce, KEPT.verifier, None)
    with pytest.raises(NotVouched, match="not_vouched"):
        await provider.finish(code, KEPT.nonce, KEPT.verifier, None)


async def test_a_code_is_of_no_use_without_the_verifier_of_its_browser(
    world: Issuers, provider: OpenIdProvider
) -> None:
    other = attempts.secrets_of(STATE, "another browser")
    with pytest.raises(NotVouched):
        await provider.finish(await code_for(world, provider), KEPT.nonce, other.verifier, None)


async def test_a_token_of_another_attempt_is_refused(world: Issuers, provider: OpenIdProvider) -> None:
    other = attempts.secrets_of("another state", BROWSER)
    with pytest.raises(NotVouched) as refused:
        await provider.finish(await code_for(world, provider), other.nonce, KEPT.verifier, None)
    assert refused.value.why == "nonce"


async def test_an_answer_that_names_another_issuer_is_not_even_exchanged(
    world: Issuers, provider: OpenIdProvider
) -> None:
    code = await code_for(world, provider)
    with pytest.raises(NotVouched):
        await provider.finish(code, KEPT.nonce, KEPT.verifier, "https://issuer.invalid")
    assert "/google/token" not in world.asked
    assert await provider.finish(code, KEPT.nonce, KEPT.verifier, f"{HOST}/google")


async def test_addresses_and_keys_are_read_once_and_again_after_their_time(
    world: Issuers, provider: OpenIdProvider
) -> None:
    started = clock.now()
    for after, times in ((0, 1), (59, 1), (61, 2)):
        with clock.frozen(started + timedelta(minutes=after)):
            await sign_in(world, provider)
        assert world.asked.count("/google/.well-known/jwks.json") == times
        assert world.asked.count("/google/.well-known/openid-configuration") == times


async def test_keys_that_were_changed_are_looked_up_once_more(world: Issuers, provider: OpenIdProvider) -> None:
    await sign_in(world, provider)
    world.issuer().rotate()
    assert (await sign_in(world, provider)).email == EMAIL
    world.issuer().rotate()
    world.issuer().rotate()  # the first key is published no more
    assert (await sign_in(world, provider)).email == EMAIL
    assert world.asked.count("/google/.well-known/jwks.json") == 3


@pytest.mark.parametrize("end", ["/openid-configuration", "/token", "/jwks.json"])
async def test_a_provider_that_fails_is_down_and_nobody_is_refused(
    world: Issuers, provider: OpenIdProvider, end: str
) -> None:
    world.spoil("500", only=end)
    with pytest.raises(ProviderDown):
        await sign_in(world, provider)
    assert (await sign_in(world, provider)).email == EMAIL


@pytest.mark.parametrize("fault", [fault for fault in Wire if fault is not Wire.SLOW])
async def test_whatever_happens_on_the_wire_is_a_provider_that_is_down(
    world: Issuers, provider: OpenIdProvider, fault: Wire
) -> None:
    world.spoil(fault, only="/token")
    with pytest.raises(ProviderDown):
        await sign_in(world, provider)


async def test_a_reply_that_was_lost_is_not_asked_for_again_with_the_same_code(
    world: Issuers, provider: OpenIdProvider
) -> None:
    world.spoil("lost_reply", only="/token")
    with pytest.raises(ProviderDown):
        await sign_in(world, provider)
    assert world.asked.count("/google/token") == 1


async def test_a_wrong_secret_of_ours_is_no_fault_of_the_visitor(world: Issuers, provider: OpenIdProvider) -> None:
    provider.client = replace(provider.client, client_secret="old")
    with pytest.raises(ProviderDown):
        await sign_in(world, provider)


@pytest.mark.parametrize(
    ("issuer", "why"), [(f"{HOST}/google/", "differs by a slash"), (f"{HOST}/telegram-id", "is another one")]
)
async def test_discovery_of_another_issuer_is_not_believed(
    provider: OpenIdProvider, world: Issuers, issuer: str, why: str
) -> None:
    provider.client = replace(provider.client, issuer=issuer)
    with pytest.raises(ProviderDown):
        await provider.start(STATE, KEPT.nonce, KEPT.verifier)


@pytest.mark.parametrize("address", ["http://issuer.example/token", "ftp://issuer.example/", None, 5])
def test_endpoints_less_guarded_than_the_issuer_are_not_used(provider: OpenIdProvider, address: object) -> None:
    provider.client = replace(provider.client, issuer="https://issuer.example")
    with pytest.raises(ProviderDown):
        provider._address(address)


def test_google_may_call_itself_without_a_scheme(settings: Settings, world: Issuers) -> None:
    registered = world.connected(settings)
    google = replace(registered.outside.google, issuer="https://accounts.google.com")
    made = oidc.google(replace(registered, outside=replace(registered.outside, google=google)), world.transport_of)
    assert made is not None
    assert made._issuers == ["https://accounts.google.com", "accounts.google.com"]


async def test_nothing_secret_stands_in_an_error_or_a_log(
    world: Issuers, provider: OpenIdProvider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    code = await code_for(world, provider)
    world.spoil("500", only="/token")
    with pytest.raises(ProviderDown) as down:
        await provider.finish(code, KEPT.nonce, KEPT.verifier, None)
    cause = down.value.__cause__
    told = f"{down.value!r} {cause!r} {cause} {caplog.text} {''.join(capfd.readouterr())}"
    for secret in (code, KEPT.nonce, KEPT.verifier, SECRET, EMAIL):
        assert secret not in told


@examples(max_examples=25)
@given(token=st.one_of(st.text(max_size=60), st.from_regex(r"[\w-]{0,12}(\.[\w-]{0,12}){1,4}", fullmatch=True)))
async def test_whatever_stands_in_place_of_a_token_is_refused_in_one_way(token: str) -> None:
    world = Issuers()
    provider = OpenIdProvider(CLIENT, Outside("google", CLIENT.issuer, transport=world.transport))
    provider._keys = (clock.now() + timedelta(hours=1), KEYS)
    with pytest.raises(NotVouched):
        await provider._checked(token, None, KEPT.nonce)

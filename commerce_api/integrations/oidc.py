"""Signing in by Google and Telegram: OpenID Connect by the authorization code with PKCE, every claim checked.

Authlib builds the requests and knows the claims, joserfc checks the signature, and `Outside` does the speaking. By
itself Authlib takes a token that was made for another client when only `azp` is ours (integrations.md 4): so everything
that makes a token ours is asked for here in words, and an audience is ours alone or not ours at all.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from commerce_api.foundation import telemetry
from commerce_api.foundation.kit import clock, urls
from commerce_api.foundation.outside_settings import GOOGLE_ISSUER, Google, Telegram
from commerce_api.foundation.settings import Settings
from commerce_api.integrations.http import Outside, OutsideFailed, Patience, Transports
from commerce_api.shop.accounts.errors import NotVouched, ProviderDown
from commerce_api.shop.accounts.identity import IdentityProviders, Vouched

ALGORITHMS: Final = ("RS256", "ES256")
"""Signatures by a key pair alone: with a shared secret or with none anybody could sign."""
LEEWAY: Final = 60
"""Seconds that the clocks of a provider and of the shop may differ by."""
KEPT: Final = timedelta(hours=1)
"""How long addresses and keys of a provider are believed where it names no time itself."""
LONGEST_KEPT: Final = timedelta(days=1)
LONGEST_SUBJECT: Final = 255
_MAX_AGE: Final = re.compile(r"\bmax-age=(\d{1,9})\b")

PATIENCE: Final = Patience(connect=2.0, read=5.0, tries=2)
"""Somebody looks at an empty page meanwhile, and has a password."""

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Client:
    """The shop as a provider knows it. `issuer` stands in tokens exactly so, or as one of `aliases`; `asked` is what
    the address of the provider's page says besides."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scope: str
    aliases: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Endpoints:
    authorization: str
    token: str
    keys: str


class OpenIdProvider:
    """One provider; keeps its addresses and its keys for as long as it allows."""

    def __init__(self, client: Client, outside: Outside) -> None:
        self.client, self.outside = client, outside
        self._endpoints: tuple[datetime, _Endpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def start(self, state: str, nonce: str, verifier: str) -> str:
        """The address of the provider's page. Raises ProviderDown."""
        endpoints = await self._known_endpoints()
        address: str = prepare_grant_uri(
            endpoints.authorization,
            client_id=self.client.client_id,
            response_type="code",
            redirect_uri=self.client.redirect_uri,
            scope=self.client.scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **dict(self.client.asked),
        )
        return address

    async def finish(self, code: str, nonce: str, verifier: str, issuer: str | None) -> Vouched:
        """Whom the provider vouches for. Raises ProviderDown, NotVouched."""
        if issuer is not None and issuer not in self._issuers:
            raise NotVouched("issuer of the answer")
        endpoints = await self._known_endpoints()
        answer = await self._exchange(endpoints.token, code, verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotVouched("no ID token")
        claims = await self._checked(token, answer.get("access_token"), nonce)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Vouched(self.client.issuer, claims["sub"], email if isinstance(email, str) else "")

    @property
    def _issuers(self) -> list[str]:
        return [self.client.issuer, *self.client.aliases]

    async def _exchange(self, endpoint: str, code: str, verifier: str) -> Mapping[str, Any]:
        body: str = prepare_token_request(
            "authorization_code", redirect_uri=self.client.redirect_uri, code=code, code_verifier=verifier
        )
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
            "authorization": _basic(self.client.client_id, self.client.client_secret),
        }
        try:
            # Never repeated: a code is good once, and the first try may have used it up.
            answer = await self.outside.ask("POST", endpoint, label="token", headers=headers, content=body.encode())
        except OutsideFailed as failed:
            if failed.status == 400:
                raise NotVouched("code") from failed
            raise ProviderDown() from failed
        if not isinstance(answer, dict):
            raise ProviderDown()
        return answer

    async def _checked(self, token: str, access_token: object, nonce: str) -> Mapping[str, Any]:
        try:
            try:
                read = jwt.decode(token, await self._known_keys(), registry=_registry())
            except InvalidKeyIdError:
                # Keys change; whoever signed with one we do not know is looked up once more.
                read = jwt.decode(token, await self._known_keys(anew=True), registry=_registry())
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "values": self._issuers},
                    "aud": {"essential": True, "value": self.client.client_id},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self.client.client_id, "access_token": access_token},
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except JoseError as error:
            raise NotVouched(getattr(error, "claim", "") or error.error or type(error).__name__) from error
        except (ValueError, TypeError, KeyError) as error:
            raise NotVouched("unreadable ID token") from error
        checked: dict[str, Any] = dict(claims)
        if checked["aud"] not in (self.client.client_id, [self.client.client_id]):
            raise NotVouched("aud")
        if len(checked["sub"]) > LONGEST_SUBJECT:
            raise NotVouched("sub")
        return checked

    async def _known_endpoints(self) -> _Endpoints:
        now = clock.now()
        if self._endpoints is None or now >= self._endpoints[0]:
            found, until = await self._read("/.well-known/openid-configuration", "discovery")
            if found.get("issuer") != self.client.issuer:
                log.error("provider_issuer_differs", service=self.outside.service)
                raise ProviderDown()
            addresses = (found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"))
            self._endpoints = (until, _Endpoints(*(self._address(address) for address in addresses)))
        return self._endpoints[1]

    async def _known_keys(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew or clock.now() >= self._keys[0]:
            found, until = await self._read((await self._known_endpoints()).keys, "keys")
            try:
                self._keys = (until, KeySet.import_key_set({"keys": found["keys"]}))
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise ProviderDown() from error
        return self._keys[1]

    async def _read(self, address: str, label: str) -> tuple[Mapping[str, Any], datetime]:
        try:
            response = await self.outside.call("GET", address, label=label, repeat=True, as_json=True)
        except OutsideFailed as failed:
            raise ProviderDown() from failed
        found = response.json()
        if not isinstance(found, dict):
            raise ProviderDown()
        named = _MAX_AGE.search(response.headers.get("cache-control", ""))
        kept = min(timedelta(seconds=int(named[1])), LONGEST_KEPT) if named else KEPT
        return found, clock.now() + kept

    def _address(self, given: object) -> str:
        """An endpoint as discovery names it. Raises ProviderDown for one that is less guarded than the issuer."""
        if not isinstance(given, str) or urlsplit(given).scheme not in {"https", urlsplit(self.client.issuer).scheme}:
            log.error("provider_endpoint_unusable", service=self.outside.service)
            raise ProviderDown()
        return given


def providers(settings: Settings, transport_of: Transports) -> tuple[IdentityProviders | None, list[Outside]]:
    """Those that the shop is registered with, or None; and the services they speak to, for whoever closes them."""
    made = {"google": google(settings, transport_of), "telegram": telegram(settings, transport_of)}
    known = {name: provider for name, provider in made.items() if provider}
    return IdentityProviders(known) if known else None, [provider.outside for provider in known.values()]


def google(settings: Settings, transport_of: Transports) -> OpenIdProvider | None:
    """Google, if the shop is registered there: who it is and a proven address, nothing more (content/legal/privacy)."""
    given = settings.outside.google
    if not given.client_id:
        return None
    client = _client(
        given,
        settings.site_url + urls.sign_in_callback("google"),
        "openid email",
        # Older tokens of Google name it without the scheme.
        aliases=("accounts.google.com",) if given.issuer == GOOGLE_ISSUER else (),
        asked=(("prompt", "select_account"),),
    )
    return OpenIdProvider(client, _outside("google", client, transport_of))


def telegram(settings: Settings, transport_of: Transports) -> OpenIdProvider | None:
    """Telegram's sign-in, if the shop is registered there: a number that is always the same, and nothing more."""
    given = settings.outside.telegram
    if not given.client_id:
        return None
    client = _client(given, settings.site_url + urls.sign_in_callback("telegram"), "openid")
    return OpenIdProvider(client, _outside("telegram-id", client, transport_of))


def _client(
    given: Google | Telegram,
    redirect_uri: str,
    scope: str,
    aliases: tuple[str, ...] = (),
    asked: tuple[tuple[str, str], ...] = (),
) -> Client:
    return Client(given.issuer, given.client_id, given.client_secret, redirect_uri, scope, aliases, asked)


def _outside(service: str, client: Client, transport_of: Transports) -> Outside:
    secrets = (client.client_secret, _basic(client.client_id, client.client_secret))
    return Outside(service, client.issuer, patience=PATIENCE, secrets=secrets, transport=transport_of(service))


def _registry() -> JWSRegistry:
    return JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


def _basic(client_id: str, secret: str) -> str:
    # Both halves are form-encoded first (RFC 6749 2.3.1): a colon in one must not end it.
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"

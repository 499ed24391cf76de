"""An issuer of OpenID Connect: discovery, a page to choose who one is, tokens, and keys that rotate.

It keeps to OpenID Connect Core 1.0 and RFC 6749, 7636, 9207 as Google and Telegram document them: a code is good once
and for a minute, for the client, the redirect address and the verifier it was asked with; refusals are the documented
ones. Its own faults make the next ID token wrong in one way (sandbox/id_tokens.py), or sign it with a new key.
"""

import base64
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlencode

from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import looks
from sandbox.id_tokens import Twist, challenge_of, half_hash, id_token, new_key
from sandbox.world import World

CODE_LIVES: Final = 60
TOKEN_LIVES: Final = 3600
REMEMBERED: Final = 1000
NEW_KEY: Final = "new_key"
"""The fault after which tokens are signed by a key that nobody has fetched yet."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An input of the page: its name, its label, and what stands in it; a box to tick where that is None."""

    name: str
    label: str
    first: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between the providers. `claims` is what is said of whoever typed this into the page."""

    service: str
    title: str
    scopes: tuple[str, ...]
    inputs: tuple[Typed, ...]
    claims: Callable[[Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Grant:
    client_id: str
    redirect_uri: str
    nonce: str | None
    challenge: str
    scope: str
    claims: dict[str, Any]
    until: float


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for a code; `twist` is how the ID token is wrong, if it is."""

    code: str = field(repr=False)
    subject: str
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    twist: Twist | None


@dataclass(slots=True)
class Issuer:
    """One issuer with everything it remembers; `clients` are secrets by client id, `given` the last tokens.

    `now` is seconds since 1970. It is not the sandbox's clock, which people move on by days: a token from the day after
    tomorrow opens nothing.
    """

    kind: Kind
    world: World
    clients: Mapping[str, str]
    now: Callable[[], float] = time.time
    given: deque[Given] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _keys: list[RSAKey] = field(default_factory=list)
    _grants: dict[str, _Grant] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The issuer as an application; its address is where it is mounted."""
        faults = (*(twist.value for twist in Twist), NEW_KEY)
        self.world.faults.offer(self.kind.service, *faults, spare=("/auth",))
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/.well-known/jwks.json", self._key_set),
                Route("/auth", self._ask, methods=["GET"]),
                Route("/auth", self._answer, methods=["POST"]),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def rotate(self) -> None:
        """Sign with a new key from now on; the one before is published for one more rotation."""
        self._keys = [new_key(), *self._keys[:1]]
        self._note("keys rotated")

    def _note(self, what: str, **facts: Any) -> None:
        self.world.journal.note(self.kind.service, what, **facts)

    def _signing(self) -> RSAKey:
        if not self._keys:
            self._keys.append(new_key())
        return self._keys[0]

    async def _discovery(self, request: Request) -> Response:
        here = _here(request)
        return JSONResponse(
            {
                "issuer": here,
                "authorization_endpoint": f"{here}/auth",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/.well-known/jwks.json",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": list(self.kind.scopes),
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            },
            headers={"cache-control": "public, max-age=3600"},
        )

    async def _key_set(self, request: Request) -> Response:
        published = [self._signing(), *self._keys[1:]]
        keys = [{**key.as_dict(private=False), "use": "sig", "alg": "RS256"} for key in published]
        return JSONResponse({"keys": keys}, headers={"cache-control": "public, max-age=3600"})

    def _refusal(self, query: Mapping[str, str]) -> tuple[str, bool] | None:
        """What is wrong with a request for authorization, and whether the client may be told by a redirect."""
        if query.get("client_id") not in self.clients:
            return "invalid_client", False
        if not query.get("redirect_uri", "").startswith(("http://", "https://")):
            return "redirect_uri_mismatch", False
        if query.get("response_type") != "code":
            return "unsupported_response_type", True
        if "openid" not in query.get("scope", "").split():
            return "invalid_scope", True
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            return "invalid_request", True
        return None

    def _refused(self, request: Request, query: Mapping[str, str]) -> Response | None:
        refusal = self._refusal(query)
        if refusal is None:
            return None
        word, told = refusal
        self._note("authorization refused", error=word)
        if told:
            return self._back(request, query, {"error": word})
        return looks.page(request, "identity.html", 400, kind=self.kind, kept={}, problem=word)

    async def _ask(self, request: Request) -> Response:
        query = dict(request.query_params)
        refused = self._refused(request, query)
        if refused:
            return refused
        self._note("asked who it is", client_id=query["client_id"], scope=query["scope"])
        return looks.page(request, "identity.html", kind=self.kind, kept=query, problem="")

    async def _answer(self, request: Request) -> Response:
        typed = {name: str(value).strip() for name, value in (await request.form()).items()}
        refused = self._refused(request, typed)
        if refused:
            return refused
        if typed.get("act") != "allow":
            self._note("the person said no")
            return self._back(request, typed, {"error": "access_denied"})
        code, claims = secrets.token_urlsafe(24), self.kind.claims(typed)
        self._grants[code] = _Grant(
            client_id=typed["client_id"],
            redirect_uri=typed["redirect_uri"],
            nonce=typed.get("nonce"),
            challenge=typed["code_challenge"],
            scope=typed["scope"],
            claims=claims,
            until=self.now() + CODE_LIVES,
        )
        self._note("the person said yes", subject=claims["sub"])
        return self._back(request, typed, {"code": code, "scope": typed["scope"]})

    def _back(self, request: Request, query: Mapping[str, str], answer: dict[str, str]) -> Response:
        told = {**answer, **({"state": query["state"]} if query.get("state") else {}), "iss": _here(request)}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(told)}", 303)

    async def _token(self, request: Request) -> Response:
        sent = {name: str(value) for name, value in (await request.form()).items()}
        client = self._client(request, sent)
        if client is None:
            return self._error("invalid_client", 401)
        if sent.get("grant_type") != "authorization_code":
            return self._error("unsupported_grant_type", 400)
        grant = self._grants.pop(sent.get("code", ""), None)
        if grant is None or not self._fits(grant, client, sent):
            return self._error("invalid_grant", 400)
        if self.world.faults.strikes(self.kind.service, NEW_KEY, path="/token"):
            self.rotate()
        struck = self.world.faults.strikes(self.kind.service, *Twist, path="/token")
        twist = Twist(struck.fault) if struck else None
        answer = self._tokens(_here(request), grant, twist)
        self.given.append(
            Given(sent["code"], grant.claims["sub"], answer.get("id_token", ""), answer["access_token"], twist)
        )
        self._note("token given", subject=grant.claims["sub"])
        return JSONResponse(answer, headers={"cache-control": "no-store", "pragma": "no-cache"})

    def _client(self, request: Request, sent: Mapping[str, str]) -> str | None:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
            except ValueError:
                return None
            name, secret = unquote(name), unquote(secret)
        else:
            name, secret = sent.get("client_id", ""), sent.get("client_secret", "")
        known = self.clients.get(name)
        return name if known is not None and secrets.compare_digest(known.encode(), secret.encode()) else None

    def _fits(self, grant: _Grant, client: str, sent: Mapping[str, str]) -> bool:
        return (
            grant.client_id == client
            and grant.redirect_uri == sent.get("redirect_uri")
            and grant.challenge == challenge_of(sent.get("code_verifier", ""))
            and self.now() <= grant.until
        )

    def _tokens(self, issuer: str, grant: _Grant, twist: Twist | None) -> dict[str, Any]:
        at, access = int(self.now()), secrets.token_urlsafe(24)
        claims: dict[str, Any] = {
            "iss": issuer,
            "aud": grant.client_id,
            "azp": grant.client_id,
            "iat": at,
            "exp": at + TOKEN_LIVES,
            "at_hash": half_hash(access),
            **({"nonce": grant.nonce} if grant.nonce else {}),
            **grant.claims,
        }
        given = {"id_token": id_token(claims, self._signing(), twist)} if twist is not Twist.NO_ID_TOKEN else {}
        told = {"access_token": access, "expires_in": TOKEN_LIVES - 1, "scope": grant.scope, "token_type": "Bearer"}
        return {**told, **given}

    def _error(self, word: str, status: int) -> Response:
        self._note("token refused", error=word)
        return JSONResponse({"error": word}, status, headers={"cache-control": "no-store"})


def _here(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"

"""OpenID Connect."""

from typing import Annotated, Literal

from pydantic import Field

from tests.sandbox.shapes.base import Shape


class Discovery(Shape):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[Literal["code"]]
    grant_types_supported: list[Literal["authorization_code"]]
    subject_types_supported: list[Literal["public"]]
    id_token_signing_alg_values_supported: list[Literal["RS256"]]
    scopes_supported: list[str]
    token_endpoint_auth_methods_supported: list[Literal["client_secret_post", "client_secret_basic"]]
    code_challenge_methods_supported: list[Literal["S256"]]
    authorization_response_iss_parameter_supported: bool


class Key(Shape):
    """A public key: no private part of it may be there."""

    kty: Literal["RSA"]
    kid: str
    use: Literal["sig"]
    alg: Literal["RS256"]
    n: str
    e: str


class Keys(Shape):
    keys: Annotated[list[Key], Field(min_length=1)]


class Tokens(Shape):
    access_token: str
    expires_in: int
    scope: str
    token_type: Literal["Bearer"]
    id_token: str


class OAuthError(Shape):
    error: Literal[
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied", "server_error", "temporarily_unavailable",
    ]  # fmt: skip

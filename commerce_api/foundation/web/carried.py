"""What every request carries from the application: settings, the renderer of pages, the counter of visits, ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar, cast

from starlette.requests import HTTPConnection

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.foundation.web.rates import Limiter
from commerce_api.foundation.web.shared import Shared

if TYPE_CHECKING:
    from commerce_api.foundation.web.rendering import Renderer


Port = TypeVar("Port")
Ports = Mapping[type, object]
"""What speaks to the services outside, by the Protocol that asks for it."""
NO_PORTS: Final[Ports] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Carried:
    """Put into each request's scope by the outermost layer, so that mounted applications see it too."""

    settings: Settings
    renderer: "Renderer"
    limiter: Limiter
    ports: Ports
    background: Background
    shared: Shared


def carried(request: HTTPConnection) -> Carried:
    """What the application gave this request."""
    return cast(Carried, request.scope["state"]["carried"])


def settings_of(request: HTTPConnection) -> Settings:
    """The settings of the application that answers."""
    return carried(request).settings


def port_of(request: HTTPConnection, port: type[Port]) -> Port | None:
    """What keeps the promises of this Protocol, or None while its service is not connected."""
    return cast(Port | None, carried(request).ports.get(port))

"""What every request carries from the application: settings, and the renderer of pages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from commerce_api.foundation.settings import Settings

if TYPE_CHECKING:
    from commerce_api.foundation.web.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Carried:
    """Put into each request's scope by the outermost layer, so that mounted applications see it too."""

    settings: Settings
    renderer: "Renderer"


def carried(request: HTTPConnection) -> Carried:
    """What the application gave this request."""
    return cast(Carried, request.scope["state"]["carried"])


def settings_of(request: HTTPConnection) -> Settings:
    """The settings of the application that answers."""
    return carried(request).settings

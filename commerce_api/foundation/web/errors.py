"""Refusals of the web layer itself, before any room is asked."""

from collections.abc import Mapping

from commerce_api.foundation.errors import Forbidden, Invalid, ShopError, Unavailable


class Malformed(ShopError):
    """What came is not what it says it is; `reason` is one of a few words."""

    status = 400
    code = "malformed"


class UnfitText(Invalid):
    """A text holds characters that no screen shows and a database may fail over; `fields` names where."""

    code = "unfit_text"


class TooLarge(ShopError):
    status = 413
    code = "too_large"


class WrongMediaType(ShopError):
    status = 415
    code = "wrong_media_type"


class UnknownHost(ShopError):
    """Somebody reached us under a name that is not ours."""

    status = 421
    code = "unknown_host"


class CrossSite(Forbidden):
    """A write that another site sent in our visitor's name."""

    code = "cross_site"


class SiteNotBuilt(Unavailable):
    """There are no styles and scripts yet: `make rebuild` makes them."""

    code = "site_not_built"


class MethodNotAllowed(ShopError):
    """The path exists, but not for this method; `allow` lists those it knows."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, allow: str = "", **details: object) -> None:
        super().__init__(**details)
        self.allow = allow

    @property
    def headers(self) -> Mapping[str, str]:
        return {"allow": self.allow} if self.allow else {}

"""What a promo code refuses; the words stand under `errors.promo_<why>`, at the field `code`.

ShopError
+- Invalid
|  +- PromoRefused        422  the code takes nothing off this cart
|  |  +- PromoUnknown          no such code, or staff switched it off
|  |  +- PromoNotYet           it begins later
|  |  +- PromoExpired          it ended
|  |  +- PromoUsedUp           all its uses are taken
|  |  +- PromoMinimum          the goods cost too little
|  |  +- PromoOtherGoods       it is for other goods
|  |  +- PromoAlreadyUsed      this customer has used it
|  |  +- PromoGroupUsed        this customer has used another code of its kind
|  +- BadPromo            422  staff asked for a code that cannot be
+- Conflict
   +- CodeTaken           409  there is such a code already
"""

from collections.abc import Mapping
from typing import Final

from commerce_api.foundation.errors import Conflict, Invalid
from commerce_api.foundation.kit.clock import KYIV
from commerce_api.shop.pricing.codes import Refusal, Why


class PromoRefused(Invalid):
    """`promo`: the code as the shop writes it."""

    code = "promo_refused"

    def __init__(self, promo: str, **details: object) -> None:
        super().__init__({"code": f"errors.{self.code}"}, promo=promo, **details)


class PromoUnknown(PromoRefused):
    code = "promo_unknown"


class PromoNotYet(PromoRefused):
    """`starts`: Kyiv day and month, `24.11`."""

    code = "promo_not_yet"


class PromoExpired(PromoRefused):
    code = "promo_expired"


class PromoUsedUp(PromoRefused):
    code = "promo_used_up"


class PromoMinimum(PromoRefused):
    """`missing`: kopiyky."""

    code = "promo_minimum"


class PromoOtherGoods(PromoRefused):
    code = "promo_other_goods"


class PromoAlreadyUsed(PromoRefused):
    code = "promo_already_used"


class PromoGroupUsed(PromoRefused):
    code = "promo_group_used"


class BadPromo(Invalid):
    """`wrong`: the names of what cannot be."""

    code = "bad_promo"


class CodeTaken(Conflict):
    """`promo`."""

    code = "code_taken"


REFUSALS: Final[Mapping[Why, type[PromoRefused]]] = {
    Why.UNKNOWN: PromoUnknown,
    Why.NOT_YET: PromoNotYet,
    Why.EXPIRED: PromoExpired,
    Why.USED_UP: PromoUsedUp,
    Why.OTHER_GOODS: PromoOtherGoods,
    Why.MINIMUM: PromoMinimum,
}


def refused(refusal: Refusal) -> PromoRefused:
    """The error that says why a code takes nothing off."""
    details: dict[str, object] = {}
    if refusal.why is Why.MINIMUM:
        details["missing"] = refusal.missing
    if refusal.starts:
        details["starts"] = f"{refusal.starts.astimezone(KYIV):%d.%m}"
    return REFUSALS[refusal.why](refusal.code, **details)

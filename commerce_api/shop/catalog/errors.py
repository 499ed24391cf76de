"""What the catalogue refuses.

    ShopError
    +- NotFound
    |  +- ProductUnknown      404  no such published product
    +- Conflict
    |  +- ProductGone         409  it was there when the shopper looked, and is not sold any more
    |  +- SkuUnknown          409  no such offer
    |  +- OutOfStock          409  fewer are left than were asked for
    |  +- InStock             409  nothing to wait for: it can be bought now
    |  +- BadTransition       409  the status does not lead there
    |  +- SkuCodeTaken        409  the code belongs to another SKU for ever
    |  +- SlugTaken           409  the address belongs, or belonged, to something else
    +- Invalid
       +- BadPrice            422  not a positive amount in whole hryvnias
       +- BadDiscount         422  outside 0 to 90 percent
       +- BadStock            422  below zero
       +- BadSkuCode          422  too long, or not Latin
       +- BadSlug             422  cannot stand in an address
       +- BadSchedule         422  scheduled without a time, or a time without a schedule
       +- ProductIncomplete   422  cannot be published as it is

Amounts in details are kopiyky.
"""

from commerce_api.foundation.errors import Conflict, Invalid, NotFound


class ProductUnknown(NotFound):
    """`slug`: what was asked for."""

    code = "product_unknown"


class ProductGone(Conflict):
    """`lines`: list of {sku, name} that are no longer sold."""

    code = "product_gone"


class SkuUnknown(Conflict):
    """`sku`: the code that nothing stands behind."""

    code = "sku_unknown"


class OutOfStock(Conflict):
    """`sku`, `name` (product, size), `left`: how many can still be sold; `lines`: the same of every such line."""

    code = "out_of_stock"


class InStock(Conflict):
    """`sku`: what somebody wanted to wait for."""

    code = "in_stock"


class BadTransition(Conflict):
    """`slug`, `old`, `new`: the statuses."""

    code = "bad_transition"


class SlugTaken(Conflict):
    """`slug`: the address that is not free."""

    code = "slug_taken"


class SkuCodeTaken(Conflict):
    """`sku`, and the `size` and `fit` it belongs to."""

    code = "sku_code_taken"


class BadPrice(Invalid):
    """`price`: kopiyky as given."""

    code = "bad_price"


class BadDiscount(Invalid):
    """`discount_percent` as given."""

    code = "bad_discount"


class BadStock(Invalid):
    """`sku`, `stock` as given."""

    code = "bad_stock"


class BadSkuCode(Invalid):
    """`sku`, `longest`."""

    code = "bad_sku_code"


class BadSlug(Invalid):
    """`slug` as given."""

    code = "bad_slug"


class BadSchedule(Invalid):
    """`slug`, `status`."""

    code = "bad_schedule"


class ProductIncomplete(Invalid):
    """`slug`, `missing`: list of what a published product needs and this one lacks."""

    code = "product_incomplete"

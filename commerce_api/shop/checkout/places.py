"""Where an order goes: words that a shopper typed, or a choice of ours that is looked up and checked (rules.md 6)."""

from dataclasses import dataclass, replace

from commerce_api.shop.orders.draft import Delivery
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import directory
from commerce_api.shop.shipping.carrier import Box, PriceAsk
from commerce_api.shop.shipping.directory import Point
from commerce_api.shop.shipping.errors import ParcelTooBig


@dataclass(frozen=True, slots=True)
class Choice:
    """Tokens of ours, not believed yet; `branch` is empty where a courier goes to a door, or nothing is chosen yet."""

    city: str
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to, looked up. `point` is the branch or locker that was chosen, None for words and doors."""

    delivery: Delivery
    point: Point | None = None

    @property
    def cash(self) -> bool:
        """Whether the receiver may pay there; of typed words the best is believed, and staff see to it later."""
        return self.point is None or self.point.cash


async def looked_up(delivery: Delivery, choice: Choice | None, key: str) -> Place:
    """The place of a delivery and its choice. One statement with a choice, none without. Raises ChoiceUnknown."""
    if choice is None:
        return Place(delivery)
    if choice.branch:
        point = await directory.chosen_point(choice.city, choice.branch, key)
        return _at(point)
    city = await directory.chosen_city(choice.city, key)
    return Place(replace(delivery, city=city.name, city_ref=city.ref))


async def meant(delivery: Delivery) -> Place:
    """The place that typed words can only mean, with its references; the words themselves where they leave a doubt."""
    if delivery.kind is DeliveryKind.COURIER:
        city = await directory.city_meant_by(delivery.city)
        return Place(replace(delivery, city=city.name, city_ref=city.ref) if city else delivery)
    point = await directory.meant_by(delivery.city, delivery.branch)
    return _at(point) if point and point.delivery is delivery.kind else Place(delivery)


def _at(point: Point) -> Place:
    return Place(Delivery(point.delivery, point.city, point.name, point.city_ref, point.ref), point)


def check_size(place: Place, box: Box) -> None:
    """Raises ParcelTooBig when the chosen point does not take the parcel."""
    against = place.point.limits.against(box) if place.point else None
    if against:
        raise ParcelTooBig({"branch": f"errors.parcel_too_big_{against}"}, reason=against)


def price_ask(place: Place, box: Box, worth: int) -> PriceAsk | None:
    """What to ask the carrier about such a parcel (`worth` in kopiyky); None where words do not tell it the city."""
    delivery = place.delivery
    if not delivery.city_ref:
        return None
    return PriceAsk(delivery.city_ref, delivery.kind, box.weight_g, worth)

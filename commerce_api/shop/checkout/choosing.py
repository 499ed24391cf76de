"""What typed words mean: lists made by the server, from which a shopper without scripts picks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from commerce_api.shop.checkout.places import Choice, Place, looked_up
from commerce_api.shop.checkout.schemas import CheckoutForm, Way
from commerce_api.shop.checkout.service import Wish
from commerce_api.shop.orders.draft import Delivery
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import choices, directory
from commerce_api.shop.shipping.errors import ChoiceUnknown
from commerce_api.shop.shipping.schemas import BranchOut, CityOut

MOST: Final = 40
"""Points in a list: more than these are found by a number or a street."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Cities and points to choose from, none where nothing was typed or nothing is found; `tokens` are those of the
    form that still hold, by field, "" for those that do not."""

    cities: list[CityOut] = field(default_factory=list)
    branches: list[BranchOut] = field(default_factory=list)
    tokens: Mapping[str, str] = field(default_factory=dict)


async def choices_shown(values: Mapping[str, str], key: str, lang: str) -> tuple[Shown, Place]:
    """What a form with these values offers to choose, and the place that its tokens mean, else its words. Nothing is
    refused here: a token that is not ours is forgotten."""
    by_courier = values.get("way") == Way.COURIER
    kind = DeliveryKind.COURIER if by_courier else DeliveryKind.BRANCH
    words = Delivery(kind, values.get("city", ""), "" if by_courier else values.get("branch", ""))
    city_token, branch_token = values.get("city_token", ""), values.get("branch_token", "")
    if not words.city and not city_token:
        return Shown(), Place(words)
    cities = [CityOut.of(city, key, lang) for city in await directory.find_cities(words.city)]
    kept = city_token if any(city.token == city_token for city in cities) else ""
    city_token = kept or (cities[0].token if cities else "")
    if not city_token:
        return Shown(tokens={"city_token": "", "branch_token": ""}), Place(words)
    if by_courier:
        where = await looked_up(words, Choice(city_token), key)
        return Shown(cities, tokens={"city_token": city_token, "branch_token": ""}), where
    points = await directory.find_points(choices.ref_of(city_token), words.branch, MOST)
    branches = [BranchOut.of(point, key, lang) for point in points]
    where = Place(words)
    if branch_token:
        try:
            where = await looked_up(words, Choice(city_token, branch_token), key)
        except ChoiceUnknown:
            branch_token = ""
    return Shown(cities, branches, {"city_token": city_token, "branch_token": branch_token}), where


async def wish_of(form: CheckoutForm) -> Wish:
    """What a form asks for. A city from the list brings a courier only while the typed word can mean it: without
    scripts the list stays when the word above it is changed. Raises Invalid."""
    wish = form.wish()
    if form.way is Way.COURIER and form.city and form.city_token:
        city = await directory.city_by_ref(choices.ref_of(form.city_token))
        if city and not directory.may_mean(form.city, city):
            return replace(wish, choice=None)
    return wish

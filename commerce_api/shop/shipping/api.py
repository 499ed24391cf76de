"""The carrier's directory for shoppers and programs, served from our mirror. Public: caches may keep the answers."""

from typing import Final

from starlette.requests import Request

from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.shipping import choices, directory
from commerce_api.shop.shipping.schemas import BranchOut, BranchQuery, CityOut, CityQuery

CACHE: Final = "public, max-age=600, stale-while-revalidate=86400"
"""Typing the same letters again asks nobody; points open and close once a night."""


@api("GET", "/api/v1/delivery/cities", summary="Cities by a part of their name", cache=CACHE, tag="delivery")
async def list_cities(request: Request, query: CityQuery) -> list[CityOut]:
    """At most ten, in any alphabet and letter case, the biggest first; without words the ten biggest."""
    key = settings_of(request).secret_key
    return [CityOut.of(city, key, query.lang) for city in await directory.find_cities(query.q)]


@api("GET", "/api/v1/delivery/branches", summary="Branches and lockers of a city", cache=CACHE, tag="delivery")
async def list_branches(request: Request, query: BranchQuery) -> list[BranchOut]:
    """By number or words of the address, at most sixty. A city that nobody knows has none."""
    key = settings_of(request).secret_key
    city_ref = choices.ref_of(query.city) or query.city
    return [BranchOut.of(point, key, query.lang) for point in await directory.find_points(city_ref, query.q)]


OPERATIONS: Operations = (list_cities, list_branches)

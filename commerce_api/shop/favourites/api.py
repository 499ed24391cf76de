"""Favourites for the scripts of the shop and for programs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.access import account_of, requires
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.favourites import service
from commerce_api.shop.favourites.queries import list_of
from commerce_api.shop.favourites.schemas import FavouriteQuery, FavouritesIn, FavouritesOut


@api("GET", "/api/v1/favourites", summary="What the account likes", tag="account")
@requires()
async def read_favourites(request: Request) -> FavouritesOut:
    """The whole list, tombstones included."""
    return FavouritesOut(items=await list_of(account_of(request).id))


@api("POST", "/api/v1/favourites", summary="Join a browser's list into the account's", tag="account")
@requires()
async def join_favourites(request: Request, body: FavouritesIn) -> FavouritesOut:
    """For each product the later word counts; sending the same list again changes nothing."""
    account = account_of(request)
    return FavouritesOut(items=await transact(lambda: service.merge(account.id, body.items)))


@api("DELETE", "/api/v1/favourites", summary="Take a product out", tag="account")
@requires()
async def drop_favourite(request: Request, query: FavouriteQuery) -> FavouritesOut:
    """Leaves a tombstone, so that other browsers learn of it."""
    account = account_of(request)
    return FavouritesOut(items=await transact(lambda: service.turn(account.id, query.product, on=False)))


OPERATIONS: Operations = (read_favourites, join_favourites, drop_favourite)

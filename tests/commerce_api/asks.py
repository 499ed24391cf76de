"""How each route is asked, and how many statements it may send for that.

A word in braces is one of the crowd's names; `lines` stands for all of its SKUs as lines, `basket` for all of them as a
link to the cart carries them, `stock` for counts of them all. Whoever asks is signed in, but for the guest.
"""

from dataclasses import dataclass
from typing import Any, Final

GUEST: Final = "guest"
MEMBER: Final = "member"
OWNER: Final = "owner"
LEAVER: Final = "leaver"
"""Somebody who waits for no parcel."""

CONTACT: Final = {"name": "Шевченко Оксана", "phone": "{phone}", "email": "{email}"}
DELIVERY: Final = {"city": "Харків", "branch": "Відділення 12"}
CHECKOUT: Final = {
    "name": "Шевченко Оксана",
    "phone": "{phone}",
    "email": "{email}",
    "city": "Харків",
    "branch": "12",
    "payment": "cod",
    "comment": "",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """The most statements of one call, without BEGIN and COMMIT; who asks; what is sent; where, if the path names
    something that is not the crowd's own word for it; the status of an answer that did the work. `grows` is how many
    statements more each row may cost; a comment says why."""

    most: int
    who: str = GUEST
    json: Any = None
    form: dict[str, Any] | None = None
    query: str = ""
    path: str = ""
    status: int = 0
    headers: dict[str, str] | None = None
    grows: int = 0


def page(most: int, who: str = GUEST, **more: Any) -> Ask:
    """A page or list that is looked at."""
    return Ask(most, who, status=200, **more)


def posted(most: int, who: str = GUEST, form: dict[str, Any] | None = None, **more: Any) -> Ask:
    """A form that worked: it leads on."""
    return Ask(most, who, form=form or {}, **{"status": 303, **more})


def called(most: int, who: str = GUEST, json: Any = None, status: int = 200, **more: Any) -> Ask:
    """A call that worked."""
    return Ask(most, who, json={} if json is None else json, status=status, **more)


ROUTES: Final[dict[str, Ask]] = {
    # catalogue
    "GET /api/v1/products": page(8),
    "GET /api/v1/products/{slug}": page(6),
    "GET /api/v1/categories": page(3),
    "GET /live/{slug}.json": page(1),
    "GET /find/": page(17, query="q=колос"),
    "POST /api/v1/restock": called(5, json={"sku": "{sold_out}", "email": "new@example.com", "lang": "uk"}, status=204),
    "POST /restock/": posted(5, form={"sku": "{sold_out}", "contact": "new@example.com"}),
    "GET /restock/": page(0),
    "POST /api/v1/search-misses": called(0, json={"query": "сова", "lang": "uk"}, status=204),
    # cart and checkout
    "GET /api/v1/cart": page(3),
    "POST /api/v1/cart/lines": called(5, json={"sku": "{other_sku}", "quantity": 1}),
    "PATCH /api/v1/cart/lines/{line}": called(6, json={"quantity": 2}, path="/api/v1/cart/lines/{guest_line}"),
    "DELETE /api/v1/cart/lines/{line}": called(7, path="/api/v1/cart/lines/{guest_line}"),
    "POST /api/v1/cart/promo": called(7, json={"code": "CODE0"}),
    "DELETE /api/v1/cart/promo": called(3),
    "GET /cart/": page(5, query="add={basket}"),
    "POST /cart/add": posted(6, form={"add": "{basket}"}),
    "POST /cart/change": posted(4, form={"line": "{guest_line}", "quantity": "3"}),
    "POST /cart/promo": posted(4, form={"code": "CODE0"}),
    "POST /api/v1/checkout/quote": called(3),
    "POST /api/v1/checkout": called(
        14,
        json={"contact": CONTACT, "delivery": DELIVERY, "payment": "cod", "expected_total": "{total}"},
        headers={"Idempotency-Key": "key-of-one-order"},
        status=201,
    ),
    "GET /checkout/": page(3),
    "POST /checkout/": posted(14, form={**CHECKOUT, "expected_total": "{total}", "key": "key-of-one-form"}),
    # an order
    "GET /api/v1/orders/{token}": page(3, path="/api/v1/orders/{guest_token}"),
    "POST /api/v1/orders/{token}/cancel": called(14, path="/api/v1/orders/{guest_token}/cancel"),
    "POST /api/v1/orders/{token}/pay": called(6, path="/api/v1/orders/{paying_token}/pay"),
    "GET /order/{token}/": page(6, path="/order/{guest_token}/"),
    "POST /order/{token}/cancel": posted(11, path="/order/{guest_token}/cancel"),
    "POST /order/{token}/pay": posted(6, path="/order/{paying_token}/pay"),
    "GET /order/{token}/return": Ask(7, path="/order/{paying_token}/return", status=303),
    "POST /order/{token}/pay-on-receipt": posted(11, path="/order/{unpaid_token}/pay-on-receipt"),
    "POST /order/{token}/back-to-cart": posted(24, path="/order/{unpaid_token}/back-to-cart"),
    "POST /order/{token}/claim": posted(12, MEMBER, {"phone": "{phone}"}, path="/order/{guest_token}/claim"),
    "POST /order/{token}/account": posted(5, form={"password": "{password}"}, path="/order/{guest_token}/account"),
    "GET /order/{token}/notices/": page(4, path="/order/{guest_token}/notices/"),
    "POST /order/{token}/notices/": posted(4, form={"quiet": "1"}, path="/order/{guest_token}/notices/"),
    # places
    "GET /api/v1/delivery/cities": page(2, query="q=хар"),
    "GET /api/v1/delivery/branches": page(1, query="city={city}"),
    # favourites
    "GET /api/v1/favourites": page(4, MEMBER),
    "POST /api/v1/favourites": called(7, MEMBER, {"items": "{liked}"}),
    "DELETE /api/v1/favourites": Ask(6, MEMBER, query="product=kolos-0", json={}, status=200),
    "GET /account/favourites/": page(10, MEMBER),
    "POST /account/favourites/": posted(7, MEMBER, {"product": "kolos-0", "on": "1"}),
    # doors
    "GET /account/sign-in/": page(0),
    "POST /account/sign-in/": posted(14, form={"email": "{email}", "password": "{password}"}),
    "POST /account/sign-out": posted(4, MEMBER),
    "GET /account/code/": Ask(0, status=303),
    "POST /account/code/": Ask(0, form={"code": "123456"}, status=401),
    "GET /account/register/": page(0),
    "POST /account/register/": posted(4, form={"email": "other@example.com", "password": "{password}"}, status=200),
    "GET /account/verify/{token}/": page(1, path="/account/verify/{verify}/"),
    # The points of each order that comes along are settled under its own lock.
    "POST /account/verify/{token}/": posted(
        35, form={"password": "{password}"}, path="/account/verify/{verify}/", grows=7
    ),
    "GET /account/reset/": page(0),
    "POST /account/reset/": posted(2, form={"email": "{email}"}, status=200),
    "GET /account/reset/{token}/": page(1, path="/account/reset/{reset}/"),
    "POST /account/reset/{token}/": posted(77, form={"password": "{password}"}, path="/account/reset/{reset}/"),
    "GET /account/join/": Ask(0, status=303),
    "POST /account/join/": Ask(0, form={"password": "{password}"}, status=303),
    "GET /auth/{provider}": Ask(1, path="/auth/google", status=303),
    "GET /auth/{provider}/callback": Ask(1, path="/auth/google/callback", query="state=s&code=c", status=303),
    "POST /api/v1/auth/register": called(4, json={"email": "other@example.com", "password": "{password}"}, status=202),
    "POST /api/v1/auth/login": called(18, json={"email": "{email}", "password": "{password}"}),
    "POST /api/v1/auth/logout": called(4, MEMBER, status=204),
    "POST /api/v1/auth/reset": called(2, json={"email": "{email}"}),
    # the account
    "GET /api/v1/account": page(7, MEMBER),
    "PATCH /api/v1/account": called(9, MEMBER, {"city": "Львів"}),
    "DELETE /api/v1/account": called(32, LEAVER, {"password": "{password}"}, status=204),
    "GET /api/v1/account/orders": page(5, MEMBER),
    "GET /api/v1/account/points": page(7, MEMBER),
    "GET /api/v1/account/sessions": page(4, MEMBER),
    "POST /api/v1/auth/tokens": called(8, MEMBER, {"name": "bot", "password": "{password}"}, status=201),
    "DELETE /api/v1/auth/tokens": Ask(4, MEMBER, query="id={access_token}", json={}, status=204),
    "GET /api/v1/account/notices": page(5, MEMBER),
    "PATCH /api/v1/account/notices": called(8, MEMBER, {"mail": True}),
    "POST /api/v1/account/telegram": called(4, MEMBER, status=201),
    "DELETE /api/v1/account/telegram": called(4, MEMBER, status=204),
    "GET /account/": page(10, MEMBER),
    "GET /account/orders/": page(5, MEMBER),
    "GET /account/orders/{number}/": Ask(4, MEMBER, path="/account/orders/{own_number}/", status=303),
    "GET /account/profile/": page(4, MEMBER),
    "POST /account/profile/": posted(4, MEMBER, {"city": "Львів"}),
    "GET /account/sessions/": page(4, MEMBER),
    "POST /account/sessions/": posted(4, MEMBER, {"session": "{member_session}"}),
    "GET /account/points/": page(8, MEMBER),
    "POST /account/points/": posted(12, MEMBER, {"key": "key-of-one-press"}),
    "GET /account/data/": page(6, MEMBER),
    "GET /account/data/export.json": page(27, MEMBER),
    "POST /account/data/": posted(32, LEAVER, {"password": "{password}"}),
    "GET /account/security/": page(11, MEMBER),
    "POST /account/security/password": posted(9, MEMBER, {"current": "{password}", "password": "{password} ще"}),
    "POST /account/security/factor": posted(6, MEMBER, {"begin": "1"}),
    "POST /account/security/factor-off": posted(8, MEMBER, {"password": "{password}"}),
    "POST /account/security/disconnect": posted(7, MEMBER, {"way": "{way}"}),
    "GET /account/notices/": page(6, MEMBER),
    "POST /account/notices/": posted(6, MEMBER, {"mail": "on"}),
    "POST /account/notices/telegram": posted(7, MEMBER, status=200),
    "POST /account/notices/telegram-off": posted(4, MEMBER),
    # staff programs
    "GET /api/v1/staff/orders": page(5, OWNER),
    "POST /api/v1/staff/orders": called(
        14,
        OWNER,
        {"lines": "{lines}", "contact": CONTACT, "delivery": DELIVERY, "payment": "cod"},
        headers={"Idempotency-Key": "key-of-one-call"},
        status=201,
    ),
    "GET /api/v1/staff/orders/{number}": page(6, OWNER, path="/api/v1/staff/orders/{guest_number}"),
    "PATCH /api/v1/staff/orders/{number}": called(
        26, OWNER, {"lines": "{more}", "comment": "."}, path="/api/v1/staff/orders/{guest_number}"
    ),
    "POST /api/v1/staff/orders/{number}/exchange": called(
        37,
        OWNER,
        {"sku": "{sku}", "to_sku": "{other_sku}"},
        path="/api/v1/staff/orders/{guest_number}/exchange",
        headers={"Idempotency-Key": "key-of-one-exchange"},
    ),
    "POST /api/v1/staff/orders/{number}/transition": called(
        14,
        OWNER,
        {"to": "cancelled", "reason": "customer_asked"},
        path="/api/v1/staff/orders/{guest_number}/transition",
    ),
    "POST /api/v1/staff/orders/{number}/waybill": called(
        26,
        OWNER,
        path="/api/v1/staff/orders/{ready_number}/waybill",
        status=201,
        headers={"Idempotency-Key": "key-of-one-parcel"},
    ),
    "GET /api/v1/staff/orders/{number}/waybill": page(7, OWNER, path="/api/v1/staff/orders/{waybilled_number}/waybill"),
    "DELETE /api/v1/staff/orders/{number}/waybill": called(
        10, OWNER, path="/api/v1/staff/orders/{waybilled_number}/waybill", status=204
    ),
    "GET /api/v1/staff/orders/{number}/payments": page(8, OWNER, path="/api/v1/staff/orders/{paid_number}/payments"),
    "GET /api/v1/staff/refunds": page(7, OWNER),
    "POST /api/v1/staff/orders/{number}/refunds": called(
        28,
        OWNER,
        {"amount": 100, "reason": "staff"},
        path="/api/v1/staff/orders/{paid_number}/refunds",
        status=201,
        headers={"Idempotency-Key": "key-of-one-refund"},
    ),
    "POST /api/v1/staff/refunds/{refund}/send": called(
        20, OWNER, path="/api/v1/staff/refunds/{refund}/send", headers={"Idempotency-Key": "key-of-one-refund"}
    ),
    "GET /api/v1/staff/products/{slug}": page(6, OWNER),
    "PATCH /api/v1/staff/products/{slug}": called(20, OWNER, {"price": 5_500, "stock": "{stock}"}),
    "POST /api/v1/staff/rebuild": called(8, OWNER, {"scope": "product", "product": "{slug}"}, status=202),
    "GET /api/v1/staff/rebuild/{number}": page(4, OWNER, path="/api/v1/staff/rebuild/{rebuild}"),
    "POST /api/v1/staff/ai-runs": called(7, OWNER, status=202),
    "GET /api/v1/staff/ai-runs/{number}": page(5, OWNER, path="/api/v1/staff/ai-runs/{run}"),
    # services outside
    "POST /webhooks/telegram": called(
        4,
        json={
            "update_id": 41,
            "message": {"message_id": 1, "from": {"id": 5}, "chat": {"id": 5, "type": "private"}, "text": "/help"},
        },
        headers={"x-telegram-bot-api-secret-token": "{hook_secret}"},
    ),
    "POST /webhooks/monobank": Ask(22, headers={"x-sign": "{signature}"}, json="{notice}", status=200),
    # the sidecar itself
    "GET /healthz": page(0),
    "GET /readyz": page(0),
    "GET /api/v1/openapi.json": page(0),
    "GET /api/docs": page(0),
}
"""Every route of the sidecar; /metrics is asked by watchers and counts what it likes (test_figures.py)."""

LISTS: Final = {
    "orders": (9, 11, "{own_id}"),
    "parcels": (7, 7, "{parcel}"),
    "payments": (9, 10, "{payment}"),
    "refunds": (7, 6, "{refund}"),
    "products": (8, 7, "1"),
    "promos": (7, 6, "1"),
    "restock": (8, 7, "1"),
    "search-misses": (7, 6, "1"),
    "texts": (7, 6, "{draft}"),
    "text-runs": (8, 7, "{run}"),
    "audit": (7, 6, "1"),
}
"""Lists of the office: the most statements of the list and of one row, and which row is looked at."""

OFFICE: Final[dict[str, Ask]] = {
    "GET /admin/": page(11, OWNER),
    "GET /admin/login": Ask(0, status=200),
    "GET /admin/desk": page(5, OWNER),
    "GET /admin/desk/{pk}": page(10, OWNER, path="/admin/desk/{guest_id}"),
    "GET /admin/owed": page(11, OWNER),
    "GET /admin/products/edit": page(7, OWNER, query="pk=1"),
    "GET /admin/promos/create": page(5, OWNER),
    "GET /admin/texts/edit": page(6, OWNER, query="pk={draft}"),
    **{f"GET /admin/{name}/list": page(most, OWNER) for name, (most, _, _) in LISTS.items()},
    **{f"GET /admin/{name}/detail": page(most, OWNER, query=f"pk={row}") for name, (_, most, row) in LISTS.items()},
}
"""Every page of the office."""

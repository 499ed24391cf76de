"""`twocomms staff`, `stock`, `promo` and `orders`: what the office does, from a terminal."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit.clock import KYIV
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.catalog import service as catalog
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.payments import queries as payments
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.promotions import making as promos
from commerce_api.shop.promotions.queries import batch as batch_of
from commerce_api.shop.promotions.tables import as_csv
from commerce_api.tool import Json, console, family, settings, stop, with_database

staff = family("Staff accounts.")
stock = family("What is left.")
promo = family("Promo codes.")
order = family("Orders.")
DAY: Final = len("2026-12-31")


@staff.command("create", help="A staff account; prints a password when none is given.")
def staff_create(
    email: str,
    name: str = "",
    role: Annotated[list[Role] | None, typer.Option(help="May be given several times.")] = None,
    password: Annotated[str, typer.Option(envvar="STAFF_PASSWORD", help="Better left out: one is made.")] = "",
) -> None:
    chosen = password or secrets.token_urlsafe(12)
    roles = role or [Role.OWNER]
    with_database(lambda: transact(lambda: accounts.create_staff(email, name or email.split("@")[0], chosen, roles)))
    console.print(f"{email} may sign in at {settings().site_url}/admin/", highlight=False, soft_wrap=True, markup=False)
    if not password:
        console.print(f"password: {chosen}", highlight=False, soft_wrap=True, markup=False)


@staff.command("grant", help="Give an account one more right.")
def staff_grant(email: str, role: Role) -> None:
    given = with_database(lambda: transact(lambda: accounts.grant(email, role)))
    told = f"{email} now has {role.value}" if given else f"{email} had {role.value} already"
    console.print(told, highlight=False, soft_wrap=True, markup=False)


@stock.command("set", help="Set what is left of a SKU: a number, or made-to-order.")
def stock_set(sku: str, count: str) -> None:
    if count != "made-to-order" and not (count.isascii() and count.isdigit()):
        stop(f"{count!r} is no count: give a number such as 12, or made-to-order")
    left = None if count == "made-to-order" else int(count)
    with_database(lambda: transact(lambda: catalog.set_stock(sku, left)))
    console.print(f"{sku}: {count}")


def _ends(typed: str) -> datetime:
    """When a code ends that is good until `2026-12-31`, that day included, or until `2026-12-31T18:00`, in Kyiv."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(
            f"{typed!r} is no day such as 2026-12-31 and no moment such as 2026-12-31T18:00"
        ) from None
    return (moment + timedelta(days=1) if len(typed) == DAY else moment).replace(tzinfo=KYIV)


@promo.command("create", help="Make promo codes: one, or a batch of equal ones.")
def promo_create(
    kind: CodeKind,
    value: Annotated[int, typer.Argument(help="A percent from 1 to 90, or whole hryvnias.")],
    code: Annotated[str, typer.Option(help="Made up when left out.")] = "",
    count: Annotated[int, typer.Option(help="How many.")] = 1,
    batch: Annotated[str, typer.Option(help="A name for those made together.")] = "",
    group: Annotated[str, typer.Option(help="One use per customer of all codes of a group.")] = "",
    once: Annotated[bool, typer.Option(help="Once per customer.")] = False,
    minimum: Annotated[int, typer.Option(help="Whole hryvnias of goods.")] = 0,
    max_uses: Annotated[int | None, typer.Option(help="Without it there is no limit.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=_ends, metavar="DAY[THH:MM]", help="Last day, or moment, in Kyiv time."),
    ] = None,
    category: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    as_json: Json = False,
) -> None:
    wanted = promos.NewPromo(
        kind=kind,
        value=value if kind is CodeKind.PERCENT else hryvnias(value),
        group=group,
        once_per_customer=once,
        minimum=hryvnias(minimum),
        valid_until=until,
        max_uses=max_uses,
        categories=tuple(category or ()),
        products=tuple(product or ()),
    )

    made = with_database(lambda: transact(lambda: promos.create_some(wanted, count, code, batch)))
    console.print_json(json.dumps(made)) if as_json else console.print(*made, sep="\n", highlight=False)


@promo.command("off", help="Switch a promo code off.")
def promo_off(code: str) -> None:
    done = with_database(lambda: transact(lambda: promos.switch(code, active=False)))
    console.print(f"{code.upper()} is off" if done else f"{code.upper()} was off already, or never was", markup=False)


@promo.command("export", help="The codes of a batch as CSV.")
def promo_export(batch: str) -> None:
    async def read() -> str:
        return as_csv(await batch_of(batch))

    typer.echo(with_database(read), nl=False)


@order.command("show", help="One order, with its history.")
def orders_show(number: str, as_json: Json = False) -> None:
    async def look() -> tuple[orders.OrderView, list[payments.Attempt], list[payments.RefundView]]:
        order = await orders.order_by_number(number)
        return order, await payments.attempts_of(order.id), await payments.refunds_of(order.id)

    order, attempts, refunds = with_database(look)
    if as_json:
        money = {"attempts": [asdict(one) for one in attempts], "refunds": [asdict(one) for one in refunds]}
        console.print_json(json.dumps({**asdict(order), **money}, default=str))
        return
    table = Table("sku", "name", "quantity", "price", title=f"{order.number}: {order.status}, {order.payment_status}")
    for line in order.lines:
        table.add_row(line.sku, escape(line.name), str(line.quantity), f"{line.unit_price / 100:.2f}")
    console.print(table)
    for attempt in attempts:
        sums = f"{attempt.amount / 100:.2f}, received {attempt.received / 100:.2f}"
        console.print(f"payment {attempt.reference}: {attempt.status}, {sums}", soft_wrap=True, markup=False)
    for refund in refunds:
        told = f"{refund.amount / 100:.2f}, {refund.reason} {refund.note}".strip()
        console.print(f"refund {refund.reference}: {refund.status}, {told}", soft_wrap=True, markup=False)
    for step in order.history:
        console.print(
            f"{step.at:%Y-%m-%d %H:%M} {step.field}: {step.old or '-'} > {step.new} by {step.actor} {step.reason}",
            soft_wrap=True,
            markup=False,
        )

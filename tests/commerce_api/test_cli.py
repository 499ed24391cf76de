"""The command line: each command does what it says, and whatever a person can mend is said in one line."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from tortoise.connection import get_connection
from typer.testing import CliRunner, Result

from commerce_api import cli
from commerce_api.foundation.db import setup
from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import OrderLine, StatusChange
from commerce_api.shop.promotions.queries import terms_of
from deploy.services import free_port
from tests import services
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PASSWORD = "kolos nad dniprom 7"


@pytest.fixture
def bare(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop without a database yet, named in the environment."""
    values = {
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "TWOCOMMS_CONTENT_DIR": str(settings.var_dir.parent / "content"),
        "DATABASE_URL": settings.database_url,
        # Narrower than any message: one line has to stay one line.
        "COLUMNS": "40",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def shop(bare: Settings) -> Settings:
    """The same with an empty, migrated database."""
    asyncio.run(services.copy_sqlite(bare))
    return bare


def twocomms(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def complaint(*arguments: str) -> str:
    """What a command that cannot do it says: one line, without a traceback."""
    result = twocomms(*arguments)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("twocomms: ")
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 or all(line.startswith("  ") for line in lines[1:])
    return result.stderr.removeprefix("twocomms: ").strip()


def within(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    """Something done in the database beside the command."""

    async def run() -> T:
        async with setup.opened(settings):
            return await work()

    return asyncio.run(run())


async def an_order() -> str:
    codes = await put_on_shelf(stock={"M": None, "L": 5})
    return (await placed({codes["M"]: 2, codes["L"]: 1})).number


def test_the_schema_goes_up_is_checked_and_goes_down(bare: Settings) -> None:
    applied = re.sub(r"\s+", " ", twocomms("db", "migrate").stdout)
    assert applied.startswith("applied: 0001_initial, 0002_")
    assert "the newest" in twocomms("db", "migrate").stdout
    assert "what the models say" in twocomms("db", "check").stdout
    undone = twocomms("db", "downgrade", "zero").stdout
    assert undone.startswith("undone: ")
    assert undone.rstrip().endswith("0001_initial")


def test_a_schema_that_differs_from_the_models_is_named(shop: Settings) -> None:
    async def spoil() -> None:
        await get_connection(setup.CONNECTION).execute_script('ALTER TABLE "account" ADD COLUMN "horns" INT')

    within(shop, spoil)
    assert "horns" in complaint("db", "check")


def test_a_database_without_our_tables_is_said_before_anything_is_asked_of_it(bare: Settings) -> None:
    for command in (["stats"], ["worker", "run"], ["api", "serve"], ["office", "serve"]):
        said = complaint(*command)
        assert said.startswith("The database lacks 0001_initial, 0002_")
        assert said.endswith(": run twocomms db migrate")


def test_bad_settings_are_named_all_at_once(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TWOCOMMS_SECRT_KEY": "x", "PORT": "many", "TWOCOMMS_SITE_URL": "http://["}.items():
        monkeypatch.setenv(name, value)
    told = complaint("stats")
    assert told.startswith("the settings cannot be used:\n")
    assert "TWOCOMMS_SECRT_KEY is not a setting of this shop" in told
    assert "PORT should be a port number such as 8000" in told
    assert "TWOCOMMS_SITE_URL should be a scheme and a host" in told


@pytest.mark.parametrize("command", [["run"], ["stats"], ["worker", "run"], ["api", "serve"], ["edge", "serve"]])
def test_every_command_reads_the_settings_first(
    shop: Settings, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("TWOCOMMS_SECRT_KEY", "x")
    assert "TWOCOMMS_SECRT_KEY" in complaint(*command)


def test_a_crash_point_that_no_code_passes_is_a_bad_setting(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOCOMMS_CRASH_POINT", "whenever")
    assert "TWOCOMMS_CRASH_POINT should be one of after_commit" in complaint("worker", "run")


@pytest.mark.parametrize("command", [["stats"], ["db", "check"], ["worker", "run"], ["api", "serve"]])
@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://shop:geheim@127.0.0.1:1/shop", "does not answer: start the server"),
        ("postgres://shop:geheim@[bad/shop", "DATABASE_URL cannot be read"),
        ("oracle://shop:geheim@host/shop", "DATABASE_URL should begin with"),
        ("sqlite://:memory:", "DATABASE_URL should name a file"),
    ],
)
def test_a_wrong_database_address_is_said_without_its_password(
    shop: Settings, monkeypatch: pytest.MonkeyPatch, url: str, says: str, command: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    told = complaint(*command)
    assert says in told
    assert "geheim" not in told


def test_a_folder_that_cannot_be_written_is_said(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file in its place: root, who may run the tests, writes into any folder.
    blocked = shop.var_dir.parent / "blocked"
    blocked.touch()
    monkeypatch.setenv("TWOCOMMS_BUILD_DIR", str(blocked / "build"))
    monkeypatch.setenv("PORT", str(free_port()))
    result = twocomms("run")
    assert result.exit_code == 1
    (line,) = result.output.strip().splitlines()
    assert line.startswith(f"twocomms: the folder {blocked / 'build'} cannot be written")


def test_a_busy_port_is_said_before_anything_is_made(bare: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        result = twocomms("run")
    assert result.exit_code == 1
    (line,) = result.output.strip().splitlines()
    assert line.startswith(f"twocomms: port {port} is in use by another program: stop it or run")
    assert not bare.var_dir.exists()


@pytest.mark.parametrize("command", [["catalog", "import"], ["catalog", "check"], ["catalog", "watch"]])
def test_a_catalogue_that_is_not_there_is_said(shop: Settings, command: list[str]) -> None:
    assert "correct TWOCOMMS_CONTENT_DIR" in complaint(*command)


def test_an_empty_catalogue_is_imported_and_checked(shop: Settings) -> None:
    (shop.var_dir.parent / "content" / "catalog").mkdir(parents=True)
    assert "no products" in twocomms("catalog", "import").stdout
    assert json.loads(twocomms("catalog", "import", "--json").stdout)["created"] == []
    assert "0 products can be imported" in re.sub(r"\s+", " ", twocomms("catalog", "check").stdout)


@pytest.mark.parametrize("address", ["nonsense", "host:port", "127.0.0.1", "unix:"])
def test_an_address_that_is_none_is_said(shop: Settings, address: str) -> None:
    assert "is no address to listen on" in complaint("api", "serve", "--at", address)


def test_stock_is_set_to_a_number_or_made_to_order(shop: Settings) -> None:
    within(shop, lambda: put_on_shelf(stock={"M": 3}))
    codes = within(shop, lambda: Sku.all().values_list("code", flat=True))
    code = str(next(code for code in codes if str(code).endswith("-M")))

    assert twocomms("stock", "set", code, "12").stdout == f"{code}: 12\n"
    assert within(shop, lambda: Sku.get(code=code)).stock == 12
    assert twocomms("stock", "set", code, "made-to-order").exit_code == 0
    assert within(shop, lambda: Sku.get(code=code)).stock is None


@pytest.mark.parametrize("count", ["many", "1.5", "²", "[/]", ""])
def test_stock_that_is_no_number_is_said(shop: Settings, count: str) -> None:
    assert "is no count" in complaint("stock", "set", "TC-KOLOS-TEE-COAL-M", count)


def test_stock_of_an_unknown_sku_or_beyond_measure_is_said(shop: Settings) -> None:
    assert complaint("stock", "set", "TC-NOPE", "1") == "sku unknown: sku TC-NOPE"
    assert complaint("stock", "set", "TC-NOPE", "9" * 30).startswith("bad stock")


def test_staff_are_made_with_a_password_that_opens_the_office(shop: Settings) -> None:
    result = twocomms("staff", "create", "Olena@shop.example", "--role", "staff_orders")
    assert result.exit_code == 0
    password = result.stdout.strip().splitlines()[-1].removeprefix("password: ")
    signed_in: Person = within(shop, lambda: accounts.check_password("olena@shop.example", password))
    assert [role.value for role in signed_in.roles] == ["staff_orders"]
    assert "now has owner" in twocomms("staff", "grant", "olena@shop.example", "owner").stdout
    assert "had owner already" in twocomms("staff", "grant", "olena@shop.example", "owner").stdout


def test_a_given_password_is_not_repeated(shop: Settings) -> None:
    result = twocomms("staff", "create", "olena@shop.example", "--password", PASSWORD)
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_staff_that_cannot_be_made_are_said(shop: Settings) -> None:
    twocomms("staff", "create", "olena@shop.example", "--password", PASSWORD)
    assert complaint("staff", "create", "olena@shop.example").startswith("email taken")
    assert complaint("staff", "create", "nobody") == "bad email"
    assert complaint("staff", "create", "b@shop.example", "--password", "short").startswith("weak password")
    assert complaint("staff", "grant", "stranger@shop.example", "owner").startswith("wrong credentials")


def test_an_order_is_shown_with_lines_and_history(shop: Settings) -> None:
    number = within(shop, an_order)
    shown = twocomms("orders", "show", number)
    assert shown.exit_code == 0
    assert "890.00" in shown.stdout
    assert "status: - > new by customer" in shown.stdout
    told = json.loads(twocomms("orders", "show", number, "--json").stdout)
    assert (told["number"], told["payable"]) == (number, 267_000)


def test_words_of_people_are_no_markup(shop: Settings) -> None:
    # given a product and a note of staff that look like the markup of terminals
    async def odd() -> str:
        number = await an_order()
        await OrderLine.all().update(name="[/bold] tee")
        await StatusChange.all().update(reason="other: see [/] and [red]")
        return number

    shown = twocomms("orders", "show", within(shop, odd))
    assert shown.exit_code == 0, shown.exception
    assert "see [/] and [red]" in shown.stdout


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 22, tzinfo=UTC)),
        ("2026-12-31T18:00", datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2026-07-31", datetime(2026, 7, 31, 21, tzinfo=UTC)),
    ],
)
def test_a_code_until_a_day_is_good_on_that_day(shop: Settings, until: str, ends: datetime) -> None:
    made = twocomms("promo", "create", "percent", "10", "--code", "drop10", "--until", until)
    assert made.exit_code == 0, made.output
    terms = within(shop, lambda: terms_of("DROP10"))
    assert terms is not None
    assert terms.valid_until == ends


def test_a_last_moment_that_is_none_is_said(shop: Settings) -> None:
    said = twocomms("promo", "create", "percent", "10", "--until", "tomorrow")
    assert (said.exit_code, "tomorrow" in said.output) == (2, True)


def test_an_unknown_order_is_said(shop: Settings) -> None:
    assert complaint("orders", "show", "TWC01012026N01") == "order unknown"


async def _owed(error: str) -> Delivery:
    """One delivery that was given up."""
    event = await OutboxEvent.create(name="OrderPlaced", payload={}, created_at=await database_now())
    return await Delivery.create(
        event_id=event.id,
        handler="somebody",
        state=DeliveryState.DEAD,
        attempts=12,
        available_at=await database_now(),
        last_error=error,
    )


def test_the_outbox_is_listed(shop: Settings) -> None:
    assert twocomms("outbox", "list").stdout == "nothing is owed\n"
    within(shop, lambda: _owed("OSError: [/nobody] there"))
    listed = twocomms("outbox", "list")
    assert listed.exit_code == 0, listed.exception
    (row,) = json.loads(twocomms("outbox", "list", "--json").stdout)
    assert (row["state"], row["handler"], row["last_error"]) == ("dead", "somebody", "OSError: [/nobody] there")


def test_given_up_deliveries_are_tried_again_all_or_those_named(shop: Settings) -> None:
    first, second = (within(shop, lambda: _owed("gone")) for _ in range(2))
    assert twocomms("outbox", "retry", str(first.id)).stdout.startswith("1 deliver")
    assert within(shop, lambda: Delivery.get(id=second.id)).state is DeliveryState.DEAD
    within(shop, lambda: _owed("gone"))
    assert twocomms("outbox", "retry").stdout.startswith("2 deliver")


def test_figures_of_an_empty_shop(shop: Settings) -> None:
    assert twocomms("stats").exit_code == 0


def test_the_tool_runs_as_a_program_and_fails_in_one_line(shop: Settings) -> None:
    """The rest runs inside of this process; a program has an exit status and streams of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "commerce_api.cli", "orders", "show", "TWC01012026N01"],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "twocomms: order unknown\n")

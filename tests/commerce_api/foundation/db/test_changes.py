"""A change of the models changes the tables, keeps the rows, and can be taken back."""

import pytest

from commerce_api.foundation.db import migrate
from commerce_api.foundation.db.migrate import MigrationFailed
from commerce_api.foundation.settings import Settings
from tests.commerce_api.foundation.db.tiny import CHANGES, FIRST, ROWS, Change, TinyShop, sql

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_keeps_rows_children_and_promises_forward_and_back(
    empty_database: Settings, tiny_shop: TinyShop, change: Change
) -> None:
    # given
    first = await tiny_shop.version(FIRST)
    await migrate.migrate(empty_database, schema=first)
    await sql(empty_database, first, *ROWS)

    # when
    second = await tiny_shop.version(change.applied())
    done = await migrate.migrate(empty_database, schema=second)

    # then
    assert done == ["0002_change"]
    assert await migrate.check(empty_database, schema=second) == []
    parents, children, notes, passports = await sql(
        empty_database,
        second,
        "SELECT name, code, rank FROM parent ORDER BY id",
        "SELECT parent_id FROM child ORDER BY id",
        "SELECT id FROM note ORDER BY id",
        "SELECT parent_id, number FROM passport ORDER BY id",
    )
    assert [tuple(row.values()) for row in parents] == [("a;b", "x", 3), ("c", "y", 4)]
    assert [row["parent_id"] for row in children] == [1, 1, 2]
    assert [row["id"] for row in notes] == [1, 2]
    assert [tuple(row.values()) for row in passports] == [(1, "n1"), (2, "n2")]

    # and back again
    assert await migrate.downgrade(empty_database, "0001", schema=second) == ["0002_change"]
    (tiny_shop.folder / "migrations" / "0002_change.py").rename(tiny_shop.folder / "0002_put_away.py")
    assert await migrate.check(empty_database, schema=first) == []
    parents, children, passports = await sql(
        empty_database, first, "SELECT id FROM parent", "SELECT id FROM child", "SELECT id FROM passport"
    )
    assert (len(parents), len(children), len(passports)) == (2, 3, 2)


async def test_children_that_point_to_a_parent_are_not_emptied_by_a_change_of_the_parent(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    first = await tiny_shop.version(FIRST)
    await migrate.migrate(empty_database, schema=first)
    await sql(empty_database, first, *ROWS)

    second = await tiny_shop.version(CHANGES["a longer text"].applied())
    await migrate.migrate(empty_database, schema=second)

    (notes,) = await sql(empty_database, second, "SELECT parent_id FROM note ORDER BY id")
    assert [row["parent_id"] for row in notes] == [1, None]


async def test_rows_that_are_there_get_the_default_of_a_new_required_column(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    await migrate.migrate(empty_database, schema=(first := await tiny_shop.version(FIRST)))
    await sql(empty_database, first, *ROWS)

    second = await tiny_shop.version(
        FIRST.replace("    rank =", "    kind = fields.CharField(max_length=9, default='it\\'s')\n    rank =").replace(
            "price = fields.IntField(null=True)", "price = fields.IntField(default=5)"
        )
    )
    await migrate.migrate(empty_database, schema=second)

    (parents,) = await sql(empty_database, second, "SELECT kind, price FROM parent ORDER BY id")
    assert [tuple(row.values()) for row in parents] == [("it's", 5), ("it's", 8)]


async def test_a_required_column_without_a_default_is_refused_and_leaves_everything_as_it_was(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    await migrate.migrate(empty_database, schema=(first := await tiny_shop.version(FIRST)))
    await sql(empty_database, first, *ROWS)

    second = await tiny_shop.version(FIRST.replace("    rank =", "    size = fields.IntField()\n    rank ="))
    with pytest.raises(MigrationFailed, match="0002_change"):
        await migrate.migrate(empty_database, schema=second)

    assert await migrate.pending(empty_database, schema=second) == ["0002_change"]
    (tiny_shop.folder / "migrations" / "0002_change.py").unlink()
    assert await migrate.check(empty_database, schema=first) == []
    (children,) = await sql(empty_database, first, "SELECT id FROM child")
    assert len(children) == 3


async def test_numbers_of_deleted_rows_are_not_given_out_again_after_a_rebuild(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    await migrate.migrate(empty_database, schema=(first := await tiny_shop.version(FIRST)))
    insert = "INSERT INTO parent (name, code, rank) VALUES ('z', 'z', 1) RETURNING id"
    ((row,), _) = await sql(empty_database, first, insert, "DELETE FROM parent")

    second = await tiny_shop.version(CHANGES["a longer text"].applied())
    await migrate.migrate(empty_database, schema=second)

    (((fresh),),) = await sql(empty_database, second, insert)
    assert fresh["id"] > row["id"]


async def test_an_index_made_with_plain_sql_survives_a_rebuild(settings: Settings, tiny_shop: TinyShop) -> None:
    await migrate.migrate(settings, schema=(first := await tiny_shop.version(FIRST)))
    await sql(settings, first, 'CREATE INDEX by_hand ON parent (lower("name"))')

    second = await tiny_shop.version(CHANGES["a longer text"].applied())
    await migrate.migrate(settings, schema=second)

    (rows,) = await sql(settings, second, "SELECT 1 FROM sqlite_master WHERE name = 'by_hand'")
    assert len(rows) == 1


async def test_a_migration_that_would_lose_parents_on_sqlite_is_undone(settings: Settings, tiny_shop: TinyShop) -> None:
    await migrate.migrate(settings, schema=(first := await tiny_shop.version(FIRST)))
    await sql(settings, first, *ROWS)
    (tiny_shop.folder / "migrations" / "0002_bad.py").write_text(
        "from tortoise import migrations\nfrom tortoise.migrations import operations as ops\n\n\n"
        "async def forget(apps, editor):\n    await editor.client.execute_query('DELETE FROM parent')\n\n\n"
        "class Migration(migrations.Migration):\n    dependencies = [('shop', '0001_change')]\n"
        "    operations = [ops.RunPython(code=forget)]\n"
    )

    with pytest.raises(MigrationFailed, match="6 rows would lose their parent"):
        await migrate.migrate(settings, schema=first)

    (tiny_shop.folder / "migrations" / "0002_bad.py").unlink()
    (parents,) = await sql(settings, first, "SELECT id FROM parent")
    assert len(parents) == 2

"""The database's clock: leases are decided by it, so that processes with skewed clocks agree (security.md)."""

from datetime import UTC, datetime

from tortoise.connection import get_connection


async def database_now() -> datetime:
    """The database's current moment, aware, in UTC, to the millisecond on SQLite."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "sqlite":
        rows = await connection.execute_query_dict("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') AS moment")
        return datetime.fromisoformat(rows[0]["moment"]).replace(tzinfo=UTC)
    rows = await connection.execute_query_dict("SELECT clock_timestamp() AS moment")
    moment: datetime = rows[0]["moment"]
    return moment.astimezone(UTC)

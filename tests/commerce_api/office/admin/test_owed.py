"""What the shop owes, in the office: read by support, tried again by a press, noted in the log."""

import re
from urllib.parse import urlsplit

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.office.admin.models import AuditEntry
from commerce_api.shop.accounts.roles import Role
from tests.commerce_api.office.builders import Office, read


async def dead_letters(*errors: str) -> list[int]:
    event = await OutboxEvent.create(name="OrderPlaced", payload={}, created_at=clock.now(), dispatched_at=clock.now())
    made = [
        await Delivery.create(
            event=event,
            handler=f"notifications.{number}",
            state=DeliveryState.DEAD,
            attempts=12,
            available_at=clock.now(),
            last_error=error,
        )
        for number, error in enumerate(errors)
    ]
    return [delivery.id for delivery in made]


def press(office: Office, value: str) -> int:
    form = {"id": value, "csrftoken": office.token("/admin/owed")}
    return office.client.post("/admin/owed", data=form, follow_redirects=False).status_code


def dead(office: Office) -> object:
    return read(office, Delivery.filter(state=DeliveryState.DEAD).count())


def test_support_reads_what_failed_and_tries_it_again(office: Office) -> None:
    ids = read(office, dead_letters("ConnectionError: <b>nobody</b> there", "550 no such mailbox"))
    assert isinstance(ids, list)
    office.sign_in(Role.SUPPORT)

    page = office.client.get("/admin/owed")
    assert page.status_code == 200
    assert "ConnectionError: &lt;b&gt;nobody&lt;/b&gt; there" in page.text

    assert press(office, str(ids[0])) == 303
    assert dead(office) == 1
    entry = read(office, AuditEntry.get(action="outbox.retry"))
    assert isinstance(entry, AuditEntry)
    assert (entry.subject, entry.changes) == (str(ids[0]), {"retried": 1})

    assert press(office, "all") == 303
    assert dead(office) == 0


def test_what_is_no_delivery_is_left_alone(office: Office) -> None:
    read(office, dead_letters("no"))
    office.sign_in(Role.OWNER)

    for value in ("", "x", "-1", "99999"):
        assert press(office, value) == 303
    assert dead(office) == 1


def test_others_of_the_staff_see_nothing_of_it(office: Office) -> None:
    read(office, dead_letters("no"))
    office.sign_in(Role.MARKETING)

    assert office.client.get("/admin/owed").status_code == 403
    assert press(office, "all") == 403
    assert dead(office) == 1


def test_the_shop_s_name_leads_to_the_first_page_of_the_office(office: Office) -> None:
    office.sign_in(Role.OWNER)

    for page in ("/admin/", "/admin/owed", "/admin/desk"):
        brand = re.search(r'class="brand-link"\s+href="([^"]+)"', office.client.get(page).text)
        assert brand is not None
        assert urlsplit(brand[1]).path == "/admin/"

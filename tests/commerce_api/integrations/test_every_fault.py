"""Every fault of every service in every call: it ends well or in an error of the port, and no other way.

What was not done is never said to be done, what may have been done is said to be so, nothing that must not be repeated
is done twice, and no secret is told. Both tables make themselves: a new fault of the sandbox is tried at once.
"""

import traceback
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from commerce_api.office.copywriting.statuses import Reason
from commerce_api.office.copywriting.writer import WritingFailed
from commerce_api.office.notifications.channels import SendError
from commerce_api.shop.accounts.errors import NotVouched
from commerce_api.shop.payments.errors import BankRefused, BankUnsure, NoticeForged
from commerce_api.shop.shipping.carrier import CarrierFailed, CarrierRefused
from sandbox import id_tokens, issuer, smtp
from sandbox.app import create
from sandbox.faults import Switch, Wire
from sandbox.world import World
from tests.commerce_api.integrations.flows import BILL, FLOWS, OTHER_KEY, Flow
from tests.commerce_api.shop.settlement.builders import Kept, desk

pytestmark = pytest.mark.anyio

WIRE = {fault.value for fault in Wire}
UNDONE = {Wire.HANG, Wire.ERROR, Wire.TOO_MANY, Wire.GATEWAY, Wire.RESET}
"""Faults after which nothing was done at the service."""
ONCE, ALWAYS = 1, None
EARLIER = b'{"invoiceId": "p2_1", "status": "created", "modifiedDate": "2026-11-29T12:00:00Z"}'


def offered() -> dict[str, list[str]]:
    """The faults of each service."""
    world = World()
    create(world)
    world.faults.offer(smtp.SERVICE, *smtp.FAULTS)
    return world.faults.offered


OFFERED = offered()


@dataclass
class Ending:
    """How a call ended: its error or none, how often it was done at the service, and everything that was told."""

    error: Exception | None
    done: int
    told: str
    spent: bool
    """Whether the fault struck at all."""


async def ended(flow: Flow, fault: str, times: int | None) -> tuple[Ending, tuple[str, ...]]:
    """One call under a fault, and the secrets of it."""
    trial = await flow.begin()
    before = trial.done()
    share = 1.0 if times is None else None
    trial.world.faults.arm(
        Switch(flow.service, fault, times, share, seconds=1, only=flow.only if fault in WIRE else "")
    )
    error: Exception | None = None
    async with trial.closing:
        with capture_logs() as lines:
            try:
                await trial.deed()
            except Exception as failed:
                error = failed
        struck = any(entry.what == f"fault: {fault}" for entry in trial.world.journal)
        trial.world.faults.clear()
        told = str(lines) + ("".join(traceback.format_exception(error)) if error else "")
        return Ending(error, trial.done() - before, told, struck), trial.secrets


def unsure(error: Exception) -> bool:
    """Whether an error says that what was asked may have been done; errors that say nothing of it leave it open."""
    if isinstance(error, CarrierFailed):
        return error.may_have_worked
    if isinstance(error, WritingFailed):
        return error.paid
    return isinstance(error, BankUnsure | SendError | NotVouched) or not isinstance(
        error, BankRefused | CarrierRefused | NoticeForged
    )


def final(error: Exception) -> bool:
    """Whether an error says that the service understood and will never do it."""
    if isinstance(error, SendError):
        return error.permanent
    if isinstance(error, WritingFailed):
        return error.reason not in {Reason.UNREACHABLE, Reason.RATE_LIMITED}
    return isinstance(error, BankRefused | CarrierRefused | NotVouched)


def faults_in(
    flow: Flow, name: str, fault: str, times: int | None, ending: Ending, secrets: tuple[str, ...]
) -> list[str]:
    """What is wrong with an ending."""
    where = f"{name} under {fault}{' always' if times is ALWAYS else ''}"
    error, found = ending.error, []
    # The key is asked for about a message that nobody signed; a label that is no PDF is none, whatever it is instead.
    forged = isinstance(error, NoticeForged) and name == "bank pubkey"
    no_label = isinstance(error, CarrierRefused) and name == "carrier label"
    if error is not None and not isinstance(error, flow.errors):
        found.append(f"{where}: {type(error).__name__} is no error of this port\n{ending.told[-1500:]}")
    if ending.done > 1:
        found.append(f"{where}: done {ending.done} times")
    if error is None and ending.done == 0 and name in CHANGES:
        found.append(f"{where}: said to be done, and is not")
    if error is not None and ending.done and not unsure(error):
        found.append(f"{where}: done, and {error!r} says that it is not")
    if fault in WIRE and error is not None and not forged and not no_label and final(error):
        found.append(f"{where}: {error!r} says never, after what may go well the next time")
    if fault in UNDONE and times is ALWAYS and ending.spent and error is None:
        found.append(f"{where}: nothing could have been done, and no error")
    if fault in WIRE and times is ONCE and flow.again and error is not None and not forged and not no_label:
        found.append(f"{where}: {error!r}, where asking again would have helped")
    found += [f"{where}: tells {secret!r}\n{ending.told[-1500:]}" for secret in secrets if secret in ending.told]
    return found


CHANGES = {
    "bank create", "bank remove", "bank cancel", "bank finalize", "carrier waybill", "carrier courier",
    "carrier delete", "bot say", "bot edit", "bot note", "bot hand", "bot listen", "bot offer", "text", "letter",
}  # fmt: skip
"""Flows after which something is to be seen at the service."""


@pytest.fixture(autouse=True)
def ready_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are slow to make: whoever wants a new one is given this."""
    for module in (id_tokens, issuer):
        monkeypatch.setattr(module, "new_key", lambda: OTHER_KEY)


@pytest.mark.parametrize("name", list(FLOWS))
async def test_every_fault_ends_as_the_port_says(name: str) -> None:
    flow = FLOWS[name]
    wrong: list[str] = []
    struck = set()
    for fault in OFFERED[flow.service]:
        for times in (ONCE, ALWAYS) if fault in WIRE else (ONCE,):
            ending, secrets = await ended(flow, fault, times)
            wrong += faults_in(flow, name, fault, times, ending, secrets)
            struck |= {fault} if ending.spent else set()
    assert wrong == [], "\n\n".join(wrong)
    assert struck >= (WIRE & set(OFFERED[flow.service])), "every fault of the wire struck"


@pytest.mark.parametrize("name", list(FLOWS))
async def test_without_a_fault_every_flow_goes_well(name: str) -> None:
    trial = await FLOWS[name].begin()
    before = trial.done()
    async with trial.closing:
        if name == "bank pubkey":
            with pytest.raises(NoticeForged):
                await trial.deed()
        else:
            await trial.deed()
        assert (trial.done() - before == 1) is (name in CHANGES or name.endswith("/token") or name.endswith("/jwks"))


def test_every_service_of_the_sandbox_has_its_flows() -> None:
    # The bucket store is spoken to by the publisher, through its own client (tests/sandbox/test_s3.py).
    assert set(OFFERED) - {"s3"} == {flow.service for flow in FLOWS.values()}


@pytest.mark.parametrize("fault", [None, *(fault for fault in OFFERED["monobank"] if fault not in WIRE)])
async def test_every_fault_of_the_banks_messages_is_seen_through(fault: str | None) -> None:
    seconds, heard = 0.0, Kept()
    here = desk(heard, now=lambda: seconds)
    page = await here.gateway.start(BILL)
    # The key is known from an earlier message.
    await here.gateway.read_notice(EARLIER, here.there.messages.signed(EARLIER))
    if fault:
        here.fault(fault)
    here.there.pay(page.invoice_id, "pay")
    seconds = 1000.0
    await here.there.messages.deliver()

    read: list[str] = []
    for request in heard.sent:
        try:
            notice = await here.gateway.read_notice(request.content, request.headers["x-sign"])
        except NoticeForged:
            read.append("forged")
        else:
            assert notice.invoice_id == page.invoice_id
            read.append(notice.status)

    right = ["processing", "success"]
    assert read == {
        "duplicate": ["processing"] * 3 + ["success"],
        "reordered": ["success", "processing"],
        "lost": ["success"],
        "forged": ["forged", "success"],
        "unknown_status": ["bank_is_thinking", "success"],
    }.get(fault or "", right)

"""Letters over a real conversation with the mail server of the sandbox."""

import re
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from commerce_api.foundation import metrics
from commerce_api.foundation.outside_settings import MailSettings
from commerce_api.integrations.smtp import SmtpMail, mail_server, message_of
from commerce_api.office.notifications.channels import SendError
from commerce_api.office.notifications.mail import Mail
from deploy.services import free_port
from sandbox import smtp
from sandbox.faults import Switch
from sandbox.world import World

pytestmark = pytest.mark.anyio

SENDER = "hello@twocomms.example"
MAIL = Mail(
    "oksana@example.com", "Замовлення прийнято", "Дякуємо!\nhttp://localhost/order/abc", "<p>Дякуємо!</p>", "order:1"
)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def server(world: World) -> AsyncIterator[SmtpMail]:
    listening = await smtp.listen(world)
    yield SmtpMail(f"smtp://127.0.0.1:{smtp.port_of(listening)}", SENDER)
    listening.close()


async def failure(server: SmtpMail, mail: Mail = MAIL) -> SendError:
    with pytest.raises(SendError) as caught:
        await server.send(mail)
    return caught.value


async def test_a_letter_arrives_as_text_and_as_html(world: World, server: SmtpMail) -> None:
    await server.send(MAIL)

    (letter,) = world.letters
    assert (letter.to, letter.sender, letter.subject) == ("oksana@example.com", SENDER, "Замовлення прийнято")
    assert letter.part("plain").strip() == MAIL.text
    assert letter.part("html").strip() == MAIL.html
    assert letter.links == ["http://localhost/order/abc"]
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert str(letter.message["From"]) == f"TwoComms <{SENDER}>"


async def test_the_same_letter_sent_again_is_known_to_be_the_same(world: World, server: SmtpMail) -> None:
    # given a server that takes the letter, and whose word of it is lost
    world.faults.arm(Switch("smtp", "lost_reply"))
    assert not (await failure(server)).permanent
    # when the outbox sends it again, and another letter
    await server.send(MAIL)
    await server.send(Mail(MAIL.to, MAIL.subject, MAIL.text, key="order:2"))
    # then who reads the first two can tell that they are one
    first, again, other = (letter.message["Message-ID"] for letter in world.letters)
    assert first == again != other
    assert re.fullmatch(r"<[0-9a-f]{32}@twocomms\.example>", first)


@pytest.mark.parametrize(
    ("fault", "permanent", "outcome"), [("4xx", False, "status"), ("5xx", True, "status"), ("drop", False, "malformed")]
)
async def test_only_a_letter_that_nobody_will_ever_take_is_given_up(
    world: World, server: SmtpMail, fault: str, permanent: bool, outcome: str
) -> None:
    before = metrics.OUTSIDE.count("smtp", "send", outcome)
    world.faults.arm(Switch("smtp", fault))

    failed = await failure(server)

    assert failed.permanent is permanent
    assert MAIL.to not in str(failed)
    assert metrics.OUTSIDE.count("smtp", "send", outcome) == before + 1
    assert world.letters == []


async def test_a_server_that_is_not_there_is_asked_again_later() -> None:
    failed = await failure(SmtpMail(f"smtp://127.0.0.1:{free_port()}", SENDER))

    assert not failed.permanent


def parsed(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(), EmailMessage, policy=policy.default)


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\u2028", "\x00", "\x1b"])
def test_nobody_adds_a_header_by_way_of_a_subject(sign: str) -> None:
    message = parsed(message_of(Mail(MAIL.to, f"Вітаємо{sign}Bcc: all@example.com", "text"), SENDER))

    assert message["Bcc"] is None
    assert message["Subject"] == "Вітаємо Bcc: all@example.com"


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@example.com\nBcc: b@example.com", "a@example.com\rX: y", "a@x.com,b@x.com", "a\x00@x.com"]
)
async def test_an_address_that_is_none_is_refused_for_good(to: str) -> None:
    failed = await failure(SmtpMail("smtp://127.0.0.1:1", SENDER), Mail(to, "s", "t"))

    assert failed.permanent


def test_a_letter_that_can_be_switched_off_says_where() -> None:
    message = parsed(message_of(Mail(MAIL.to, "s", "t", unsubscribe="https://shop.example/quiet"), SENDER))

    assert message["List-Unsubscribe"] == "<https://shop.example/quiet>"


def test_the_address_of_the_server_says_how_to_speak_to_it() -> None:
    assert mail_server(MailSettings()) is None
    server = mail_server(MailSettings("smtps://shop:p%40ss@mail.example", SENDER))

    assert server is not None
    assert (server.scheme, server.host, server.port) == ("smtps", "mail.example", 465)
    assert (server.username, server.password) == ("shop", "p@ss")

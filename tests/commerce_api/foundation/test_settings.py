"""Settings of publishing: read, refused with a word on what to do, never shown."""

import pytest

from commerce_api.foundation.kit import data_keys
from commerce_api.foundation.settings import BadSettings, parse

SECRET = {"TWOCOMMS_SECRET_KEY": "s" * 40, "TWOCOMMS_DATA_KEYS": data_keys.new_key()}


@pytest.mark.parametrize("url", ["", "/srv/site", "file:///srv/site", "s3://shop/site?endpoint=https://s3.example"])
def test_a_copy_goes_to_a_folder_or_a_bucket(url: str) -> None:
    settings = parse({"TWOCOMMS_PUBLISH_URL": url})

    assert settings.publish_url == url
    assert "TWOCOMMS_PUBLISH_URL" not in settings.without_effect


@pytest.mark.parametrize("url", ["srv/site", "https://bucket.example", "s3://", "file://srv"])
def test_any_other_place_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="TWOCOMMS_PUBLISH_URL should be a folder"):
        parse({"TWOCOMMS_PUBLISH_URL": url})


def test_a_token_travels_encrypted_or_stays_on_this_machine() -> None:
    local, remote = "http://127.0.0.1:9000/purge", "https://cdn.example/purge"

    assert parse({"TWOCOMMS_PURGE_URL": local}).purge_url == local
    assert parse({"TWOCOMMS_PURGE_URL": remote, "TWOCOMMS_ENV": "production", **SECRET}).purge_url == remote
    for given in ({"TWOCOMMS_PURGE_URL": "http://cdn.example/"}, {"TWOCOMMS_PURGE_URL": "http://127.0.0.1.evil.test/"}):
        with pytest.raises(BadSettings, match="TWOCOMMS_PURGE_URL should begin with https://"):
            parse(given)
    with pytest.raises(BadSettings, match="https://"):
        parse({"TWOCOMMS_PURGE_URL": local, "TWOCOMMS_ENV": "production", **SECRET})


def test_no_secret_of_publishing_is_shown() -> None:
    settings = parse({"TWOCOMMS_PURGE_TOKEN": "t0ken", "TWOCOMMS_PUBLISH_URL": "s3://shop?endpoint=https://k:s3cret@x"})

    assert "t0ken" not in repr(settings)
    assert "s3cret" not in repr(settings)


# the services outside

PRODUCTION = {"TWOCOMMS_ENV": "production", **SECRET}
BOT = {"TELEGRAM_BOT_TOKEN": "123456:" + "a" * 35}


def problems(**values: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(values)
    return caught.value.problems


def test_without_tokens_nothing_is_connected_and_the_shop_starts() -> None:
    outside = parse(PRODUCTION).outside

    assert len(outside.not_connected) == 6
    assert (outside.monobank.url, outside.google.issuer) == ("https://api.monobank.ua", "https://accounts.google.com")


def test_every_service_is_read() -> None:
    outside = parse(
        {
            "MONOBANK_TOKEN": "m",
            "NOVA_POSHTA_API_KEY": "n",
            **{
                f"NOVA_POSHTA_SENDER_{name}": name
                for name in ("CITY_REF", "REF", "CONTACT_REF", "ADDRESS_REF", "PHONE")
            },
            **BOT,
            "TELEGRAM_STAFF_CHAT_ID": "-100500",
            "TELEGRAM_CLIENT_ID": "t",
            "TELEGRAM_CLIENT_SECRET": "ts",
            "GOOGLE_CLIENT_ID": "g",
            "GOOGLE_CLIENT_SECRET": "gs",
            "OPENAI_API_KEY": "o",
            "TWOCOMMS_AI_ENABLED": "on",
            "SMTP_URL": "smtps://shop:s3cret@mail.example:465",
            "TWOCOMMS_MAIL_FROM": "shop@twocomms.example",
        }
    ).outside

    assert outside.not_connected == ()
    assert outside.nova_poshta.sender.known
    assert (outside.telegram.staff_chat_id, outside.openai.enabled) == (-100500, True)
    assert "s3cret" not in repr(outside)


@pytest.mark.parametrize("secret", ["", "short", "with a space in it, which is not allowed"])
def test_a_bot_without_a_good_webhook_secret_does_not_start_in_production(secret: str) -> None:
    (problem,) = problems(**PRODUCTION, **BOT, TELEGRAM_WEBHOOK_SECRET=secret)

    assert "TELEGRAM_WEBHOOK_SECRET" in problem
    assert parse({**BOT}).outside.telegram.bot_token


@pytest.mark.parametrize(
    "values",
    [
        {"GOOGLE_CLIENT_ID": "g"},
        {"TELEGRAM_CLIENT_SECRET": "s"},
        {"NOVA_POSHTA_SENDER_REF": "r"},
        {"TELEGRAM_BOT_TOKEN": "no token"},
        {"TELEGRAM_STAFF_CHAT_ID": "@staff"},
        {"MONOBANK_API_URL": "http://bank.example"},
        {"MONOBANK_API_URL": "bank.example"},
        {"OPENAI_BASE_URL": "https://user@host.example"},
        {"SMTP_URL": "mail.example:25"},
        {"SMTP_URL": "smtp://mail.example:many"},
        {"SMTP_URL": "smtp://shop:s3cret@mail.example"},
        {"TWOCOMMS_MAIL_FROM": "shop@example.com\nBcc: everybody@example.com"},
        {"TWOCOMMS_AI_ENABLED": "perhaps"},
    ],
    ids=lambda values: " ".join(values),
)
def test_what_a_service_cannot_use_is_named(values: dict[str, str]) -> None:
    (problem,) = problems(**values)

    assert problem.startswith(("NOVA_POSHTA_SENDER", *(name.rsplit("_", 1)[0] for name in values)))
    assert "s3cret" not in problem


@pytest.mark.parametrize(
    "values",
    [
        {"MONOBANK_API_URL": "http://127.0.0.1:8001/monobank"},
        {"GOOGLE_ISSUER": "https://localhost/google"},
        {"TWOCOMMS_AI_ENABLED": "on"},
        {"SMTP_URL": "smtps://mail.example"},
        {"SMTP_URL": "smtp://mail.example", "TWOCOMMS_MAIL_FROM": "shop@twocomms.example"},
    ],
    ids=lambda values: " ".join(values.values()),
)
def test_production_refuses_stand_ins_and_halves(values: dict[str, str]) -> None:
    assert len(problems(**PRODUCTION, **values)) == 1
    if "mail.example" not in str(values):
        assert parse(values)


def test_the_payment_page_is_the_banks_or_that_of_its_stand_in() -> None:
    assert parse({}).outside.monobank.page_origin == "https://pay.mbnk.biz"
    stand_in = parse({"MONOBANK_API_URL": "http://localhost:8001/monobank"}).outside.monobank
    assert stand_in.page_origin == "http://localhost:8001"


# alerts


@pytest.mark.parametrize("dsn", ["", "https://0123abcd@errors.example/7", "https://0a@o1.in.errors.example:8443/sub/7"])
def test_alerts_go_to_the_address_that_a_project_shows(dsn: str) -> None:
    settings = parse({"SENTRY_DSN": dsn, **PRODUCTION})

    assert settings.sentry_dsn == dsn
    assert "0123abcd" not in repr(settings)


def test_an_address_of_alerts_that_is_none_or_goes_in_the_clear_is_refused() -> None:
    local = "http://0123abcd@127.0.0.1:9000/1"

    assert parse({"SENTRY_DSN": local}).sentry_dsn == local
    for dsn in ("alerts.test", "https://alerts.test/1", "https://k@alerts.test/", "http://k@alerts.test/1"):
        (problem,) = problems(SENTRY_DSN=dsn)
        assert "SENTRY_DSN should be the address" in problem
        assert dsn not in problem
    assert len(problems(**PRODUCTION, SENTRY_DSN=local)) == 1

"""The settings that lead a shop to its stand-ins."""

from collections.abc import Collection, Mapping
from typing import Final

from sandbox.nova_poshta_directory import reference

SERVICES: Final[tuple[str, ...]] = ("google", "monobank", "nova-poshta", "openai", "smtp", "telegram", "telegram-id")
"""The services that a shop in development is led to: those that have an emulator (sandbox/app.py), and letters."""

TOKENS: Final[Mapping[str, str]] = {
    "monobank": "MONOBANK_TOKEN",
    "nova-poshta": "NOVA_POSHTA_API_KEY",
    "telegram": "TELEGRAM_BOT_TOKEN",
    "telegram-id": "TELEGRAM_CLIENT_ID",
    "google": "GOOGLE_CLIENT_ID",
    "openai": "OPENAI_API_KEY",
    "smtp": "SMTP_URL",
}
"""The setting by which each service counts as connected."""

SENDER: Final = {
    "NOVA_POSHTA_SENDER_CITY_REF": reference("city", "Київ"),
    "NOVA_POSHTA_SENDER_REF": reference("sender"),
    "NOVA_POSHTA_SENDER_CONTACT_REF": reference("sender", "contact"),
    "NOVA_POSHTA_SENDER_ADDRESS_REF": reference("point", "Київ", "branch", 1),
    "NOVA_POSHTA_SENDER_PHONE": "380501234567",
}
PARCELS_KEY: Final = "sandbox-key-of-the-parcels"
BANK_TOKEN: Final = "sandbox-merchant"  # noqa: S105 - opens nothing
BOT_TOKEN: Final = "1000001:sandbox-bot-token-for-development-only"  # noqa: S105 - opens nothing
WEBHOOK_SECRET: Final = "sandbox-webhook-secret-for-development-only"  # noqa: S105 - opens nothing
STAFF_CHAT: Final = -1001


def environment(base: str, smtp_port: int, services: Collection[str]) -> dict[str, dict[str, str]]:
    """For each of `services` the settings that lead to the sandbox at `base`."""
    every = {
        "monobank": {"MONOBANK_TOKEN": BANK_TOKEN, "MONOBANK_API_URL": f"{base}/monobank"},
        "nova-poshta": {
            "NOVA_POSHTA_API_KEY": PARCELS_KEY,
            "NOVA_POSHTA_API_URL": f"{base}/nova-poshta/v2.0/json/",
            **SENDER,
        },
        "telegram": {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_URL": f"{base}/telegram",
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_STAFF_CHAT_ID": str(STAFF_CHAT),
        },
        "telegram-id": {
            "TELEGRAM_CLIENT_ID": "1000001",
            "TELEGRAM_CLIENT_SECRET": "sandbox-client-secret",
            "TELEGRAM_ISSUER": f"{base}/telegram-id",
        },
        "google": {
            "GOOGLE_CLIENT_ID": "sandbox.apps.example",
            "GOOGLE_CLIENT_SECRET": "sandbox-client-secret",
            "GOOGLE_ISSUER": f"{base}/google",
        },
        "openai": {
            "OPENAI_API_KEY": "sandbox",
            "OPENAI_BASE_URL": f"{base}/openai/v1",
            "TWOCOMMS_AI_ENABLED": "on",
        },
        "smtp": {"SMTP_URL": f"smtp://127.0.0.1:{smtp_port}", "TWOCOMMS_MAIL_FROM": "hello@twocomms.example"},
    }
    return {service: values for service, values in every.items() if service in services}


def stand_ins(base: str, smtp_port: int, services: Collection[str], given: Mapping[str, str]) -> dict[str, str]:
    """The settings of those services that `given` names no token of; what is given by hand stays."""
    wanted = environment(base, smtp_port, services)
    return {
        name: value
        for service, values in wanted.items()
        if not given.get(TOKENS[service])
        for name, value in values.items()
        if not given.get(name)
    }

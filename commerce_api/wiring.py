"""The porter: who answers which address, who listens to which event, what the calendar asks for.

Everything is a table. Importing this module imports the rooms of the sidecar and the worker, and nothing heavy: no
picture library, no generator, no staff office.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from commerce_api.foundation.db.retention import Retention, purge_job
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import (
    LetterWanted,
    OrderPlaced,
    OrderStatusChanged,
    ParcelMoved,
    PaymentChanged,
    PaymentDue,
    ProductRenamed,
    RefundQueued,
    RestockArrived,
    UpdateReceived,
    WaybillDead,
    WaybillMade,
    WebhookRejected,
)
from commerce_api.foundation.outbox import purging as outbox_purging
from commerce_api.foundation.outbox.relay import Handler, Handlers
from commerce_api.foundation.outside_settings import NOVA_POSHTA_API
from commerce_api.foundation.publishing import purging as publishing_purging
from commerce_api.foundation.schedule.service import Job
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import purging as web_purging
from commerce_api.foundation.web.carried import Ports
from commerce_api.foundation.web.openapi import Operations
from commerce_api.foundation.web.pages import Pages
from commerce_api.foundation.web.sessions import sweep_sessions
from commerce_api.integrations import monobank, nova_poshta, oidc, smtp
from commerce_api.integrations.http import Outside, Transports, network
from commerce_api.integrations.telegram import Telegram
from commerce_api.office.admin import audit
from commerce_api.office.copywriting import api as copywriting_api
from commerce_api.office.notifications import api as notifications_api
from commerce_api.office.notifications import customer_handlers as to_customers
from commerce_api.office.notifications import handlers as to_staff
from commerce_api.office.notifications import purging as notifications_purging
from commerce_api.office.notifications.channels import LogChannel, StaffChannel, StaffChat
from commerce_api.office.notifications.customers import Ways
from commerce_api.office.notifications.letters import on_letter_wanted
from commerce_api.office.notifications.listening import hearing
from commerce_api.office.notifications.mail import MAIL_FOLDER, FolderMail, MailChannel, NoMail
from commerce_api.office.notifications.pressing import Hands
from commerce_api.office.notifications.talking import Desk, on_update_received
from commerce_api.office.notifications.watching import watch
from commerce_api.shop.accounts import purging as accounts_purging
from commerce_api.shop.accounts.chats import ChatBot
from commerce_api.shop.accounts.identity import IdentityProviders
from commerce_api.shop.accounts.proofs import forget_proofs
from commerce_api.shop.cart import api as cart_api
from commerce_api.shop.cart import pages as cart_pages
from commerce_api.shop.cart import purging as cart_purging
from commerce_api.shop.catalog import api as catalog_api
from commerce_api.shop.catalog import restock, restock_api, restock_pages
from commerce_api.shop.catalog import service as catalog_service
from commerce_api.shop.catalog import staff_api as catalog_staff_api
from commerce_api.shop.checkout import api as checkout_api
from commerce_api.shop.checkout import desk_api, order_pages
from commerce_api.shop.checkout import pages as checkout_pages
from commerce_api.shop.customer_area import api as customer_api
from commerce_api.shop.customer_area import doors as customer_doors
from commerce_api.shop.customer_area import notice_api, notice_pages, security_pages, ways
from commerce_api.shop.customer_area import pages as customer_pages
from commerce_api.shop.dispatch import api as dispatch_api
from commerce_api.shop.dispatch import moves
from commerce_api.shop.favourites import api as favourites_api
from commerce_api.shop.favourites import handlers as favourite_handlers
from commerce_api.shop.favourites import pages as favourites_pages
from commerce_api.shop.finding import api as finding_api
from commerce_api.shop.finding import pages as finding_pages
from commerce_api.shop.finding.service import forget_misses
from commerce_api.shop.loyalty import service as loyalty
from commerce_api.shop.orders import api as orders_api
from commerce_api.shop.payments import looks, notices
from commerce_api.shop.payments.gateway import PaymentGateway
from commerce_api.shop.promotions import handlers as promotion_handlers
from commerce_api.shop.settlement import api as settlement_api
from commerce_api.shop.settlement import handlers as settlement_handlers
from commerce_api.shop.settlement import pages as settlement_pages
from commerce_api.shop.settlement import polling, webhook
from commerce_api.shop.settlement import refunds as settlement_refunds
from commerce_api.shop.settlement.bank import bank_over
from commerce_api.shop.settlement.reconcile import look_far_back, reconcile
from commerce_api.shop.shipping import api as shipping_api
from commerce_api.shop.shipping import purging as shipping_purging
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.mirror import mirror_if_due
from commerce_api.shop.shipping.tracking import track

OPERATIONS: Final[Operations] = (
    *catalog_api.OPERATIONS,
    *restock_api.OPERATIONS,
    *finding_api.OPERATIONS,
    *cart_api.OPERATIONS,
    *checkout_api.OPERATIONS,
    *shipping_api.OPERATIONS,
    *favourites_api.OPERATIONS,
    *customer_api.OPERATIONS,
    *notice_api.OPERATIONS,
    *notifications_api.OPERATIONS,
    *orders_api.operations(audit.record),
    *dispatch_api.operations(audit.record),
    *desk_api.operations(audit.record),
    *settlement_api.operations(audit.record),
    *catalog_staff_api.operations(audit.record),
    *copywriting_api.operations(audit.record),
)
PAGES: Final[Pages] = (
    *finding_pages.PAGES,
    *cart_pages.PAGES,
    *checkout_pages.PAGES,
    *order_pages.PAGES,
    *settlement_pages.PAGES,
    *restock_pages.PAGES,
    *favourites_pages.PAGES,
    *customer_doors.PAGES,
    *customer_pages.PAGES,
    *security_pages.PAGES,
    *ways.PAGES,
    *notice_pages.PAGES,
)


ROUTES: Final = (*webhook.ROUTES,)
"""Addresses that services outside call, in their own ways."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """What speaks to the services outside. A field is None while its service has no token; `outsides` are closed with
    the process."""

    identities: IdentityProviders | None = None
    outsides: tuple[Outside, ...] = ()
    carrier: Carrier | None = None
    gateway: PaymentGateway | None = None
    telegram: Telegram | None = None
    mail: MailChannel | None = None

    @property
    def ports(self) -> Ports:
        """The adapters by the Protocols that routes ask for (`port_of`)."""
        offered: tuple[tuple[type, object | None], ...] = (
            (Carrier, self.carrier),
            (IdentityProviders, self.identities),
            (PaymentGateway, self.gateway),
            (ChatBot, self.telegram),
        )
        return {port: adapter for port, adapter in offered if adapter is not None}

    async def aclose(self) -> None:
        """End the connections kept open."""
        for outside in self.outsides:
            await outside.aclose()


def adapters(settings: Settings, transport_of: Transports = network) -> Adapters:
    """The adapters of the services that have a token. Nothing is opened before the first call."""
    parcels, gateway, outsides = None, None, list[Outside]()
    if settings.outside.nova_poshta.api_key:
        parcels, spoken = nova_poshta.carrier(settings.outside.nova_poshta, transport_of(nova_poshta.SERVICE))
        outsides += spoken
    if settings.outside.monobank.token:
        gateway, bank = monobank.gateway(settings.outside.monobank, transport_of(monobank.SERVICE))
        outsides.append(bank)
    identities, spoken_for = oidc.providers(settings, transport_of)
    outsides += spoken_for
    told = settings.outside.telegram
    telegram = Telegram(told.bot_token, told.url, transport_of("telegram")) if told.bot_token else None
    outsides += [telegram.outside] if telegram else []
    return Adapters(
        outsides=tuple(outsides),
        carrier=parcels,
        gateway=gateway,
        identities=identities,
        telegram=telegram,
        mail=smtp.mail_server(settings.outside.mail),
    )


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Adapters]:
    """The adapters of a command, closed when it is done."""
    made = adapters(settings)
    try:
        yield made
    finally:
        await made.aclose()


def staff_channel(settings: Settings, adapters: Adapters) -> StaffChannel:
    """Where staff notices go: into the log until there is a chat for them."""
    chat_id = settings.outside.telegram.staff_chat_id
    return StaffChat(adapters.telegram, chat_id) if adapters.telegram and chat_id is not None else LogChannel()


def mail_channel(settings: Settings, adapters: Adapters) -> MailChannel:
    """How letters leave the shop: by a mail server; without one, outside of production, into a folder."""
    if adapters.mail:
        return adapters.mail
    return NoMail() if settings.env == "production" else FolderMail(settings.var_dir / MAIL_FOLDER)


async def settle_points(event: OrderStatusChanged | PaymentChanged) -> None:
    """Points follow the status of their order, and its money back."""
    await transact(partial(loyalty.settle, event.order_id))


def handlers(settings: Settings, adapters: Adapters) -> Handlers:
    """Who does what when something happened. A handler's name is stored with its deliveries: never rename one."""
    channel, bank = staff_channel(settings, adapters), bank_over(settings, adapters.gateway)
    ways = Ways(mail_channel(settings, adapters), adapters.telegram, settings.site_url, settings.secret_key)
    talking: Mapping[str, Handler] = {}
    if adapters.telegram:
        hands = Hands(audit.record, settings.secret_key, settings.shop, adapters.gateway, adapters.carrier)
        desk = Desk(adapters.telegram, settings.site_url, hands)
        talking = {"notifications.update_received": on_update_received(desk)}
    return {
        RestockArrived: {"notifications.restock_arrived": to_staff.on_restock_arrived(channel)},
        ProductRenamed: {
            "promotions.product_renamed": promotion_handlers.on_product_renamed,
            "favourites.product_renamed": favourite_handlers.on_product_renamed,
        },
        OrderPlaced: {
            "notifications.order_placed": to_staff.on_order_placed(channel, settings.secret_key),
            "notifications.customer_order_placed": to_customers.on_order_placed(ways),
        },
        OrderStatusChanged: {
            "notifications.order_status_changed": to_staff.on_order_status_changed(channel),
            "notifications.customer_order_status_changed": to_customers.on_order_status_changed(ways),
            "loyalty.order_moved": settle_points,
            "settlement.order_moved": settlement_handlers.on_order_status_changed,
            "dispatch.order_moved": moves.on_order_moved(adapters.carrier, settings.shop),
        },
        PaymentDue: {"settlement.payment_due": partial(settlement_handlers.on_payment_due, bank)},
        PaymentChanged: {
            "loyalty.payment_changed": settle_points,
            "settlement.payment_changed": partial(settlement_handlers.on_payment_changed, bank),
            "notifications.payment_changed": to_staff.on_payment_changed(channel),
            "notifications.customer_payment_changed": to_customers.on_payment_changed(ways),
        },
        RefundQueued: {"notifications.refund_queued": to_staff.on_refund_queued(channel)},
        WebhookRejected: {"notifications.webhook_rejected": to_staff.on_webhook_rejected(channel)},
        WaybillMade: {"notifications.customer_waybill_made": to_customers.on_waybill_made(ways)},
        ParcelMoved: {
            "dispatch.parcel_moved": moves.on_parcel_moved,
            "notifications.customer_parcel_moved": to_customers.on_parcel_moved(ways),
        },
        WaybillDead: {"notifications.waybill_dead": to_staff.on_waybill_dead(channel)},
        UpdateReceived: talking,
        LetterWanted: {
            "notifications.letter_wanted": on_letter_wanted(mail_channel(settings, adapters), settings.site_url)
        },
    }


async def publish_due() -> None:
    """Publish the products whose hour has come."""
    await transact(catalog_service.publish_due)


RETENTIONS: Final[tuple[Retention, ...]] = (
    *publishing_purging.RETENTIONS,
    *outbox_purging.RETENTIONS,
    *web_purging.RETENTIONS,
    *shipping_purging.RETENTIONS,
    *cart_purging.RETENTIONS,
    *accounts_purging.RETENTIONS,
    *looks.RETENTIONS,
    *notices.RETENTIONS,
    *notifications_purging.RETENTIONS,
)
"""What is deleted when its time is over."""

SCHEDULE: Final[tuple[Job, ...]] = (
    Job("publish_due", 20.0, publish_due),
    Job("sweep_sessions", 3600.0, sweep_sessions),
    Job("forget_proofs", 86400.0, forget_proofs),
    Job("forget_misses", 86400.0, forget_misses),
    Job("forget_restock", 3600.0, restock.forget),
    Job("purge", 3600.0, purge_job(RETENTIONS)),
)


def calendar(settings: Settings, adapters: Adapters) -> tuple[Job, ...]:
    """The schedule with the jobs that depend on the shop's settings."""
    parcels = settings.outside.nova_poshta
    # A stand-in's parcels arrive in minutes; the real carrier is not asked more often than it wants, in development
    # neither.
    pretended = settings.env == "dev" and parcels.url != NOVA_POSHTA_API
    bank = bank_over(settings, adapters.gateway)
    jobs: list[Job] = [
        Job("expire_unpaid", 30.0, partial(polling.expire_unpaid, bank, settings.shop.reserve_minutes)),
        Job("watch", 60.0, watch(staff_channel(settings, adapters), adapters.outsides)),
    ]
    if adapters.carrier:
        jobs += [
            Job("mirror_directory", 1800.0, partial(mirror_if_due, adapters.carrier)),
            Job("track_parcels", 8.0 if pretended else 30.0, partial(track, adapters.carrier, eager=pretended)),
        ]
    if bank:
        jobs += [
            Job("poll_payments", 5.0, partial(polling.poll, bank)),
            Job("settle_refunds", 30.0, partial(settlement_refunds.settle_refunds, bank.gateway)),
            Job("reconcile_payments", 86400.0, partial(reconcile, bank.gateway)),
            Job("reconcile_far_back", 3600.0, partial(look_far_back, bank.gateway)),
        ]
    return (*SCHEDULE, *jobs, *hearing(adapters.telegram, settings))

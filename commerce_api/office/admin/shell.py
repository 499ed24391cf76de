"""The shell of the office: door, menu, language, and the lists that each room hands in."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette_admin import I18nConfig, TimezoneConfig
from starlette_admin.contrib.tortoise import Admin

from commerce_api.foundation.kit import ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.middleware import answer_errors
from commerce_api.foundation.web.staff_views import ServiceView, StaffPage, word
from commerce_api.office.admin import audit
from commerce_api.office.admin.auth import StaffDoor
from commerce_api.office.admin.dashboard import Dashboard
from commerce_api.office.admin.nonces import NonceLoader
from commerce_api.office.admin.staff import AuditView
from commerce_api.office.admin.typed import refuse_unfit_forms
from commerce_api.office.admin.ukrainian import speak_ukrainian

HERE = Path(__file__).parent


def mount_office(
    app: Starlette,
    settings: Settings,
    views: Sequence[type[ServiceView]],
    desks: Sequence[type[StaffPage]] = (),
) -> None:
    """Put the office under /admin of `app`, with one menu entry a list and a desk, and the audit log at the end.

    The models must be initialised before: lists ask them for their relations.
    """
    speak_ukrainian()
    ServiceView.audit = staticmethod(audit.record)
    admin = Admin(
        title="TwoComms",
        favicon_url="/admin/static/favicon.svg",
        templates_dir=str(HERE / "templates"),
        static_dir=str(HERE / "static"),
        index_view=Dashboard(menu_label=word("dashboard.title"), icon="fa fa-gauge", path="/"),
        auth_provider=StaffDoor(),
        # Inside the admin, or its own error layer would answer in bare words and log a second time.
        middlewares=[Middleware(answer_errors), Middleware(refuse_unfit_forms)],
        secret_key=ids.keyed_hash("office", settings.secret_key),
        i18n_config=I18nConfig(default_locale="uk", language_header_name=None),
        timezone_config=TimezoneConfig(default_timezone="Europe/Kyiv", use_user_locale_timezone=False),
    )
    env = admin.templates.env
    if env.loader is None:
        raise RuntimeError("the office has no templates to put nonces into")
    env.loader = NonceLoader(env.loader)
    env.auto_reload = False
    for view in (*views, *desks, AuditView):
        admin.add_view(view)
    admin.mount_to(app)

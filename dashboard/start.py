"""Start the application of this environment: its settings, what keeps beside it, its greeting."""

from __future__ import annotations

import errno
import logging
import sys
from typing import TYPE_CHECKING, Final, NoReturn, cast

import waitress

from dashboard import access
from dashboard.factory import create_app
from dashboard.i18n import LANGUAGES, t, titled
from dashboard.server import backups, first, grounds, running, warm, warnings
from dashboard.server.api import events, inbox
from dashboard.server.planning import law
from dashboard.settings import PREFIX, SettingsError, read_settings
from geodata.model.errors import NoCityError, SnapshotError
from geodata.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

    from dashboard.settings import Settings
    from geodata.store.snapshots import City

MAX_REQUEST: Final = 5 << 20  # the gate is stricter; this only bounds what is read at all


def wsgi() -> Flask:
    """The WSGI application of this environment; explains and leaves with 2 where there is none."""
    return cast("Flask", _app_or_exit(_settings_or_exit()).server)


def main() -> None:
    """Serve on this machine until stopped."""
    settings = _settings_or_exit()
    server = cast("Flask", _app_or_exit(settings).server)
    _greet(settings, server)
    # A browser opens six connections at once: that some wait for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # Waitress drops the headers of unknown proxies by default; the gate must see them, or whoever
    # comes through a proxy on this machine would pass for its operator.
    try:
        _serve(server, settings)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        _leave(f"{PREFIX}PORT: {settings.port} is taken by another program; choose another port")


def _serve(server: Flask, settings: Settings) -> None:
    waitress.serve(
        server,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        ident=None,
        clear_untrusted_proxy_headers=False,
        max_request_body_size=MAX_REQUEST,
    )


def _settings_or_exit() -> Settings:
    try:
        settings = read_settings()
    except SettingsError as error:
        _leave(str(error))
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _leave(f"YIPING_DATA_DIR: {settings.data_dir}: {error.strerror}")
    return settings


def _app_or_exit(settings: Settings) -> Dash:
    if not running.begin(settings.data_dir):
        told = (t("server.start_restoring", each, folder=settings.data_dir) for each in LANGUAGES)
        _leave("\n".join(told))
    warm.begin()
    try:
        app = create_app(settings)
    except SnapshotError as error:
        _leave("\n".join(t("server.start_no_city", each, reason=error) for each in LANGUAGES))
    except WarehouseError as error:
        _leave(f"{PREFIX}WAREHOUSE: {error}")
    if settings.inbox:
        extensions = cast("Flask", app.server).extensions
        keeper = inbox.Keeper(settings.data_dir, extensions[access.KEY], extensions[events.KEY])
        keeper.start()
    if settings.warnings:
        server = cast("Flask", app.server)
        warnings.Keeper(settings.data_dir, server.extensions[access.KEY]).start(server)
    if settings.grounds:
        grounds.Keeper(settings.data_dir, cast("Flask", app.server).extensions[access.KEY]).start()
    law.Keeper(settings.data_dir, cast("Flask", app.server).extensions[access.KEY]).start()
    if settings.backup:
        backup = backups.Keeper(settings.data_dir, settings.backup, settings.journal)
        backup.start(cast("Flask", app.server))
    return app


def _greet(settings: Settings, server: Flask) -> None:
    with server.app_context():
        try:
            line = _welcome(settings, access.live().city)
        except NoCityError:
            line = "\n".join(_empty(settings, each) for each in LANGUAGES)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _welcome(settings: Settings, city: City) -> str:
    language = city.profile.language
    return t(
        "server.start_ready",
        language,
        address=_address(settings),
        city=titled(city.profile, language),
        cases=f"{city.meta['counts']['incidents']:,}",
        folder=settings.data_dir,
    )


def _empty(settings: Settings, language: str) -> str:
    """What to do where no city was ever published."""
    return t(
        "server.start_empty",
        language,
        address=_address(settings),
        folder=settings.data_dir,
        demo=first.demo(settings.data_dir),
    )


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}/"


def _leave(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)

"""Approved plans: when they come into force, how their publication goes, and who sees to it."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from dashboard.access import live
from dashboard.i18n import t
from dashboard.i18n.moments import day_of
from dashboard.server import keeper
from dashboard.server.answers import language
from dashboard.server.planning.moves import MAY_NOT, may_approve
from dashboard.server.planning.refusals import refused
from dashboard.server.planning.routes import API, guarded, told
from geodata.desk import Desk, job, lawful
from geodata.model.errors import BusyError, NoCityError
from geodata.scenarios.scenario import Scenarios
from geodata.store import drawings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Response

    from dashboard.server.cities import Cities
    from dashboard.server.planning.desks import Desks

LOOK_EVERY_S: Final = 15.0
NONE, COMING, DUE, DOING, FAILED, LAW = "none", "coming", "due", "doing", "failed", "law"


class Keeper(keeper.Keeper):
    """Publishes a plan once its day has come; one that failed is tried again the next day."""

    name = "plans"
    hindered = "a plan whose day has come cannot be published"

    def __init__(self, data_dir: Path, holder: Cities) -> None:
        """Nothing runs yet."""
        super().__init__()
        self._data_dir, self._holder, self._desk = data_dir, holder, Desk(data_dir)
        self._scenarios = Scenarios(data_dir)
        self._begun: dict[str, date] = {}

    def pause_s(self) -> float:
        """A while."""
        return LOOK_EVERY_S

    def look(self) -> bool:
        """Begin the publication of a plan that is due."""
        try:
            zone = self._holder.current().city.profile.time_zone
        except NoCityError:
            return False
        today = datetime.now(ZoneInfo(zone)).date()
        for plan in lawful.due(self._data_dir, self._scenarios, today, zone):
            if self._begun.get(plan) != today:
                try:
                    begin(self._desk, self._data_dir, plan)
                except BusyError:  # an import is under way: at the next look
                    return False
                self._begun[plan] = today
                return True
        return False


def begin(desk: Desk, data_dir: Path, plan: str) -> None:
    """Begin to publish a plan.

    Raises:
        BusyError: something else is being worked on.
    """
    home = drawings.home_of(data_dir, plan)
    home.mkdir(parents=True, exist_ok=True)
    desk.start(home, lawful.TASK)


class Law:
    """Answers how far a plan is on its way into force."""

    def __init__(self, desks: Desks, data_dir: Path, desk: Desk) -> None:
        """Take what holds the scenarios, and what works."""
        self._desks, self._data_dir, self._desk = desks, data_dir, desk

    def install(self, server: Flask) -> None:
        """Answer the addresses."""
        server.add_url_rule(f"{API}/<plan>/law", "plan_law", guarded(self.look))
        server.add_url_rule(
            f"{API}/<plan>/law", "plan_enact", guarded(self.enact), methods=["POST"]
        )

    def look(self, plan: str) -> Response:
        """Where it stands: coming, due, being published with its share, failed, in force."""
        return told(self._said(plan))

    def enact(self, plan: str) -> Response:
        """Begin now what is due; what is not is told as it stands."""
        if not may_approve():
            return refused(HTTPStatus.FORBIDDEN, MAY_NOT)
        if self._said(plan)["state"] in {DUE, FAILED}:
            begin(self._desk, self._data_dir, plan)
        return told(self._said(plan))

    def _said(self, plan: str) -> dict[str, Any]:
        spoken, zone = language(), live().city.profile.time_zone
        day = lawful.since(self._desks.scenarios.opened(plan), zone)
        done = lawful.record(self._data_dir, plan)
        home = drawings.home_of(self._data_dir, plan)
        now = self._desk.job(home) if home.is_dir() else job(home)
        state = NONE if day is None else COMING
        if done is not None:
            state = LAW
        elif not now.ended:
            state = DOING
        elif day is not None and day <= datetime.now(ZoneInfo(zone)).date():
            state = FAILED if now.fault else DUE
        fault = (now.fault_zh if spoken == "zh" else "") or now.fault
        share = round(100 * now.share)
        since = "" if day is None else day.isoformat()
        text = t(f"planfile.law_{state}", spoken, day=day_of(since, spoken) if since else "",
                 share=share, reason=fault)  # fmt: skip
        return {"state": state, "since": since, "share": now.share, "text": text,
                "snapshot": done.snapshot if done else ""}  # fmt: skip

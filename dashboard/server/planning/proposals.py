"""`/api/plans/<id>/jobs`: plans that the machine draws; begun, followed, stopped, taken."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request

from dashboard.access import actor
from dashboard.server.answers import language
from dashboard.server.planning import offers, wished
from dashboard.server.planning.refusals import refused
from dashboard.server.planning.routes import API, body, guarded, shown, told
from dashboard.server.planning.scope import seen
from geodata.planner.refusals import PlanRefusedError, Why

if TYPE_CHECKING:
    from flask import Flask, Response

    from dashboard.server.planning.desks import Desks
    from geodata.planner.history import History


class Proposals:
    """The jobs of scenarios."""

    def __init__(self, desks: Desks) -> None:
        """Take what holds the scenarios."""
        self._desks = desks

    def install(self, server: Flask) -> None:
        """Answer the addresses."""
        add, all_of = server.add_url_rule, f"{API}/<plan>/jobs"
        add(all_of, "plan_jobs", guarded(self.begin), methods=["POST"])
        add(all_of, "plan_jobs_newest", guarded(self.newest))
        add(f"{all_of}/<job>", "plan_job", guarded(self.job))
        for name in ("stop", "take"):
            add(f"{all_of}/<job>/{name}", f"plan_job_{name}", guarded(getattr(self, name)),
                methods=["POST"])  # fmt: skip

    def begin(self, plan: str) -> Response:
        """Begin to work something out."""
        given = body("jobs")
        scope = seen(self._desks.scenarios.opened(plan), given["at"], language())
        wished.check(scope, self._desks.rules(scope), given)
        asked = {**given, "at": scope.at}
        job = self._desks.jobs.begin(plan, scope.scenario.history.head, asked)
        return told({"job": job}, HTTPStatus.ACCEPTED)

    def newest(self, plan: str) -> Response:
        """The job whose plans may be taken at a place as it is: a reload finds them again."""
        scenario = self._desks.scenarios.opened(plan)
        scope = seen(scenario, request.args.get("at", ""), language())
        return told({"job": self._desks.jobs.newest(plan, scope.at, scenario.head)})

    def job(self, plan: str, job: str) -> Response:
        """How far it is, and what came of it."""
        return told(offers.offers(self._desks, plan, job, language()))

    def stop(self, plan: str, job: str) -> Response:
        """Have it end."""
        body("stop")
        self._desks.jobs.stop(plan, job)
        return told({"job": job})

    def take(self, plan: str, job: str) -> Response:
        """Take one of the plans that a job made, on top of what was done elsewhere since.

        Another one of the same job that the same person took just before is undone first.
        """
        given, who = body("take"), actor().name
        asked = self._desks.jobs.asked(plan, job)
        begun = asked["head"]
        scenario = self._desks.scenarios.opened(plan)
        seen(scenario, given.get("at", ""), language())  # nothing is done for a place it has not
        history = scenario.history
        made = self._desks.jobs.plan(plan, job, given["key"], history.at(begun))
        reason = wished.noted(given["key"], asked)
        adopted = {"do": "adopt", "plan": made}
        before = self._desks.jobs.taken(plan, job)
        try:
            done = self._desks.scenarios.do(plan, begun, adopted, who, reason, instead=before)
        except PlanRefusedError as error:
            if error.why is Why.CHANGED_MEANWHILE and all_by(history, begun, who):
                return refused(HTTPStatus.CONFLICT, "changed_by_you")
            raise
        if done.head not in history.steps:  # it did change something
            self._desks.jobs.note_taken(plan, job, done.head, given["key"])
        return shown(self._desks, done, given.get("at", ""))


def all_by(history: History, begun: str, who: str) -> bool:
    """Whether everything that was done since a step is one person's own."""
    way = [step.key for step in history.way(history.head)]
    since = way[way.index(begun) + 1 :] if begun in way else way
    return all(history.steps[key].author == who for key in since)

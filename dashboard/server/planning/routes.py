"""The routes of the planner's desk: JSON in, JSON out, each refusal with its reason."""

from __future__ import annotations

import functools
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Response, g, request

from dashboard.access import actor, live
from dashboard.server.answers import language
from dashboard.server.planning import bodies, impact, land, state, tried
from dashboard.server.planning.jobs import NoJobError
from dashboard.server.planning.refusals import answer, plain, refused
from dashboard.server.planning.scope import seen
from geodata.model.errors import YipingError
from geodata.planner.rules import all_rules
from geodata.scenarios import grounds, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from dashboard.server.planning.desks import Desks
    from dashboard.server.planning.scope import Scope
    from geodata.scenarios.scenario import Scenario

    View = Callable[..., Response]

JSON: Final = "application/json"
API: Final = "/api/plans"
NAMES: Final = "plan_names"  # of grids by code, for what a refusal says
AGAIN_S: Final = 2  # after which what is being made is worth asking for again


class Routes:
    """What is answered about scenarios."""

    def __init__(self, desks: Desks) -> None:
        """Take what holds the scenarios."""
        self._desks = desks

    def install(self, server: Flask) -> None:
        """Answer every address."""
        add, one = server.add_url_rule, f"{API}/<plan>"
        add(API, "plans", guarded(self.listed))
        add(API, "plans_new", guarded(self.create), methods=["POST"])
        for name in ("land", "state", "head", "history", "impact"):
            add(f"{one}/{name}", f"plan_{name}", guarded(getattr(self, name)))
        for name in ("do", "undo", "redo", "branch", "carry", "merge", "comment"):
            view = guarded(getattr(self, name))
            add(f"{one}/{name}", f"plan_{name}", view, methods=["POST"])
        add(f"{one}/try", "plan_try", guarded(self.attempt), methods=["POST"])

    def listed(self) -> Response:
        """Every scenario."""
        at = request.args.get("at", "")
        return told({"plans": self._desks.listed(language(), _zone(), at)})

    def create(self) -> Response:
        """A new scenario."""
        given = body("create")
        city = live().city
        if not grounds.is_ready(city):
            source.check(city)
            return later()
        scope = given["scope"] or city.tree.codes[0]
        rules = given.get("rules", "")
        if rules and all(each.key != rules for each in all_rules()):
            raise bodies.BodyError(bodies.Fault.NO_RULES, "rules")
        made = self._desks.scenarios.create(
            given["name"], scope, actor().name, given.get("parent"), rules
        )
        return told({"id": made}, HTTPStatus.CREATED)

    def land(self, plan: str) -> Response:
        """The atoms, buildings and lines of a place; the same until its ground changes."""
        scope = self._scope(plan)
        response = told(land.land(scope))
        response.set_etag(f"{scope.there.ground.key}-{scope.at}-{scope.language}", weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request)
        return response

    def state(self, plan: str) -> Response:
        """What the desk shows."""
        return shown(self._desks, self._desks.scenarios.opened(plan))

    def head(self, plan: str) -> Response:
        """How far the scenario is; asked for every few seconds by whoever looks at it."""
        return told(self._desks.head(plan, language()))

    def history(self, plan: str) -> Response:
        """Every step."""
        scope = self._scope(plan, everywhere=True)
        return told({"steps": state.steps(scope, _zone())})

    def impact(self, plan: str) -> Response:
        """Past cases under today's and the draft's grids."""
        return told(impact.impact(self._scope(plan)))

    def do(self, plan: str) -> Response:
        """One operation."""
        given, began = self._asked("do", plan), time.perf_counter()
        reason = given.get("reason", "")
        done = self._desks.scenarios.do(
            plan, given["seen"], given["op"], actor().name, reason, ground=given.get("ground")
        )
        return shown(self._desks, done, given["at"], began)

    def attempt(self, plan: str) -> Response:
        """What an operation would do."""
        given, began = body("try"), time.perf_counter()
        scope = self._scope(plan, given["at"])
        found = self._desks.scenarios.attempt(
            plan, given["seen"], given["op"], ground=given.get("ground")
        )
        return told(tried.shown(scope, found) | {"took_ms": _took(began)})

    def undo(self, plan: str) -> Response:
        """One step back."""
        given, began = self._asked("undo", plan), time.perf_counter()
        done = self._desks.scenarios.undo(plan, given["seen"], actor().name)
        return shown(self._desks, done, given["at"], began)

    def redo(self, plan: str) -> Response:
        """One step forward again."""
        given, began = self._asked("redo", plan), time.perf_counter()
        done = self._desks.scenarios.redo(plan, given["seen"], actor().name)
        return shown(self._desks, done, given["at"], began)

    def branch(self, plan: str) -> Response:
        """A copy that goes its own way; the state is that of the copy."""
        given = self._asked("branch", plan)
        made = self._desks.scenarios.branch(plan, given["name"].strip(), actor().name)
        return shown(self._desks, self._desks.scenarios.opened(made), given["at"])

    def carry(self, plan: str) -> Response:
        """A new scenario on today's grids with what this one changed; a second one if asked."""
        given = body("carry")
        g.setdefault(NAMES, self._scope(plan, everywhere=True).grid_name)
        if not grounds.is_ready(live().city):
            source.check(live().city)
            return later()
        made = self._desks.scenarios.carried_over(
            plan, given.get("name", "").strip(), actor().name,
            partly=given.get("partly", False), again=given.get("again", False),
        )  # fmt: skip
        return told({"id": made}, HTTPStatus.CREATED)

    def merge(self, plan: str) -> Response:
        """Another scenario's changes as well."""
        given = self._asked("merge", plan)
        done = self._desks.scenarios.merged(
            plan, given["seen"], given["other"], actor().name, given.get("reason", "")
        )
        return shown(self._desks, done, given["at"])

    def comment(self, plan: str) -> Response:
        """A word about a grid, or about all of it."""
        given = self._asked("comment", plan)
        said = given["text"].strip()
        done = self._desks.scenarios.comment(plan, given["grid"], said, actor().name)
        return shown(self._desks, done, given["at"])

    def _asked(self, name: str, plan: str) -> dict[str, Any]:
        """The body of a step; nothing is done for a place that the scenario has not.

        Raises:
            BodyError: it is not as this address expects it.
            UnknownPlaceError: no community of the scenario lies there.
        """
        given = body(name)
        g.setdefault(NAMES, self._scope(plan, given["at"]).grid_name)
        return given

    def _scope(self, plan: str, at: str | None = None, *, everywhere: bool = False) -> Scope:
        asked = request.args.get("at", "") if at is None else at
        return seen(self._desks.scenarios.opened(plan), "" if everywhere else asked, language())


def shown(desks: Desks, scenario: Scenario, at: str | None = None, began: float = 0.0) -> Response:
    """The state of a desk; at: the place, None = as the address says; began: of the clock."""
    began = began or time.perf_counter()
    place = request.args.get("at", "") if at is None else at
    scope = seen(scenario, place, language())
    return told(desks.state(scope, _zone(), began) | {"took_ms": _took(began)})


def guarded(view: View) -> View:
    """A view whose refusals have their reason as JSON."""

    @functools.wraps(view)
    def answered(**named: str) -> Response:
        try:
            return view(**named)
        except (YipingError, bodies.BodyError, NoJobError) as error:
            return answer(error, g.get(NAMES, plain))

    return answered


def body(name: str) -> dict[str, Any]:
    """The body of the request, checked.

    Raises:
        BodyError: it is not as this address expects it.
    """
    if request.mimetype != JSON:
        raise bodies.BodyError(bodies.Fault.NOT_SENT_AS)
    return bodies.read(name, request.get_data())


def told(what: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """An answer that nobody keeps."""
    response = Response(
        orjson.dumps(what, option=orjson.OPT_SERIALIZE_NUMPY), status, mimetype=JSON
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def later() -> Response:
    """The land is being prepared: ask again."""
    response = refused(HTTPStatus.SERVICE_UNAVAILABLE, "making")
    response.headers["Retry-After"] = str(AGAIN_S)
    return response


def _zone() -> str:
    return live().city.profile.time_zone


def _took(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)

"""`/plan` and `/plan/<id>`: the planner's pages, by its screen, from what the server knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from dashboard.access import live
from dashboard.components.shell import Source
from dashboard.i18n import named, t, titled
from dashboard.i18n.moments import clock, full_stamp, when
from dashboard.place import THEMES
from dashboard.server.answers import language
from dashboard.server.cities import held
from dashboard.server.planning.scope import first_place
from geodata.planner.rules import all_rules
from geodata.scenarios.named import called
from geodata.scenarios.source import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from dashboard.access import Live
    from dashboard.server.bundle import Bundle
    from dashboard.server.planning.desks import Desks

    Choices = Sequence[tuple[str, str]]

PATH: Final = "/plan"
LATE_TIMES: Final = 2.0  # intervals after which a source is late
ARGUMENTS: Final = ("lang", "theme", "at", "sel", "m")


@dataclass(frozen=True)
class Screen:
    """How the screen makes its pages, given what stands around them.

    listed: and places and rules to choose from; desk: and id, name, place and snapshot.
    """

    listed: Callable[[dict[str, Any], Choices, Choices], str]
    desk: Callable[[dict[str, Any], str, str, str, str], str]


def install(server: Flask, desks: Desks, own: Bundle, build: str, screen: Screen) -> None:
    """Answer both pages."""

    def listed() -> Response:
        given = _given(own, build)
        return _page(screen.listed(given, _places(given["language"]), _rules(given["language"])))

    def desk(plan: str) -> Response:
        given = _given(own, build)
        scenario = desks.scenarios.opened(plan)
        at = request.args.get("at", "") or first_place(scenario)
        return _page(
            screen.desk(given, plan, called(scenario.name, given["language"]), at, live().city.id)
        )

    server.add_url_rule(PATH, "plan_list", listed)
    server.add_url_rule(f"{PATH}/<plan>", "plan_desk", desk)


def _page(text: str) -> Response:
    response = Response(text, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _given(own: Bundle, build: str) -> dict[str, Any]:
    """What stands around either page."""
    here, spoken = live(), language()
    asked = request.args.get("theme", "")
    return {
        "language": spoken, "theme": asked if asked in THEMES else THEMES[0],
        "title": titled(here.city.profile, spoken), "rights": here.actor.rights,
        "age": _age(here, spoken), "sources": _sources(here, spoken), "path": request.path,
        "asked": {name: request.args.get(name, "") for name in ARGUMENTS},
        "style": own.style, "script": own.desk, "build": build,
    }  # fmt: skip


def _age(here: Live, spoken: str) -> str:
    """The newest moment of the data, as every header tells it."""
    newest, profile = held().freshness.ages().newest, here.city.profile
    if not newest:
        return ""
    if profile.as_of == "data":
        return full_stamp(newest, profile.time_zone, spoken)
    return clock(newest, profile.time_zone, seconds=True)


def _sources(here: Live, spoken: str) -> list[Source]:
    profile, now = here.city.profile, here.city.now()
    ages = held().freshness.ages().sources
    found = []
    for (_, row), newest in zip(here.city.sources.iterrows(), ages, strict=True):
        said = when(newest, now, profile.time_zone, spoken) if newest else t("shell.never", spoken)
        late = profile.as_of != "data" and now - newest > LATE_TIMES * float(row["interval_s"])
        found.append(Source(str(row["key"]), named(row, spoken), said, late))
    return found


def _places(spoken: str) -> list[tuple[str, str]]:
    """What a scenario may cover: streets first, then all, then single communities."""
    city = live().city
    tree, places = city.tree, city.places
    names = places["name_zh" if spoken == "zh" else "name_en"].tolist()
    grid = [level.key for level in city.profile.levels].index(GRID)
    by_depth: dict[int, list[tuple[str, str]]] = {}
    for unit, level in enumerate(tree.levels):
        if level < grid:
            path = [names[each] for each in tree.path(unit)[1:]] or [names[unit]]
            by_depth.setdefault(int(level), []).append((tree.codes[unit], " › ".join(path)))
    order = sorted(by_depth, key=lambda level: (level != 1, level))
    return [each for level in order for each in by_depth[level]]


def _rules(spoken: str) -> list[tuple[str, str]]:
    """The city's own first, then those that come along."""
    own = ("", t("planner.rules_own", spoken))
    return [own, *((each.key, named(each, spoken)) for each in all_rules())]

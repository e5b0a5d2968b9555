"""`/api/plans/<id>/import`: grids that somebody drew elsewhere, tried first and then taken."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from dashboard.access import actor
from dashboard.server.answers import language
from dashboard.server.planning import previews, systems, tried
from dashboard.server.planning.refusals import refused
from dashboard.server.planning.routes import API, guarded, told
from dashboard.server.planning.scope import seen
from geodata.formats import FileRefusedError
from geodata.model.errors import ImportRefusedError
from geodata.scenarios import fitting
from geodata.scenarios.importing import Said, read
from geodata.scenarios.refused import DrawingError
from geodata.scenarios.shifts import shift_of

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.server.planning.desks import Desks
    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.fitting import Proposal
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenario
    from geodata.scenarios.tried import Tried

MOST_BYTES: Final = 4 << 20  # of a file, as a proxy takes it in one piece
AUTO, YES, NO = "auto", "yes", "no"  # whether atoms are cut along the drawn borders
CUTS: Final = (AUTO, YES, NO)
TRY, TAKE = "try", "take"
DOES: Final = (TRY, TAKE)
MOST_TOLD: Final = 200  # misfits
STRANGE: Final = re.compile(r"[^\w.\-() ]")
LONGEST_STEM, LONGEST_ENDING = 50, 10  # characters of up to four bytes, within the 255 of a disk
UNNAMED: Final = "grids"


class Imports:
    """Takes files of grids over into scenarios."""

    def __init__(self, desks: Desks) -> None:
        """Take what holds the scenarios."""
        self._desks = desks

    def install(self, server: Flask) -> None:
        """Answer the address."""
        add, rule = server.add_url_rule, f"{API}/<plan>/import"
        add(rule, "plan_import", guarded(self.answer), methods=["POST"])
        add(rule, "plan_import_choices", guarded(self.choices))

    def choices(self, plan: str) -> Response:
        """How large a file may be, and the coordinate systems that it is likely to be in."""
        ground = self._desks.scenarios.opened(plan).grounded.ground
        offered = systems.offered(fitting.land_of(ground), language())
        return told({"systems": offered, "most_bytes": MOST_BYTES})

    def answer(self, plan: str) -> Response:
        """What the file would change and what does not fit, or the head once it is taken."""
        scenario = self._desks.scenarios.opened(plan)
        drawn: Drawn | None = None
        try:
            drawn = _drawn(scenario)
            wanted = request.args.get("cut", AUTO)
            operation = {"do": "import", "drawn": drawn,
                         "cut": wanted == YES or (wanted == AUTO and drawn.own)}  # fmt: skip
            if request.args.get("do", TRY) == TRY:
                return told(self._tried(scenario, operation))
            done = self._desks.scenarios.do(
                plan, request.args.get("seen", ""), operation, actor().name, drawn.file
            )
        except ImportRefusedError as error:
            reason = said(error, language())
            if drawn and (aside := shift_of(drawn, scenario.grounded)):
                reason = previews.also(reason, drawn, aside, language())
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "file", reason=reason)
        return told({"head": done.head, "ground": done.grounded.ground.key})

    def _tried(self, scenario: Scenario, operation: dict[str, Any]) -> dict[str, Any]:
        drawn: Drawn = operation["drawn"]
        scope = seen(scenario, request.args.get("at", ""), language())
        head = request.args.get("seen", "") or scenario.head
        found = self._desks.scenarios.attempt(scenario.id, head, operation)
        shown = tried.shown(scope, found)
        there, made = _fitted(scenario, operation, found)
        return shown | {
            "file": drawn.file, "crs": drawn.crs, "encoding": drawn.encoding, "own": drawn.own,
            "cut": operation["cut"], "cuts": len(there.ground) - len(scenario.grounded.ground),
            "read": made.read, "used": made.used, "new": list(made.new), "gone": list(made.gone),
            "misfits": [previews.misfit(each, language()) for each in made.misfits[:MOST_TOLD]],
            "more": max(0, len(made.misfits) - MOST_TOLD),
            "aside": previews.aside(drawn, shift_of(drawn, there), language()),
        } | previews.words(drawn, made, language())  # fmt: skip


def _fitted(
    scenario: Scenario, operation: dict[str, Any], found: Tried
) -> tuple[Grounded, Proposal]:
    """The ground under the drawn grids, and what does not fit; also of what is refused."""
    if found.done and found.done.fitted:
        return found.done.there, found.done.fitted
    drawn, cut = operation["drawn"], operation["cut"]
    there, plan = scenario.grounded, scenario.plan
    outlines = fitting.gathered(drawn, there.ground)
    if cut:
        there, plan, _ = fitting.cut_along(there, plan, outlines)
    return there, fitting.proposed(there, plan, drawn, outlines, cut=cut)


def _drawn(scenario: Scenario) -> Drawn:
    """The file of the request, read by a child that can do no harm.

    Raises:
        ImportRefusedError: it cannot be used; naming file, row or grid.
    """
    request.max_content_length = MOST_BYTES
    name = _named(request.args.get("name", ""))
    given = {each: request.args.get(each, "") for each in ("crs", "encoding", "layer", "column")}
    with TemporaryDirectory(prefix="yiping-plan-") as folder:
        path = Path(folder) / name
        path.write_bytes(request.get_data(cache=False))
        land = fitting.land_of(scenario.grounded.ground)
        return read(path, land.crs, Said(**given), land.box)


def _named(given: str) -> str:
    """A name that every disk takes: what is left of the one given, with its ending."""
    name = Path(STRANGE.sub("_", Path(given).name).lstrip(". "))
    return f"{name.stem[:LONGEST_STEM]}{name.suffix[:LONGEST_ENDING]}" or UNNAMED


def said(error: ImportRefusedError, spoken: str) -> str:
    """What is wrong with a file and what to do, in a language."""
    if isinstance(error, DrawingError):
        return error.zh if spoken == "zh" else error.en
    if isinstance(error, FileRefusedError) and spoken == "zh":
        # Only who gets such a file pays for the words of the import.
        from geodata.ingest.reasons import cure, text  # noqa: PLC0415

        return f"{Path(error.file).name}：{text(error.reason, 'zh')}；{cure(error.reason, 'zh')}"
    return str(error).replace(f"{Path(getattr(error, 'file', '')).parent}/", "")

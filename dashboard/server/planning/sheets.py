"""Sheets of a plan to print: grids before and after, and the borders of a community to walk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from dashboard.i18n import t
from dashboard.i18n.amounts import count
from dashboard.server.planning.tables import notes
from geodata.model.errors import RequestError
from geodata.paper.frame import Frame
from geodata.paper.lines import cut
from geodata.paper.palette import palette
from geodata.paper.typeset import Sheet
from geodata.scenarios.drawing import Grids, grids_of, labels, overlay, picture
from geodata.scenarios.exports import GONE, KEPT, held_by
from geodata.scenarios.named import serial_of
from geodata.scenarios.streets import street_names
from geodata.scenarios.walked import stretches

if TYPE_CHECKING:
    from dashboard.server.planning.tables import Taken
    from geodata.planner.plan import Plan
    from geodata.scenarios.walked import Stretch

HERE: Final = Path(__file__).parent
WIDE_PT: Final = 540.0  # each of two maps on A3
HIGH_PT: Final = 560.0  # where no row stands below it
ROW_PT: Final = 13.0
FIGURE_PT: Final = 16.5  # a row of the figures
WALK_PT: Final = (1090.0, 620.0)  # where no row stands below it
WALK_LEAST_PT: Final = 420.0  # high; more rows go on to another page
STRETCH_PT: Final = 18.0  # a row of the stretches
MOST_CHANGES: Final = 36
COLUMNS: Final = 3  # beside each other, of the list of changes
MOST_STRETCHES: Final = 60
LEGEND: Final = ("kept", "changed", "new", "moved", "community", "grid", "arterial", "river")
FIGURE: Final = ("name", "before", "after", "change")
SIGNED: Final = ("community", "street", "district")


def compared(taken: Taken, figures: list[dict[str, Any]]) -> Sheet:
    """Today's grids and those of the plan beside each other, on A3; figures: of both, in words."""
    moved, scope = taken.moved, taken.scope
    changes, rest = _changes(taken)
    below = max(ROW_PT * -(-len(changes) // COLUMNS), FIGURE_PT * len(figures)) + ROW_PT
    frame = _frame(taken, (WIDE_PT, HIGH_PT - below))
    today, plan = grids_of(moved, scope.there.today), grids_of(moved, scope.plan)
    said = _common(taken) | {
        "title": _t(taken, "sheet_title"),
        "heading": f"{cut(scope.unit_name(scope.at))} · {cut(scope.name)}",
        "summary": _summary(taken),
        "maps": [
            _map(taken, frame, today, scope.there.today, _t(taken, "sheet_before"), land=True),
            _map(taken, frame, plan, scope.plan,
                 _t(taken, "sheet_after", name=cut(scope.name)), land=False),
        ],
        "legend": _legend(taken, LEGEND),
        "figures_title": _t(taken, "sheet_figures"),
        "figure_heads": [_t(taken, f"sheet_figure_{each}") for each in FIGURE],
        "figures": [[each[name] for name in FIGURE] for each in figures],
        "changes_title": _t(taken, "sheet_changes"),
        "heads": [_t(taken, each) for each in (
            "column_code", "column_name", "sheet_held_before", "sheet_held_after", "column_state",
        )],
        "changes": changes, "rest": rest, "none": _t(taken, "sheet_none"),
        "signed": [_t(taken, f"sheet_sign_{each}") for each in SIGNED],
    }  # fmt: skip
    return Sheet(HERE / "compared.typ", said, int(taken.made.timestamp()))


def walked(taken: Taken) -> Sheet:
    """The borders of one community to walk and to tick off.

    Raises:
        RequestError: the place is not one community.
    """
    if len(taken.scope.communities) != 1:
        raise RequestError(t("planfile.walk_many", taken.spoken))
    moved, scope = taken.moved, taken.scope
    found = stretches(moved)
    shown = found[:MOST_STRETCHES]
    high = max(WALK_LEAST_PT, WALK_PT[1] - STRETCH_PT * len(shown))
    frame = _frame(taken, (WALK_PT[0], high))
    plan = grids_of(moved, scope.plan)
    heads = ("number", "between", "length", "new", "along", "fits", "differs", "remark")
    drawn = _map(taken, frame, plan, scope.plan, "", land=True)
    fresh = np.array([each.fresh for each in shown if each.new_m > 0], dtype=object)
    whole = np.array([_longest(each.line) for each in shown], dtype=object)
    middles = shapely.line_interpolate_point(whole, 0.5, normalized=True)
    spots = frame.points(shapely.get_coordinates(middles))
    marks = [{"x": x, "y": y, "text": str(n)} for n, (x, y) in enumerate(spots, start=1)]
    said = _common(taken) | {
        "title": _t(taken, "walk_title"),
        "heading": f"{cut(scope.unit_name(scope.at))} {scope.at} · {cut(scope.name)}",
        "asked": _t(taken, "walk_asked"),
        "map": drawn | {"over": overlay(frame, fresh, "a1", 26), "marks": marks},
        "legend": _legend(taken, ("kept", "changed", "new", "moved", "community", "grid",
                                  "fresh", "arterial", "river")),
        "heads": [_t(taken, f"walk_{each}") for each in heads],
        "rows": [_stretch(taken, n, each) for n, each in enumerate(shown, start=1)],
        "rest": _t(taken, "walk_more", n=len(found) - len(shown)) if len(found) > len(shown)
        else "",
        "signed": [_t(taken, f"walk_{each}") for each in ("signed", "date", "community")],
    }  # fmt: skip
    return Sheet(HERE / "walked.typ", said, int(taken.made.timestamp()))


def _longest(line: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(line)
    longest: shapely.Geometry = parts[int(np.argmax(shapely.length(parts)))]
    return longest


def _frame(taken: Taken, size: tuple[float, float]) -> Frame:
    ground = taken.scope.there.ground
    return Frame.of(shapely.total_bounds(ground.shapes[taken.moved.atoms]), *size)


def _map(  # noqa: PLR0913 (one picture)
    taken: Taken, frame: Frame, grids: Grids, plan: Plan, title: str, *, land: bool
) -> dict[str, Any]:
    households = held_by(taken.scope.there, plan)["households"]
    numbers = {code: number for number, code in enumerate(plan.codes)}
    total = sum(int(households[numbers[code]]) for code in grids.codes)
    metres, bar = frame.bar()
    written = labels(
        frame, grids, [_short(taken, plan, code) for code in grids.codes],
        [_t(taken, "sheet_held", n=count(int(households[numbers[code]]), taken.spoken))
         for code in grids.codes],
    )  # fmt: skip
    return {
        "title": title,
        "note": _t(taken, "sheet_count", n=len(grids.codes),
                   households=count(total, taken.spoken)),
        "svg": picture(taken.moved, grids, frame, land=land),
        "width": round(frame.width / 10, 1), "height": round(frame.height / 10, 1),
        "labels": written,
        "streets": street_names(taken.moved, frame, taken.spoken, written),
        "bar": {"points": bar, "text": _t(taken, "sheet_metres", n=f"{metres:,}")},
        "scale": _t(taken, "sheet_scale", n=f"{frame.one_to:,}"),
        "north": _t(taken, "sheet_north"),
    }  # fmt: skip


def _short(taken: Taken, plan: Plan, code: str) -> str:
    """The number of a grid in its community, which is what fits on a map."""
    row = int(plan.community[plan.codes.index(code)])
    return serial_of(code, taken.scope.there.ground.communities[row])


def _changes(taken: Taken) -> tuple[list[list[str]], str]:
    """Grids that change, with what they hold before and after; and how many are left out."""
    scope, moved = taken.scope, taken.moved
    held = [held_by(scope.there, each)["households"] for each in (scope.there.today, scope.plan)]
    numbers = [
        {code: number for number, code in enumerate(each.codes)}
        for each in (scope.there.today, scope.plan)
    ]
    states = {code: state for code, (state, _) in moved.origins().items() if state != KEPT}
    states |= dict.fromkeys(moved.gone(), GONE)
    rows = []
    for code, state in sorted(states.items()):
        sums = [
            count(int(households[number[code]]), taken.spoken) if code in number else "—"
            for households, number in zip(held, numbers, strict=True)
        ]
        sums[1] = "—" if state == GONE else sums[1]
        rows.append([code, cut(scope.grid_name(code)), *sums, _t(taken, f"state_{state}")])
    rest = len(rows) - MOST_CHANGES
    return rows[:MOST_CHANGES], _t(taken, "sheet_more", n=rest) if rest > 0 else ""


def _summary(taken: Taken) -> str:
    moved, there = taken.moved, taken.scope.there
    going = moved.atoms & (moved.before != moved.after)
    houses = there.buildings
    on = houses.atom >= 0
    counts = [len(np.unique(each[moved.atoms])) for each in (moved.before, moved.after)]
    return _t(
        taken,
        "sheet_summary",
        before=counts[0],
        after=counts[1],
        buildings=count(int(going[houses.atom[on]].sum()), taken.spoken),
        households=count(int(there.ground.households[going].sum()), taken.spoken),
    )


def _stretch(taken: Taken, number: int, each: Stretch) -> list[str]:
    scope, lines = taken.scope, taken.scope.there.lines
    names = lines.name_zh if taken.spoken == "zh" else lines.name_en
    other = lines.name_en if taken.spoken == "zh" else lines.name_zh
    along = "、".join(
        cut(str(names[row]) or str(other[row])) or _t(taken, f"sheet_legend_{lines.kind[row]}")
        for row in each.along
    )
    return [
        str(number), f"{cut(scope.grid_name(each.first))} | {cut(scope.grid_name(each.second))}",
        f"{each.length_m:,.0f}", f"{each.new_m:,.0f}" if each.new_m else "",
        along or _t(taken, "walk_plain"),
    ]  # fmt: skip


def _legend(taken: Taken, keys: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"key": each, "text": _t(taken, f"sheet_legend_{each}")} for each in keys]


def _common(taken: Taken) -> dict[str, Any]:
    then = taken.made
    return {
        "lang": taken.spoken,
        "colours": palette(),
        "date": [then.year, then.month, then.day, then.hour, then.minute, then.second],
        "notes": " · ".join(f"{name} {cut(text)}" for name, text in notes(taken, ())),
        "page": _t(taken, "sheet_page", a="{a}", b="{b}"),
    }


def _t(taken: Taken, key: str, **values: object) -> str:
    return t(f"planfile.{key}", taken.spoken, **values)

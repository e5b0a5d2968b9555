"""The floor table of a building (房态图): a cell a room, coloured by the age of its last event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from dash import html

from geodata.model.periods import DAY

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

ROWS: Final = 11  # floors in one column
MOST_COLUMNS: Final = 3
MANY_ROOMS: Final = 8  # on a floor, from which on only two columns have room
MOST_ROOMS: Final = 11
AGES: Final = (("day", DAY), ("week", 7 * DAY), ("quarter", 90 * DAY))
HUNDRED: Final = 100
ROOMY: Final = 11  # rooms side by side with space to spare
TIGHT: Final = 14  # beyond, only the last two digits fit


def floors(scene: Scene, row: pd.Series, cases: pd.DataFrame) -> Node:
    """The section; one line where a floor is too wide, nothing where no rooms are known."""
    height, rooms, high = int(row["floors"]), int(row["rooms_per_floor"]), lines(row)
    if height > 0 and rooms > MOST_ROOMS:
        return html.P(scene.t("floors.too_wide", n=rooms), className="note")
    if not high:
        return None
    newest = _newest(cases)
    columns = math.ceil(height / high)
    blocks = [
        html.Div(
            [
                _floor(scene, floor, rooms, newest, brief=columns * rooms > TIGHT)
                for floor in range(height - column * high, max(0, height - (column + 1) * high), -1)
            ]
        )
        for column in range(columns)
    ]
    head = html.Div(
        [html.H2(_title(scene, cases)), html.Small(_note(scene, row))],
        className="panel-head",
    )
    look = "floors" if columns * rooms <= ROOMY else "floors tight"
    table = html.Div(blocks, className=look, style={"--columns": str(columns)})
    return html.Section([head, table, _keys(scene)])


def lines(row: pd.Series) -> int:
    """How many lines the table of a building takes; none where it has no such table."""
    height, rooms = int(row["floors"]), int(row["rooms_per_floor"])
    if height <= 0 or not 0 < rooms <= MOST_ROOMS:
        return 0
    columns = MOST_COLUMNS if rooms <= MANY_ROOMS else MOST_COLUMNS - 1
    return math.ceil(height / min(columns, math.ceil(height / ROWS)))


def _note(scene: Scene, row: pd.Series) -> str:
    """What a cell is; where there are fewer homes than rooms, that nobody says which are empty."""
    rooms, homes = int(row["floors"]) * int(row["rooms_per_floor"]), int(row["households"])
    if not 0 < homes < rooms:
        return scene.t("floors.note")
    return scene.t("floors.vacant", rooms=rooms, homes=homes)


def _newest(cases: pd.DataFrame) -> dict[tuple[int, int], float]:
    """Moment of the last event by (floor, room)."""
    if not len(cases):
        return {}
    known = cases[(cases["floor"] > 0) & (cases["room"] > 0)]
    newest: dict[tuple[int, int], float] = {}
    for floor, room, at in zip(known["floor"], known["room"], known["reported"], strict=True):
        place = (int(floor), int(room) % HUNDRED)
        newest[place] = max(newest.get(place, 0.0), float(at))
    return newest


def _floor(
    scene: Scene, floor: int, rooms: int, newest: dict[tuple[int, int], float], *, brief: bool
) -> Node:
    cells = [
        html.Span(
            f"{room:02d}" if brief else f"{floor:02d}{room:02d}",
            title=f"{floor:02d}{room:02d}",
            className=f"room {_age(scene, newest.get((floor, room)))}".strip(),
        )
        for room in range(1, rooms + 1)
    ]
    return html.Div([html.B(str(floor)), *cells], className="floor")


def _age(scene: Scene, at: float | None) -> str:
    if at is None:
        return ""
    return next((name for name, limit in AGES if scene.now - at <= limit), "")


def _title(scene: Scene, cases: pd.DataFrame) -> str:
    """Several rooms of neighbouring floors with the same matter within a day: say so."""
    if len(cases):
        fresh = cases[
            (scene.now - cases["reported"].astype("float64") <= DAY) & (cases["room"] > 0)
        ]
        for matter, group in fresh[fresh["matter"] >= 0].groupby("matter"):
            homes = len(group.drop_duplicates(["floor", "room"]))
            if homes >= 3:  # noqa: PLR2004  two may be chance
                floor = round(float(group["floor"].median()))
                name = scene.entry(scene.city.matters, int(str(matter)))
                return scene.t("floors.found", floor=floor, n=homes, name=name)
    return scene.t("floors.name")


def _keys(scene: Scene) -> Node:
    names = [name for name, _ in AGES] + ["none"]
    return html.Div(
        [
            html.Span([html.I(className=f"room {name}"), scene.t(f"floors.{name}")])
            for name in names
        ],
        className="room-keys",
    )

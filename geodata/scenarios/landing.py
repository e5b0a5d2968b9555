"""A file that does not lie on the land of a plan: where it lies instead, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import numpy as np
import shapely
from pyproj import Geod

from geodata.scenarios import systems
from geodata.scenarios.grounded import WGS84
from geodata.scenarios.refused import refuse

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.systems import Land

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

EARTH: Final = Geod(ellps="WGS84")
SIDES: Final = (
    ("north", "以北"), ("north-east", "东北"), ("east", "以东"), ("south-east", "东南"),
    ("south", "以南"), ("south-west", "西南"), ("west", "以西"), ("north-west", "西北"),
)  # fmt: skip
KM: Final = 1_000.0
FAR_KM, NEAR_KM = 100.0, 1.0  # beyond it tens of kilometres say enough; within it metres are told
CHECK: Final = (
    "check that it is of this place, and choose its system under 'Coordinate system'",
    "请核对文件是否属于本地，并在“坐标系”中选择其所用的坐标系",
)
APART_KM: Final = 5_000.0
WORLD: Final = np.array([180.0, 90.0])
SHAPEFILE: Final = ".shp"


def unnamed(name: str, shapes: Shapes, land: Land | None) -> NoReturn:
    """Refuse metres of no system: name the one in which they lie on the plan, or say none does.

    Raises:
        DrawingError: always.
    """
    en, zh = (
        _cure(shapes, land, "")
        if land
        else ("name it, like EPSG:4547", "请指明坐标系，如 EPSG:4547")
    )
    if name.lower().endswith(SHAPEFILE):
        en += " (or hand in the whole shapefile as a ZIP: its .prj says it)"
        zh += "（或将整套 Shapefile 打成 ZIP 导入，其中的 .prj 写有坐标系）"
    refuse(
        f"{name}: does not say its coordinate system, and has metres; {en}",
        f"{name}：没有坐标系说明，坐标单位为米；{zh}",
    )


def nowhere(name: str, shapes: Shapes, crs: str, land: Land | None) -> NoReturn:
    """Refuse what has no place on earth in the system as which it was read.

    Raises:
        DrawingError: always.
    """
    metres = np.abs(shapely.total_bounds(shapes)).max() > systems.DEGREES
    called = systems.called(crs)
    why = ("its coordinates are nowhere on earth", "坐标不在地球上")
    if metres and systems.in_degrees(crs):
        why = (
            "that system has degrees, but the file has metres",
            "该坐标系以度为单位，而文件的坐标单位为米",
        )
    en, zh = _cure(shapes, land, crs)
    refuse(f"{name}: read as {called}, {why[0]}; {en}", f"{name}：按 {called} 读取，{why[1]}；{zh}")


def astray(name: str, shapes: Shapes, crs: str, land: Land) -> NoReturn:
    """Refuse a file of which nothing lies on the plan; shapes: as the file has them.

    Raises:
        DrawingError: always.
    """
    there = _middle(shapes, crs)
    # A system of degrees takes any number for a place, and gives it back.
    if not (np.isfinite(there).all() and (np.abs(there) <= WORLD).all()):
        nowhere(name, shapes, crs, land)
    _refuse(name, crs, _off(land, there), _cure(shapes, land, crs))


def beside(drawn: Drawn, land: Land) -> NoReturn:
    """Refuse grids around a plan none of which lies on it.

    Raises:
        DrawingError: always.
    """
    _refuse(drawn.file, drawn.crs, _off(land, _middle(drawn.shapes, land.crs)), CHECK)


def _refuse(name: str, crs: str, off: tuple[str, str], cure: tuple[str, str]) -> NoReturn:
    called = systems.called(crs)
    refuse(
        f"{name}: no grid of it lies on the land of this plan: read as {called}, it lies {off[0]}; "
        f"{cure[0]}",
        f"{name}：没有图形落在方案范围内：按 {called} 读取，位于{off[1]}；{cure[1]}",
    )


def _middle(shapes: Shapes, crs: str) -> Floats:
    """Longitude and latitude of where most of some shapes lie; not finite: nowhere."""
    boxes = shapely.bounds(shapes)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return np.full(2, np.nan)
    middle = np.median(boxes.reshape(-1, 2, 2).mean(axis=1), axis=0)
    at = np.array([shapely.points(middle)], dtype=object)
    return np.asarray(shapely.get_coordinates(systems.moved(at, crs, WGS84))[0])


def _off(land: Land, there: Floats) -> tuple[str, str]:
    """How far from the middle of a plan a place is, and on which side."""
    middle = land.middle
    azimuth, _, metres = EARTH.inv(*middle, *there)
    side = SIDES[round(azimuth / 45) % len(SIDES)]
    km = metres / KM
    if km > APART_KM:
        return _apart(there, km)
    if km < NEAR_KM:
        return (
            f"about {metres:,.0f} m {side[0]} of its middle",
            f"方案中心{side[1]}约 {metres:,.0f} 米处",
        )
    told = f"{round(km, -1):,.0f}" if km >= FAR_KM else f"{km:,.1f}"
    return f"about {told} km {side[0]} of its middle", f"方案中心{side[1]}约 {told} 公里处"


def _apart(there: Floats, km: float) -> tuple[str, str]:
    """Where on earth; the shortest way to another continent says nothing of its side."""
    lon, lat = f"{abs(there[0]):.1f}°", f"{abs(there[1]):.1f}°"
    west, south = int(there[0] < 0), int(there[1] < 0)
    return (
        f"about {round(km, -1):,.0f} km away, at {lat}{'NS'[south]} {lon}{'EW'[west]}",
        f"约 {round(km, -1):,.0f} 公里以外（{'东西'[west]}经 {lon}，{'北南'[south]}纬 {lat}）",
    )


def _cure(shapes: Shapes, land: Land | None, crs: str) -> tuple[str, str]:
    """What to choose instead of a system; crs "" = the file has none."""
    if land is None:
        return CHECK
    if fits := systems.fitting(shapes, land):
        return _choose(fits, land)
    turned = np.asarray(shapely.transform(shapes, lambda at: at[:, ::-1]))
    own = systems.called(land.crs)
    if fits := systems.fitting(turned, land):
        named = systems.called(fits)
        return (
            f"its x and y look turned round: the other way they fit {named}; export it anew so",
            f"其 X、Y 坐标疑似写反，对调后与 {named} 相符；请对调后重新导出",
        )
    if crs:
        return CHECK
    return (
        f"its coordinates fit neither the plan's own {own} nor a zone beside it: ask where the "
        "file comes from, and choose or write its system, like EPSG:4547, under 'Coordinate system'"
    ), (
        f"其坐标与本方案所用的 {own} 及相邻分带均不相符，请向提供者核实，并在“坐标系”中选择或填写，"
        "如 EPSG:4547"
    )


def _choose(fits: str, land: Land) -> tuple[str, str]:
    """How to take the system that a file fits: from the list, or written."""
    code, name = systems.called(fits), systems.name_of(fits)
    if fits == land.crs:
        en, zh = f"the plan's own {code}", f"本方案所用的 {code} "
    else:
        en, zh = f"{code} ({name})", f" {code}（{name}）"
    listed = fits in systems.offered(land)
    return (
        f"its coordinates fit {en}: "
        + ("choose it" if listed else "choose 'Another…' and write it")
        + " under 'Coordinate system'",
        f"其坐标与{zh}相符，请在“坐标系”中" + ("选择它" if listed else "选“其他”并填写"),
    )

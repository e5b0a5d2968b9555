"""Grids that somebody drew elsewhere, from a file onto the atoms of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata import crs as shifted
from geodata.formats import safely
from geodata.formats.sheet import GEOMETRY
from geodata.scenarios import landing, systems
from geodata.scenarios.drawn import Drawn
from geodata.scenarios.grounded import WGS84
from geodata.scenarios.refused import refuse
from geodata.scenarios.systems import Land

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.formats import Sheet
    from geodata.scenarios.systems import Box

    Shapes = npt.NDArray[np.object_]

CODES: Final = (
    "code", "grid_code", "gridcode", "grid", "wgbm", "wgdm", "网格编码", "网格代码", "编码", "代码",
)  # fmt: skip
# As every address takes a code: what a file gives must be found again.
CODE: Final = re.compile(r"[\w.:\- ]{1,64}")
EN: Final = "use up to 64 letters, digits, spaces and . : - _"
ZH: Final = "编码须在 64 字以内，只用文字、数字、空格和 . : - _"
MARK: Final = "plan"  # column of our own exports: id and state of the plan they are of
AREA: Final = 2  # dimensions
SOME: Final = 5  # rows that a refusal names
SHOWN, LONGEST = 3, 30  # words that a preview shows, and characters of each
KINDS: Final = (".gpkg", ".geojson", ".json", ".parquet", ".zip", ".shp")


@dataclass(frozen=True)
class Said:
    """What a person says of a file; "" = as it declares; column: that holds the codes."""

    crs: str = ""
    encoding: str = ""
    layer: str = ""
    column: str = ""


def read(path: Path, to: str, said: Said = Said(), box: Box | None = None) -> Drawn:
    """Read grid polygons; to: CRS of the ground; box: of the ground in it, which they must touch.

    Raises:
        ImportRefusedError: naming the file, the row or the grid, and what to do.
    """
    sheet = safely.read(path, encoding=said.encoding, layer=said.layer)
    name = path.name
    land = Land(to, box) if box else None
    shapes = _areas(name, sheet)
    system = systems.plain(said.crs) or sheet.crs or _guessed(name, shapes, land)
    return Drawn(
        name, _metres(name, shapes, system, to, land), _codes(name, sheet, said.column),
        tuple(int(row) for row in sheet.rows), system, sheet.encoding, MARK in sheet.frame,
        _names(sheet),
    )  # fmt: skip


def _areas(name: str, sheet: Sheet) -> Shapes:
    if GEOMETRY not in sheet.frame or not len(sheet.frame):
        kinds = ", ".join(KINDS)
        refuse(
            f"{name}: holds no polygons; export the grids as areas, as {kinds}",
            f"{name}：没有面要素；请将网格导出为面，格式为 {kinds}",
        )
    shapes = shapely.force_2d(np.asarray(sheet.frame[GEOMETRY].array, dtype=object))
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    _refuse(name, sheet, missing, "has no shape; draw its grid or leave the row out",
            "没有图形；请补画网格或删去该行")  # fmt: skip
    flat = shapely.get_dimensions(shapes) < AREA
    _refuse(name, sheet, flat, "is no area; a grid is a polygon, so close its border",
            "不是面；网格应为闭合的多边形")  # fmt: skip
    return np.asarray(shapes)


def _refuse(name: str, sheet: Sheet, wrong: npt.NDArray[np.bool_], en: str, zh: str) -> None:
    if wrong.any():
        rows = ", ".join(str(row) for row in sheet.rows[wrong][:SOME])
        rest = int(wrong.sum()) - SOME
        more = (f" and {rest} more", f" 等 {rest + SOME} 行") if rest > 0 else ("", "")
        refuse(
            f"{name}: {sheet.numbered} {rows}{more[0]} {en}", f"{name}：第 {rows} 行{more[1]}{zh}"
        )


def _guessed(name: str, shapes: Shapes, land: Land | None) -> str:
    """Degrees are taken for WGS-84; metres could be of any zone."""
    if np.abs(shapely.total_bounds(shapes)).max() > systems.DEGREES:
        landing.unnamed(name, shapes, land)
    return WGS84


def _metres(name: str, shapes: Shapes, crs: str, to: str, land: Land | None) -> Shapes:
    if not (shifted.known(crs) or systems.understood(crs)):
        refuse(
            f"{name}: the coordinate system {crs} is not known; name it like EPSG:4490",
            f"{name}：无法识别坐标系 {crs}；请写成 EPSG:4490 的形式",
        )
    moved = systems.moved(shapes, crs, to)
    boxes = shapely.bounds(moved)
    if land and not land.touched(boxes):
        landing.astray(name, shapes, crs, land)
    if not np.isfinite(boxes).all():
        landing.nowhere(name, shapes, crs, land)
    return moved


def _codes(name: str, sheet: Sheet, column: str) -> tuple[str, ...]:
    """The code of each row, from the named column or the one that is called so."""
    if column and column not in sheet.frame:
        there = ", ".join(str(each) for each in sheet.frame if each != GEOMETRY)
        refuse(
            f"{name}: has no column {column}; it has {there}",
            f"{name}：没有 {column} 列；现有列为 {there}",
        )
    called = {str(each).strip().lower(): str(each) for each in sheet.frame}
    found = column or next((called[each] for each in CODES if each in called), "")
    if not found:
        return ("",) * len(sheet.frame)
    codes = sheet.frame[found].fillna("").astype(str).str.strip()
    _refuse(name, sheet, (codes == "").to_numpy(), f"has no code in {found}; fill it in",
            f"的 {found} 列没有编码；请补上")  # fmt: skip
    strange = ~codes.str.fullmatch(CODE).to_numpy(dtype=bool)
    _refuse(name, sheet, strange, f"has a code in {found} that no address takes; {EN}",
            f"的 {found} 列编码不可用；{ZH}")  # fmt: skip
    return tuple(codes)


def _names(sheet: Sheet) -> tuple[str, ...]:
    """Some words of the file, from the column with most that are not plain ASCII, else none."""
    found: list[str] = []
    for column in sheet.frame:
        if column != GEOMETRY:
            words = sheet.frame[column].dropna().astype(str).str.strip().unique()
            strange = [word for word in words.tolist() if not word.isascii()]
            found = max(found, strange, key=len)
    return tuple(word[:LONGEST] for word in found[:SHOWN])

"""Units from codes to row numbers: depth first, children in the order of their codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.ingest.pinyin import first_letters
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.model.profile import Profile


def number_units(units: gpd.GeoDataFrame, profile: Profile) -> gpd.GeoDataFrame:
    """Put units in depth-first order with `unit`, `parent` (a row) and `initials` filled in.

    Raises:
        ImportRefusedError: no root or several, a code twice, a parent that does not exist or is
            not of a higher level; the message names the codes.
    """
    units = units.reset_index(drop=True)
    codes = [str(code) for code in units["code"].tolist()]
    parents = units["parent"].astype("string").fillna("").tolist()
    _check(units, codes, parents, profile)
    order = _depth_first(codes, parents)
    if len(order) != len(codes):
        lost = sorted(set(codes) - {codes[row] for row in order})
        msg = f"units {_some(lost)} are above themselves; mend their parents"
        raise ImportRefusedError(msg)
    row_of = {codes[old]: new for new, old in enumerate(order)}
    places = units.iloc[order].reset_index(drop=True)
    places["code"] = [codes[old] for old in order]
    places["unit"] = np.arange(len(order), dtype=np.int32)
    places["parent"] = np.array([row_of.get(parents[old], -1) for old in order], dtype=np.int32)
    for column in ("people", "households"):
        counts = places[column] if column in places else pd.Series(-1, index=places.index)
        places[column] = pd.to_numeric(counts).fillna(-1).astype("int64")
    for column in ("name_zh", "name_en", "kind"):
        texts = places[column] if column in places else pd.Series("", index=places.index)
        places[column] = texts.fillna("").astype("string")
    names = [
        zh or en
        for zh, en in zip(*(places[c].tolist() for c in ("name_zh", "name_en")), strict=True)
    ]
    letters = {name: initials(name) for name in set(names)}  # hamlets share their names
    places["initials"] = [letters[name] for name in names]
    return places


def initials(name: str) -> str:
    """First letters of a name as they are typed in a search: 鹤湾街道 hwjd, Wyman Park wp."""
    if name.isascii():
        return "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", name)).lower()
    return re.sub(r"[^a-z0-9]", "", first_letters(name).lower())


def _check(units: gpd.GeoDataFrame, codes: list[str], parents: list[str], profile: Profile) -> None:
    rank = {level.key: number for number, level in enumerate(profile.levels)}
    levels = [str(level) for level in units["level"].tolist()]
    if strange := sorted(set(levels) - set(rank)):
        msg = f"levels {_some(strange)} are not in profile {profile.key}"
        raise ImportRefusedError(msg)
    if len(set(codes)) < len(codes):
        twice = pd.Series(codes).loc[lambda column: column.duplicated()].unique().tolist()
        msg = f"unit codes {_some(twice)} occur twice; give each unit its own"
        raise ImportRefusedError(msg)
    roots = [code for code, parent in zip(codes, parents, strict=True) if not parent]
    if len(roots) != 1:
        msg = f"a city has one root, here are {len(roots)}: {_some(roots)}"
        raise ImportRefusedError(msg)
    rank_of = {code: rank[level] for code, level in zip(codes, levels, strict=True)}
    pairs = [(c, p) for c, p in zip(codes, parents, strict=True) if p]
    if lost := [code for code, parent in pairs if parent not in rank_of]:
        msg = f"the parents of units {_some(lost)} do not exist; add them"
        raise ImportRefusedError(msg)
    if upside := [code for code, parent in pairs if rank_of[parent] >= rank_of[code]]:
        msg = f"the parents of units {_some(upside)} are not of a higher level"
        raise ImportRefusedError(msg)


def _depth_first(codes: list[str], parents: list[str]) -> list[int]:
    children: dict[str, list[int]] = {}
    for row in sorted(range(len(codes)), key=lambda row: codes[row], reverse=True):
        children.setdefault(parents[row], []).append(row)
    order: list[int] = []
    waiting = children.get("", [])[:1]
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting.extend(children.get(codes[row], []))
    return order


def _some(items: list[str], limit: int = 5) -> str:
    more = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + more

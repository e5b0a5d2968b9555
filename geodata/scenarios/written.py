"""Cuts and steps as JSON, and back, exactly: shapes as WKB, so that no digit is lost."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.planner.carving import Cut
from geodata.planner.ground import Edges
from geodata.planner.history import Step

if TYPE_CHECKING:
    import numpy.typing as npt

    Shapes = npt.NDArray[np.object_]

SHAPED: Final = ("added", "shapes")
WIDE: Final = ("held", "added_held")


def cut_told(cut: Cut) -> dict[str, Any]:
    """A cut in the terms of JSON."""
    told: dict[str, Any] = {"size": cut.size}
    for name in (each.name for each in fields(Cut) if each.name not in {"size", "edges"}):
        value = getattr(cut, name)
        told[name] = _hex(value) if name in SHAPED else value.tolist()
    edges = {each.name: getattr(cut.edges, each.name).tolist() for each in fields(Edges)}
    return told | {"edges": edges}


def cut_read(told: dict[str, Any]) -> Cut:
    """A cut from what `cut_told` made of it."""
    found: dict[str, Any] = {"size": told["size"]}
    for name in (each.name for each in fields(Cut) if each.name not in {"size", "edges"}):
        if name in SHAPED:
            found[name] = _unhex(told[name])
        else:
            wide = name in WIDE
            value = np.array(told[name], dtype=np.int64 if wide else np.int32)
            found[name] = value.reshape(3, -1) if wide else value
    edges = told["edges"]
    found["edges"] = Edges(
        np.array(edges["first"], dtype=np.int32), np.array(edges["second"], dtype=np.int32),
        np.array(edges["length_m"], dtype=np.float64), np.array(edges["barrier"], dtype=np.uint8),
    )  # fmt: skip
    return Cut(**found)


def step_told(step: Step) -> dict[str, Any]:
    """A step in the terms of JSON."""
    return {"key": step.key, **asdict(step)}


def step_read(told: dict[str, Any]) -> Step:
    """A step from what `step_told` made of it."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items() if name != "key"
    }  # fmt: skip
    return Step(**given)


def _hex(shapes: Shapes) -> list[str]:
    return [str(each) for each in shapely.to_wkb(shapes, hex=True, byte_order=1)]


def _unhex(texts: list[str]) -> Shapes:
    return np.asarray(shapely.from_wkb(np.array(texts, dtype=object)), dtype=object)

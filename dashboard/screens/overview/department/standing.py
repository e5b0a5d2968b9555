"""Ranks of the departments with what chance leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.marks import link, width
from dashboard.i18n import t
from dashboard.i18n.amounts import UNKNOWN, count, minutes, rate
from dashboard.screens.overview.registered import metric_name
from geodata.metrics.fair import misses, ranking
from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

ODD: Final = {"whistle": ("whistled", "reported")}
ROOM: Final = 0.04  # of the scale, left free at both ends
LEAST: Final = 2  # departments that a ranking takes


@dataclass(frozen=True)
class Standing:
    """How a department stands by a metric: value, 95 % interval, rank and those it may have.

    rank: 0 = too few cases to be ranked; odd: why it can hardly be compared, with commas.
    """

    row: int
    n: int
    fair: float
    low: float
    high: float
    rank: int
    best: int
    worst: int
    odd: str
    parts: tuple[tuple[str, str], ...] = ()  # of a score, each in words and how it is counted


@dataclass(frozen=True)
class Standings:
    """All departments in order of rank, those without one last.

    misses: whether values are misses per 10,000 cases, as nearly all cases are hits.
    """

    metric: str
    all: tuple[Standing, ...]
    misses: bool

    @property
    def ranked(self) -> list[Standing]:
        """Those of enough cases."""
        return [each for each in self.all if each.rank]

    @property
    def last(self) -> list[Standing]:
        """Those who may be last: one where it can be told, all where nobody can be told apart."""
        lowest = max((each.worst for each in self.ranked), default=0)
        return [each for each in self.ranked if each.worst >= lowest]

    @property
    def alike(self) -> bool:
        """Whether nobody can be told apart, so that there are no ranks."""
        return len(self.last) == len(self.ranked)

    def name(self, language: str) -> str:
        """What is ranked by."""
        return metric_name(self.metric, language)

    def written(self, value: float, language: str) -> str:
        """A value in the unit in which the standings are told."""
        if self.misses:
            return t("ranking.misses", language, n=rate(value, 0))
        if METRICS[self.metric].form is Form.SHARE:
            return f"{rate(value)}%"
        return minutes(value, language)


def standings(scene: Scene, metric: str) -> Standings:
    """Rank the departments of a scene."""
    table = scene.numbers.departments
    table = table[table.index >= 0]
    found = ranking(metric, table, odd=ODD)
    missed = _misses(metric, table)
    if missed is not None:
        found[["fair", "low", "high"]] = missed[["fair", "low", "high"]].to_numpy()
    names = ("n", "fair", "low", "high", "rank", "rank_best", "rank_worst")
    figures = found[list(names)].fillna(0).to_numpy(dtype=np.float64)
    all_ = [
        Standing(int(row), int(n), fair, low, high, int(rank), int(best), int(worst), str(odd))
        for row, (n, fair, low, high, rank, best, worst), odd in zip(
            found.index, figures.tolist(), found["not_comparable"], strict=True
        )
    ]
    return Standings(metric, in_order(all_), missed is not None)


def in_order(found: list[Standing]) -> tuple[Standing, ...]:
    """By rank, those without one last."""
    return tuple(sorted(found, key=lambda each: (each.rank == 0, each.rank, each.row)))


def _misses(metric: str, table: pd.DataFrame) -> pd.DataFrame | None:
    found = METRICS[metric]
    if found.form is not Form.SHARE:
        return None
    hits, cases = (table[list(names)].sum(axis=1) for names in (found.numerator, found.denominator))
    return misses(hits.to_numpy(), cases.to_numpy())


def title(scene: Scene, found: Standings) -> str:
    """Who is last, if that can be told; else between how many it cannot."""
    word, ranked = found.name(scene.language), found.ranked
    if len(ranked) < LEAST:
        return scene.t("ranking.name", metric=word)
    if len(found.last) == 1:
        name = scene.entry(scene.city.departments, found.last[0].row)
        return scene.t("ranking.last", name=name, metric=word)
    key = "ranking.alike" if found.alike else "ranking.lasts"
    return scene.t(key, n=len(found.last), metric=word)


def foot(scene: Scene, found: Standings) -> str:
    """How the rows are read: of what is not drawn nothing is said."""
    target = _target(scene, found)
    told = "" if target is None else scene.t("ranking.target", n=f"{target:g}")
    key = "ranking.foot_alike" if found.alike else "ranking.foot"
    return told + scene.t(key, n=METRICS[found.metric].minimum)


def rows(scene: Scene, found: Standings) -> list[Node]:
    """One row a department: rank with its range, name, interval, value, cases behind it."""
    ranked = found.ranked
    if not ranked:
        return []
    target = _target(scene, found)
    marks = [mark for mark in (target,) if mark is not None]
    low = min(*(each.low for each in ranked), *marks, ranked[0].low)
    high = max(*(each.high for each in ranked), *marks, ranked[0].high)
    span = max(high - low, 1e-9)
    scale = low - ROOM * span, span * (1 + 2 * ROOM)
    return [row_of(scene, found, each, scale) for each in found.all]


def row_of(
    scene: Scene, found: Standings, each: Standing, scale: tuple[float, float] = (0.0, 1.0)
) -> Node:
    """One department; scale: where the track begins, and how long it is."""
    key = str(scene.city.departments["key"].iloc[each.row])
    name = link(
        scene.entry(scene.city.departments, each.row),
        scene.href(departments=(key,), measure=""),
        "name",
    )
    n = html.Span(scene.t("ranking.cases", n=count(each.n, scene.language)), className="n")
    if not each.rank:
        few = html.Span(scene.t("panel.too_few"), className="few-word")
        unranked = [html.Span(UNKNOWN, className="rank"), name, few, html.Span(), n]
        return html.Li([*unranked, _parts(each)])
    between = html.Small(f"{each.best}–{each.worst}" if each.best < each.worst else "")
    place = None if found.alike else [html.B(str(each.rank)), between]
    value = html.B(found.written(each.fair, scene.language), className="value")
    return html.Li(
        [
            html.Span(place, className="rank"),
            html.Span([name, _flags(scene, each.odd)], className="who"),
            _track(scene, found, each, scale),
            value,
            n,
            _parts(each),
        ]
    )


def _parts(each: Standing) -> Node:
    """What a score is made of, on a line of its own."""
    if not each.parts:
        return None
    said = [html.Span(text, title=about) for text, about in each.parts]
    return html.Small(said, className="parts")


def _track(scene: Scene, found: Standings, each: Standing, scale: tuple[float, float]) -> Node:
    low, span = scale
    at = [(value - low) / span for value in (each.low, each.high, each.fair)]
    ends = (found.written(value, scene.language) for value in (each.low, each.high))
    said = scene.t(
        "ranking.hover", **dict(zip(("low", "high"), ends, strict=True)), best=each.best,
        worst=each.worst, total=len(found.ranked),
    )  # fmt: skip
    target = _target(scene, found)
    line = [] if target is None else [
        html.I(className="target", style=width(0, at=(target - low) / span))
    ]  # fmt: skip
    marks = [
        *line,
        html.I(className="interval", style=width(at[1] - at[0], **{"from": at[0]})),
        html.I(className="dot", style=width(0, at=at[2])),
    ]
    return html.Span(marks, className="track", title=said)


def _target(scene: Scene, found: Standings) -> float | None:
    """The target of the metric, in the unit in which the standings are told."""
    target = scene.city.profile.targets.get(found.metric)
    return None if target is None or found.misses else float(target)


def _flags(scene: Scene, why: str) -> Node:
    """Why a department can hardly be compared with the others."""
    if not why:
        return None
    words = "\n".join(scene.t(f"ranking.odd_{name}") for name in why.split(","))
    return html.Small(scene.t("ranking.odd"), className="odd", title=words)

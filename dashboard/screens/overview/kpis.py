"""The six figures: the whole place's, or those of one department."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from dashboard.components.cards import Card, strip
from dashboard.i18n.amounts import arrow, change, count, duration, known, minutes, rate
from dashboard.screens.overview import against, settlement, spent
from dashboard.screens.overview.registered import behind, definition, figure, is_small
from geodata.metrics import deviation, registry
from geodata.model.periods import DAY

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

Against = Literal["norm", "target", "before", "points"]
BACKLOG_S: Final = 90 * DAY  # a longer period holds more than the backlog does
NEAR: Final = 5.0  # a miss of up to five points (or per cent) is yellow, beyond it orange


@dataclass(frozen=True)
class Kpi:
    """One of the six: its metric, what it is compared with, how its number is written."""

    metric: str
    against: Against
    kind: Literal["count", "share", "minutes"]
    sample: str = ""


SIX: Final = 6
LEAST: Final = 4
FEW: Final = 2  # cases
HARDLY: Final = 0.02  # of what was before: so little more is none
CITY: Final = (  # in the order of preference: what a city does not keep steps back
    Kpi("reported", "norm", "count"),
    Kpi("on_time_rate", "target", "share"),
    Kpi("whistle_rate", "target", "share"),
    Kpi("backlog_overdue", "before", "count"),
    Kpi("local_rate", "target", "share"),
    Kpi("satisfaction", "points", "share", "asked"),
    Kpi("resolution_median_min", "target", "minutes"),
    Kpi("resolution_p90_min", "target", "minutes"),
    Kpi("backlog_open", "before", "count"),
    Kpi("closed_rate", "target", "share"),
)
DEPARTMENT: Final = (
    Kpi("reported", "norm", "count"),
    Kpi("arrival_median_min", "target", "minutes"),
    Kpi("arrival_in_30_rate", "target", "share", "arrived"),
    Kpi("backlog_open", "before", "count"),
    Kpi("backlog_overdue", "before", "count"),
    Kpi("return_rate", "points", "share"),
    Kpi("on_time_rate", "target", "share"),
    Kpi("resolution_median_min", "target", "minutes"),
    Kpi("resolution_p90_min", "target", "minutes"),
)
AGO: Final = ("24h", "7d", "30d", "90d")  # periods up to now that begin so long ago
IN_PERIOD: Final = {"backlog_overdue": "overdue_open", "backlog_open": "open"}


def kpis(scene: Scene) -> Node:
    """The strip of six."""
    return strip([card(kpi, scene) for kpi in chosen(scene)], scene.t("kpi.strip"))


def chosen(scene: Scene) -> list[Kpi]:
    """The first six that the city keeps; unknown ones only where hardly any is left."""
    preferred = CITY if scene.department is None else DEPARTMENT
    kept = sum(scene.keeps(kpi.metric) for kpi in preferred)
    first = sorted(preferred, key=lambda kpi: not scene.keeps(kpi.metric))
    first = first[: min(max(kept, LEAST), SIX)]
    if scene.span.length <= BACKLOG_S:
        return first
    return [replace(kpi, metric=IN_PERIOD.get(kpi.metric, kpi.metric)) for kpi in first]


def card(kpi: Kpi, scene: Scene) -> Card:
    """What one of them says."""
    value = _value(kpi, scene.numbers.total, scene)
    words, level = _against(kpi, value, scene)
    shown, unit = _written(kpi, value, scene)
    name = _name(kpi, scene)
    return Card(
        key=kpi.metric,
        name=name,
        figure=shown,
        unit=unit,
        against=words,
        definition=definition(kpi.metric, scene),
        sample=_sample(kpi, value, scene),
        level=level,
        level_word=scene.t(f"alert.level_{level}") if level else "",
        trend=_trend(kpi, scene),
        trend_name=scene.t("kpi.trend", name=name),
        faint=known(value) and _few(kpi, scene),
    )


def _name(kpi: Kpi, scene: Scene) -> str:
    level = settlement.local_level(scene) if kpi.metric == settlement.METRIC else ""
    return scene.t("settlement.local", level=level) if level else scene.t(f"kpi.{kpi.metric}")


def _trend(kpi: Kpi, scene: Scene) -> list[float]:
    """The metric by day; nothing for what is counted as of now, or where nothing happened."""
    if _is_backlog(kpi) or _few(kpi, scene) or not scene.numbers.total["reported"]:
        return []
    days = scene.numbers.sparks
    # A day that is not over would look like a fall of counts, and like anything of shares.
    days = days[days.index.to_numpy() + DAY <= min(scene.now, scene.window.end)]
    kept = scene.has_cases and scene.keeps(kpi.metric)
    return registry.value(kpi.metric, days).to_list() if kept else [math.nan] * len(days)


def _value(kpi: Kpi, tally: pd.Series, scene: Scene) -> float:
    """The metric of a tally; NaN, never zero, where the city does not keep what it counts."""
    kept = scene.has_cases and scene.keeps(kpi.metric)
    return figure(kpi.metric, tally) if kept else math.nan


def _written(kpi: Kpi, value: float, scene: Scene) -> tuple[str, str]:
    if not known(value) or _few(kpi, scene):
        return count(None, scene.language), ""
    if kpi.kind == "share":
        return rate(value), scene.t("unit.percent")
    if kpi.kind == "minutes":
        if "resolution" in kpi.metric:
            return spent.written(scene, value)
        return duration(value, scene.language)
    return count(value, scene.language), scene.t("unit.cases")


def _against(kpi: Kpi, value: float, scene: Scene) -> tuple[str, int]:
    if not scene.numbers.total["reported"] and scene.has_cases and not _is_backlog(kpi):
        return scene.t("kpi.none"), 0
    if not known(value):
        return scene.t("kpi.unknown"), 0
    if _few(kpi, scene):
        return scene.t("kpi.few", n=behind(kpi.metric, scene.numbers.total)), 0
    if kpi.against == "target":
        return _target(kpi, value, scene)
    if kpi.against == "norm":
        return _norm(scene), 0
    return _before(kpi, value, scene)


def _few(kpi: Kpi, scene: Scene) -> bool:
    """Whether a share or a duration rests on too few cases to be judged, or drawn by day."""
    return kpi.kind != "count" and is_small(kpi.metric, scene.numbers.total)


def _target(kpi: Kpi, value: float, scene: Scene) -> tuple[str, int]:
    target = scene.city.profile.targets.get(kpi.metric)
    if target is None:
        return _before(kpi, value, scene)
    if kpi.kind == "minutes":
        over = round(value) - round(target)
        if over <= 0:
            return scene.t("kpi.within", target=minutes(target, scene.language)), 0
        words = scene.t("kpi.over", over=minutes(over, scene.language))
        return words, 3 if over <= target * NEAR / 100 else 2
    words = rate(target, 0)
    if value >= target:
        return scene.t("kpi.met", target=words), 0
    return scene.t("kpi.missed", target=words), 3 if target - value <= NEAR else 2


def _norm(scene: Scene) -> str:
    found, side = deviation.total(scene.numbers), against.side(scene)
    if side == "unknown":
        return scene.t("kpi.no_norm")
    if side == "few":
        return scene.t("kpi.small_norm", n=against.written(found.norm))
    if side == "usual":
        return scene.t("kpi.as_norm")
    share = against.share(scene)
    moved = change(share).lstrip("+−")
    return scene.t("kpi.norm", arrow=arrow(share), change=moved, side=scene.t(f"kpi.{side}"))


def _is_backlog(kpi: Kpi) -> bool:
    """Whether the figure is as of now, whatever the period."""
    return kpi.metric.startswith("backlog")


def _before(kpi: Kpi, value: float, scene: Scene) -> tuple[str, int]:
    previous = scene.numbers.previous
    # What stands open now is compared with what stood open when a rolling period began.
    if _is_backlog(kpi) and (scene.span.end < scene.now or scene.period not in AGO):
        return scene.t("kpi.as_of_now"), 0
    before = _value(kpi, previous, scene) if previous is not None else math.nan
    if not known(before):
        return _alone(kpi, scene), 0
    if kpi.kind == "count":
        return _more(kpi, round(before), round(value - before), scene)
    return _moved(kpi, value, before, scene), 0


def _sample(kpi: Kpi, value: float, scene: Scene) -> str:
    """How many cases stand behind a share that is compared with the one before."""
    if not kpi.sample or not known(value) or _few(kpi, scene):
        return ""
    return scene.t("kpi.sample", n=count(scene.numbers.total[kpi.sample], scene.language))


def _moved(kpi: Kpi, value: float, before: float, scene: Scene) -> str:
    """How far a duration or a share is from the one before, in words where it is not."""
    if kpi.kind == "minutes":
        moved = value / before - 1 if before else math.nan
        said, nothing, key = change(moved).lstrip("+−"), change(0), "kpi.change"
    else:
        moved = value - before
        said, nothing, key = rate(abs(moved)), rate(0), "kpi.points"
    return scene.t("kpi.same") if said == nothing else scene.t(key, arrow=arrow(moved), n=said)


def _alone(kpi: Kpi, scene: Scene) -> str:
    """Nothing to compare with: what stands behind the figure, or what share of all it is."""
    if kpi.metric in IN_PERIOD.values():
        share = float(scene.numbers.total[kpi.metric] / scene.numbers.total["reported"])
        return scene.t("kpi.part", percent=rate(share * 100))
    if kpi.kind == "count" or kpi.sample:
        return scene.t("kpi.no_before")
    return scene.t("kpi.behind", n=count(behind(kpi.metric, scene.numbers.total), scene.language))


def _more(kpi: Kpi, before: int, more: int, scene: Scene) -> tuple[str, int]:
    ago = f"_{scene.period}" if _is_backlog(kpi) else ""
    if more == 0:
        return scene.t(f"kpi.same{ago}"), 0
    words = scene.t(f"kpi.more{ago}", arrow=arrow(more), n=count(abs(more), scene.language))
    # A few more come and go within minutes: no reason for a warning.
    return words, 2 if more > max(FEW, HARDLY * before) and "overdue" in kpi.metric else 0

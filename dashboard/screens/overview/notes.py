"""What must stand under a table once it leaves the screen: place, period, filters, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n.moments import local
from dashboard.screens.overview import measures
from dashboard.screens.overview.bounds import words
from dashboard.screens.overview.bullets import measured
from dashboard.screens.overview.case_list import LISTS, QUEUE, REPORTED
from dashboard.screens.overview.registered import definition, metric_name
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

DURATIONS: Final = ("arrival_median_min", "arrival_p90_min")
RESOLUTIONS: Final = ("resolution_median_min", "resolution_p90_min")
DENSITIES: Final = ("density_people", "density_area")
METRICS_OF: Final = {
    "map": ("reported", "deviation", *DENSITIES, *DURATIONS, *RESOLUTIONS),
    "departments": (
        "reported", "deviation", "open", "overdue_open", "on_time_rate", *DURATIONS, *RESOLUTIONS,
    ),
    "categories": ("reported", "deviation"),
    "settlement": ("local_rate",),
    "deadlines": ("on_time_rate",),
    "timeline": ("reported",),
    QUEUE: ("backlog_open", "backlog_overdue"),
    REPORTED: ("reported",),
    "buildings": ("reported",),
    "returns": ("first_dispatch_rate",),
    "misrouted": ("first_dispatch_rate",),
    "ratings": ("reverse_score",),
    "grids": ("load_index", "staff_load", "reported", *DURATIONS),
}  # fmt: skip
WITH_NORM: Final = frozenset(("map", "departments", "categories"))
WITH_SAMPLE: Final = frozenset(("map", "departments"))


def notes(scene: Scene, panel: str) -> list[tuple[str, str]]:
    """Where, when and of what the figures are, and as of which moment."""
    ends = [f"{local(at, scene.zone):%Y-%m-%d %H:%M}" for at in (scene.span.start, scene.span.end)]
    newest = scene.numbers.newest
    reach = f"{local(newest, scene.zone):%Y-%m-%d %H:%M}" if newest else "—"
    found = {
        "panel": scene.t(f"panel.{panel}"),
        "place": f"{scene.name(scene.unit)} {scene.city.tree.codes[scene.unit]}",
        **({"bounds": words(scene)} if words(scene) else {}),
        "period": scene.t("case_list.open_window")
        if panel == QUEUE
        else scene.t("export.from_to", word=scene.period_word(), a=ends[0], b=ends[1]),
        "filters": chosen(scene) or scene.t("export.none"),
        "as_of": f"{local(scene.now, scene.zone):%Y-%m-%d %H:%M}",
        "newest": reach,
    }
    return [(scene.t(f"export.{name}"), said) for name, said in found.items()]


def chosen(scene: Scene) -> str:
    """The filters in words; "" where there is none."""
    request = scene.numbers.request
    fields = ("categories", "departments", "sources")
    return scene.t("export.between").join(
        scene.t(f"path.chip_{field}", name=scene.entry(getattr(scene.city, field), row))
        for field in fields
        for row in getattr(request, field)
    )


def definitions(scene: Scene, panel: str) -> list[str]:
    """How each column of the panel is counted, one line each."""
    density = measures.usable(scene, measures.MEASURES["density"]).metric
    other = {*(RESOLUTIONS if measured(scene) == "arrival" else DURATIONS), *DENSITIES} - {density}
    lines = [
        scene.t("export.about", name=metric_name(key, scene.language), text=one_line(scene, key))
        for key in METRICS_OF.get(panel, ())
        if scene.keeps(key) and key not in other
    ]
    if panel in WITH_NORM:
        lines += [scene.t(f"export.about_{name}", n=LEAST_CASES) for name in ("norm", "change")]
    if panel in WITH_SAMPLE:
        lines.append(scene.t(f"export.about_{measured(scene)}_n", n=LEAST_CASES))
    if panel == QUEUE:
        lines += [scene.t(f"case_list.about_{name}") for name in ("left", "stage")]
    if panel in LISTS:
        lines.append(scene.t("case_list.about_case"))
    if panel == "timeline":
        lines.append(scene.t("export.about_band", weeks=scene.numbers.norm_weeks))
    return lines


def one_line(scene: Scene, metric: str) -> str:
    """The definition without its line breaks, which would break a row of a file."""
    between = "" if scene.language == "zh" else " "
    return between.join(definition(metric, scene).splitlines())

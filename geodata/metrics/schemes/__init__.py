"""Schemes of evaluation: those that are shipped, those of a city, and the metrics they name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS, registry_hash
from geodata.model.errors import ProfileError
from geodata.model.schemes import Scheme, SchemePart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.metrics.metric import Metric

ORDER: Final = ("urban", "three_rates", "open311", "absorption")
DIVIDED: Final = {  # metric and denominator as a scheme names them → key in the registry
    ("reopened_rate", "closed"): "reopened_of_closed_rate",
    ("satisfaction", "settled"): "satisfied_of_settled_rate",
    ("verified_rate", "reported"): "verified_of_reported_rate",
    ("accepted_rate", "all"): "accepted_of_all_rate",
    ("on_time_rate", "unappealed"): "unappealed_on_time_rate",
    ("on_time_rate", "original"): "raw_on_time_rate",
    ("settled_rate", "due"): "closed_rate",
}
TIMES: Final = ("_median_min", "_p90_min")


def _shipped() -> tuple[Scheme, ...]:
    folder = Path(__file__).parent
    read = (tomllib.loads((folder / f"{key}.toml").read_text("utf-8")) for key in ORDER)
    return tuple(Scheme.model_validate(each) for each in read)


SHIPPED: Final = _shipped()


def schemes_of(own: Iterable[Scheme]) -> tuple[Scheme, ...]:
    """The shipped schemes and a city's own, which take the place of shipped ones of their key."""
    return tuple(({scheme.key: scheme for scheme in SHIPPED} | {s.key: s for s in own}).values())


def version_of(own: Iterable[Scheme]) -> str:
    """Name the state of all definitions and of a city's schemes, the same wherever it is told."""
    return registry_hash(schemes_of(own))


def metric_of(part: SchemePart) -> Metric:
    """The metric of a part, divided as the part says.

    Raises:
        ProfileError: there is none, or it cannot be turned into points.
    """
    key = DIVIDED.get((part.metric, part.denominator), "") if part.denominator else part.metric
    if key not in METRICS:
        known = ", ".join(by for name, by in DIVIDED if name == part.metric) or "no other"
        message = (
            f"denominator {part.denominator!r} of {part.metric}: known are {known}"
            if part.metric in METRICS
            else f"metric {part.metric!r} is not in the registry; /definitions lists all"
        )
        raise ProfileError(message)
    metric = METRICS[key]
    is_time = key.endswith(TIMES)
    if metric.form is not Form.SHARE and not is_time:
        message = f"metric {key} is neither a share nor a time; a scheme cannot weigh it"
        raise ProfileError(message)
    if is_time and part.full_at is None:
        message = f"metric {key} is a time; say full_at and none_at in minutes"
        raise ProfileError(message)
    return metric


def lost(scheme: Scheme) -> str:
    """The first metric of a scheme that nobody can count any more, as it names it; "" = none.

    A stored scheme outlives the registry that it was written for.
    """
    for part in scheme.parts:
        try:
            metric_of(part)
        except ProfileError:
            return f"{part.metric}/{part.denominator}" if part.denominator else part.metric
    return ""


def check(own: Iterable[Scheme]) -> None:
    """Refuse schemes that name what nobody can count.

    Raises:
        ProfileError: naming the scheme, and what to do.
    """
    seen: set[str] = set()
    for scheme in own:
        if scheme.key in seen:
            message = f"scheme {scheme.key} stands twice; give one of them another key"
            raise ProfileError(message)
        seen.add(scheme.key)
        for part in scheme.parts:
            try:
                metric_of(part)
            except ProfileError as error:
                message = f"scheme {scheme.key}: {error}"
                raise ProfileError(message) from error


def ends(part: SchemePart) -> tuple[float, float]:
    """The values that earn no point, and all of them."""
    if part.full_at is not None and part.none_at is not None:
        return part.none_at, part.full_at
    return (100.0, 0.0) if metric_of(part).direction == "down" else (0.0, 100.0)

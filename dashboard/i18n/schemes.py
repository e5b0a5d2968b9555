"""Schemes of evaluation in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import named, t
from dashboard.i18n.amounts import minutes, rate
from geodata.metrics.metric import Form
from geodata.metrics.schemes import ends, metric_of

if TYPE_CHECKING:
    from geodata.model.schemes import Scheme, SchemePart


def explained(scheme: Scheme, language: str) -> str:
    """How a scheme makes its score, part by part."""
    whole = sum(part.weight for part in scheme.parts)
    parts = [part_text(part, part.weight / whole, language) for part in scheme.parts]
    note = scheme.note_zh if language == "zh" else scheme.note_en
    said = t("ranking.and", language).join(parts)
    name = named(scheme, language)
    return t("ranking.explained", language, name=name, parts=said, note=note).strip()


def part_text(part: SchemePart, weight: float, language: str) -> str:
    """A part with its weight, and which values earn no and all points."""
    metric = metric_of(part)
    share = metric.form is Form.SHARE
    none, full = (
        f"{rate(value, 0)}%" if share else minutes(value, language) for value in ends(part)
    )
    name = metric.name_zh if language == "zh" else metric.name_en
    said = t("ranking.part", language, name=name, weight=rate(100 * weight, 0))
    return said + t("ranking.scale", language, none=none, full=full)

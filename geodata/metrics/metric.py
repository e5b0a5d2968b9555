"""What a metric is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

DONE: Final = {  # what a limit judges, as the stage of `profile.deadline` is named
    "zh": {"resolved": "办结", "closed": "结案"},
    "en": {"resolved": "resolved", "closed": "closed"},
}
Clock = Literal["none", "minutes", "limit", "limit_original", "now"]
Source = Literal["cases", "cases_people", "cases_area", "cases_norm", "registers", "ratings"]


class Form(StrEnum):
    """How a metric is made from counts."""

    COUNT = "count"  # the numerator as it is
    SHARE = "share"  # numerator ÷ denominator, in per cent
    PER_PEOPLE = "per_people"  # numerator ÷ thousand people
    PER_AREA = "per_area"  # numerator ÷ km²
    DEVIATION = "deviation"  # numerator against the norm, in per cent


@dataclass(frozen=True)
class Metric:
    """One metric.

    short_*: for narrow places; direction: which way is good; numerator, denominator: columns of the
    engine, added up; counted: columns whose sum is the number of cases the value rests on;
    cap: largest published value, 0 = none; minimum: fewer cases are shown as "too few".
    clock: what time is measured by: the case's limit as its own clock counts it, the limit before
        anything moved it, plain minutes, the state as of now, or no time at all; source: where the
        counts come from.
    definition_*: `{done}` stands for what the limit judges, which is the city's to decide.
    """

    key: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    unit_zh: str
    unit_en: str
    direction: Literal["up", "down", "none"]
    form: Form
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    counted: tuple[str, ...]
    definition_zh: str
    definition_en: str
    exclusions_zh: str = "作废与重复上报的案件不计入。"
    exclusions_en: str = "Void and duplicate reports are left out."
    decimals: int = 0
    cap: float = 0.0
    minimum: int = 20
    clock: Clock = "none"
    source: Source = "cases"
    version: int = 1

    def told(self, language: str, deadline: str) -> tuple[str, str]:
        """How it is counted and what is left out, where limits are judged at that stage."""
        zh = language == "zh"
        said = self.definition_zh if zh else self.definition_en
        done = DONE["zh" if zh else "en"][deadline]
        return said.replace("{done}", done), self.exclusions_zh if zh else self.exclusions_en

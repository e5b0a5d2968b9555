from __future__ import annotations

import pytest

from dashboard.i18n.limits import limit_text
from geodata.model.calendar import KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_limit_has_words(kind: str, language: str) -> None:
    assert limit_text(2.5, kind, language).startswith("2.5")
    assert limit_text(0, kind, language) == ""


def test_one_day_is_one_day() -> None:
    assert limit_text(1, "working_days", "en") == "1 working day"
    assert limit_text(4, "working_hours", "zh") == "4\u2009工作时"

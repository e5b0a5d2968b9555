"""The page of definitions says everything about every metric, in both languages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from dashboard.i18n import t
from dashboard.server.definitions import page
from geodata.metrics.metric import DONE
from geodata.metrics.registry import ALL, registry_hash
from geodata.metrics.schemes import SHIPPED, metric_of
from tests.dashboard.screens.conftest import PROFILE

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_is_told_whole(language: str) -> None:
    text = page(PROFILE, "", language, "dark")
    assert registry_hash(SHIPPED) in text
    for scheme in SHIPPED:
        section = text.partition(f'id="scheme-{scheme.key}"')[2].partition("</section>")[0]
        assert escape(getattr(scheme, f"note_{language}")) in section
        assert all(f'href="#{metric_of(part).key}"' in section for part in scheme.parts)
    for metric in ALL:
        assert f'id="{metric.key}"' in text
        said = (getattr(metric, f"name_{language}"), *metric.told(language, PROFILE.deadline))
        assert all(escape(each) in text for each in said)
        for column in (*metric.numerator, *metric.denominator):
            assert column in text
            done = DONE[language][PROFILE.deadline]
            assert escape(t(f"formula.{column}", language, done=done)) in text


def test_targets_of_the_city_stand_with_their_unit() -> None:
    text = page(PROFILE, "", "zh", "dark")
    assert "95 %" in text
    assert "30 分钟" in text
    assert "目标" not in page(None, "", "zh", "dark").replace("指标", "")


@pytest.mark.parametrize(
    ("deadline", "zh", "en"),
    [("closed", "尚未结案", "not closed"), ("resolved", "尚未办结", "not resolved")],
)
def test_what_is_overdue_is_told_by_the_stage_that_limits_judge(
    deadline: str, zh: str, en: str
) -> None:
    """A case done in time that waits to be closed is overdue where limits are judged at closing."""
    profile = PROFILE.model_copy(update={"deadline": deadline})
    for language, said in (("zh", zh), ("en", en)):
        text = page(profile, "", language, "dark")
        for key in ("overdue_open", "backlog_overdue"):
            section = text.partition(f'id="{key}"')[2].partition("</section>")[0]
            assert said in section
        assert "{done}" not in text


def test_names_of_a_profile_run_nothing() -> None:
    evil = PROFILE.model_copy(update={"name_zh": "<script>x</script>", "title_zh": ""})
    assert "<script>x" not in page(evil, "", "zh", "dark")


def test_the_address_chooses_language_and_theme(client: FlaskClient) -> None:
    answer = client.get("/definitions?lang=en&theme=light")
    assert answer.status_code == 200
    assert 'lang="en"' in answer.text
    assert 'data-theme="light"' in answer.text
    assert "Content-Security-Policy" in answer.headers

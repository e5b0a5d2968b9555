"""The page of definitions says everything about every metric, in both languages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from dashboard.server.definitions import page
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
        for name in ("name", "definition", "exclusions"):
            assert escape(getattr(metric, f"{name}_{language}")) in text
        for column in (*metric.numerator, *metric.denominator):
            assert column in text


def test_targets_of_the_city_stand_with_their_unit() -> None:
    text = page(PROFILE, "", "zh", "dark")
    assert "95 %" in text
    assert "30 分钟" in text
    assert "目标" not in page(None, "", "zh", "dark").replace("指标", "")


def test_names_of_a_profile_run_nothing() -> None:
    evil = PROFILE.model_copy(update={"name_zh": "<script>x</script>", "title_zh": ""})
    assert "<script>x" not in page(evil, "", "zh", "dark")


def test_the_address_chooses_language_and_theme(client: FlaskClient) -> None:
    answer = client.get("/definitions?lang=en&theme=light")
    assert answer.status_code == 200
    assert 'lang="en"' in answer.text
    assert 'data-theme="light"' in answer.text
    assert "Content-Security-Policy" in answer.headers

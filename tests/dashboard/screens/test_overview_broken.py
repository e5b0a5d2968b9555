"""When the numbers cannot be read the page says so, keeps what it shows, and leads on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from dashboard.access import NOBODY
from dashboard.ids import Overview
from dashboard.screens.overview import callbacks
from geodata.model.errors import RequestError, SnapshotError
from tests.dashboard.screens.conftest import make_city

if TYPE_CHECKING:
    from collections.abc import Callable


def _serve(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def screen(_request: object) -> None:
        raise error

    broken = SimpleNamespace(city=make_city(), engine=SimpleNamespace(screen=screen), actor=NOBODY)
    monkeypatch.setattr(callbacks, "live", lambda: broken)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_failing_engine_is_told_with_a_reference(
    monkeypatch: pytest.MonkeyPatch, text: Callable[..., str], find: Callable[..., Any],
    language: str,
) -> None:  # fmt: skip
    _serve(monkeypatch, OSError("/secret/path"))
    frame, body, timeline, state = callbacks.show(f"?at=9901001&lang={language}", None)
    said = text(body)
    assert ("数据暂时读取不到" if language == "zh" else "could not be read") in said
    assert ("编号 " if language == "zh" else "Reference ") in said
    assert "secret" not in said
    links = [link.href for link in find(body, "A")]
    assert links == [f"?at=9901001&lang={language}", f"?lang={language}"]
    assert len(frame) == 1
    assert timeline == []
    assert state is no_update


def test_a_question_that_makes_no_sense_is_not_our_fault(
    monkeypatch: pytest.MonkeyPatch, text: Callable[..., str]
) -> None:
    _serve(monkeypatch, RequestError("ends before it begins"))
    said = text(callbacks.show("", None)[1])
    assert "ends before it begins" in said
    assert "重新选择地点或时段" in said
    assert "编号" not in said


def test_a_city_that_cannot_be_opened_is_told_too(
    monkeypatch: pytest.MonkeyPatch, text: Callable[..., str]
) -> None:
    def live() -> None:
        msg = "live.json"
        raise SnapshotError(msg)

    monkeypatch.setattr(callbacks, "live", live)
    frame, body, *_ = callbacks.show("?lang=en", None)
    assert text(frame) == "City Operations"
    assert "not available at the moment" in text(body)


def test_a_failing_refresh_keeps_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    _serve(monkeypatch, OSError())
    monkeypatch.setattr(callbacks, "ctx", SimpleNamespace(triggered_id=Overview.REFRESH))
    with pytest.raises(PreventUpdate):
        callbacks.show("", "v2")

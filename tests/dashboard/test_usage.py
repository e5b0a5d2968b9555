from __future__ import annotations

import pytest

from dashboard import usage
from dashboard.settings import Settings


def test_no_words_let_it_begin() -> None:
    usage.check([])


@pytest.mark.parametrize(("words", "status"), [(["--help"], 0), (["--port", "8060"], 2)])
def test_words_are_answered_with_every_setting(
    words: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        usage.check(words)
    assert left.value.code == status
    told = capsys.readouterr()
    said = told.out if status == 0 else told.err
    assert all(f"YIPING_{name.upper()}=" in said for name in Settings.model_fields)
    assert status == 0 or "--port 8060" in said


def test_a_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIPING_WALL_PIN", "123456")
    assert "123456" not in usage.text()

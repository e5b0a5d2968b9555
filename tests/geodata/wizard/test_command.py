from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from geodata import __main__ as command
from geodata.model.profile import read_profile

if TYPE_CHECKING:
    from pathlib import Path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["geodata", *words])
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit) as ended:
        command.main()
    return int(ended.value.code or 0)


def test_a_folder_becomes_a_table_and_a_profile(
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "trial.toml"
    assert run(monkeypatch, "profile", str(exported), "--out", str(out), "--lang", "en") == 0
    said = capsys.readouterr().out
    for word in ("level grid", "gb18030", "reported ← 上报时间", "check the name of the city"):
        assert word in said
    assert said.splitlines()[-2:] == [
        f"wrote {out}",
        f"it can be imported: python -m geodata import {out}",
    ]
    assert read_profile(out).root == exported.name
    assert run(monkeypatch, "profile", str(exported), "--out", str(out)) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_folder_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "profile", str(tmp_path / "nowhere")) == 2
    assert "is not a folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(monkeypatch, "profile", str(tmp_path / "empty")) == 2
    assert "holds no file of a kind that is read" in capsys.readouterr().err

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from geodata import __main__ as command
from geodata.publish import publish
from geodata.store.snapshots import open_city
from tests.postgres import postgres_server, warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

__all__ = ["postgres_server", "warehouse"]

pytestmark = pytest.mark.usefixtures("bare")
PROFILE = """
key = "t"
name_zh = "试"
name_en = "Try"
[[levels]]
key = "city"
name_zh = "市"
name_en = "City"
sources = [{path = "city.csv", columns = {name_zh = "n"}}]
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line with a data directory of its own; gives exit code, out and err."""
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["geodata", *words])
        with pytest.raises(SystemExit) as ended:
            command.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def test_import_check_and_list(tmp_path: Path, run: Run) -> None:
    (tmp_path / "t.toml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "city.csv").write_text("n\n试\n试\n", encoding="utf-8")
    code, out, _ = run("import", str(tmp_path / "t.toml"))
    assert code == 0
    assert "published t-" in out
    assert "编码重复 · 1 行" in out
    live = open_city(tmp_path / "data").id
    code, out, _ = run("check")
    assert (code, live in out) == (0, True)
    code, out, _ = run("snapshots")
    assert (code, f"* {live}" in out) == (0, True)


def test_rejected_rows_come_back_corrected_on_command(tmp_path: Path, run: Run) -> None:
    (tmp_path / "t.toml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "city.csv").write_text("n\n试\n试\n", encoding="utf-8")
    sheet = tmp_path / "data" / "quarantine" / "t" / "city.csv"
    assert str(sheet) in run("import", str(tmp_path / "t.toml"))[1]
    code, out, _ = run("report", "--lang", "en")
    assert (code, "code that came before · 1 row" in out, "report.html" in out) == (0, True, True)
    code, out, _ = run("import", str(tmp_path / "t.toml"), "--corrected", str(sheet))
    assert (code, "更正表中未作改动 · 1 行" in out) == (0, True)
    code, _, err = run(
        "import", str(tmp_path / "t.toml"), "--corrected", str(tmp_path / "city.csv")
    )
    assert (code, "correct a sheet of the quarantine" in err) == (2, True)


def test_old_snapshots_are_removed_on_command(
    tmp_path: Path,
    run: Run,
    sketch: Any,  # noqa: ANN401
) -> None:
    data = tmp_path / "data"
    old = publish(sketch.draft(), data)
    meta = data / "snapshots" / old / "meta.json"
    os.utime(meta, (0, 0))
    live = publish(sketch.draft(incidents=lambda _: iter(())), data)
    os.utime(data / "snapshots" / live / "meta.json", (9, 9))
    code, out, _ = run("snapshots", "prune", "--keep", "2")
    assert (code, out) == (0, "")
    code, out, _ = run("snapshots", "prune", "--keep", "0")
    assert (code, out) == (0, f"removed {old}\n")
    assert [path.name for path in (data / "snapshots").iterdir()] == [live]


def test_an_earlier_city_is_put_back_on_command(
    tmp_path: Path,
    run: Run,
    sketch: Any,  # noqa: ANN401
) -> None:
    data = tmp_path / "data"
    old = publish(sketch.draft(), data)
    publish(sketch.draft(incidents=lambda _: iter(())), data)
    assert run("snapshots", "use", old)[:2] == (0, f"{old} is live\n")
    assert open_city(data).id == old
    code, _, told = run("snapshots", "use", "nothing")
    assert code == 2
    assert "nothing" in told
    assert open_city(data).id == old


def test_a_changed_file_fails_the_check(tmp_path: Path, run: Run, sketch: Any) -> None:  # noqa: ANN401
    publish(sketch.draft(), tmp_path / "data")
    (open_city(tmp_path / "data").folder / "sites.parquet").write_bytes(b"")
    code, _, err = run("check")
    assert code == 2
    assert "sites.parquet: has changed since publication" in err


def test_a_city_is_loaded_into_a_warehouse_once(tmp_path: Path, run: Run, warehouse: str) -> None:
    (tmp_path / "t.toml").write_text(PROFILE, encoding="utf-8")
    lives = []
    for name in ("one", "two"):
        (tmp_path / "city.csv").write_text(f"n\n{name}\n", encoding="utf-8")
        run("import", str(tmp_path / "t.toml"))
        lives.append(open_city(tmp_path / "data").id)
        said = [run("warehouse", "--to", warehouse)[1] for _ in range(2)]
        assert f"{lives[-1]} is loaded; removed: nothing" in said[0]
        assert f"{lives[-1]} was loaded" in said[1]
    shutil.rmtree(tmp_path / "data" / "snapshots" / lives[0])
    assert f"removed: {lives[0]}" in run("warehouse", "--to", warehouse)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("check",), "no city is published here"),
        (("snapshots",), "no city is published here"),
        (("token", "revoke", "x"), "token x does not exist"),
    ],
)
def test_refusals_are_one_sentence_and_exit_code_2(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1
    assert out == ""


def test_tokens(run: Run) -> None:
    code, out, _ = run("token", "make", "wall-1")
    assert code == 0
    assert out.splitlines()[-1].startswith("wall-1.")
    assert "wall-1" in run("token", "list")[1]
    assert run("token", "revoke", "wall-1")[0] == 0
    assert "wall-1" not in run("token", "list")[1]

"""F20 of the faults that are expected: somebody edits the audit."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from geodata import __main__ as main
from geodata.model.errors import AuditError
from geodata.store import audit
from geodata.store.audit import Checked, record, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for number in range(ROWS):
        record(tmp_path, {"actor": "somebody", "building": f"B{number}"})
    (path,) = (tmp_path / audit.FOLDER).glob("*.jsonl")
    return path


def change(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace("B2", "B9"), *lines[3:]]


def swap(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def unseal(lines: list[str]) -> list[str]:
    row = json.loads(lines[2])
    return [*lines[:2], json.dumps({"actor": row["actor"], "building": "B9"}) + "\n", *lines[3:]]


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (change, "row 3: was changed"),
        (swap, "row 3: number 3 is expected here, not 4"),
        (lambda lines: [*lines[:2], *lines[3:]], "row 3: number 3 is expected here, not 4"),
        (lambda lines: lines[1:], "row 1: number 1 is expected here, not 2"),
        (lambda lines: [*lines[:4], "{broken\n", *lines[4:]], "row 5: is no whole row"),
        (unseal, "row 3: number 3 is expected here, not none"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "row 4: number 4 is expected here"),
        (lambda lines: lines[:4], "row number 5 is missing; 6 were written"),
        (lambda _: [], "row number 1 is missing; 6 were written"),
    ],
)
def test_f20_the_first_row_that_somebody_touched_is_named(
    tmp_path: Path, file: Path, edit: Callable[[list[str]], list[str]], row: str
) -> None:
    assert verify(tmp_path) == Checked(ROWS)
    file.write_text("".join(edit(file.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert row in verify(tmp_path).bad
    record(tmp_path, {"actor": "somebody", "building": "B7"})  # what follows hides nothing
    assert row in verify(tmp_path).bad or "is expected here, not 7" in verify(tmp_path).bad


def test_a_month_that_is_gone_is_missed(tmp_path: Path, file: Path) -> None:
    file.unlink()
    assert "row number 1 is missing" in verify(tmp_path).bad


def test_rows_whose_seals_and_head_are_gone_are_no_rows_of_older_versions(
    tmp_path: Path, file: Path
) -> None:
    bare = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    rows = [{name: row[name] for name in ("actor", "building", "at")} for row in bare]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    head = file.with_name(audit.HEAD)
    head.write_text('{"n": 0, "seal": ""}', "utf-8")
    assert "no row that was sealed" in verify(tmp_path).bad
    head.unlink()
    with pytest.raises(AuditError, match="is gone; put it back from a backup"):
        verify(tmp_path)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_rows_that_are_gone_with_the_head_are_missed_and_nothing_follows_them(
    tmp_path: Path, file: Path, kept: int
) -> None:
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:kept]), "utf-8")
    head = file.with_name(audit.HEAD)
    before = head.read_bytes()
    head.unlink()
    with pytest.raises(AuditError, match="is gone"):
        record(tmp_path, {"actor": "somebody", "building": "B7"})
    with pytest.raises(AuditError, match="is gone"):
        verify(tmp_path)
    head.write_bytes(before)
    assert f"row number {kept + 1} is missing" in verify(tmp_path).bad


@pytest.mark.parametrize("written", range(4))
def test_a_kill_at_the_very_first_row_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    left = iter([True] * written)

    def until_the_kill(write: Callable[..., None], *given: Any) -> None:  # noqa: ANN401
        if not next(left, False):
            raise KeyboardInterrupt
        write(*given)

    with monkeypatch.context() as patched:
        for name in ("write_text", "_append"):
            patched.setattr(audit, name, partial(until_the_kill, getattr(audit, name)))
        with pytest.raises(KeyboardInterrupt):
            record(tmp_path, {"actor": "somebody", "building": "B0"})
    record(tmp_path, {"actor": "somebody", "building": "B1"})
    assert verify(tmp_path) == Checked(1 + (written > 2))  # head, key, row: then it is there


def test_rows_follow_each_other_though_the_clock_is_set_back_over_a_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in (1_796_083_300.0, 1_796_083_100.0, 1_796_083_101.0, 1_798_761_700.0):
        monkeypatch.setattr(audit.time, "time", lambda at=at: at)
        record(tmp_path, {"actor": "somebody", "building": "B1"})
    assert verify(tmp_path) == Checked(4)
    names = sorted(path.name for path in (tmp_path / audit.FOLDER).glob("*.jsonl"))
    assert names == ["2026-12.jsonl", "2027-01.jsonl"]


def test_a_kill_amid_a_row_spoils_nothing(tmp_path: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes() + b'{"actor": "some')
    record(tmp_path, {"actor": "somebody", "building": "B7"})
    assert verify(tmp_path) == Checked(ROWS + 1)


def test_a_kill_before_the_newest_row_is_named_spoils_nothing(tmp_path: Path, file: Path) -> None:
    head = file.with_name(audit.HEAD)
    before = head.read_bytes()
    record(tmp_path, {"actor": "somebody", "building": "B7"})
    head.write_bytes(before)
    assert verify(tmp_path) == Checked(ROWS + 1)
    record(tmp_path, {"actor": "somebody", "building": "B8"})
    assert verify(tmp_path) == Checked(ROWS + 2)


def test_rows_of_older_versions_stand_before_the_sealed_ones(tmp_path: Path) -> None:
    folder = tmp_path / audit.FOLDER
    folder.mkdir()
    (folder / "2025-01.jsonl").write_text('{"at": 1.5, "actor": "a", "building": "B1"}\n', "utf-8")
    record(tmp_path, {"actor": "somebody", "building": "B2"})
    assert verify(tmp_path) == Checked(2)


def test_without_its_key_nothing_is_sealed_and_nothing_verified(tmp_path: Path, file: Path) -> None:
    file.with_name(audit.KEY).unlink()
    with pytest.raises(AuditError, match="put it back from a backup"):
        record(tmp_path, {"actor": "somebody", "building": "B7"})
    with pytest.raises(AuditError, match="put it back from a backup"):
        verify(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_command_says_so(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> int | str | None:
        monkeypatch.setattr("sys.argv", ["geodata", "audit", "verify", "--data-dir", str(tmp_path)])
        with pytest.raises(SystemExit) as left:
            main.main()
        return left.value.code

    assert run() == 0
    assert "6 rows" in capsys.readouterr().out
    file.write_text("".join(change(file.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert run() == main.WRONG
    assert "row 3" in capsys.readouterr().err

"""What a start says and does: where it serves, and why it does not."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from dashboard import start
from geodata.backup import make, restore
from geodata.backup.alone import alone
from geodata.backup.errors import BackupError
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def turned_away(begin: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> str:
    """What a start that came to nothing says."""
    with pytest.raises(SystemExit) as left:
        begin()
    assert left.value.code == 2
    return capsys.readouterr().err


def test_starting_with_a_damaged_city_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "live.json").write_text('{"snapshot": "gone"}', encoding="utf-8")
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    assert "make run" in turned_away(start.main, capsys)


def test_starting_without_a_city_serves_and_says_how_to_bring_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    served: list[object] = []
    monkeypatch.setenv("YIPING_DATA_DIR", str(folder))
    monkeypatch.setenv("YIPING_FEED", "0")
    monkeypatch.setattr(start.waitress, "serve", lambda server, **_: served.append(server))
    start.main()
    assert len(served) == 1
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8050/import" in said
    assert f"make demo YIPING_DATA_DIR={folder}" in said


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("YIPING_DATA_DIR", str(file / "data"))
    assert f"YIPING_DATA_DIR: {file / 'data'}" in turned_away(start.main, capsys)


def test_starting_with_a_wrong_setting_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIPING_PORT", "many")
    assert "YIPING_PORT" in turned_away(start.wsgi, capsys)


def test_starting_with_no_database_for_the_engine_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIPING_ENGINE", "postgresql")
    monkeypatch.setenv("YIPING_WAREHOUSE", "mysql://u:secret@host/cities")
    said = turned_away(start.wsgi, capsys)
    assert "YIPING_WAREHOUSE: mysql://u:***@host/cities: is no PostgreSQL" in said


def test_a_backup_is_not_put_back_under_a_server_nor_a_server_started_under_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "from").mkdir()
    folder = make(tmp_path / "from", tmp_path / "to")
    refused: list[object] = []

    def serve(*_: object, **__: object) -> None:
        with pytest.raises(BackupError, match="stop it first"):
            restore(folder, tmp_path / "data")
        refused.append(start.wsgi())  # a second server may work beside the first one

    for name, value in {"DATA_DIR": str(tmp_path / "data"), "FEED": "0", "INBOX": "0"}.items():
        monkeypatch.setenv(f"YIPING_{name}", value)
    monkeypatch.setattr(start.waitress, "serve", serve)
    start.main()
    assert len(refused) == 1
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path / "other"))
    with alone(tmp_path / "other"), pytest.raises(SystemExit) as left:
        start.wsgi()
    assert left.value.code == 2
    assert "A backup is being put back" in capsys.readouterr().err


def test_a_folder_that_cannot_be_locked_is_served_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server.lock").mkdir()
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIPING_FEED", "0")
    assert start.wsgi().test_client().get("/healthz").status_code == 200


def test_serving_keeps_the_headers_of_proxies_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: dict[str, object] = {}
    publish_tiny(tmp_path)
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIPING_FEED", "0")
    monkeypatch.setattr(start.waitress, "serve", lambda _, **options: served.update(options))
    start.main()
    assert served["clear_untrusted_proxy_headers"] is False
    assert served["ident"] is None
    assert "http://127.0.0.1:8050/" in capsys.readouterr().out


def test_a_taken_port_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(start.waitress, "serve", taken)
    monkeypatch.setenv("YIPING_PORT", "8059")
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit):
        start.main()
    assert "YIPING_PORT: 8059 is taken" in capsys.readouterr().err

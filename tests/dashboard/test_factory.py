from __future__ import annotations

import errno
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dashboard import factory
from dashboard.factory import create_app
from dashboard.i18n import titled
from dashboard.server import cities
from dashboard.settings import Settings
from geodata.backup import make, restore
from geodata.backup.alone import alone
from geodata.backup.errors import BackupError
from geodata.model.errors import SnapshotError
from geodata.model.profile import Level, Profile
from geodata.publish import publish
from tests.browser.tiny import publish_tiny, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture(scope="module")
def client(data_dir: Path) -> FlaskClient:
    return create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()


def profile(**values: str) -> Profile:
    level = Level(key="district", name_zh="区", name_en="district")
    return Profile(key="x", name_zh="澜汀区", name_en="Lanting", levels=(level,), **values)


@pytest.mark.parametrize(
    ("values", "language", "expected"),
    [
        ({}, "zh", "澜汀区城市运行一网统管"),
        ({}, "en", "Lanting · City Operations"),
        ({"title_zh": "一屏", "title_en": "One"}, "zh", "一屏"),
        ({"title_zh": "一屏", "title_en": "One"}, "en", "One"),
    ],
)
def test_the_window_is_named_after_the_city(
    values: dict[str, str], language: str, expected: str
) -> None:
    assert titled(profile(**values), language) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 'lang="zh-CN" data-theme="dark" data-mode="cells"'),
        ("?lang=en&theme=light", 'lang="en" data-theme="light" data-mode="cells"'),
        ("?lang=xx&theme=%22%3E", 'lang="zh-CN" data-theme="dark" data-mode="cells"'),
    ],
)
def test_the_first_byte_knows_language_and_theme(
    client: FlaskClient, query: str, expected: str
) -> None:
    page = client.get(f"/{query}").text
    assert f"<html {expected} data-build=" in page
    assert "{%" not in page


def test_the_title_of_the_page_follows_the_language(client: FlaskClient) -> None:
    assert "<title>小城一屏</title>" in client.get("/").text
    assert "<title>Tiny City</title>" in client.get("/?lang=en").text


def test_the_page_is_that_of_the_city_published_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cities, "LOOK_EVERY_S", -1.0)
    publish_tiny(tmp_path)
    client = create_app(Settings(data_dir=tmp_path, feed=False)).server.test_client()
    assert "<title>小城一屏</title>" in client.get("/").text
    draft = tiny()
    other = draft.profile.model_copy(update={"title_en": "Other City", "language": "en"})
    publish(replace(draft, profile=other), tmp_path)
    page = client.get("/").text
    assert "<title>Other City</title>" in page
    assert '<html lang="en"' in page


def test_several_applications_can_live_in_one_process(data_dir: Path) -> None:
    first, second = (create_app(Settings(data_dir=data_dir, feed=False)) for _ in range(2))
    assert set(first.callback_map) == set(second.callback_map)


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd"])
def test_answers_are_compressed(client: FlaskClient, encoding: str) -> None:
    answer = client.get("/", headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding


def damage(data_dir: Path) -> None:
    (data_dir / "live.json").write_text('{"snapshot": "gone"}', encoding="utf-8")


def test_a_city_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    damage(tmp_path)
    with pytest.raises(SnapshotError):
        create_app(Settings(data_dir=tmp_path, feed=False))


def test_starting_with_a_damaged_city_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(tmp_path)
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as left:
        factory.main()
    assert left.value.code == 2
    assert "make run" in capsys.readouterr().err


def test_starting_without_a_city_serves_and_says_how_to_bring_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    served: list[object] = []
    monkeypatch.setenv("YIPING_DATA_DIR", str(folder))
    monkeypatch.setenv("YIPING_FEED", "0")
    monkeypatch.setattr(factory.waitress, "serve", lambda server, **_: served.append(server))
    factory.main()
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
    with pytest.raises(SystemExit) as left:
        factory.main()
    assert left.value.code == 2
    assert f"YIPING_DATA_DIR: {file / 'data'}" in capsys.readouterr().err


def test_starting_with_a_wrong_setting_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIPING_PORT", "many")
    with pytest.raises(SystemExit) as left:
        factory.wsgi()
    assert left.value.code == 2
    assert "YIPING_PORT" in capsys.readouterr().err


def test_starting_with_no_database_for_the_engine_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIPING_ENGINE", "postgresql")
    monkeypatch.setenv("YIPING_WAREHOUSE", "mysql://u:secret@host/cities")
    with pytest.raises(SystemExit) as left:
        factory.wsgi()
    assert left.value.code == 2
    said = capsys.readouterr().err
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
        refused.append(factory.wsgi())  # a second server may work beside the first one

    for name, value in {"DATA_DIR": str(tmp_path / "data"), "FEED": "0", "INBOX": "0"}.items():
        monkeypatch.setenv(f"YIPING_{name}", value)
    monkeypatch.setattr(factory.waitress, "serve", serve)
    factory.main()
    assert len(refused) == 1
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path / "other"))
    with alone(tmp_path / "other"), pytest.raises(SystemExit) as left:
        factory.wsgi()
    assert left.value.code == 2
    assert "A backup is being put back" in capsys.readouterr().err


def test_a_folder_that_cannot_be_locked_is_served_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server.lock").mkdir()
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIPING_FEED", "0")
    assert factory.wsgi().test_client().get("/healthz").status_code == 200


def test_serving_keeps_the_headers_of_proxies_and_says_where(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: dict[str, object] = {}
    monkeypatch.setenv("YIPING_DATA_DIR", str(data_dir))
    monkeypatch.setenv("YIPING_FEED", "0")
    monkeypatch.setattr(factory.waitress, "serve", lambda _, **options: served.update(options))
    factory.main()
    assert served["clear_untrusted_proxy_headers"] is False
    assert served["ident"] is None
    assert "http://127.0.0.1:8050/" in capsys.readouterr().out


@pytest.mark.parametrize(("engine", "loaded"), [("fused", True), ("duckdb", False)])
def test_the_engine_is_loaded_at_the_start_though_no_city_is_there(
    tmp_path: Path, engine: str, *, loaded: bool
) -> None:
    code = (
        "import sys; from pathlib import Path; from dashboard.factory import create_app;"
        "from dashboard.settings import Settings;"
        f"create_app(Settings(data_dir=Path({str(tmp_path)!r}), feed=False, engine={engine!r}));"
        "print('geodata.engine.fused' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.split()[-1] == str(loaded)


def test_a_taken_port_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(factory.waitress, "serve", taken)
    monkeypatch.setenv("YIPING_PORT", "8059")
    monkeypatch.setenv("YIPING_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit):
        factory.main()
    assert "YIPING_PORT: 8059 is taken" in capsys.readouterr().err

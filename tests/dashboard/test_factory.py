from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.i18n import titled
from dashboard.server import cities
from dashboard.settings import Settings
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

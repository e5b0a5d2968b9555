"""Our scripts and styles as one file each, and what is left out of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.server import bundle

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def folder(root: Path) -> Path:
    (root / "b").mkdir()
    (root / "a").mkdir()
    (root / "lib").mkdir()
    (root / "b" / "late.js").write_text("late()")
    (root / "a" / "early.js").write_text("early()")
    (root / "a" / "look.css").write_text(".look{}")
    (root / "icons").mkdir()
    (root / bundle.LATER).write_text("charts()")
    (root / bundle.ICON).write_text("<svg/>")
    return root


def test_files_are_joined_in_the_order_of_their_paths(tmp_path: Path) -> None:
    made = bundle.make(folder(tmp_path))
    script = made.files["yiping.js"].decode()
    assert 0 < script.index("early()") < script.index("late()")
    assert b".look{}" in made.files["yiping.css"]


def test_charts_come_later(tmp_path: Path) -> None:
    made = bundle.make(folder(tmp_path))
    assert b"charts()" not in made.files["yiping.js"]
    assert made.charts.startswith(f"/assets/{bundle.LATER}?m=")


def test_a_change_of_a_file_changes_the_address(tmp_path: Path) -> None:
    before = bundle.make(folder(tmp_path))
    (tmp_path / "a" / "early.js").write_text("earlier()")
    assert bundle.make(tmp_path).script != before.script


def test_the_page_names_each_once_and_no_polyfills(client: FlaskClient) -> None:
    page = client.get("/").text
    assert page.count("/assets/bundle/yiping.js?m=") == 1
    assert page.count("/assets/bundle/yiping.css?m=") == 1
    assert page.count('rel="icon"') == page.count(f"/assets/{bundle.ICON}?m=") == 1
    assert "polyfill" not in page
    assert page.index("/assets/bundle/yiping.js") < page.index("new DashRenderer")


def test_the_files_are_kept_for_ever_and_strangers_are_404(client: FlaskClient) -> None:
    answer = client.get("/assets/bundle/yiping.js?m=1")
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"regeneratorRuntime" in answer.data
    assert client.get("/assets/bundle/other.js").status_code == 404


def test_the_planner_has_scripts_of_its_own(tmp_path: Path, client: FlaskClient) -> None:
    folder(tmp_path)
    (tmp_path / "planner").mkdir()
    (tmp_path / "planner" / "desk.js").write_text("desk()")
    made = bundle.make(tmp_path)
    assert b"desk()" in made.files["planner.js"]
    assert b"desk()" not in made.files["yiping.js"]
    assert b"early()" not in made.files["planner.js"]
    served = client.get("/assets/bundle/planner.js?m=1")
    assert all(name.encode() in served.data for name in bundle.SHARED)

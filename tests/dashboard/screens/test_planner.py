"""The pages of the planner: what scripts and keyboards rely on, in both languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from dashboard.i18n import LANGUAGES, TAGS
from dashboard.screens.planner import desk, listed
from dashboard.screens.planner.frame import Shown, scripted

HOSTILE = "\"'><img src=x onerror=alert(1)>"


class Read(HTMLParser):
    """Elements by id, and every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.by_id = {told["id"]: told for _, told in self.all if "id" in told}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [told for _, told in self.all if name in told]


def shown(language: str = "zh", **changed: object) -> Shown:
    given: dict[str, object] = {
        "language": language, "theme": "light", "title": "小城一屏",
        "rights": frozenset({"view", "plan"}), "age": "14:31:40", "sources": (), "path": "/plan/a1",
        "asked": {"lang": language, "theme": "light", "at": "9911"},
        "style": "<style></style>", "script": "<script></script>", "build": "b1",
    }  # fmt: skip
    return Shown(**given | changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_has_what_its_scripts_look_for(language: str) -> None:
    page = Read(desk.page(shown(language), "a1", "方案B", "9911", "tiny-1"))
    root = page.by_id["planner"]
    assert (root["data-plan"], root["data-at"], root["data-snapshot"]) == ("a1", "9911", "tiny-1")
    assert json.loads(root["data-texts"] or "") == scripted(language)
    tools = [told["data-tool"] for told in page.having("data-tool")]
    assert tools == ["select", "draw", "split", "merge", "node", "transfer", "measure"]
    assert [told["data-do"] for told in page.having("data-do")] == ["undo", "redo"]
    names = (
        "map",
        "card",
        "checks",
        "table",
        "alternatives",
        "actions",
        "status",
        "history",
        "hint",
    )
    assert {f"plan-{name}" for name in names} <= page.by_id.keys()
    assert page.all[0] == ("html", page.all[0][1] | {"lang": TAGS[language], "data-theme": "light"})


def test_every_button_has_a_name() -> None:
    text = desk.page(shown(), "a1", "方案B", "", "tiny-1")
    for found in re.findall(r"<button([^>]*)>(.*?)</button>", text):
        attributes, inside = found
        assert "aria-label=" in attributes or re.sub("<[^>]*>", "", inside).strip(), found


def test_each_format_has_its_address() -> None:
    page = Read(desk.page(shown(), "a1", "方案B", "", "tiny-1"))
    files = [told["href"] or "" for told in page.having("data-export")]
    assert files[0] == "/export/plan/a1.gpkg?lang=zh"
    assert {href.partition("?")[0].rpartition(".")[2] for href in files} == {
        "gpkg", "shp", "geojson", "parquet", "xlsx", "csv", "pdf",
    }  # fmt: skip
    assert sum("encoding=gbk" in href for href in files) == 1


def test_the_tab_is_that_of_the_planner_and_hidden_from_who_may_not_plan() -> None:
    page = Read(desk.page(shown(), "a1", "方案B", "", "tiny-1"))
    here = [
        told["href"] for told in page.having("aria-current") if told.get("aria-current") == "page"
    ]
    assert here == ["/plan?lang=zh&theme=light"]
    other = desk.page(shown(rights=frozenset({"view"})), "a1", "方案B", "", "tiny-1")
    assert 'href="/plan?' not in other


def test_a_change_of_language_stays_at_its_place() -> None:
    assert shown().href(lang="en") == "/plan/a1?lang=en&theme=light&at=9911"
    assert shown().href("/plan") == "/plan?lang=zh&theme=light"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_offers_places_and_rules(language: str) -> None:
    places, rules = [("991", "鹤湾街道")], [("shuangliu", "双流")]
    page = Read(listed.page(shown(language, path="/plan"), places, rules))
    options = [told["value"] for name, told in page.all if name == "option"]
    assert options == ["991", "shuangliu"]
    assert page.by_id["plan-rows"] is not None
    assert [told["name"] for told in page.having("name") if told["name"] != "viewport"] == [
        "name", "scope", "rules",
    ]  # fmt: skip


def test_no_name_becomes_an_element() -> None:
    for text in (
        desk.page(shown(title=HOSTILE), "a1", HOSTILE, HOSTILE, HOSTILE),
        listed.page(shown(title=HOSTILE), [("991", HOSTILE)], [("r", HOSTILE)]),
    ):
        assert "<img" not in text
        assert not any(name == "img" for name, _ in Read(text).all)

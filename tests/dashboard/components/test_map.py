from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash_leaflet as dl
import pytest

from dashboard.components.map import city_map
from dashboard.components.told import Told
from dashboard.theme.map_tokens import MAP_TOKENS
from dashboard.theme.tokens import TOKENS

if TYPE_CHECKING:
    from dash import html

ASSETS = Path(__file__).parents[3] / "assets"
SCRIPTS = sorted((ASSETS / "map").glob("*.js"))
BOX = (104.0, 30.0, 105.0, 31.0)


def leaflet(host: html.Div) -> Any:  # noqa: ANN401  dash components are untyped
    return host.children


def test_the_map_has_no_tiles_of_its_own_and_no_foreign_address() -> None:
    page = city_map("m", BOX).to_plotly_json()
    assert isinstance(leaflet(city_map("m", BOX)), dl.Map)
    assert "TileLayer" not in repr(page)
    assert "http" not in repr(page)


def test_the_map_starts_at_the_city_and_cannot_be_lost() -> None:
    shown = leaflet(city_map("m", BOX))
    assert shown.bounds == [[30.0, 104.0], [31.0, 105.0]]
    assert shown.maxBounds == [[28.5, 102.5], [32.5, 106.5]]


def test_ours_are_the_controls_the_keyboard_and_the_style() -> None:
    shown = leaflet(city_map("m", BOX))
    assert not any((shown.zoomControl, shown.attributionControl, shown.keyboard))
    assert not any((shown.trackViewport, shown.fadeAnimation))
    assert shown.className == "city-map"
    assert not hasattr(shown, "style")


def test_what_the_map_is_told_is_a_component_that_callbacks_write_to() -> None:
    told = Told(id="s").to_plotly_json()  # type: ignore[no-untyped-call]
    assert told == {"namespace": "yiping", "type": "Told", "props": {"id": "s"}}
    assert Told(id="s", data={"snapshot": "a"}).data == {"snapshot": "a"}


def test_both_themes_have_the_same_colours() -> None:
    dark, light = MAP_TOKENS["dark"], MAP_TOKENS["light"]
    assert list(dark) == list(light)
    assert all(re.fullmatch("#[0-9A-F]{6}", hue) for hue in [*dark.values(), *light.values()])


def test_every_colour_the_scripts_name_is_a_token() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    named = set(re.findall(r"'(map-[a-z-]+[a-z])'", text))
    named |= {f"map-block-{word}" for word in words(text, "BLOCKS")}
    named |= {f"map-house-{word}" for word in re.findall(r"\['([a-z]+)', \d{1,2}(?:\.\d)?\]", text)}
    classes = {"map-scale", "map-over", "map-fade", "map-says", "map-tint", "map-tooltip"}
    classes |= {"map-heat", "map-roadname"}
    missing = {
        name
        for name in named - classes
        if name not in TOKENS["dark"]
        and not re.match("map-(label|mark|disc|sign|canvas|spot|case|wait)", name)
    }
    assert missing == set()


def words(text: str, table: str) -> set[str]:
    (body,) = re.findall(rf"const {table} = \{{(.*?)\}};", text, re.DOTALL)
    return set(re.findall(r": '([a-z]+)'", body))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_obey_the_content_policy_and_the_browser_floor(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// ")
    assert "'use strict';" in text
    assert len(text.splitlines()) <= 300
    forbidden = (
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
        "structuredClone", ".at(-", "Object.hasOwn", "randomUUID", "replaceAll(", "??=", "||=",
    )  # fmt: skip
    assert [word for word in forbidden if word in text] == []

"""What only stands there travels as data; what has a life of its own stays Dash's."""

from __future__ import annotations

import json

from dash import dcc, html
from dash._utils import to_json

from dashboard.components.light import Light, light
from dashboard.components.marks import Field, attributes


def sent(part: Light) -> dict[str, object]:
    found: dict[str, object] = json.loads(to_json(part))  # type: ignore[no-untyped-call]
    return found


def test_elements_become_lists_of_name_attributes_and_content() -> None:
    part = light([html.P(["a", html.B("b"), None], className="x", **attributes({"data-n": "1"}))])
    assert part.tree == [["p", {"className": "x", "data-n": "1"}, "a", ["b", {}, "b"], None]]
    assert part.children == []


def test_a_chart_keeps_its_place_among_elements() -> None:
    chart, box = dcc.Graph(id="g"), dcc.Input(id="i")
    part = light(html.Div([html.P("above"), html.Div(chart), box]))
    assert part.tree == [["div", {}, ["p", {}, "above"], ["div", {}, ["slot", 0]], ["slot", 1]]]
    assert part.children == [chart, box]


def test_a_field_is_an_element() -> None:
    part = light(html.Label(["name", Field({"type": "text", "aria-label": "x"})]))
    assert part.tree == [["label", {}, "name", ["input", {"type": "text", "aria-label": "x"}]]]
    assert part.children == []


def test_text_that_looks_like_an_element_stays_text() -> None:
    part = light([html.P("<script>run()</script>"), ["p", "q"]])
    assert part.tree == [["p", {}, "<script>run()</script>"], ["", {}, "p", "q"]]


def test_dash_sends_it_as_a_component_of_ours_whose_children_are_its_own() -> None:
    told = sent(light(html.Div([dcc.Graph(id="g"), 3])))
    assert (told["namespace"], told["type"]) == ("yiping", "Light")
    props = told["props"]
    assert isinstance(props, dict)
    assert props["tree"] == [["div", {}, ["slot", 0], 3]]
    assert [child["type"] for child in props["children"]] == ["Graph"]

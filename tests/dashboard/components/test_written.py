"""Parts of a page as HTML: every text and attribute escaped, nothing but elements."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.marks import Field, attributes, icon
from dashboard.components.written import written


class Texts(HTMLParser):
    """Elements and texts as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.texts: list[str] = []
        self.titles: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.titles += [value for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_an_element_with_its_attributes() -> None:
    node = html.Button(
        [icon("plus"), "more"], className="a b", hidden=True, **attributes({"aria-label": "x"})
    )
    assert written(node) == (
        '<button class="a b" hidden aria-label="x">'
        '<span class="icon icon-plus" aria-hidden="true"></span>more</button>'
    )


def test_what_is_not_there_is_not_written() -> None:
    assert written([None, html.P(None, title=None), 3]) == "<p></p>3"


def test_a_void_element_is_not_closed() -> None:
    field = Field({"name": "n", "required": True, "value": 'a"b'})
    assert written(html.Label(["n", field])) == (
        '<label>n<input name="n" required value="a&quot;b"></label>'
    )


def test_a_component_with_a_script_is_refused() -> None:
    with pytest.raises(TypeError, match="Store"):
        written(html.Div(dcc.Store(id="x")))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=40))
def test_no_text_becomes_an_element(text: str) -> None:
    read = Texts()
    read.feed(written(html.P(text, title=text)))
    read.close()
    assert read.names == ["p"]
    assert "".join(read.texts) == text
    assert read.titles == [text]

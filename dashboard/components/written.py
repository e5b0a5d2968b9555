"""Parts of a page written out as HTML, for pages that stand without Dash in the browser."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dash.development.base_component import Component

from dashboard.components.marks import Field

if TYPE_CHECKING:
    from dashboard.components.marks import Node

PLAIN: Final = "dash_html_components"  # the namespace of `dash.html`
VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})
RENAMED: Final = {"classname": "class", "htmlfor": "for"}


def written(node: Node) -> str:
    """The HTML of a node; every text and every attribute is escaped.

    Raises:
        TypeError: a component that is no plain element of HTML.
    """
    if node is None:
        return ""
    if isinstance(node, list | tuple):
        return "".join(written(each) for each in node)
    if isinstance(node, Field):
        return _element("input", dict(node.attributes))
    if not isinstance(node, Component):
        return escape(str(node))
    told = node.to_plotly_json()  # type: ignore[no-untyped-call]
    if told["namespace"] != PLAIN:
        message = f"{told['type']}: no element of HTML"
        raise TypeError(message)
    return _element(told["type"].lower(), told["props"])


def _element(name: str, props: dict[str, object]) -> str:
    inside = props.pop("children", None)
    opened = f"<{name}{''.join(_attribute(*each) for each in props.items())}>"
    return opened if name in VOID else f"{opened}{written(inside)}</{name}>"


def _attribute(name: str, value: object) -> str:
    """One attribute; True stands without a value, False and None not at all."""
    if value is None or value is False:
        return ""
    plain = name.lower()
    plain = RENAMED.get(plain, plain)
    return f" {plain}" if value is True else f' {plain}="{escape(str(value), quote=True)}"'

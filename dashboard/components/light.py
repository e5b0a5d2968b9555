"""A part of the page as plain elements, which a browser has on the page sooner than Dash's own.

Dash wraps each of its elements and asks all of them at every answer. Views build what Dash knows;
what only stands there travels as data, and `assets/screens/light.js` makes the elements. What has
a life of its own (a chart) stays Dash's, in a slot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components.marks import Field

if TYPE_CHECKING:
    from dashboard.components.marks import Node

PLAIN: Final = html.Div._namespace  # noqa: SLF001 - how Dash itself tells them apart
SLOT: Final = "slot"
# What a component of Dash carries besides the properties it was given.
CARRIED: Final = frozenset({"available_properties", "available_wildcard_properties"})


class Light(Component):
    """Elements by name, attributes and content; children: what stands in the slots, in order.

    tree: lists [name, attributes, content …], texts, and ["slot", place in children].
    """

    _namespace = "yiping"
    _type = "Light"

    def __init__(self, tree: list[Any], children: list[Component]) -> None:
        """Take what `light` has taken apart."""
        self._prop_names = ["children", "tree"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(tree=tree, children=children)  # type: ignore[no-untyped-call]


def light(nodes: Node) -> Light:
    """Take a part of a page apart into plain elements and slots."""
    slots: list[Component] = []
    tree = _content(nodes, slots)
    return Light(tree, slots)


def _content(nodes: Node, slots: list[Component]) -> list[Any]:
    many = nodes if isinstance(nodes, list | tuple) else [nodes]
    return [_plain(node, slots) for node in many]


def _plain(node: Node, slots: list[Component]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, list | tuple):
        return ["", {}, *_content(node, slots)]
    if isinstance(node, Field):
        return ["input", dict(node.attributes)]
    if not isinstance(node, Component):
        return node
    if node._namespace != PLAIN:  # noqa: SLF001
        slots.append(node)
        return [SLOT, len(slots) - 1]
    # Dash's own way asks for each of a hundred properties; only those given are attributes.
    given = {name: value for name, value in vars(node).items() if name[0] != "_"}
    for name in CARRIED:
        given.pop(name, None)
    content = given.pop("children", None)
    return [node._type.lower(), given, *_content(content, slots)]  # noqa: SLF001

"""The smallest pieces: links, icons, alert shapes, sparklines, text for screen readers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Node = Any  # a Dash component, a field, a string, a list of them, or None


@dataclass(frozen=True)
class Field:
    """An `input` by its attributes; Dash has it only as a component with a script."""

    attributes: Mapping[str, object]


def link(children: Node, href: str, *classes: str, title: str = "", **more: object) -> Node:
    """A link inside the page; `assets/screens/links.js` follows it without loading the page anew.

    Attributes are written with `_` for `-`: data_unit, aria_label.
    """
    extra: dict[str, Any] = {name.replace("_", "-"): value for name, value in more.items()}
    if title:
        extra["title"] = title
    return html.A(children, href=href, className=" ".join(("go", *classes)), **extra)


def attributes(named: dict[str, str]) -> dict[str, Any]:
    """HTML attributes whose names Python cannot write: aria-label, data-unit."""
    return dict(named)


def icon(name: str) -> Node:
    """One of `assets/icons`, in the colour of the text around it."""
    return html.Span(className=f"icon icon-{name}", **attributes({"aria-hidden": "true"}))


def level_mark(level: int, word: str) -> Node:
    """The shape and colour of an alert level 1–4, and its word for screen readers."""
    return html.Span(
        html.Span(word, className="unseen"), className=f"level level-{level}", title=word
    )


def unseen(text: str) -> Node:
    """Text that only screen readers meet."""
    return html.Span(text, className="unseen")


def spark(values: Sequence[float | None], name: str) -> Node:
    """A small line over time, painted by `assets/screens/spark.js`; a gap where not known."""
    points = ",".join("" if value is None or value != value else f"{value:g}" for value in values)  # noqa: PLR0124  NaN
    return html.Canvas(**attributes({"data-spark": points, "role": "img", "aria-label": name}))


def width(share: float, **further: float) -> dict[str, str]:
    """Custom properties for the style sheets: the width, and others by name, as shares 0–1."""
    sizes = {"w": share, **further}
    return {f"--{name}": f"{min(max(size, 0), 1) * 100:.2f}%" for name, size in sizes.items()}

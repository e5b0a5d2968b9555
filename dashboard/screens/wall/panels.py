"""What the panels of the wall have in common: a head, and which sources stand behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.components.tree import Tree, part

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene
    from dashboard.screens.wall.reading import Reading


def panel(reading: Reading, tree: list[Tree]) -> dict[str, Any]:
    """A panel as the state has it: what it needs, until when it knows, what it shows."""
    needs = [str(key) for key in reading.main.city.sources["key"]]
    return {"needs": needs, "since": reading.newest, "tree": tree}


def head(title: str, note: str = "", short: str = "", about: str = "") -> Tree:
    """The finding, what it is measured by, and room for the age of the data.

    short: what stands there instead of a finding that has no room; about: how it is counted, for
    who looks at the wall on a desk.
    """
    more = {"title": about} if about else {}
    return part(
        "header", "wall-head", part("h2", "shortened" if short else "", title, **more),
        part("span", "wall-short", short) if short else None,
        part("span", "wall-note", note), part("span", "wall-age", data_wall="age"),
    )  # fmt: skip


def mark(level: int, scene: Scene) -> Tree | None:
    """The shape of an alert level with its word for screen readers."""
    if not level:
        return None
    word = scene.t(f"alert.level_{level}")
    return part("span", f"level level-{level}", role="img", aria_label=word)


def nothing(words: str) -> Tree:
    """What stands where there is nothing to show: never a blank box."""
    return part("p", "wall-none", words)

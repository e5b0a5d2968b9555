"""Parts of a page as plain lists, for pages that paint themselves from a state."""

from __future__ import annotations

from typing import Any

Tree = list[Any]  # [name, attributes, content …]; content: trees and texts


def part(name: str, names: str = "", *content: object, **more: object) -> Tree:
    """One element: its name, its classes, what is inside; None and "" are left out.

    Attributes are written with `_` for `-`: data_wall, aria_label.
    """
    attributes: dict[str, object] = {"className": names} if names else {}
    attributes |= {name.replace("_", "-"): value for name, value in more.items()}
    return [name, attributes, *(each for each in content if each is not None and each != "")]


def sized(**shares: float) -> dict[str, str]:
    """Custom properties for the style sheets, as shares 0–1 in per cent."""
    return {f"--{name}": f"{min(max(share, 0), 1) * 100:.2f}%" for name, share in shares.items()}


def said(tree: object) -> str:
    """The text of a tree, or of several after each other."""
    if isinstance(tree, str):
        return tree
    if not isinstance(tree, list):
        return ""
    named = len(tree) > 1 and isinstance(tree[0], str) and isinstance(tree[1], dict)
    return "".join(said(each) for each in (tree[2:] if named else tree))

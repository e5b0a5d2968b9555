"""Tokens: the style sheet is generated, texts are legible, both themes have the same names."""

from __future__ import annotations

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboard.theme.template import template
from dashboard.theme.tokens import THEMES, TOKENS, faded, stylesheet

ASSETS = Path(__file__).parents[3] / "assets"


def test_the_style_sheet_is_generated() -> None:
    written = (ASSETS / "theme" / "tokens.css").read_text(encoding="utf-8")
    assert written == stylesheet(), "run python -m dashboard.theme"


def test_both_themes_have_the_same_names() -> None:
    assert set(TOKENS["dark"]) == set(TOKENS["light"])


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("t1", "panel", 7), ("t2", "panel", 7), ("t3", "panel", 4.5), ("t3", "bg", 4.5),
        ("accent", "panel", 4.5), ("on-accent", "accent-fill", 4.5), ("line-strong", "panel", 3),
        ("a2-ink", "panel", 4.5),
        ("a3-ink", "panel", 4.5), ("on-data", "s4", 4.5), ("on-mid", "s3", 4.5),
        ("t1", "s2", 4.5),
    ],
)  # fmt: skip
def test_contrast(theme: str, ink: str, ground: str, least: float) -> None:
    assert _contrast(TOKENS[theme][ink], TOKENS[theme][ground]) >= least


def test_styles_use_only_tokens_and_old_css() -> None:
    for path in (ASSETS / "theme").glob("*.css"):
        css = path.read_text(encoding="utf-8")
        assert not re.search(r":has\(|@container|color-mix|oklch", css), path.name
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", css), path.name


def test_every_used_variable_exists() -> None:
    known = {f"--{name}" for name in TOKENS["dark"]} | {"--font"}
    for path in (ASSETS / "theme").glob("*.css"):
        css = path.read_text(encoding="utf-8")
        own = set(re.findall(r"(--[\w-]+)\s*:", css))
        given = {"--w", "--at", "--from", "--h", "--columns", "--low", "--high"}
        given |= {"--x", "--y", "--median", "--to", "--figure", "--em"}  # of the wall
        used = set(re.findall(r"var\((--[\w-]+)", css))
        assert used <= known | own | given, (path.name, used - known - own - given)


def test_every_icon_exists() -> None:
    css = (ASSETS / "theme" / "base.css").read_text(encoding="utf-8")
    for name in re.findall(r"icons/([\w-]+\.svg)", css):
        assert (ASSETS / "icons" / name).exists()


@pytest.mark.parametrize("theme", THEMES)
def test_template_is_quiet(theme: str) -> None:
    layout = go.layout.Template(template(theme)).layout
    assert layout.showlegend is False
    assert layout.xaxis.showgrid is False


def test_faded() -> None:
    assert faded("dark", "bg", 0.5) == "rgba(14,22,36,0.5)"

"""Every text in both languages, and no text anywhere else."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from dashboard.i18n import catalogue, t, thin

DASHBOARD = Path(__file__).parents[3] / "dashboard"
HAN = re.compile(r"[\u3400-\u9fff]")


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("part", sorted({key.partition(".")[0] for key in catalogue()}))
def test_both_languages_with_the_same_placeholders(part: str) -> None:
    for key in (key for key in catalogue() if key.partition(".")[0] == part):
        texts = catalogue()[key]
        assert set(texts) == {"zh", "en"}, key
        assert _slots(texts["zh"]) == _slots(texts["en"]) - {"plural"}, key
        assert "plural" not in _slots(texts["en"]) or "n" in _slots(texts["en"]), key
        assert not HAN.search(texts["en"]) or key == "shell.own_name", key


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        t("no.such", "zh")
    with pytest.raises(KeyError):
        t("alert.open", "zh")


@pytest.mark.parametrize(("n", "said"), [(1, "1 floor"), ("1", "1 floor"), (2, "2 floors")])
def test_one_of_a_thing_has_no_plural(n: object, said: str) -> None:
    assert t("drawer.floors", "en", n=n) == said


def test_thin_spaces_between_han_and_digits() -> None:
    assert thin("近 7 日 A 件", "zh") == "近\u20097\u2009日 A 件"
    assert thin("近 7 日", "en") == "近 7 日"


def test_a_latin_name_is_apart_from_the_chinese_around_it() -> None:
    said = t("map.found_one_area", "zh", a="McElderry Park")
    assert said.startswith("McElderry Park\u2009每")
    assert thin("见 Table 与A座", "zh") == "见 Table 与A座"


def _literals(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_no_chinese_literal_outside_the_catalogues() -> None:
    found = [
        (path.name, text)
        for path in DASHBOARD.rglob("*.py")
        for text in _literals(path)
        if HAN.search(text)
    ]
    assert found == []


def test_no_colour_outside_the_theme() -> None:
    hexes = re.compile(r"^#[0-9A-Fa-f]{6}")
    found = [
        (path.name, text)
        for path in DASHBOARD.rglob("*.py")
        if path.parent.name != "theme"
        for text in _literals(path)
        if hexes.match(text)
    ]
    assert found == []

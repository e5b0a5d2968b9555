"""Every reason that code gives has words and a cure in both languages, and none is left over."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import geodata
from geodata.ingest import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(geodata.__file__).parent
# Calls that take a reason, and the place of it among their arguments.
TAKERS = {
    "finding": 2, "reject": 0, "repair": 0, "keep": 0, "set_aside": 0, "remark": 0, "_note": 2,
    "_together": 1, "without": 2, "_without": 2, "Remark": 1, "_reject": 1,
}  # fmt: skip
# Made by those that pass on what they were given.
PASSED_ON = {"findings.py", "opening.py", "refusals.py"}


def reasons_in(tree: ast.AST) -> Iterator[str]:
    """Texts given as reasons, and those in a table whose rows are gone through as `reason`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = TAKERS.get(name)
            if place is not None:
                named = [word.value for word in node.keywords if word.arg == "reason"]
                given = [*node.args[place : place + 1], *named]
                yield from (text for each in given for text in written(each))
        if isinstance(node, ast.For) and "reason" in ast.dump(node.target):
            rows = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
            for row in rows:
                first = row.elts[0] if isinstance(row, ast.Tuple) else row
                yield from written(first)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any("reason" in getattr(target, "id", "").lower() for target in targets):
                yield from written(node.value)


def written(node: ast.AST | None) -> Iterator[str]:
    """A literal, either side of a choice, or a text with the stage left open (`*`)."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from written(node.body)
            yield from written(node.orelse)
        case ast.Dict():
            for value in node.values:
                yield from written(value)
        case ast.JoinedStr():
            parts = [p.value if isinstance(p, ast.Constant) else "*" for p in node.values]
            yield "".join(str(part) for part in parts)


def used() -> dict[str, str]:
    """Every reason in the code, with the file that gives it."""
    found = {}
    for path in sorted(FOLDER.rglob("*.py")):
        if path.name not in PASSED_ON:
            for reason in reasons_in(ast.parse(path.read_text(encoding="utf-8"))):
                found[reason] = str(path.relative_to(FOLDER))
    return found


def described(reason: str) -> bool:
    return reason in reasons.catalogue() or bool(reasons.entry(reason)["cure_en"])


def test_every_reason_in_code_is_described() -> None:
    lost = {reason: where for reason, where in used().items() if not described(reason)}
    lost = {reason: where for reason, where in lost.items() if reason not in {"", "read"}}
    assert lost == {}


def test_every_described_reason_is_in_code() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    given = used()
    left = [key for key in reasons.catalogue() if key not in given and f'"{key}"' not in text]
    families = [key.removeprefix("*") for key in left if key.startswith("*")]
    left = [key for key in left if not any(one.endswith(tuple(families)) for one in given)]
    assert left == []


def test_every_reason_has_words_and_a_cure_in_both_languages() -> None:
    words = {"zh", "en", "cure_zh", "cure_en"}
    for key, entry in reasons.catalogue().items():
        assert words <= set(entry) <= {*words, "of"}, key
        if key != "read":
            assert all(entry[field].strip() for field in words), key
            for chinese in (entry["zh"], entry["cure_zh"]):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), key
            for english in (entry["en"], entry["cure_en"]):
                assert not any("\u4e00" <= letter <= "\u9fff" for letter in english), key


def test_a_family_names_its_stage() -> None:
    assert reasons.text("due_unreadable", "en") == "deadline that cannot be read"
    assert reasons.text("closed_before_reported", "zh") == "结案时间早于上报时间"
    assert "{" not in reasons.cure("whistle_arrived_unreadable", "zh")


def test_what_nobody_described_stands_for_itself() -> None:
    assert (reasons.text("no_such", "zh"), reasons.cure("no_such", "en")) == ("no_such", "")


@pytest.mark.parametrize("key", ["unknown_encoding", "choose_layer"])
def test_what_can_be_chosen_on_the_page_is_said_for_page_and_profile(key: str) -> None:
    assert all(word in reasons.cure(key, "zh") for word in ("导入页", "配置"))
    assert all(word in reasons.cure(key, "en") for word in ("import page", "profile"))

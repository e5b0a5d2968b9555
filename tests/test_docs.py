"""The documents say the same in both languages and name what exists."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.settings import Settings

ROOT = Path(__file__).parents[1]
LANGUAGES = ("README.md", "README.zh-CN.md")


def _heading_levels(name: str) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", (ROOT / name).read_text(), re.MULTILINE)]


def _code_spans(name: str) -> set[str]:
    text = (ROOT / name).read_text()
    return {span for span in re.findall(r"`([^`\n]+)`", text) if span.isascii()}


def test_readmes_have_the_same_headings() -> None:
    assert _heading_levels(LANGUAGES[0]) == _heading_levels(LANGUAGES[1])


def test_readmes_show_the_same_commands_settings_and_pictures() -> None:
    english, chinese = ((ROOT / name).read_text() for name in LANGUAGES)
    pictures = [re.findall(r"\((docs/shots/[^)]+)\)", text) for text in (english, chinese)]
    assert pictures[0] == pictures[1]
    named = [{s for s in _code_spans(n) if s.startswith(("make", "YIPING"))} for n in LANGUAGES]
    assert named[0] == named[1]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_linked_file_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_make_target_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / name).read_text(), re.MULTILINE))
    assert named <= targets


def test_settings_of_the_readme_are_those_of_the_code() -> None:
    fields = {f"YIPING_{key.upper()}" for key in Settings.model_fields}
    shown = set(re.findall(r"`(YIPING_[A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert shown == fields


def test_every_dependency_is_pinned_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = (ROOT / "requirements.txt").read_text().lower()
    for wanted in project["dependencies"]:
        name = re.split(r"[<>=]", wanted)[0].lower()
        assert re.search(rf"^{re.escape(name)}==[^\n]+\\\n +--hash=sha256:", pinned, re.MULTILINE)

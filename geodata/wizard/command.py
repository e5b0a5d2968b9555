"""`python -m geodata profile FOLDER`: look, guess, show, write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from geodata.model.errors import ImportRefusedError
from geodata.wizard.guess import guess
from geodata.wizard.rounds import look_folder
from geodata.wizard.words import one_line, say
from geodata.wizard.write import toml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.wizard.draft import Draft, FilePlan

INDENT: Final = 4


def draft_folder(folder: Path, progress: Callable[[str, float], None]) -> Draft:
    """Look at a folder and draft a profile of it.

    Raises:
        ImportRefusedError: there is no such folder, or nothing in it that can be read.
    """
    if not folder.is_dir():
        msg = f"{folder}: is not a folder; name the one that holds the city's files"
        raise ImportRefusedError(msg)
    looks = look_folder(folder, progress=progress)
    if not looks:
        msg = f"{folder}: holds no file of a kind that is read; put the city's exports into it"
        raise ImportRefusedError(msg)
    return guess(looks, folder=folder.resolve().name)


def write_draft(draft: Draft, folder: Path, out: Path | None, language: str) -> Path:
    """Write the profile, by default under the city's key here; no file is written over.

    Raises:
        ImportRefusedError: the file is there already or cannot be written.
    """
    path = out or type(folder)(f"{draft.city.key.value}.toml")
    here, there = path.absolute().parent.resolve(), folder.resolve()
    root = there.relative_to(here).as_posix() if there.is_relative_to(here) else there.as_posix()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(toml(draft, root, language))
    except FileExistsError as error:
        msg = f"{path}: is there already; name another file with --out"
        raise ImportRefusedError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); name another file with --out"
        raise ImportRefusedError(msg) from error
    return path


def blocks(draft: Draft, language: str) -> Group:
    """A block a file: what it is taken for, what was mapped, what needs a look."""
    return Group(*(_block(draft, plan, language) for plan in draft.files))


def _block(draft: Draft, plan: FilePlan, language: str) -> Group:
    look = draft.look(plan.name)
    crs = plan.crs.value or ("?" if plan.crs.confidence == 0 else "")
    rows = _told("block_rows", language, n=f"{look.rows:,}")
    head = " · ".join(filter(None, (_role(draft, plan), rows, plan.encoding.value, _short(crs))))
    columns = ", ".join(f"{ours} ← {guess.value}" for ours, guess in plan.columns)
    lines = [head, columns, *(f"! {each}" for each in asks(draft, plan.name, language))]
    below = [Padding(Text(one_line(line)), (0, 0, 0, INDENT)) for line in lines if line]
    return Group(Text(plan.name, style="bold"), *below)


def asks(draft: Draft, file: str, language: str) -> list[str]:
    """Say what needs a look in a file; "" is the city. What must be decided is marked."""
    found = []
    for question in draft.questions:
        if question.file == file:
            text = question.zh if language == "zh" else question.en
            mark = f"{_told('toml_must', language)}: " if question.must else ""
            found.append(one_line(mark + text))
    return found


def ending(draft: Draft, path: Path, language: str) -> list[str]:
    """Say where the profile is and whether it can be imported as it is."""
    must = sum(question.must for question in draft.questions)
    key = "wrote_must" if must else "wrote_ready"
    return [_told("wrote", language, path=path), _told(key, language, n=must, path=path)]


def _short(crs: str) -> str:
    """Write a CRS as people do: urn:ogc:def:crs:EPSG::4490 → EPSG:4490."""
    parts = crs.split(":")
    return f"{parts[-3]}:{parts[-1]}" if parts[0].lower() == "urn" and len(parts) > 3 else crs  # noqa: PLR2004


def _role(draft: Draft, plan: FilePlan) -> str:
    level = next((each.key for each in draft.levels if plan.name in each.files), "")
    return f"{plan.role.value} {level}".strip()


def _told(key: str, language: str, **values: object) -> str:
    zh, en = say(key, **values)
    return zh if language == "zh" else en

"""A draft as TOML: comments say why, and mark what a person must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.store.toml import dump
from geodata.wizard.draft import BASEMAP, Draft, FilePlan, Guess
from geodata.wizard.leftover import unused_columns
from geodata.wizard.words import one_line, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geodata.wizard.draft import Entry, Feed, LevelPlan, Question
    from geodata.wizard.looks import Look


def toml(draft: Draft, root: str = "", language: str = "") -> str:
    """Write a draft as a profile that `read_profile` accepts.

    root: the folder of the files as seen from the profile; language: of the comments, "" = the
    city's own.
    """
    writer = _Writer(draft, language or draft.city.language.value)
    return "\n".join(writer.lines(root)).rstrip() + "\n"


class _Writer:
    """Lines of one profile in the language of its comments."""

    def __init__(self, draft: Draft, language: str) -> None:
        self._draft = draft
        self._chinese = language == "zh"

    def lines(self, root: str) -> list[str]:
        """Write everything, top to bottom."""
        draft = self._draft
        found = [f"# {self._say('toml_head')}"]
        found += [f"# {self._question(question)}" for question in draft.questions]
        found += self._city(root)
        for level in draft.levels:
            found += self._level(level)
        tables = {role: f"basemap.{role}" for role in BASEMAP}
        for role, table in {"buildings": "buildings", **tables}.items():
            found += self._layers(role, table)
        for feed in draft.feeds:
            found += self._feed(feed)
        found += self._layers("alerts", "alerts")
        for name in ("categories", "departments", "sources"):
            found += self._list(name, getattr(draft, name))
        return found

    def _city(self, root: str) -> list[str]:
        city = self._draft.city
        found = [
            self._guess(key, getattr(city, key))
            for key in ("key", "name_zh", "name_en", "language", "time_zone")
        ]
        found.append(_pair("root", root))
        found += [self._guess(key, getattr(city, key)) for key in ("crs", "code_scheme", "as_of")]
        return found if self._draft.levels else [*found, "levels = []"]

    def _level(self, level: LevelPlan) -> list[str]:
        table = "divisions" if level.division else "levels"
        found = [
            "",
            f"# {one_line(level.parents.zh if self._chinese else level.parents.en)}",
            f"[[{table}]]",
        ]
        mark = "" if level.named else f"  # {self._mark(must=False)}"
        pairs = ("key", "name_zh", "name_en", "plural_en")
        found += [_pair(key, getattr(level, key)) + mark for key in pairs]
        if not level.geometry and not level.division:
            found.append("geometry = false")
        for name in level.files:
            plan = self._draft.file(name)
            found += ["", f"[[{table}.sources]]", *self._layer(plan, f"{table}.sources")]
        return found

    def _feed(self, feed: Feed) -> list[str]:
        plan = feed.plan
        first, *others = (self._draft.look(name) for name in feed.files)
        sheets = any(look.file == first.file for look in others)  # of one workbook
        found = ["", "[[incidents]]"]
        if others:
            key, names = "paths", [look.file for look in others]
            if sheets:
                key, names = "layers", [look.layer for look in others]
            found.append(f"{_pair(key, names)}  # {self._say('toml_order')}")
        if plan.time_formats:
            found.append(_pair("time_formats", list(plan.time_formats)))
        if plan.place_level and plan.column("place"):
            found += [_pair("place_level", plan.place_level), _pair("place_by", plan.place_by)]
        for key in ("status_open", "status_void"):
            if values := getattr(plan, key):
                found.append(_pair(key, list(values)))
        found += ["", "[incidents.layer]", *self._layer(plan, "incidents.layer", first)]
        for version in feed.versions:
            found += ["", "[[incidents.layer.versions]]"]
            found += [self._guess(ours, guess, why=True) for ours, guess in version.columns]
        if plan.category_by_prefix:
            found += ["", "[incidents.category_by_prefix]"]
            found += [_pair(start, key) for start, key in plan.category_by_prefix]
        return found

    def _layers(self, role: str, table: str) -> list[str]:
        plans = self._of(role)
        return [line for p in plans for line in ("", f"[[{table}]]", *self._layer(p, table))]

    def _layer(self, plan: FilePlan, table: str, first: Look | None = None) -> list[str]:
        """Write a file and its mapping; `first`: the file of a feed that is read first."""
        look = self._draft.look(plan.name)
        named = first or look
        found = [f"# {self._why(plan.role)}", _pair("path", named.file)]
        if left := unused_columns(plan, look):
            found.append(f"# {one_line(self._say('toml_columns', columns=', '.join(left)))}")
        if named.layer:
            found.append(_pair("layer", named.layer))
        told = plan.encoding.confidence == 1 and plan.encoding.value in {"utf-8", look.encoding}
        if plan.encoding.value and not told:
            found.append(self._guess("encoding", plan.encoding))
        chosen = plan.crs.confidence == 1 and plan.crs.value
        needed = not look.crs and (plan.crs.value or plan.crs.confidence == 0)
        if chosen or needed:
            found.append(self._guess("crs", plan.crs))
        if plan.pieces:
            found.append(f"{_pair('pieces', plan.pieces)}  # {self._mark(must=False)}")
        pairs = {"where": plan.where, "code_digits": plan.code_digits}
        found += [_pair(key, dict(value)) for key, value in pairs.items() if value]
        if plan.columns:
            found += ["", f"[{table}.columns]"]
            found += [self._guess(ours, guess, why=True) for ours, guess in plan.columns]
        return found

    def _list(self, table: str, entries: Sequence[Entry]) -> Iterable[str]:
        for entry in entries:
            notes = [self._say("toml_rows", rows=entry.rows)] if entry.rows else []
            if entry.translated:
                notes.append(f"{self._mark(must=False)}: {self._say('toml_translate')}")
            yield ""
            yield f"[[{table}]]" + (f"  # {'; '.join(notes)}" if notes else "")
            yield _pair("key", entry.key)
            yield _pair("name_zh", entry.name_zh)
            yield _pair("name_en", entry.name_en)

    def _of(self, role: str) -> list[FilePlan]:
        return [plan for plan in self._draft.files if plan.role.value == role]

    def _guess(self, key: str, guess: Guess, *, why: bool = False) -> str:
        line = _pair(key, guess.value)
        return f"{line}  # {self._why(guess)}" if why or not guess.sure else line

    def _why(self, guess: Guess) -> str:
        reason = one_line(guess.zh if self._chinese else guess.en)
        return reason if guess.sure else f"{self._mark(must=guess.confidence == 0)}: {reason}"

    def _mark(self, must: bool) -> str:  # noqa: FBT001 (a flag of the question)
        return self._say("toml_must" if must else "toml_check")

    def _question(self, question: Question) -> str:
        where = f"{question.file}: " if question.file else ""
        text = question.zh if self._chinese else question.en
        return one_line(f"{self._mark(question.must)}: {where}{text}")

    def _say(self, key: str, **values: object) -> str:
        zh, en = say(key, **values)
        return zh if self._chinese else en


def _pair(key: str, value: object) -> str:
    return dump({key: value}).rstrip("\n")

"""What is known of one import, read from its folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geodata import desk
from geodata.desk import naming, results
from geodata.desk.past import Past, past
from geodata.desk.unused import unused
from geodata.desk.waiting import Waiting, waiting
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.report import Unused

Json = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """The city that is live: its names and how many cases it was published with."""

    name_zh: str
    name_en: str
    cases: int


@dataclass(frozen=True)
class State:
    """One import: sizes of its files, the work on it, and what was found.

    board: the draft as `geodata.desk.board` writes it; outcome: that of the last trial; choices:
    what a person has decided, by file; waiting: where none is chosen, those that are not finished;
    sheets: names of the files of rejected rows; past: where none is chosen, those published;
    standing: the city that publishing would replace; mended: files that are corrected sheets.
    """

    id: str = ""
    files: dict[str, int] = field(default_factory=dict)
    job: desk.Job = field(default_factory=desk.Job)
    board: Json = field(default_factory=dict)
    outcome: Json = field(default_factory=dict)
    choices: Json = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    sheets: tuple[str, ...] = ()
    past: tuple[Past, ...] = ()
    standing: Standing | None = None
    mended: tuple[str, ...] = ()

    def chosen(self, file: str, what: str, found: str) -> str:
        """What a person has chosen, though the draft may not know it yet; else what was found."""
        return str(self.choices.get(file, {}).get(what, found))

    @property
    def busy(self) -> bool:
        """Whether something is being worked on."""
        return not self.job.ended

    @property
    def fresh(self) -> bool:
        """Whether the last trial was of the import as it is now."""
        return bool(self.job.snapshot)

    @property
    def published(self) -> bool:
        """Whether it has become the live city."""
        return self.job.task == "published"

    @property
    def names(self) -> tuple[str, str]:
        """Chinese and English name of the city."""
        return naming.names(self.board, self.choices)

    @property
    def unnamed(self) -> bool:
        """Whether nobody has named the city yet."""
        return bool(self.board) and naming.unnamed(self.board, self.choices)

    @property
    def unused(self) -> list[Unused]:
        """Files that go into nothing, as the draft is now."""
        return unused(self.board) if self.board else []

    @property
    def step(self) -> str:
        """Where a person is: files, check, trial or publish."""
        if not self.files:
            return "files"
        if self.published:
            return "publish"
        return "trial" if self.fresh else "check"

    def file(self, name: str) -> Json | None:
        """What was found of one file."""
        return next((file for file in self.board.get("files", []) if file["name"] == name), None)


def read(data_dir: Path, arrival: str, standing: Standing | None = None) -> State:
    """Read an import; without an id it is one that nobody has begun.

    Raises:
        ImportRefusedError: there is none of that id.
    """
    if not arrival:
        return State(waiting=tuple(waiting(data_dir)), past=tuple(past(data_dir)))
    home = arrivals.folder(data_dir, arrival)
    return State(
        arrival,
        arrivals.files(home),
        desk.job(home),
        arrivals.noted(home, "board") or {},
        arrivals.noted(home, "outcome") or {},
        arrivals.noted(home, "choices") or {},
        sheets=tuple(results.sheets(home)),
        standing=standing,
        mended=tuple(arrivals.noted(home, "mended") or ()),
    )

"""What the desk's child process does with an arrival: look, guess, try."""

from __future__ import annotations

import pickle
import shutil
from typing import TYPE_CHECKING, Final

from geodata import report, wizard
from geodata.desk import TRIAL, Job, tell
from geodata.desk.board import Json, board
from geodata.desk.mended import gather, told_apart
from geodata.desk.outcome import outcome
from geodata.desk.settling import live
from geodata.desk.unused import unused
from geodata.publish.imports import imported
from geodata.store import arrivals
from geodata.store.snapshots import open_snapshot
from geodata.wizard.guess import COLUMN

if TYPE_CHECKING:
    from pathlib import Path

LOOKS: Final = "looks.pickle"  # written and read by this process alone
BOARD: Final = "board"
OUTCOME: Final = "outcome"
CHOICES: Final = "choices"
PROFILE: Final = "profile.toml"


def look(home: Path) -> None:
    """Look at every file under the encoding a person has chosen, and draft a profile of them."""
    encodings = {
        choice.file: choice.value for choice in _choices(home) if choice.what == "encoding"
    }

    def progress(name: str, share: float) -> None:
        tell(home, Job("look", name, share, ended=False))

    found = wizard.look_folder(home / arrivals.FILES, progress=progress, encodings=encodings)
    with (home / LOOKS).open("wb") as file:
        pickle.dump(told_apart(home, found), file)
    guess(home)


def guess(home: Path) -> None:
    """Draft the profile anew, as the choices made since then want it."""
    draft, faults = _draft(home)
    arrivals.note(home, BOARD, board(draft, faults))
    tell(home, Job("look", share=1.0))


def trial(home: Path) -> None:
    """Import into a folder of the arrival as into the city's own, and note what came of it."""

    def progress(step: str, share: float) -> None:
        tell(home, Job("trial", step, share, ended=False))

    draft, _ = _draft(home)
    (home / PROFILE).write_text(wizard.toml(draft, root=arrivals.FILES), encoding="utf-8")
    shutil.rmtree(home / TRIAL, ignore_errors=True)
    data_dir = home.parents[1]
    beside = live(data_dir)
    known = gather(home, data_dir, draft.city.key.value)
    snapshot, _ = imported(home / PROFILE, known, home / TRIAL, progress, data_dir)
    city = open_snapshot(home / TRIAL, snapshot)
    left = unused(arrivals.noted(home, BOARD))
    report.write(city, home / TRIAL, city.profile.language, left)
    arrivals.note(home, OUTCOME, outcome(city, left))
    tell(home, Job("trial", share=1.0, snapshot=snapshot, beside=beside))


def _draft(home: Path) -> tuple[wizard.Draft, list[Json]]:
    """The draft with every choice that can be followed, and what is wrong with the others."""
    with (home / LOOKS).open("rb") as file:
        looks = pickle.load(file)  # noqa: S301 (our own, see LOOKS)
    choices = _choices(home)
    columns = [choice for choice in choices if choice.what.startswith(COLUMN)]
    others = [choice for choice in choices if choice not in columns]
    draft, faults = _applied(wizard.guess(looks), others)
    # A column chosen for a role that the file has no more counts when that role is back.
    draft, more = _applied(draft, [choice for choice in columns if _fits(draft, choice)])
    return draft, faults + more


def _applied(draft: wizard.Draft, choices: list[wizard.Choice]) -> tuple[wizard.Draft, list[Json]]:
    """Follow choices all at once; one by one only where something is wrong with one of them."""
    faults: list[Json] = []
    try:
        return wizard.changed(draft, choices) if choices else draft, faults
    except wizard.ChoiceError:
        for choice in choices:
            try:
                draft = wizard.changed(draft, [choice])
            except wizard.ChoiceError as error:
                faults.append({"file": error.file, "zh": error.zh, "en": error.en})
    return draft, faults


def _fits(draft: wizard.Draft, choice: wizard.Choice) -> bool:
    plan = next((plan for plan in draft.files if plan.name == choice.file), None)
    return plan is None or choice.what.removeprefix(COLUMN) in wizard.COLUMNS[plan.role.value]


def _choices(home: Path) -> list[wizard.Choice]:
    kept: dict[str, dict[str, str]] = arrivals.noted(home, CHOICES) or {}
    return [
        wizard.Choice(file, what, value)
        for file, values in kept.items()
        for what, value in sorted(values.items(), key=lambda each: each[0] != "role")
    ]

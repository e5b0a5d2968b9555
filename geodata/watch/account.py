"""The account of a dropped file, put beside it as a text that a person reads."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geodata.ingest import reasons as of_import
from geodata.journal import reasons as of_journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from geodata.journal.events import Told
    from geodata.model.profile import Profile
    from geodata.watch.inbox import Outcome

FEW: Final = 500  # rows named one by one


@cache
def _words() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


def account(outcome: Outcome, profile: Profile, now: int) -> str:
    """Say in the city's language what became of a file, row by row."""
    lang = profile.language
    when = datetime.fromtimestamp(now, ZoneInfo(profile.time_zone))
    return "\n".join(_lines(outcome, lang, f"{when:%Y-%m-%d %H:%M:%S %z}")) + "\n"


def _lines(outcome: Outcome, lang: Literal["zh", "en"], when: str) -> Iterator[str]:
    def line(key: str, value: object) -> str:
        return f"{_words()[key][lang]}: {value}"

    yield line(
        "file", f"{outcome.file} – {_words()['taken' if outcome.taken else 'refused'][lang]}"
    )
    yield line("when", when)
    if outcome.why:
        yield line("why", outcome.why)
        return
    yield line("rows", f"{outcome.rows:,}")
    yield line("accepted", f"{outcome.accepted:,}")
    yield line("repeated", f"{outcome.repeated:,}")
    yield line("left_out", f"{len(outcome.refused):,}")
    yield from _told(outcome.refused, lang)
    if outcome.remarks:
        yield line("remarks", f"{len(outcome.remarks):,}")
        yield from _told(outcome.remarks, lang)


def _told(told: Iterable[Told], lang: Literal["zh", "en"]) -> Iterator[str]:
    every = list(told)
    for each in every[:FEW]:
        room = of_journal if each.reason in of_journal.catalogue() else of_import
        row = _words()["row"][lang].format(row=f"{each.line:,}")
        detail = f" ({each.detail})" if each.detail else ""
        yield f"  {row}: {room.text(each.reason, lang)}{detail} → {room.cure(each.reason, lang)}"
    if len(every) > FEW:
        yield "  " + _words()["more"][lang].format(n=f"{len(every) - FEW:,}")

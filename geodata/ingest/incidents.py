"""Incident files into rows of INCIDENTS; the place is found later, once places are numbered.

A feed is one file or several, or layers of one, the newer ones later. Of the rows of one file that
share a key the first counts and the others are rejected; of files that share a key the later one is
the newer word on the case, and the earlier row is set aside. Of feeds that share a key nobody said
which is newer: both rows count, and the later one is told. A key that was made up is the key of no
other row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata.ingest import measures
from geodata.ingest.coding import put_codes
from geodata.ingest.files import ROW, Read
from geodata.ingest.findings import Ledger
from geodata.ingest.mangled import TIMES
from geodata.ingest.opening import files_of, opened
from geodata.ingest.positions import coordinates
from geodata.ingest.timing import apply_limits, apply_status, order_stages, read_moments
from geodata.model.schemas import INCIDENTS, TOLD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geodata.ingest.codes import CodeLists
    from geodata.ingest.findings import Finding
    from geodata.model.profile import IncidentFeed, Layer, Profile

# Values of columns that a file may leave out.
ABSENT: Final = {"matter": -1, "department": -1, "first_department": -1, "duplicate_of": -1}
PLACE_TEXTS: Final = ("place", "building")
MADE_UP: Final = "made_up"  # the case has no number: its file and row stand in for one


@dataclass(frozen=True)
class FeedRows:
    """One file read: columns of INCIDENTS but `id` and `site`, and what it says of places.

    `made_up` among the columns says which keys are no numbers of the source.
    """

    feed: IncidentFeed
    file: str
    rows: pd.DataFrame


def read_feed(  # noqa: PLR0913 (what a feed refers to)
    feed: IncidentFeed,
    profile: Profile,
    folder: Path,
    lists: CodeLists,
    findings: list[Finding],
    *,
    several: bool = False,
) -> list[FeedRows]:
    """Read the files of a feed; rows without a readable `reported` or counted already are left out.

    several: there are other feeds, so that the number of a row alone is no key.

    Raises:
        ImportRefusedError: a file cannot be used as a whole.
    """
    layers = [
        layer.model_copy(update={"layer": name})
        for layer in files_of(feed.layer, feed.paths, folder)
        for name in (feed.layer.layer, *feed.layers)
    ]
    several = several or len(layers) > 1
    parts = [
        _read_file(feed, layer, profile, folder, lists, findings, several=several)
        for layer in layers
    ]
    newer: set[str] = set()
    for number, (rows, ledger) in reversed(list(enumerate(parts))):
        own = ~rows[MADE_UP]
        old = rows["key"].isin(newer) & own if newer else ~own & own
        ledger.set_aside("superseded", rows.loc[old, ROW].tolist())
        newer.update(rows.loc[own, "key"] if number else ())
        parts[number] = (rows[~old], ledger)
    for rows, ledger in parts:
        ledger.close(len(rows))
    return [FeedRows(feed, ledger.file, rows) for rows, ledger in parts]


def note_shared(feeds: Sequence[FeedRows], findings: list[Finding]) -> None:
    """Note cases whose number another feed of the same source has given before."""
    seen: list[tuple[FeedRows, set[tuple[str, int]]]] = []
    for later in feeds:
        mine = later.rows[~later.rows[MADE_UP]]
        named = pd.Series(list(zip(mine["key"], mine["source"], strict=True)), index=mine.index)
        for earlier, keys in seen:
            if earlier.feed is not later.feed and len(again := mine[named.isin(keys)]):
                ledger = Ledger(later.file, 0, findings)
                ledger.keep("key_in_other_feed", again[ROW].tolist(), measure=earlier.file)
        seen.append((later, set(named)))


def _read_file(  # noqa: PLR0913, PLR0917 (what a row of a feed refers to)
    feed: IncidentFeed,
    layer: Layer,
    profile: Profile,
    folder: Path,
    lists: CodeLists,
    findings: list[Finding],
    *,
    several: bool,
) -> tuple[pd.DataFrame, Ledger]:
    read, ledger = opened(layer, folder, profile, findings)
    # Rows that passed through a spreadsheet program may hold moments as it writes them.
    formats = (*feed.time_formats, *(TIMES if len(ledger.corrected) else ()))
    layer = layer.model_copy(update={"columns": dict(read.columns)})
    feed = feed.model_copy(update={"layer": layer, "time_formats": formats})
    _tell_empty(read, feed, ledger)
    names = f"{read.file}-row-" if several else "row-"
    keys = read.text("key")
    rows = pd.DataFrame({ROW: read.frame[ROW], "key": _keys(read, ledger, names)})
    rows[MADE_UP] = (keys == "").astype("bool")
    for column in PLACE_TEXTS:
        rows[column] = read.text(column)
    for column in TOLD:
        if column in read.frame:
            rows[column] = read.text(column)
    rows["place"] = _places(rows, feed, ledger)
    rows = pd.concat([rows, read_moments(read, feed, profile, ledger)], axis=1)
    rows["lon"], rows["lat"] = coordinates(read, feed, profile, ledger)
    apply_status(rows, read.text("status"), feed, ledger)
    rows = _rejected(rows, ledger)
    for name, codes in put_codes(rows, read, feed, lists).items():
        detail = measures.codes(name, codes)
        ledger.remark("codes_not_in_profile", detail, len(codes), ", ".join(codes))
    order_stages(rows, profile.time_zone, ledger)
    apply_limits(rows, lists, profile, ledger)
    for column, kind in INCIDENTS.items():
        if column not in rows and column not in {"id", "site"}:
            rows[column] = pd.Series(ABSENT.get(column, 0), index=rows.index, dtype=kind)
    return rows, ledger


def _tell_empty(read: Read, feed: IncidentFeed, ledger: Ledger) -> None:
    """Name, once, the columns of the profile that have no value in any row."""
    if len(read.frame):
        empty = [
            theirs
            for ours, theirs in feed.layer.columns.items()
            if ours != "geometry" and not (read.frame[ours] != "").any()
        ]
        if empty:
            ledger.remark("column_empty", ", ".join(empty), len(empty))


def _keys(read: Read, ledger: Ledger, names: str) -> pd.Series:
    keys = read.text("key")
    blank = keys == ""
    if not blank.any():
        return keys
    if "key" in read.frame:
        ledger.repair("key_missing", read.frame.loc[blank, ROW].tolist())
    return keys.where(~blank, names + read.frame[ROW].astype("string"))


def _places(rows: pd.DataFrame, feed: IncidentFeed, ledger: Ledger) -> pd.Series:
    """Put the profile's meaning for what a place is called; "Unspecified …" names no place."""
    rules = [(re.compile(pattern), meaning) for pattern, meaning in feed.place_rules]
    meanings: dict[str, str] = {}
    vague: list[str] = []
    for text in rows["place"].unique():
        if text.casefold().startswith(feed.unspecified):
            vague.append(text)
            meanings[text] = ""
        for pattern, meaning in rules:
            if match := pattern.fullmatch(text):
                meanings[text] = match.expand(meaning)
                break
    if not meanings:
        return rows["place"]
    ledger.keep("place_unspecified", rows.loc[rows["place"].isin(vague), ROW].tolist())
    return rows["place"].map(lambda text: meanings.get(text, text)).astype(rows["place"].dtype)


def _rejected(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Leave out rows that cannot be counted: no moment of report, or counted already."""
    unread = rows["reported"].isna()
    again = pd.Series(data=False, index=rows.index)
    numbered = ~unread & ~rows[MADE_UP]
    again[numbered] = rows.loc[numbered, "key"].duplicated()
    for reason, wrong in (
        ("reported_missing", unread & rows["bare"]),
        ("reported_unreadable", unread & ~rows["sham"] & ~rows["bare"]),
        ("reported_is_a_placeholder", unread & rows["sham"]),
        ("key_twice", again),
    ):
        left = rows[wrong]
        ledger.reject(reason, left[ROW].tolist(), left["key"].tolist())
    return rows[~unread & ~again].drop(columns=["sham", "bare"])

"""The rows of a dropped file as events, as the live city's profile says what its columns mean.

A file with columns `stage` and `at` holds one event a row, by the names of the interface.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from geodata.ingest.codes import CodeLists
from geodata.ingest.files import ROW, read_sheet
from geodata.ingest.findings import Account
from geodata.ingest.incidents import read_feed
from geodata.ingest.placing import Placer
from geodata.ingest.timing import RECKONED
from geodata.journal.events import Batch, Told, take
from geodata.journal.vocabulary import FIELDS, HAPPENED
from geodata.model.draft import Arranged
from geodata.model.errors import ImportRefusedError
from geodata.model.profile import Layer
from geodata.model.schemas import DAY_BITS, DEADLINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from geodata.formats import Sheet
    from geodata.ingest.incidents import FeedRows
    from geodata.journal.codes import Codes
    from geodata.model.profile import IncidentFeed, Profile

    Given = dict[str, Any]

NEEDED: Final = frozenset({"source", "case", "stage", "at"})
TAKEN: Final = NEEDED | FIELDS | {"event", "by_day"}
LISTS: Final = ("departments", "categories", "matters", "sources")
ONE: Final = {"categories": "category", "departments": "department", "matters": "matter"}


@dataclass
class Drop:
    """What one file gave: its events, and what is wrong with its rows.

    rows: how many it has; left_out: reasons of the import (`ingest/reasons.toml`) by row; batch:
    its lines are the numbers of rows too.
    """

    rows: int
    batch: Batch = field(default_factory=Batch)
    left_out: list[Told] = field(default_factory=list)


def read_drop(path: Path, codes: Codes, now: int) -> Drop:
    """Read a file by the first mapping whose columns it has.

    Raises:
        ImportRefusedError: it cannot be read, or no mapping fits; the message says why.
    """
    profile = codes.city.profile
    sheet = _sheet(path, profile)
    if {str(name) for name in sheet.frame} >= NEEDED:
        return _events(sheet.frame, sheet.rows.tolist(), codes, now)
    wrong: list[str] = []
    for feed in profile.incidents:
        if not _fits(feed, {str(name) for name in sheet.frame}):
            wrong.append(", ".join(sorted(feed.layer.columns.values())))
            continue
        return _cases(feed, path, codes, now)
    asked = "; or ".join([*wrong, ", ".join(sorted(NEEDED))])
    msg = f"{path.name}: has none of the sets of columns that are known here: {asked}"
    raise ImportRefusedError(msg)


def _sheet(path: Path, profile: Profile) -> Sheet:
    """The file as it is: its only sheet, else one that the profile names."""
    named = [(feed.layer.layer, feed.layer.encoding) for feed in profile.incidents]
    first: ImportRefusedError | None = None
    for layer, encoding in dict.fromkeys([("", ""), *named]):
        try:
            return read_sheet(Layer(path=path.name, layer=layer, encoding=encoding), path.parent)
        except ImportRefusedError as error:
            first = first or error
    raise first or AssertionError


def _fits(feed: IncidentFeed, names: set[str]) -> bool:
    versions = (feed.layer.columns, *feed.layer.versions)
    return any(names >= {*columns.values(), *feed.layer.where} for columns in versions)


def _events(frame: pd.DataFrame, rows: list[int], codes: Codes, now: int) -> Drop:
    """One event a row; an empty cell says nothing."""
    drop = Drop(len(frame))
    names = [str(name) for name in frame if name in TAKEN]
    for row, cells in zip(rows, zip(*(frame[name] for name in names), strict=True), strict=True):
        given: Given = {
            name: text.strip()
            for name, text in zip(names, map(str, cells), strict=True)
            if text.strip()
        }
        for name in ("at", "occurred", *DEADLINES):
            if given.get(name, "").isdecimal():
                given[name] = int(given[name])
        if "by_day" in given:
            given["by_day"] = given["by_day"].casefold() in {"1", "true", "yes"}
        take(int(row), given, codes, now, drop.batch)
    return drop


def _cases(feed: IncidentFeed, path: Path, codes: Codes, now: int) -> Drop:
    """One case a row: its report and every stage that the row has."""
    city, account = codes.city, Account()
    lists = _lists(codes)
    known = {name: len(getattr(lists, name).entries) for name in LISTS}
    layer = feed.layer.model_copy(update={"path": path.name})
    alone = feed.model_copy(update={"layer": layer, "paths": (), "layers": ()})
    (read,) = read_feed(alone, city.profile, path.parent, lists, account)
    total = sum(int(str(each["rows"])) for each in account if each["reason"] == "read")
    drop = Drop(total)
    for reject in account.rejects:
        drop.left_out += [Told(row, reject.reason) for row in reject.rows]
    for row, given in _given(read, codes, lists, known):
        if given["case"] == f"row-{row}":  # the import made it up
            drop.batch.refused.append(Told(row, "case_missing"))
            continue
        for event in _stages(given):
            before = len(drop.batch.refused)
            take(row, event, codes, now, drop.batch)
            if len(drop.batch.refused) > before:
                break  # the report is refused: its stages would wait for ever
    return drop


def _given(
    read: FeedRows, codes: Codes, lists: CodeLists, known: Mapping[str, int]
) -> Iterator[tuple[int, Given]]:
    """Each row as the words of an event, with the stages under their names."""
    rows = read.rows
    units = _units(read, codes)
    moments = ("occurred", *DEADLINES, *HAPPENED)
    columns = {name: rows[name].tolist() for name in rows if name not in moments}
    columns |= {name: rows[name].fillna(0).astype("int64").tolist() for name in moments}
    for n in range(len(rows)):
        row = {name: values[n] for name, values in columns.items()}
        given: Given = {"case": str(row["key"]), "unit": units[n], "by_day": int(row["by_day"])}
        given["source"] = _key(lists, "sources", row["source"], known)
        for name, one in ONE.items():
            if row[one] >= 0:
                given[one] = _key(lists, name, row[one], known)
        if row["first_department"] >= 0:
            given["first_department"] = _key(lists, "departments", row["first_department"], known)
        given |= {name: row[name] or None for name in moments}
        if row[RECKONED]:  # the fold reckons it anew whenever the case is extended or suspended
            given["due"] = None
        if math.isfinite(row["lon"]):
            given["lon"], given["lat"] = row["lon"], row["lat"]
        given["building"] = str(row["building"]) or None
        yield int(row[ROW]), given


def _key(lists: CodeLists, name: str, row: int, known: Mapping[str, int]) -> str:
    """The key of a code; of one that the city does not have, what the file calls it."""
    entry = getattr(lists, name).entries[row]
    return str(entry["key"] if row < known[name] else entry["name_en"])


def _stages(given: Given) -> Iterator[Given]:
    """The report with everything that is said of the case, then each later stage."""
    bits = given["by_day"]
    said = {name: given.get(name) for name in FIELDS if given.get(name) is not None}
    named = {"source": given["source"], "case": given["case"]}
    for stage in HAPPENED:
        if given[stage] is not None:
            by_day = bool(bits & DAY_BITS.get(stage, 0))
            event = named | {"stage": stage, "at": given[stage], "by_day": by_day}
            yield event | said if stage == "reported" else event


def _units(read: FeedRows, codes: Codes) -> list[str | None]:
    """Code of the unit that each row names; where it names none, the point will decide."""
    city, feed, rows = codes.city, read.feed, read.rows
    if feed.place_by == "polygon":
        return [None] * len(rows)
    plain = gpd.GeoDataFrame(city.buildings)
    arranged = Arranged(city.places, city.sites, plain, gpd.GeoDataFrame())
    found = Placer(arranged, 0.0).units(
        rows["place"],
        rows["lon"],
        rows["lat"],
        feed.place_level,
        feed.place_by,
        point_first=feed.place_first == "point",
    )
    names = city.places["code"].to_numpy()[found.units]
    return [str(code) if named else None for code, named in zip(names, found.named, strict=True)]


def _lists(codes: Codes) -> CodeLists:
    """The lists of the published city, in its order."""
    lists = CodeLists.of(codes.city.profile.model_copy(update=dict.fromkeys(LISTS, ())))
    city = codes.city
    tables = (city.departments, city.categories, city.matters, city.sources)
    for name, table in zip(LISTS, tables, strict=True):
        for entry in table.to_dict("records"):
            more = {str(k): v for k, v in entry.items() if k not in {"key", "name_zh", "name_en"}}
            code_list = getattr(lists, name)
            code_list.add(str(entry["key"]), str(entry["name_zh"]), str(entry["name_en"]), **more)
    return lists

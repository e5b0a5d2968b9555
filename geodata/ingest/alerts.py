"""Alerts from their files: how urgent, since when, and where."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.ingest.amounts import told
from geodata.ingest.files import ROW
from geodata.ingest.moments import parse
from geodata.ingest.opening import opened
from geodata.ingest.placing import Placer, account, unplace
from geodata.ingest.positions import coordinates
from geodata.model.profile import IncidentFeed
from geodata.model.schemas import ALERTS
from geodata.store.tables import empty

if TYPE_CHECKING:
    from geodata.ingest.codes import CodeLists
    from geodata.ingest.files import Read
    from geodata.ingest.findings import Finding, Ledger
    from geodata.model.draft import Arranged
    from geodata.model.profile import Layer, Profile

TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S")
LOWEST: Final = 4  # of the levels; what has none that can be read counts so


def read_alerts(
    profile: Profile, folder: Path, lists: CodeLists, arranged: Arranged, findings: list[Finding]
) -> pd.DataFrame:
    """Read the alerts; one whose moment cannot be read is rejected."""
    parts = [
        _alerts(layer, profile, folder, lists, Placer(arranged, 0.0), findings)
        for layer in profile.alerts
    ]
    return pd.concat(parts, ignore_index=True) if parts else empty(ALERTS)


def _alerts(  # noqa: PLR0913, PLR0917 (what an alert refers to)
    layer: Layer,
    profile: Profile,
    folder: Path,
    lists: CodeLists,
    placer: Placer,
    findings: list[Finding],
) -> pd.DataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    frame = _told(read, profile, lists, ledger)
    feed = IncidentFeed(layer=layer)  # what stands for nowhere there stands for nowhere here
    frame["lon"], frame["lat"] = coordinates(read, feed, profile, ledger)
    unread = frame["raised"].isna()
    left = frame[unread]
    cure = f"write `raised` like {TIMES[0]}"
    ledger.reject("raised_unreadable", left[ROW].tolist(), left["key"].tolist(), cure)
    frame = frame[~unread].reset_index(drop=True)
    found = placer.units(frame["place"], frame["lon"], frame["lat"], "", "code")
    frame["unit"] = found.units
    frame["site"], housed = placer.sites(frame["building"], frame["lon"], frame["lat"], found)
    account(frame, found, housed, placer, 0.0, ledger)
    unplace(frame, found)
    frame["alert"] = np.int32(0)
    ledger.close(len(frame))
    return frame[list(ALERTS)]


def _told(read: Read, profile: Profile, lists: CodeLists, ledger: Ledger) -> pd.DataFrame:
    """What a file says of its alerts, in the types of ALERTS; a finding for what makes no sense."""
    rows = read.frame[ROW]
    frame = pd.DataFrame({ROW: rows, "key": read.text("title_zh")})
    for column in ("title_zh", "title_en", "reason_zh", "reason_en", "building"):
        frame[column] = read.text(column)
    frame["place"] = read.text("unit")
    for column in ("raised", "cleared"):
        moments = parse(read.text(column), TIMES, profile.time_zone)
        frame[column] = moments.seconds
        if column == "cleared":
            ledger.keep("cleared_unreadable", rows[moments.unreadable].tolist())
    levels = pd.Series(map(level_of, read.text("level")), index=rows.index, dtype="Int8")
    frame["level"] = levels.fillna(LOWEST).astype("int8")
    if "level" in read.frame:
        ledger.keep("level_unreadable", rows[levels.isna()].tolist())
    frame["cases"] = told(read, "cases", "int32", ledger)
    kinds = read.text("category")
    frame["category"] = kinds.map(lists.categories.find).astype("int16")
    ledger.keep("category_unknown", rows[(kinds != "") & (frame["category"] < 0)].tolist())
    return frame


@lru_cache(maxsize=1_024)
def level_of(text: str) -> int | None:
    """Read a level from 1 to 4 by its number, its word or the one colour in it."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold().removesuffix(".0")
    words = set(re.findall(r"[a-z]+", plain))
    colours = set()
    for number, (whole, named) in enumerate(_levels(), start=1):
        if plain in whole:
            return number
        # A Latin word counts whole: no colour is scored.
        if any(each in (words if each.isascii() else plain) for each in named):
            colours.add(number)
    return colours.pop() if len(colours) == 1 else None


@cache
def _levels() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    text = Path(__file__).with_name("alert_levels.toml").read_text(encoding="utf-8")
    return tuple(
        (frozenset(each["words"]), tuple(each["colours"])) for each in tomllib.loads(text)["levels"]
    )

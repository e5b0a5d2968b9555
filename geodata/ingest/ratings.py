"""Ratings of departments by streets from their files: month, who rates whom, score, cases."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.ingest.amounts import told
from geodata.ingest.files import ROW
from geodata.ingest.opening import opened
from geodata.model.schemas import FULL_SCORE, RATINGS

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.codes import CodeLists
    from geodata.ingest.findings import Finding
    from geodata.model.draft import Arranged
    from geodata.model.profile import Layer, Profile

MONTH: Final = re.compile(r"(\d{4})\D?(0?[1-9]|1[0-2])(?:\D.*)?")
SCORE: Final = re.compile(r"(\d+(?:\.\d+)?)\D*")
WRONG: Final = (  # reason by the column that is none, in the order in which a row is judged
    ("month", "rating_month_unreadable"),
    ("unit", "rating_unit_unknown"),
    ("department", "rating_department_unknown"),
    ("score", "rating_score_unreadable"),
    ("cases", "rating_cases_missing"),
)


def read_ratings(
    profile: Profile, folder: Path, lists: CodeLists, arranged: Arranged, findings: list[Finding]
) -> pd.DataFrame | None:
    """Read every file of ratings; None where the profile names none."""
    names = _names(arranged)
    parts = [_ratings(layer, profile, folder, lists, names, findings) for layer in profile.ratings]
    return pd.concat(parts, ignore_index=True) if parts else None


def month_of(text: str) -> str:
    """A month as the tables write it, from 2026-10, 202610, 2026/10/1 …; "" = it is none."""
    found = MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{found[1]}-{int(found[2]):02d}" if found else ""


def score_of(text: str) -> float:
    """A score from 0 to 100; NaN = it is none."""
    found = SCORE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    score = float(found[1]) if found else np.nan
    return score if score <= FULL_SCORE else np.nan


def _ratings(  # noqa: PLR0913, PLR0917 (what a rating refers to)
    layer: Layer,
    profile: Profile,
    folder: Path,
    lists: CodeLists,
    names: dict[str, int],
    findings: list[Finding],
) -> pd.DataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    unit = read.text("unit").str.casefold().map(names).fillna(-1)
    frame = pd.DataFrame({ROW: read.frame[ROW], "key": read.text("unit"), "unit": unit})
    frame["month"] = read.text("month").map(month_of)
    frame["department"] = read.text("department").map(lists.departments.find)
    frame["score"] = read.text("score").map(score_of).astype(np.float64)
    frame["cases"] = told(read, "cases", "int32", ledger)
    none = {
        "month": frame["month"] == "",
        "unit": frame["unit"] < 0,
        "department": frame["department"] < 0,
        "score": frame["score"].isna(),
        "cases": frame["cases"] <= 0,
    }
    left = pd.Series(data=False, index=frame.index)
    for column, reason in WRONG:
        wrong = frame[none[column] & ~left]
        ledger.reject(reason, wrong[ROW].tolist(), wrong["key"].tolist())
        left |= none[column]
    ledger.close(int((~left).sum()))
    return frame.loc[~left, list(RATINGS)].astype(RATINGS)


def _names(arranged: Arranged) -> dict[str, int]:
    """Rows of units by code, else by a name that no other unit has, in lower case."""
    places = arranged.places
    rows: dict[str, int] = {}
    for column in ("name_en", "name_zh"):
        alone = places[~places[column].str.casefold().duplicated(keep=False)]
        rows |= dict(zip(alone[column].str.casefold(), alone["unit"].tolist(), strict=True))
    rows |= dict(zip(places["code"].str.casefold(), places["unit"].tolist(), strict=True))
    rows.pop("", None)
    return rows

"""Departments, sources, matters and categories of incident rows into rows of their lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.ingest.codes import CodeLists
    from geodata.ingest.files import Read
    from geodata.model.profile import IncidentFeed

    Rows = npt.NDArray[np.int64]

OTHER: Final = ("other", "其他", "Other")
NO_LIMIT: Final[dict[str, object]] = {"limit": 0.0, "limit_kind": "urgent_hours"}
NO_SOURCE: Final = ("unknown", "未注明", "Not stated")  # of incidents whose channel is not told
CODED: Final = {
    "department": "departments",
    "first_department": "departments",
    "category": "categories",
    "source": "sources",
}


def put_codes(
    rows: pd.DataFrame, read: Read, feed: IncidentFeed, lists: CodeLists
) -> dict[str, dict[str, int]]:
    """Fill in the code columns; gives the codes the profile did not have and their rows."""
    before = {name: len(getattr(lists, name).entries) for name in CODED.values()}
    texts = {column: read.text(column).loc[rows.index] for column in (*CODED, "matter")}
    rows["department"] = lists.departments.rows(texts["department"])
    rows["first_department"] = lists.departments.rows(texts["first_department"])
    rows["source"] = _sources(texts["source"], feed, lists)
    category = _categories(texts, feed, lists)
    rows["matter"] = _matters(texts["matter"], rows["department"], category, feed, lists)
    own = np.array([m["category"] for m in lists.matters.entries] + [-1], dtype=np.int64)
    category = np.where(category >= 0, category, own[rows["matter"]])
    rows["category"] = np.where(
        category >= 0, category, _other(lists, needed=bool((category < 0).any()))
    )
    _complete(rows, lists)
    used = {name: rows[column] for column, name in CODED.items() if column != "first_department"}
    first = rows["first_department"]
    others = first[first != rows["department"]]  # a row counts once for a code
    used["departments"] = pd.concat([used["departments"], others])
    added = {name: _added(each, lists, name, before) for name, each in used.items()}
    return {name: codes for name, codes in added.items() if codes}


def _added(rows: pd.Series, lists: CodeLists, name: str, before: dict[str, int]) -> dict[str, int]:
    """Codes that are new in a list, but for those of our own, and the rows that have them."""
    entries = getattr(lists, name).entries
    ours = {OTHER[0]} if name == "categories" else {NO_SOURCE[0]} if name == "sources" else set()
    return {
        str(entries[int(str(row))]["name_zh"]): int(count)
        for row, count in rows[rows >= before[name]].value_counts().items()
        if entries[int(str(row))]["key"] not in ours
    }


def _sources(texts: pd.Series, feed: IncidentFeed, lists: CodeLists) -> Rows:
    named = pd.Series(feed.source, index=texts.index) if feed.source else texts
    blank = named == ""
    if blank.any() and lists.sources.find(NO_SOURCE[0]) < 0:
        lists.sources.add(*NO_SOURCE, interval_s=0)
    return lists.sources.rows(named.where(~blank, NO_SOURCE[0]), interval_s=0)


def _categories(texts: dict[str, pd.Series], feed: IncidentFeed, lists: CodeLists) -> Rows:
    """Row of the category that the file names or that the start of the matter tells; −1 = none."""
    category = texts["category"]
    if feed.category_by_prefix:
        starts = texts["matter"].str.split(feed.prefix_ends, n=1).str[0].str.strip()
        told = starts.map(feed.category_by_prefix).fillna("")
        category = category.where(category != "", told)
    return lists.categories.rows(category)


def _other(lists: CodeLists, *, needed: bool) -> int:
    """Row of the category for all else, made when first needed."""
    row = lists.categories.find(OTHER[0])
    return lists.categories.add(*OTHER) if row < 0 and needed else row


def _matters(
    matter: pd.Series, department: pd.Series, category: Rows, feed: IncidentFeed, lists: CodeLists
) -> Rows:
    """Row of each matter; new ones get the category and the department they mostly have."""
    known = len(lists.matters.entries)
    found = lists.matters.rows(matter, category=-1, department=-1, **NO_LIMIT)
    table = pd.DataFrame({"matter": found, "category": category, "department": department})
    for row, group in table[table["matter"] >= known].groupby("matter"):
        entry = lists.matters.entries[int(str(row))]
        entry["category"] = int(group["category"].mode()[0])
        entry["department"] = int(group["department"].mode()[0])
        start, ends, rest = str(entry["name_en"]).partition(feed.prefix_ends)
        if ends and rest.strip() and start.strip() in feed.category_by_prefix:
            entry["name_zh"] = entry["name_en"] = rest.strip()
    return found


def _complete(rows: pd.DataFrame, lists: CodeLists) -> None:
    """Give matters that have no category yet the one their cases fell to."""
    for row, category in rows.groupby("matter")["category"].first().items():
        number = int(str(row))
        if number >= 0 and lists.matters.entries[number]["category"] == -1:
            lists.matters.entries[number]["category"] = int(category)

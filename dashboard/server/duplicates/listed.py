"""What of a search a page lists: groups of one place that nobody has decided about yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dashboard.question import Question
    from geodata.proposed import Proposed
    from geodata.store.decisions import Case, Decided
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """One matter: the report that came first, and later ones that likely repeat it."""

    first: int  # its id
    pairs: pd.DataFrame  # rows of the search, in order of time


def row_of(cases: pd.DataFrame, number: int) -> pd.Series:
    """A report by its id."""
    return cast("pd.Series", cases.loc[number])


def case_of(city: City, row: pd.Series) -> Case:
    """A report as its source knows it."""
    return str(city.sources["key"].iloc[int(row["source"])]), str(row["key"])


def names_of(city: City, row: pd.Series) -> str:
    """What its place and its matter are called, in both languages."""
    site = city.sites.iloc[int(row["site"])]
    rows = [city.places.iloc[int(site["unit"])], city.categories.iloc[int(row["category"])]]
    if int(site["building"]) >= 0:
        rows.append(city.buildings.iloc[int(site["building"])])
    if int(row["matter"]) >= 0:
        rows.append(city.matters.iloc[int(row["matter"])])
    return " ".join(f"{each['name_zh']} {each['name_en']}" for each in rows)


def sites_of(asked: Question) -> Ints:
    """The sites of the place that is asked about."""
    if asked.building is None:
        return asked.city.inside(asked.unit)
    return np.array([int(asked.city.buildings["site"].iloc[asked.building])])


def open_pairs(asked: Question, found: Proposed, decided: Decided) -> pd.DataFrame:
    """The pairs of the place and its filters that wait for a decision."""
    pairs, cases, city = found.pairs, found.cases, asked.city
    known = pairs["id"].isin(cases.index) & pairs["first"].isin(cases.index)
    known &= pairs["like"].isin(cases.index)
    pairs = pairs[known]
    later, first = cases.loc[pairs["id"]], cases.loc[pairs["first"]]
    fits = np.isin(later["site"], sites_of(asked))
    for name, rows in (
        ("category", asked.request.categories),
        ("department", asked.request.departments),
        ("source", asked.request.sources),
    ):
        if rows:
            fits &= np.isin(later[name], rows) | np.isin(first[name], rows)
    pairs = pairs[fits]
    names = _names(city, cases)
    waits = [
        not decided.is_settled(*(names[number] for number in numbers))
        for numbers in pairs[["id", "first", "like"]].to_numpy(np.int64).tolist()
    ]
    return pairs[np.array(waits, dtype=bool)]


def ranked(pairs: pd.DataFrame, cases: pd.DataFrame) -> list[int]:
    """The first reports of the groups: the surest group first, of equal ones the newest."""
    best = pairs.groupby("first")["probability"].max().round(2)
    came = cases["reported"].reindex(best.index).to_numpy(np.int64)
    return [int(each) for each in best.index[np.lexsort((-came, -best.to_numpy()))]]


def groups(firsts: list[int], pairs: pd.DataFrame) -> list[Group]:
    """The groups of some first reports, in this order."""
    return [Group(first, pairs[pairs["first"] == first]) for first in firsts]


def with_told(city: City, some: list[Group], cases: pd.DataFrame) -> pd.DataFrame:
    """The reports of some groups, with who told them and in which words, masked."""
    ids = {int(each) for group in some for each in group.pairs[["id", "first"]].to_numpy().flat}
    here = cases.loc[sorted(ids)]
    told = city.told(sorted(ids)).reindex(here.index).fillna("")
    return here.join(told)


def by_child(asked: Question, pairs: pd.DataFrame, cases: pd.DataFrame) -> list[tuple[int, int]]:
    """How many pairs lie in each unit below the place, the most first."""
    tree = asked.city.tree
    children = np.asarray(tree.children(asked.unit), dtype=np.int64)
    if asked.building is not None or not len(children) or not len(pairs):
        return []
    starts = asked.city.places["site_from"].to_numpy()[children]
    ends = asked.city.places["site_to"].to_numpy()[children]
    sites = np.sort(cases.loc[pairs["id"], "site"].to_numpy(np.int64))
    counts = np.searchsorted(sites, ends) - np.searchsorted(sites, starts)
    order = np.argsort(-counts, kind="stable")
    return [(int(children[row]), int(counts[row])) for row in order if counts[row]]


def _names(city: City, cases: pd.DataFrame) -> dict[int, Case]:
    """Every report as its source knows it, by id."""
    keys = city.sources["key"].to_numpy()[cases["source"].to_numpy(int)]
    both = zip(keys.tolist(), cases["key"].tolist(), strict=True)
    return dict(zip(cases.index.tolist(), both, strict=True))

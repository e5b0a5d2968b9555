"""Measurements beside a finding: kept as numbers, put into words by whoever shows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

BETWEEN: Final = "; "
SHOWN: Final = 12  # codes that are named
LONGEST: Final = 32_000  # letters of all row numbers; a spreadsheet holds no more in a cell
SIGN: Final = "@"  # before a measurement; any other detail is text as it stands


def areas(total_m2: float, largest_m2: float, code: str = "") -> str:
    """Areas of pieces of ground: all of them, the largest one, and the unit that one is of."""
    return _written("areas", total=round(total_m2, 2), largest=round(largest_m2, 2), at=code)


def nearest(metres: npt.NDArray[np.float64]) -> str:
    """Distances of things given to the nearest: the middle and the largest; "" of none."""
    known = metres[np.isfinite(metres)]
    if not len(known):
        return ""
    return _written("nearest", middle=_round(np.median(known)), largest=_round(known.max()))


def beyond(metres: npt.NDArray[np.float64]) -> str:
    """Distances of points from the border they lie outside of: the smallest and the largest."""
    known = metres[np.isfinite(metres)]
    if not len(known):
        return ""
    return _written("beyond", smallest=_round(known.min()), largest=_round(known.max()))


def farther(metres: float) -> str:
    """A distance that was looked through in vain."""
    return _written("farther", limit=float(metres))


def fits(offset_m: float, before: float, after: float) -> str:
    """How far a layer stands off, and the share that fits before and after it is moved back."""
    return _written("fits", offset=_round(offset_m), before=before, after=after)


def crosses(offset_m: float, before: float, after: float) -> str:
    """How far two layers stand apart, and the share of roads inside buildings before and after."""
    return _written("crosses", offset=_round(offset_m), before=before, after=after)


def account(numbered: str, kept: int, repaired: int) -> str:
    """What the numbers of a file's rows count, and how many rows were kept with a gap or mended."""
    return _written("account", of=numbered, kept=kept, repaired=repaired)


def codes(name: str, rows: dict[str, int]) -> str:
    """Codes that a list lacks, the most frequent first, with the rows that have each."""
    first = sorted(rows.items(), key=lambda each: (-each[1], each[0]))[:SHOWN]
    return _written("codes", list=name, codes=first, more=len(rows) - len(first))


def parents(found: Iterable[str]) -> str:
    """Codes of units that are named as parents and do not exist; "" where none is named."""
    known = list(dict.fromkeys(code for code in found if code))
    return _written("parents", codes=known[:SHOWN], more=max(0, len(known) - SHOWN))


def every(rows: Sequence[int]) -> str:
    """The number of every row, neighbours as a stretch: 3–7, 9."""
    numbers = np.unique(np.asarray(rows, dtype=np.int64))
    first = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 2) > 1)
    last = np.append(first[1:] - 1, len(numbers) - 1)
    ends = zip(numbers[first].tolist(), numbers[last].tolist(), strict=True)
    said = ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in ends)
    if len(said) > LONGEST:
        said = said[:LONGEST].rpartition(",")[0] + ", …"
    return _written("rows", every=said)


def rows_of(detail: str) -> str:
    """Every row that a detail names; "" where its own words name them all."""
    known = (read(part) for part in parts(detail))
    return next((str(found[1]["every"]) for found in known if found and found[0] == "rows"), "")


def brief(detail: str) -> str:
    """The detail without the number of every row, of which its words name the first."""
    return together(*(each for each in parts(detail) if not each.startswith(f"{SIGN}rows ")))


def read(detail: str) -> tuple[str, dict[str, Any]] | None:
    """Kind and numbers of a measurement; None for any other text."""
    kind, _, numbers = detail.removeprefix(SIGN).partition(" ")
    if not detail.startswith(SIGN) or not numbers.startswith("{"):
        return None
    try:
        return kind, json.loads(numbers)
    except json.JSONDecodeError:
        return None


def together(*details: str) -> str:
    """Write several details as one."""
    return BETWEEN.join(filter(None, details))


def parts(detail: str) -> list[str]:
    """Take details apart that were written together."""
    first, *others = detail.split(f"{BETWEEN}{SIGN}")
    return [first, *(SIGN + other for other in others)]


def _written(kind: str, **numbers: object) -> str:
    return f"{SIGN}{kind} {json.dumps(numbers, ensure_ascii=False)}"


def _round(metres: float) -> float:
    return round(float(metres), 1)

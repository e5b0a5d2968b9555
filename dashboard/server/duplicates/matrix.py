"""How the sources overlap: matters that two of them have both reported, as a panel and a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.i18n import named, t
from dashboard.i18n.amounts import count
from dashboard.server.duplicates.listed import sites_of

if TYPE_CHECKING:
    from dashboard.question import Question
    from dashboard.server.duplicates.shown import Shown
    from geodata.proposed import Proposed


def panel(shown: Shown, found: Proposed) -> str:
    """The matrix: on the diagonal all matters of a source, beside it those that others have too."""
    city, language = shown.asked.city, shown.language
    square, n = found.overlap(sites_of(shown.asked), len(city.sources))
    names = [shown.entry(city.sources, row) for row in range(len(square))]
    most = max((int(square[a, b]) for a in range(len(square)) for b in range(a)), default=0)
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><th scope=row>{name}</th>"
        + "".join(
            f'<td class="{_shade(int(square[a, b]), most) if a != b else "own"}">'
            f"{count(float(square[a, b]), language)}</td>"
            for b in range(len(square))
        )
        + "</tr>"
        for a, name in enumerate(names)
    )
    return (
        f'<section class="panel overlap"><div class="panel-head"><h2>{shown.t("overlap")}</h2>'
        f"<small>{shown.t('overlap_n', n=count(n, language))}</small></div>"
        f'<div class="source-matrix"><table><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{rows}</tbody></table></div><p class="note">{shown.t("overlap_note")} '
        f'<a href="/duplicates/overlap.csv{shown.query()}" download>CSV</a></p></section>'
    )


def table(asked: Question, found: Proposed, language: str) -> pd.DataFrame:
    """The matrix as a table, with what it rests on."""
    sources = asked.city.sources
    square, n = found.overlap(sites_of(asked), len(sources))
    names = [named(sources.iloc[row], language) for row in range(len(sources))]
    frame = pd.DataFrame(square, columns=names)
    frame.insert(0, t("duplicates.fact_source", language), names)
    frame.attrs |= {"n": n, "about": t("duplicates.overlap_note", language)}
    return frame


def _shade(value: int, most: int) -> str:
    """One of five steps by the share of the largest number beside the diagonal."""
    return f"step-{-(-4 * value // most)}" if value and most else "none"

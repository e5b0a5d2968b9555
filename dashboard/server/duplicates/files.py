"""What the page of duplicates shows, as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
from flask import Response

from dashboard.i18n import t
from dashboard.server import export
from dashboard.server.duplicates.evidence import words_of
from dashboard.server.duplicates.listed import open_pairs

if TYPE_CHECKING:
    from dashboard.question import Question
    from geodata.proposed import Proposed
    from geodata.store.decisions import Decided


def answer(frame: pd.DataFrame, name: str, until: int, zone: str, language: str) -> Response:
    """A table as a file, with what its numbers mean; until: as of when."""
    label = t("server.export_definitions", language)
    notes = [("n", str(frame.attrs["n"])), (label, str(frame.attrs["about"]))]
    moment = datetime.fromtimestamp(until, ZoneInfo(zone))
    response = Response(export.to_csv(frame, notes), mimetype="text/csv")
    file = f"yiping-{name}-{moment:%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def pairs(asked: Question, found: Proposed, decided: Decided, language: str) -> pd.DataFrame:
    """Every pair that waits: both reports, how likely it is, and why; nothing personal."""
    waiting = open_pairs(asked, found, decided)
    table: dict[str, Any] = {}
    for name, word in (("first", "first_report"), ("id", "later_report")):
        cases = found.cases.loc[waiting[name]]
        table |= _columns(asked, cases, t(f"duplicates.{word}", language), language)
    table[t("duplicates.probability", language)] = waiting["probability"].round(3).to_numpy()
    reasons = [words_of(pair, language) for _, pair in waiting.iterrows()]
    table[t("duplicates.evidence", language)] = reasons
    frame = pd.DataFrame(table)
    frame.attrs |= {"n": len(frame), "about": t("duplicates.about", language)}
    return frame


def _columns(asked: Question, cases: pd.DataFrame, word: str, language: str) -> dict[str, Any]:
    """Source, number and moment of some reports, by their heads."""
    zone = ZoneInfo(asked.city.profile.time_zone)
    sources = asked.city.sources["key"].to_numpy()
    told = {
        "source": sources[cases["source"].to_numpy(int)],
        "key": cases["key"].to_numpy(),
        "reported": [datetime.fromtimestamp(int(at), zone).isoformat() for at in cases["reported"]],
    }
    return {
        f"{word} · {t(f'duplicates.fact_{name}', language)}": values
        for name, values in told.items()
    }

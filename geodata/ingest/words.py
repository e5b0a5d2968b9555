"""A file's own words for kinds and classes into ours; rows it has for other uses stay out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geodata.ingest.files import ROW

if TYPE_CHECKING:
    from geodata.ingest.files import Read
    from geodata.ingest.findings import Ledger
    from geodata.model.profile import Layer


def translated(read: Read, layer: Layer, ledger: Ledger) -> Read:
    """Put our values for theirs where the layer names them; rows with others are set aside."""
    frame = read.frame
    ours = pd.Series(data=True, index=frame.index)
    for column, words in layer.words.items():
        text = read.text(column)
        ours &= text.isin(list(words))
        frame = frame.assign(**{column: text.map(words).fillna("").astype("string")})
    for column, pattern in layer.written.items():
        text = read.text(column)
        put = pd.Series([pattern.replace("{}", str(one)) for one in text], index=frame.index)
        frame = frame.assign(**{column: put.where(text != "", "").astype("string")})
    ledger.set_aside("belongs_elsewhere", frame.loc[~ours, ROW].tolist())
    return replace(read, frame=frame[ours].reset_index(drop=True))

"""Values of any type as the text a person would write."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT: Final = pa.large_string()
EXACT: Final = 2.0**53  # a float beyond it does not hold every whole number


def column(values: Iterable[str]) -> pa.Array:
    """Make a column of text."""
    return pa.array(list(values), type=TEXT)


def written(value: object) -> str:  # noqa: PLR0911 (one line for each type)
    """Write one value as text: whole numbers without a point, nothing as nothing."""
    if value is None or value != value:  # noqa: PLR0124 (NaN)
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, dt.datetime):
        text = value.isoformat(sep=" ")
        return text.removesuffix(".000000")
    if isinstance(value, (dt.date, dt.time, int)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)  # a decimal, a length of time


def as_text(array: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Write a whole column as text, each type in the fastest way that is exact."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # no chunk, or more text than one chunk holds
        array = pa.concat_arrays([chunk.cast(TEXT) for chunk in array.chunks] or [column([])])
    kind = array.type
    if pa.types.is_dictionary(kind):
        return as_text(array.dictionary_decode())
    if _is_text(kind) or pa.types.is_integer(kind) or pa.types.is_date(kind):
        return pc.fill_null(array.cast(TEXT), "")
    if pa.types.is_timestamp(kind):
        return _moments(array)
    if pa.types.is_floating(kind):
        return _floats(array)
    return column(written(value) for value in array.to_pylist())


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
        or pa.types.is_boolean(kind)
    )


def _moments(array: pa.Array) -> pa.Array:
    """Write moments in their own zone: dates if all are midnight, seconds, or parts of seconds."""
    local = pc.local_timestamp(array) if array.type.tz else array
    text = local.cast(TEXT)
    for coarser in (pa.date32(), pa.timestamp("s")):
        if coarser == pa.date32() and array.type.tz:
            continue
        rounded = local.cast(coarser, safe=False)
        if pc.all(pc.equal(rounded.cast(local.type), local)).as_py() is not False:
            text = rounded.cast(TEXT)
            break
    if array.type.tz:
        offset = pc.strftime(array, format="%z").cast(TEXT)
        text = pc.binary_join_element_wise(
            text, offset, pa.scalar("", TEXT), null_handling="emit_null"
        )
    return pc.fill_null(text.cast(TEXT), "")


def _floats(array: pa.Array) -> pa.Array:
    values = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    there = ~np.isnan(values)
    whole = there & (np.abs(values) < EXACT) & (values == np.trunc(values))
    if (whole == there).all():
        numbers = pa.array(np.where(whole, values, 0).astype(np.int64), mask=~there)
        return pc.fill_null(numbers.cast(TEXT), "")
    return column(written(value) for value in values.tolist())

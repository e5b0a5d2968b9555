"""What a child has read, handed back as an Arrow file and a page of JSON: no code in either."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import shapely

from geodata.formats.sheet import FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from pathlib import Path

_TABLE: Final = "sheet.arrow"
_ABOUT: Final = "sheet.json"


def give(raw: Raw, folder: Path) -> None:
    """Write what was read."""
    arrays = [pa.array(raw.numbers(), pa.int64()), *raw.columns.values()]
    if raw.shapes is not None:
        arrays.append(pa.array(shapely.to_wkb(raw.shapes), pa.large_binary()))
    # By position: the names are the file's, and may be anything.
    batch = pa.record_batch(arrays, names=[str(position) for position in range(len(arrays))])
    with pa.OSFile(str(folder / _TABLE), "wb") as file, pa.ipc.new_file(file, batch.schema) as out:
        out.write_batch(batch)
    about = {
        "names": list(raw.columns),
        "shapes": raw.shapes is not None,
        "crs": raw.crs,
        "numbered": raw.numbered,
        "encoding": raw.encoding,
        "remarks": [asdict(remark) for remark in raw.remarks],
    }
    _write(about, folder)


def refuse(error: FileRefusedError, folder: Path) -> None:
    """Write why nothing was read."""
    parts = {"reason": error.reason, "detail": error.detail, "cure": error.cure}
    about = {"refused": {**parts, "choices": list(error.choices)}}
    _write(about, folder)


def take(folder: Path) -> Raw:
    """Read what a child has written.

    Raises:
        FileRefusedError: why nothing was read; the caller knows the file.
    """
    about: dict[str, Any] = json.loads((folder / _ABOUT).read_bytes())
    if "refused" in about:
        parts = about["refused"]
        raise FileRefusedError(**{**parts, "choices": tuple(parts["choices"])})
    with pa.OSFile(str(folder / _TABLE)) as file, pa.ipc.open_file(file) as table:
        batch = table.get_batch(0)
    batch.validate(full=True)
    rows, *columns = batch.columns
    shapes = None
    if about["shapes"]:
        shapes = np.asarray(shapely.from_wkb(columns.pop().to_numpy(zero_copy_only=False)))
    return Raw(
        dict(zip(about["names"], columns, strict=True)),
        shapes=shapes,
        crs=about["crs"],
        encoding=about["encoding"],
        remarks=[_remark(remark) for remark in about["remarks"]],
        rows=rows.to_numpy(),
        of=about["numbered"],
        count=batch.num_rows,
    )


def _remark(written: dict[str, Any]) -> Remark:
    return Remark(**{**written, "texts": tuple(written["texts"])})


def _write(about: dict[str, Any], folder: Path) -> None:
    text = json.dumps(about, ensure_ascii=True)
    (folder / _ABOUT).write_text(text, encoding="ascii")

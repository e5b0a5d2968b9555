"""The process that reads one foreign file: `python -m geodata.formats.child`, a job on stdin."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from geodata.formats import cage
from geodata.formats.sheet import FileRefusedError, Limits


class _Without:
    """Hides libraries that Arrow and pyogrio load if they can, a second for every file."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Pass over everything else."""
        if name.partition(".")[0] in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(name)


def hide() -> None:
    """Do without the libraries that no reader needs."""
    sys.meta_path.insert(0, _Without())


def work(job: dict[str, Any]) -> None:
    """Shut the cage, then read."""
    path, folder, limits = Path(job["path"]), Path(job["folder"]), Limits(**job["limits"])
    missing = cage.shut(path, folder, limits)
    (folder / cage.MISSING).write_text("\n".join(missing), encoding="ascii")
    hide()
    gc.disable()  # millions of small objects, and the process ends with the file
    from geodata.formats import handover  # noqa: PLC0415 (only now may foreign code see a file)
    from geodata.formats.reading import read_raw  # noqa: PLC0415

    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        asked = {"encoding": job["encoding"], "layer": job["layer"], "limits": limits}
        handover.give(read_raw(path, scratch, **asked), folder)
    except FileRefusedError as error:
        handover.refuse(error, folder)


if __name__ == "__main__":
    work(json.load(sys.stdin))

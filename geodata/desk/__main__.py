"""The desk's child process: `python -m geodata.desk look|guess|trial|enact FOLDER`."""

from __future__ import annotations

import signal
import sys
import traceback
from pathlib import Path
from typing import Final

from geodata.desk import Job, job, tell
from geodata.desk.turn import end_with_parent
from geodata.model.errors import YipingError

OWN_FAULT: Final = "failed"


def main(task: str, home: Path) -> None:
    """Do one task; whatever goes wrong is noted for the reader, and in full in the log."""
    try:
        # Only this process pays for the libraries that read files.
        from geodata.desk import enacting, work  # noqa: PLC0415

        tasks = {"look": work.look, "guess": work.guess, "trial": work.trial}
        {**tasks, "enact": enacting.enact}[task](home)
    except YipingError as error:
        tell(home, Job(task, job(home).step, fault=str(error), fault_zh=_in_chinese(error)))
    except Exception:  # noqa: BLE001 (a child that ends without a word would seem interrupted)
        traceback.print_exc()
        tell(home, Job(task, job(home).step, fault=OWN_FAULT))


def _in_chinese(error: BaseException) -> str:
    """Say what a file was refused for; other faults have no words but their own."""
    from geodata.formats import FileRefusedError  # noqa: PLC0415 (as above)
    from geodata.scenarios.refused import DrawingError  # noqa: PLC0415
    from geodata.wizard import Fault  # noqa: PLC0415

    if isinstance(error, DrawingError):
        return error.zh
    if isinstance(error, FileRefusedError):
        return Fault(error.reason).of(Path(error.file).name, "zh")
    return _in_chinese(error.__cause__) if error.__cause__ else ""


if __name__ == "__main__":
    # As an exit, not a death: so readers end and their scratch folders go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent()
    main(sys.argv[1], Path(sys.argv[2]))

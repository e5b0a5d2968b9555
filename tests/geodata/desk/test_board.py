"""What is shown of a foreign file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.desk.__main__ import main
from geodata.desk.board import WIDEST
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path


def test_a_number_at_the_end_of_what_is_shown_of_a_cell_is_masked(home: Path) -> None:
    said = [f"{'路' * (WIDEST - 11 + n)}13912345678谢谢" for n in range(9)]
    rows = "\n".join(f"{n},2026-03-0{n + 1} 08:00,{text}" for n, text in enumerate(said))
    content = f"任务号,上报时间,备注\n{rows}\n".encode()
    arrivals.receive(home, "案件.csv", 0, len(content), content)
    main("look", home)
    files = arrivals.noted(home, "board")["files"]
    (file,) = (each for each in files if each["file"] == "案件.csv")
    shown = [row[file["columns"].index("备注")] for row in file["head"]]
    masked = [text.replace("13912345678", "139****5678") for text in said[: len(shown)]]
    assert shown == [f"{text[: WIDEST - 1]}…" for text in masked]

"""What is shown of a foreign file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.desk.__main__ import main
from geodata.desk.board import WIDEST
from geodata.store import arrivals

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


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


def test_personal_columns_are_offered_never_guessed_and_masked_once_they_are_named(
    home: Path,
) -> None:
    rows = "".join(f"{n},2026-03-0{n + 1} 08:00,热线,噪音,张小明,人民路{n}号\n" for n in range(5))
    content = f"任务号,上报时间,问题来源,事项,上报人,地址\n{rows}".encode()
    arrivals.receive(home, "案件.csv", 0, len(content), content)
    main("look", home)
    before = _cases(home)
    assert {"reporter", "phone", "address", "text"} <= set(before["ours"])
    assert not {"reporter", "address"} & set(before["mapped"])
    assert before["head"][0][4:] == ["张小明", "人民路0号"]
    named = {"column:reporter": "上报人", "column:address": "地址"}
    arrivals.note(home, "choices", {"案件.csv": named})
    main("guess", home)
    after = _cases(home)
    assert after["head"][0][4:] == ["张**", "人民路*号"]
    samples = {each["name"]: each["samples"] for each in after["theirs"]}
    assert samples["上报人"] == ["张**"] * len(samples["上报人"])
    assert "张小明" not in str(after)


def _cases(home: Path) -> dict[str, Any]:
    files: list[dict[str, Any]] = arrivals.noted(home, "board")["files"]
    return next(each for each in files if each["file"] == "案件.csv")

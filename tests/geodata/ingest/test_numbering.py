"""What the numbers of rows count, in words; a row counts once however much is wrong with it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from geodata.ingest import corrections, draft_from_profile, numbering, quarantine
from geodata.ingest.findings import Account
from geodata.publish import publish
from geodata.report import CSV, write
from geodata.report.account import accounts
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("bare")
AT = {"in": "2024-07-02 10:00", "where": "东片"}


@pytest.mark.parametrize(
    ("of", "numbers", "zh", "en"),
    [
        ("row", "4", "第 4 行", "row 4"),
        ("row", "4, 9", "第 4, 9 行", "rows 4, 9"),
        ("feature", "4", "第 4 个要素", "feature 4"),
        ("record", "4, 9", "数据第 4, 9 行", "data rows 4, 9"),
    ],
)
def test_rows_are_named_as_they_are_counted(of: str, numbers: str, zh: str, en: str) -> None:
    assert (numbering.named(of, numbers, "zh"), numbering.named(of, numbers, "en")) == (zh, en)


def test_a_row_counts_once_however_much_is_wrong_with_it(files: Any) -> None:  # noqa: ANN401
    bad = {"due": "soon", "out": "later", "dept": "d", "what": "w", **AT}
    files.cases(
        [
            {"no": "a", **bad},
            {"no": "b", "x": "1.5", "y": "0.5", **AT},
            {"no": "c", **bad},
            {"no": "c", **bad},
        ]
    )
    city = files.publish()
    (file,) = [file for file in accounts(city.findings) if file.name == "cases.csv"]
    (late,) = [each for each in file.reasons if each.key == "due_unreadable"]
    assert (late.rows, late.place("en")) == (3, "rows 2, 4, 5")
    assert (file.read, file.imported, file.kept, file.rejected) == (4, 3, 2, 1)


def test_features_are_named_as_such_everywhere(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    nameless = feature("", 3)
    files.areas([feature("东片", 1), nameless, feature("西片", 0)])
    files.cases([{"no": "a", **AT}])
    data, path = files.folder / "data", files.profile()
    account = Account(corrections.load(data, "t"))
    draft = draft_from_profile(path, account=account)
    publish(draft, data)
    city = open_city(data)
    (file,) = [file for file in accounts(city.findings) if file.name == "areas.geojson"]
    assert [each.place("zh") for each in file.reasons] == ["第 2 个要素"]
    write(city, data, "en")
    with (data / "reports" / city.id / CSV).open(encoding="utf-8-sig", newline="") as table:
        told = [row for row in csv.DictReader(table) if row["Row"] and row["File"] == file.name]
    assert [(row["Row"], row["Numbered by"]) for row in told] == [("2", "feature")]
    (sheet,) = quarantine.write(data, draft.profile, path, account)
    with sheet.open(encoding="utf-8-sig", newline="") as table:
        (row,) = csv.DictReader(table)
    assert row[corrections.heads()["row"]] == "第 2 个要素"

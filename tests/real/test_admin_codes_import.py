"""All of China's streets and communities as lists without geometry (cn_admin_codes)."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from geodata.ingest import draft_from_profile
from geodata.ingest.findings import table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

pytestmark = pytest.mark.real
HEAD = """
key = "china"
name_zh = "中国"
name_en = "China"
root = "{folder}"
[[levels]]
key = "country"
name_zh = "国"
name_en = "Country"
"""
LEVEL = """
[[levels]]
key = "{key}"
name_zh = "{key}"
name_en = "{key}"
geometry = false
sources = [{{path = "{path}", {columns}}}]
"""


def units(
    folder: Path, place: Path, levels: dict[str, tuple[str, str]]
) -> tuple[pd.DataFrame, ...]:
    text = HEAD.format(folder=folder) + "".join(
        LEVEL.format(key=key, path=path, columns=columns) for key, (path, columns) in levels.items()
    )
    (place / "china.toml").write_text(text, encoding="utf-8")
    draft = draft_from_profile(place / "china.toml")
    return draft.units, table(draft.findings)


def test_every_community_hangs_under_its_street(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "cn_admin_codes"
    found, findings = units(
        folder,
        tmp_path,
        {
            "street": ("streets.parquet", 'columns = {code = "code", name_zh = "name"}'),
            "community": (
                "villages.parquet",
                'columns = {code = "code", parent = "streetCode", name_zh = "name"}',
            ),
        },
    )  # fmt: skip
    villages = pq.read_table(folder / "villages.parquet").to_pydict()
    streets = set(pq.read_table(folder / "streets.parquet")["code"].to_pylist())
    assert len(villages["code"]) == len(set(villages["code"])) == 620_573
    assert len(streets) == 41_352
    read = findings[findings["reason"] == "read"].set_index("file")["rows"].to_dict()
    assert read == {"streets.parquet": 41_352, "villages.parquet": 620_573}
    lost = [code for code in villages["streetCode"] if code not in streets]
    rejected = findings.loc[findings["action"] == "rejected", "rows"].sum()
    assert rejected == len(lost)
    mine = found[found["level"] == "community"]
    assert len(mine) == 620_573 - len(lost)
    expected = dict(zip(villages["code"], villages["streetCode"], strict=True))
    assert dict(zip(mine["code"], mine["parent"], strict=True)).items() <= expected.items()


def test_small_lists_of_three_levels(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "cn_admin_codes"
    found, findings = units(
        folder,
        tmp_path,
        {
            "province": ("provinces.csv", 'columns = {code = "code", name_zh = "name"}'),
            "city": (
                "cities.csv",
                'columns = {code = "code", parent = "provinceCode", name_zh = "name"}',
            ),
            "area": (
                "areas.csv",
                'columns = {code = "code", parent = "cityCode", name_zh = "name"}',
            ),
        },
    )
    counts = {}
    for name in ("provinces", "cities", "areas"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            counts[f"{name}.csv"] = sum(1 for _ in csv.DictReader(file))
    assert findings.set_index("file").query("reason == 'read'")["rows"].to_dict() == counts
    assert len(found) == sum(counts.values()) + 1
    assert counts["areas.csv"] == 2_978


def test_a_quoted_file_with_a_byte_order_mark_and_four_depths(
    real_data: Path, tmp_path: Path
) -> None:
    folder = real_data / "cn_admin_codes"
    name = "areacity_ok_data_level4.csv.gz"
    with gzip.open(folder / name, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 43_118
    columns = 'columns = {code = "id", name_zh = "ext_name"}, where = {deep = "0"}'
    found, findings = units(folder, tmp_path, {"province": (name, columns)})
    provinces = [row for row in rows if row["deep"] == "0"]
    assert found["code"].tolist()[1:] == [row["id"] for row in provinces]
    counts = findings.set_index("reason")["rows"].to_dict()
    assert counts["read"] == 43_118
    assert counts["belongs_elsewhere"] == 43_118 - len(provinces)

"""A small invented district as other systems would export it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WEST, SOUTH = 116.0, 40.0


def square(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    """Give a rectangle by its corner, in hundredths of a degree from ours."""
    left, bottom = WEST + x / 100, SOUTH + y / 100
    return shapely.box(left, bottom, left + width / 100, bottom + height / 100)


def geojson(path: Path, rows: Iterable[tuple[dict[str, object], shapely.Geometry]]) -> Path:
    """Write features."""
    features = [
        {"type": "Feature", "properties": props, "geometry": json.loads(shapely.to_geojson(shape))}
        for props, shape in rows
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def table(path: Path, rows: list[dict[str, object]], encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def boundaries(folder: Path) -> None:
    """Write a district, its two streets and their six grids."""
    whole = square(0, 0, 6, 4)
    geojson(folder / "区.geojson", [({"编码": "990101", "名称": "试验区"}, whole)])
    streets = [
        (
            {"编码": f"99010100{s}", "名称": f"{'甲乙'[s]}街道", "上级编码": "990101"},
            square(3 * s, 0, 3, 4),
        )
        for s in range(2)
    ]
    geojson(folder / "街道.geojson", streets)
    grids = [
        (
            {"GRID_CODE": f"99010100{s}{g:03}", "WGMC": f"{'甲乙'[s]}第{g}网格", "户数": 100 + g},
            square(3 * s + g, 0, 1, 4),
        )
        for s in range(2)
        for g in range(3)
    ]
    geojson(folder / "网格.geojson", grids)


def cases(count: int = 40) -> list[dict[str, object]]:
    """Rows of a case system's export; every tenth has no coordinates."""
    kinds = [("市容环境", "暴露垃圾"), ("公共设施", "井盖破损"), ("矛盾纠纷", "邻里纠纷")]
    offices = ["城管执法局", "水务局"]
    rows: list[dict[str, object]] = []
    for n in range(count):
        bare = n % 10 == 9
        rows.append(
            {
                "任务号": f"GD{n:05}",
                "问题来源": "12345热线" if n % 2 else "网格上报",
                "大类名称": kinds[n % 3][0],
                "小类名称": kinds[n % 3][1],
                "处置部门": offices[n % 2],
                "上报时间": f"2026/03/{1 + n % 28:02} {n % 24:02}:15:00",
                "结案时间": "" if n % 5 == 0 else f"2026/04/{1 + n % 28:02} 09:00:00",
                "案件状态": "处理中" if n % 5 == 0 else "已结案",
                "所属网格": f"99010100{n % 2}{n % 3:03}",
                "经度": "" if bare else WEST + 0.001 * (1 + n % 57),
                "纬度": "" if bare else SOUTH + 0.001 * (1 + n % 37),
            }
        )
    return rows

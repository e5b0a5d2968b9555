from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.demo.rosters import inspections, ratings, rosters
from geodata.model.schemas import INSPECTIONS, RATINGS, ROSTERS

if TYPE_CHECKING:
    from geodata.demo.plan import Plan
    from geodata.model.draft import Arranged


def test_every_grid_has_a_masked_officer(plan: Plan) -> None:
    table = rosters(plan.world)
    assert {c: str(kind) for c, kind in table.dtypes.items()} == ROSTERS
    grids = plan.world.ground.units.level.count("grid")
    assert (table["role"] == "grid_officer").sum() == grids
    assert table["name_masked"].str.fullmatch(r".\*").all()
    assert table["phone_masked"].str.fullmatch(r"1\d\d\*{4}\d{4}").all()


def test_inspections_are_past_and_mostly_in_time(plan: Plan, arranged: Arranged) -> None:
    table = inspections(plan.world, arranged, plan.until)
    assert {c: str(kind) for c, kind in table.dtypes.items()} == INSPECTIONS
    midnight = plan.world.midnight(plan.until)
    assert (table["last"] < midnight).all()
    assert 0.01 < (table["next"] < midnight).mean() < 0.06
    assert not table.duplicated(["building", "kind_zh"]).any()


def test_streets_rate_slow_departments_lower(plan: Plan) -> None:
    table = ratings(plan.world, plan.until)
    assert {c: str(kind) for c, kind in table.dtypes.items()} == RATINGS
    assert len(table) == 12 * 12 * 12
    assert table["month"].max() == "2026-11"
    score = table.groupby("department")["score"].mean()
    assert score.idxmin() == 0
    assert table["score"].between(40, 100).all()

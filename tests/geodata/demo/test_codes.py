from __future__ import annotations

import pytest

from geodata.demo.codes import PROFILE_OF, demo_profile, read_codes
from geodata.model.schemas import CODE_LISTS


def test_the_lists_have_their_published_sizes_and_types() -> None:
    tables = read_codes().tables
    sizes = {name: len(table) for name, table in tables.items()}
    assert sizes == {"departments": 12, "categories": 16, "matters": 83, "sources": 5}
    for name, schema in CODE_LISTS.items():
        assert {c: str(kind) for c, kind in tables[name].dtypes.items()} == schema
        assert not tables[name].duplicated("key").any()
        assert not tables[name].duplicated("name_zh").any()
        assert not tables[name].duplicated("name_en").any()


def test_every_department_and_category_has_matters() -> None:
    codes = read_codes()
    assert set(codes.department) == set(range(12))
    assert set(codes.category) == set(range(16))
    assert codes.weight.sum() == pytest.approx(1)


@pytest.mark.parametrize("scale", sorted(PROFILE_OF))
def test_a_demo_profile_is_whole(scale: str) -> None:
    profile = demo_profile(scale)
    assert profile.demo is not None
    assert profile.demo.scale == scale
    assert len(profile.matters) == 83
    assert {m.category for m in profile.matters} == {c.key for c in profile.categories}
    assert profile.title_zh == f"{profile.name_zh}城市运行一网统管"
    assert [level.key for level in profile.drill_levels][-1] == "grid"

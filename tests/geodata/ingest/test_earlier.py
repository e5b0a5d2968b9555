"""Earlier boundaries declared in a profile: read, told of, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geodata.ingest import draft_from_profile
from geodata.model.errors import ImportRefusedError, ProfileError
from geodata.model.profile import DIVISION_KEY, read_profile
from tests.geodata.ingest.conftest import FEED, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

EARLIER = """
[[earlier]]
until = "2025-03-01"
levels = [{key = "area", sources = [
  {path = "before.geojson", columns = {name_zh = "name", code = "id"}}]}]
"""


def test_a_level_comes_from_its_own_file_and_the_rest_is_todays(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    files.areas([feature("全", 0), feature("东片", 1), feature("", 1)], "before.geojson")
    city = files.publish(PROFILE + EARLIER)
    (kept,) = city.divisions.values()
    assert (kept.key, kept.until) == ("2025-03-01", "2025-03-01")
    assert city.division_places(kept.key)["name_zh"].tolist() == ["试验市", "东片", "全"]
    assert city.profile.earlier[0].until.isoformat() == "2025-03-01"
    # Its file is told of once, and so is that of today, which nothing else names.
    read = city.findings[city.findings["reason"] == "read"]
    assert sorted(read["file"]) == ["areas.geojson", "before.geojson"]
    lost = city.findings[city.findings["action"] == "rejected"]
    assert lost[["file", "reason"]].to_numpy().tolist() == [["before.geojson", "code_missing"]]


def test_a_file_that_is_not_there_is_named(files: Any) -> None:  # noqa: ANN401
    with pytest.raises(ImportRefusedError, match=r"before\.geojson"):
        draft_from_profile(files.profile(PROFILE + EARLIER + FEED))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (EARLIER.replace("2025-03-01", "last year"), r"earlier\.0\.until: .*date"),
        (EARLIER.replace('key = "area"', 'key = "ward"'),
         r"earlier: .*until 2025-03-01: level 'ward' is none of city, area"),
        (EARLIER * 2, r"earlier: .*until 2025-03-01: stands twice"),
        ('[[earlier]]\nuntil = "2025-03-01"\nlevels = []', r"earlier\.0\.levels: "),
        ('[[divisions]]\nkey = "area"\nname_zh = "a"\nname_en = "a"',
         r"divisions: .*'area' is taken"),
        ('[[divisions]]\nkey = "2025-03-01"\nname_zh = "a"\nname_en = "a"',
         r"divisions: .*'2025-03-01': use small letters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_and_key(files: Any, wrong: str, told: str) -> None:  # noqa: ANN401
    with pytest.raises(ProfileError, match=told) as caught:
        read_profile(files.profile(PROFILE + wrong))
    assert "t.toml" in str(caught.value)


def test_a_key_may_join_words_as_drafts_of_profiles_do() -> None:
    assert DIVISION_KEY.fullmatch("community-district")
    assert not DIVISION_KEY.fullmatch("2025-03-01")

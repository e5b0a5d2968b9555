"""The account of a file begins with what the reader said of it, personal data masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from geodata.formats.garbled import MARKS, QUOTED
from geodata.ingest.findings import SHOWN_TEXT, Account
from geodata.ingest.opening import opened
from geodata.model.profile import Layer, Profile

if TYPE_CHECKING:
    from pathlib import Path

PHONE: Final = "13987654321"
PROFILE: Final = Profile.model_validate(
    {
        "key": "t",
        "name_zh": "试",
        "name_en": "Try",
        "levels": [{"key": "city", "name_zh": "市", "name_en": "City"}],
    }
)
WIDE: Final = "路" * (SHOWN_TEXT - 8)
BROKEN: Final = MARKS + "路" * (QUOTED - 10)


@pytest.mark.parametrize(
    ("cells", "quoted"),
    [
        (f"{PHONE},b", "2,139****4321,b"),
        (f"{WIDE}{PHONE},b", f"2,{WIDE}139***"),
        (f"{MARKS}{PHONE}", f"3; name: {MARKS}139****4321"),
        (f"{BROKEN}{PHONE}", f"3; name: {BROKEN}139****…"),
    ],
)
def test_what_a_finding_quotes_of_a_file_is_masked(tmp_path: Path, cells: str, quoted: str) -> None:
    (tmp_path / "a.csv").write_text(f"no,name\n1,a\n2,{cells}\n3,c\n", "utf-8")
    account = Account()
    opened(Layer(path="a.csv", columns={"name_zh": "name"}), tmp_path, PROFILE, account)
    assert [each["detail"] for each in account if each["detail"]] == [quoted]

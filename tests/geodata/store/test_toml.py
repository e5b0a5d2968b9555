from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from geodata.store.toml import dump

PLAIN = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES = st.recursive(
    PLAIN | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(PLAIN, VALUES, max_size=4))
def test_what_is_written_is_read_back(table: dict[str, object]) -> None:
    assert tomllib.loads(dump(table)) == table

"""Codes by row and rows by code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geodata.model import code_index
from geodata.model.code_index import CodeIndex

if TYPE_CHECKING:
    import pytest

LISTS = st.lists(st.text(max_size=4), max_size=30)


@given(LISTS, LISTS)
def test_finds_what_a_dict_finds(codes: list[str], asked: list[str]) -> None:
    index, known = CodeIndex(codes), {code: row for row, code in enumerate(codes)}
    wanted = [*codes, *asked]
    assert [index.row(code) for code in wanted] == [known.get(code) for code in wanted]
    assert index.rows(wanted).tolist() == [known.get(code, -1) for code in wanted]
    assert [index[row] for row in range(len(index))] == codes


def test_codes_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_index, "hash", lambda _: 7, raising=False)
    index = CodeIndex(["a", "b", "c", "b"])
    assert [index.row(code) for code in ("a", "b", "c", "d")] == [0, 3, 2, None]


def test_takes_a_column_in_chunks() -> None:
    column = pa.chunked_array([["a", "b"], ["c"]])
    index = CodeIndex(column)
    assert (len(index), index[2], index.row("b")) == (3, "c", 1)


def test_is_far_smaller_than_a_list_and_a_dict() -> None:
    codes = [f"33010600{number:09d}" for number in range(2 * code_index.PIECE)]
    index = CodeIndex(codes)
    held = index._codes.nbytes + index._rows.nbytes + index._hashes.nbytes  # noqa: SLF001
    listed = sum(map(sys.getsizeof, codes)) + sys.getsizeof(codes)
    assert held < listed / 2
    assert index.row(codes[-1]) == len(codes) - 1

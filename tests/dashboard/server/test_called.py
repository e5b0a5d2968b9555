from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.server.called import EXACT, INITIAL, LOOSE, PREFIX, WITHIN, Called

URBAN = Called.of("澜汀区城管执法局", "Lanting Urban Management", "澜汀区", "Lanting")
BUREAUS = [
    Called.of(zh, en)
    for zh, en in (
        ("城管执法局", "Urban Management"),
        ("住房和城乡建设局", "Housing and Construction"),
        ("公安分局", "Police"),
        ("财政局", "Finance"),
        ("市场监督管理局", "Market Regulation"),
        ("人力资源和社会保障局", "Labour & Social Security"),
    )
]


@pytest.mark.parametrize(
    ("query", "rank"),
    [
        ("澜汀区城管执法局", EXACT),
        ("城管执法局", EXACT),  # within the city nobody says its name
        ("城管", PREFIX),
        ("城管局", INITIAL),
        ("ＣＧＺＦＪ", INITIAL),
        ("cg", INITIAL),
        ("cgj", INITIAL),
        ("chengguan", PREFIX),
        ("cheng guan ju", INITIAL),
        ("chengguanzhifaju", EXACT),
        ("Chengg", PREFIX),
        ("urban management", EXACT),
        ("urb man", INITIAL),
        ("um", INITIAL),
        ("manage", WITHIN),
        ("执法局", WITHIN),
        ("zhifa", WITHIN),
        ("管局", LOOSE),
        ("guan fa", LOOSE),
        ("局管城", None),
        ("城管局长", None),
        ("cj", None),  # two letters apart would be said by half of all departments
        ("angement", None),
        ("hengguan", None),
        ("", None),
        ("%", None),
    ],
)
def test_how_well_words_fit_a_department(query: str, rank: int | None) -> None:
    assert URBAN.rank(query) == rank


@pytest.mark.parametrize(
    ("query", "department"),
    [
        ("城管局", 0), ("住建局", 1), ("zjj", 1), ("zhujianju", 1), ("公安局", 2), ("市监局", 4),
        ("人社局", 5), ("lab soc", 5), ("finan", 3),
    ],
)  # fmt: skip
def test_a_short_name_is_that_of_one_department(query: str, department: int) -> None:
    ranks = [called.rank(query) for called in BUREAUS]
    assert [row for row, rank in enumerate(ranks) if rank is not None] == [department]


def test_the_name_of_a_city_is_not_cut_out_of_another_word() -> None:
    assert Called.of("市场监管局", "", "市").rank("场监") == WITHIN


@given(st.sampled_from(BUREAUS), st.data())
def test_every_part_of_a_name_in_its_order_finds_it(called: Called, data: st.DataObject) -> None:
    name = called.names[0]
    kept = data.draw(st.lists(st.integers(1, len(name) - 1), min_size=1, unique=True).map(sorted))
    assert called.rank("".join(name[n] for n in (0, *kept))) in {EXACT, PREFIX, INITIAL}

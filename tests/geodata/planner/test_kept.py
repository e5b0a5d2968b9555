"""A bounded memory: made once, the oldest gone first, the same for many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from geodata.planner.kept import MISSING, Kept


def test_what_is_known_is_not_made_again_and_the_oldest_goes_first() -> None:
    kept, made = Kept(2), list[str]()

    def of(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key.upper()

        return kept.of(key, make)

    assert [of("a"), of("b"), of("a"), of("c"), of("a"), of("b")] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]  # a was asked for in between, b was not


def test_many_keys_at_once_come_in_their_order() -> None:
    kept = Kept(10)
    kept.of(2, lambda: "two")
    assert kept.each([1, 2, 3], lambda row: f"row {row}") == ["row 0", "two", "row 2"]


def test_threads_do_not_get_in_each_other_s_way() -> None:
    kept = Kept(5)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: kept.of(n % 9, lambda: n % 9), range(500)))
    assert found == [n % 9 for n in range(500)]


def test_what_is_not_at_hand_is_missing_and_not_made() -> None:
    kept = Kept(2)
    assert kept.held("a") is MISSING
    kept.of("a", lambda: None)
    assert kept.held("a") is None

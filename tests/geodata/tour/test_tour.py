from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.tour.tour import (
    ALERT,
    HELD,
    TOUR,
    Pace,
    Tour,
    back,
    dismissed,
    focus,
    moved,
    paused,
    resumed,
    step,
)

PACE = Pace(place_s=60, alert_s=180, again_s=20)
ORDER = ("a", "b", "c")
START = 1_000_000.0


def begun(order: tuple[str, ...] = ORDER) -> Tour:
    return step(Tour(), START, order, {}, PACE)


def test_the_worst_place_comes_first_then_every_other_one_once_a_round() -> None:
    tour, seen = begun(), []
    for turn in range(7):
        seen.append(tour.at)
        tour = step(tour, START + 60 * (turn + 1), ORDER, {}, PACE)
    assert seen == ["a", "b", "c", "a", "b", "c", "a"]


def test_what_becomes_the_worst_meanwhile_is_next_unless_this_round_has_shown_it() -> None:
    tour = begun()
    tour = step(tour, START + 60, ("c", "a", "b"), {}, PACE)
    assert tour.at == "c"
    tour = step(tour, START + 120, ("c", "a", "b"), {}, PACE)
    assert tour.at == "b"  # "a" and "c" were shown
    tour = step(tour, START + 180, ("c", "a", "b"), {}, PACE)
    assert (tour.at, tour.shown) == ("c", ("c",))


def test_a_day_of_turns_does_not_drift() -> None:
    """Asked every 2.3 seconds, the focus moves each time within them, after 24 h still."""
    tour, now, moves = begun(), START, []
    while now < START + 86_400:
        now += 2.3
        after = step(tour, now, ORDER, {}, PACE)
        if after.turn != tour.turn:
            moves.append(now)
        tour = after
    assert len(moves) == 1440
    assert all(0 <= at - START - 60 * (n + 1) < 2.4 for n, at in enumerate(moves))


def test_a_wall_that_nobody_asked_for_moves_on_once_and_stays_there() -> None:
    tour = step(begun(), START + 10_000, ORDER, {}, PACE)
    assert (tour.at, tour.began) == ("b", START + 10_000)


def test_a_clock_that_is_set_back_does_not_hold_the_wall() -> None:
    tour = step(begun(), START - 86_400, ORDER, {}, PACE)
    assert tour.at == "a"
    assert step(tour, START - 86_400 + 60, ORDER, {}, PACE).at == "b"
    called = step(begun(), START + 5, ORDER, {"x": START}, PACE)
    called = step(called, START - 5_000, ORDER, {"x": START}, PACE)
    assert called.alert_ends == START - 5_000 + 180


def test_a_new_red_alert_takes_the_focus_and_gives_it_back_with_what_was_left() -> None:
    tour = step(begun(), START + 25, ORDER, {"x": START + 24}, PACE)
    shown = focus(tour, ORDER, PACE)
    assert (shown.why, shown.alert, shown.ends) == (ALERT, "x", START + 205)
    tour = step(tour, START + 204, ORDER, {"x": START + 24}, PACE)
    assert tour.alerts == ("x",)
    tour = step(tour, START + 205, ORDER, {"x": START + 24}, PACE)
    shown = focus(tour, ORDER, PACE)
    assert (shown.why, shown.at, shown.ends) == (TOUR, "a", START + 205 + 35)


def test_an_alert_calls_once_also_when_it_comes_back() -> None:
    tour = step(begun(), START + 5, ORDER, {"x": START}, PACE)
    tour = step(tour, START + 10, ORDER, {}, PACE)  # cleared
    assert tour.alerts == ()
    assert step(tour, START + 15, ORDER, {"x": START}, PACE).alerts == ()


def test_the_newest_of_two_red_alerts_is_seen_at_once_and_the_other_again_after_it() -> None:
    reds = {"x": START}
    tour = step(begun(), START + 1, ORDER, reds, PACE)
    reds["y"] = START + 3
    tour = step(tour, START + 4, ORDER, reds, PACE)
    assert tour.alerts == ("y", "x")
    tour = step(tour, START + 184, ORDER, reds, PACE)
    assert (tour.alerts, tour.alert_ends) == (("x",), START + 204)
    tour = step(tour, START + 204, ORDER, reds, PACE)
    assert tour.alerts == ()


def test_what_is_acknowledged_or_cleared_gives_the_focus_back_at_once() -> None:
    tour = step(begun(), START + 1, ORDER, {"x": START}, PACE)
    assert step(tour, START + 2, ORDER, {}, PACE).alerts == ()
    assert dismissed(tour, START + 2, PACE).alerts == ()


def test_a_wall_that_has_just_been_hung_tells_of_new_alerts_only() -> None:
    tour = step(Tour(), START, ORDER, {"old": START - 400, "new": START - 20}, PACE)
    assert tour.alerts == ("new",)


def test_it_stands_still_while_paused_but_for_a_red_alert() -> None:
    tour = paused(begun(), START + 20)
    tour = step(tour, START + 500, ORDER, {}, PACE)
    assert (tour.at, focus(tour, ORDER, PACE).why, focus(tour, ORDER, PACE).ends) == ("a", HELD, 0)
    tour = step(tour, START + 600, ORDER, {"x": START + 599}, PACE)
    assert focus(tour, ORDER, PACE).why == ALERT
    tour = step(tour, START + 800, ORDER, {"x": START + 599}, PACE)
    assert (tour.at, focus(tour, ORDER, PACE).why) == ("a", HELD)
    tour = resumed(tour, START + 900)
    assert focus(tour, ORDER, PACE).ends == START + 940
    assert step(tour, START + 941, ORDER, {}, PACE).at == "b"


def test_previous_and_next_move_by_hand_also_while_paused() -> None:
    tour = begun()
    tour = moved(tour, START + 1, ORDER)
    assert tour.at == "b"
    tour = back(tour, START + 2, ORDER)
    assert (tour.at, tour.shown) == ("a", ("a",))
    assert back(tour, START + 3, ORDER).at == "c"
    held = moved(paused(tour, START + 4), START + 5, ORDER)
    assert (held.at, held.paused) == ("b", START + 5)


def test_the_focus_has_another_key_whenever_it_moves_and_only_then() -> None:
    tour = begun()
    keys = {focus(step(tour, START + n, ORDER, {}, PACE), ORDER, PACE).key for n in range(60)}
    assert len(keys) == 1
    after = step(tour, START + 60, ORDER, {}, PACE)
    again = back(after, START + 61, ORDER)
    assert focus(again, ORDER, PACE).key not in {*keys, focus(after, ORDER, PACE).key}


def test_a_place_that_is_gone_after_a_publication_is_left() -> None:
    assert step(begun(), START + 1, ("b", "c"), {}, PACE).at == "b"
    assert step(begun(), START + 1, (), {}, PACE).at == ""
    alone = begun(("a",))
    assert step(alone, START + 60, ("a",), {}, PACE).at == "a"


EVENTS = st.lists(
    st.tuples(
        st.floats(-100, 400),
        st.permutations(ORDER),
        st.sets(st.sampled_from("uvwxyz")),
        st.sampled_from(("step", "next", "back", "pause", "resume")),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(EVENTS)
def test_whatever_comes_it_looks_at_a_place_and_every_alert_in_focus_is_open(events: list) -> None:
    tour, now = begun(), START
    for passed, order, keys, do in events:
        now += passed
        reds = dict.fromkeys(keys, now)
        tour = {
            "next": moved,
            "back": back,
            "pause": lambda t, n, _: paused(t, n),
            "resume": lambda t, n, _: resumed(t, n),
        }.get(do, lambda t, *_: t)(tour, now, order)
        before = tour
        tour = step(tour, now, order, reds, PACE)
        assert tour.at in order
        assert set(tour.alerts) <= set(reds)
        assert set(reds) <= set(tour.met)
        assert tour.turn >= before.turn
        shown = focus(tour, order, PACE)
        assert shown.began <= now
        assert not shown.ends or shown.ends <= now + PACE.alert_s
        assert 1 <= shown.n <= shown.of
        assert replace(tour) == step(
            tour, now, order, reds, PACE
        )  # the same moment changes nothing

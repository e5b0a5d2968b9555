"""One cause is one alert; levels rise, reds stay few, floods become one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.model.periods import DAY, HOUR
from geodata.model.tuning import WarningRules as Settings
from geodata.warning.folding import Alert, Folding, Hit, fold
from geodata.warning.levels import BLUE, ORANGE, RED
from geodata.warning.texts import Names, kind, told

T0 = 1_790_000_000
SETTINGS = Settings(reds_a_month=2, oranges_a_month=3, flood=5)
HIT = Hit(
    moment=T0, detector="scan", matter=1, category=0, syndrome=-1, topics=frozenset([1]), x=0.0,
    y=0.0, site=3, path=(0, 1, 4), zone=-1, distance=150.0, window=HOUR, count=5, expected=0.2,
    recurrence=1.0,
)  # fmt: skip


def folded(
    *hits: Hit, now: int = T0 + 30 * DAY, urgent: frozenset[int] = frozenset()
) -> list[Alert]:
    return fold(sorted(hits, key=lambda hit: hit.moment), SETTINGS, urgent, now)


def test_hits_of_one_place_are_one_alert_that_ends_when_it_is_quiet() -> None:
    hits = [replace(HIT, moment=T0 + n * 600, x=40.0 * n) for n in range(4)]
    (alert,) = folded(*hits)
    assert (alert.raised, alert.cleared) == (T0, T0 + 3 * 600 + 6 * HOUR)
    (still,) = folded(*hits, now=T0 + HOUR)
    assert still.cleared == 0


def test_another_place_and_another_matter_are_other_alerts() -> None:
    far = replace(HIT, x=5_000.0, path=(0, 2, 7))
    other = replace(HIT, matter=2, topics=frozenset([2]))
    assert len(folded(HIT, far, other)) == 3


def test_a_rising_alert_is_raised_anew_at_its_higher_level() -> None:
    first, second = folded(HIT, replace(HIT, moment=T0 + 900, recurrence=9.0, count=12))
    assert (first.level, first.cleared) == (BLUE, T0 + 900)
    assert (second.level, second.raised) == (RED, T0 + 900)
    assert second.hit.count == 12


def test_reds_and_oranges_are_the_strongest_of_a_month() -> None:
    hits = [
        replace(HIT, moment=T0 + n * DAY, recurrence=9.0 - n / 10, x=9_000.0 * n, path=(0, n + 5))
        for n in range(10)
    ]
    levels = [alert.level for alert in folded(*hits)]
    assert levels.count(RED) == 2
    assert levels.count(ORANGE) == 3


@pytest.mark.parametrize("count", [4, 5, 8])
def test_a_flood_becomes_one(count: int) -> None:
    hits = [
        replace(HIT, moment=T0 + n * 300, x=2_000.0 * n, path=(0, 1, 4 + n)) for n in range(count)
    ]
    alerts = folded(*hits, now=T0 + 2 * HOUR)
    still = [alert for alert in alerts if not alert.cleared]
    if count < SETTINGS.flood:
        assert len(still) == count
        return
    (one,) = still
    assert kind(one) == "flood"
    assert one.hit.zone == 1  # what holds all of them
    assert one.flood == SETTINGS.flood


def test_the_reason_says_what_it_rests_on_in_both_languages() -> None:
    names = Names(
        [("甲", "A"), ("燃气异味", "Gas smell")], [("安全", "Safety")], [("区", "Unit")] * 9
    )
    (alert,) = folded(replace(HIT, recurrence=1.5))
    said = told(alert, names)
    assert said["title_zh"] == "燃气异味 5 件"
    assert said["reason_en"].startswith(
        "5 cases of 'Gas smell' within 150 m in an hour; usually fewer than 1"
    )
    assert "150 米" in said["reason_zh"]
    assert not any(brace in text for text in said.values() for brace in "{}")
    again = replace(alert, hit=replace(alert.hit, distance=30.0, window=7 * DAY))
    assert "同一地点反复" in told(again, names)["reason_zh"]


@pytest.mark.parametrize(
    ("recurrence", "zh", "en"),
    [
        (-1.0, "当地少见，按常态全市每天约有 10 次", "about 10 times a day city-wide"),
        (-0.1, "当地少见，按常态全市每天约有 1 次", "about once a day city-wide"),
        (0.1, "按常态约每天一遇", "about once in a day"),
        (1.0, "按常态约 10 天一遇", "about once in 10 days"),
        (2.6, "按常态约一年一遇以上", "about once in a year or more"),
        (3.0, "按常态约 2 年一遇以上", "about once in 2 years or more"),
        (9.0, "按常态约百年一遇以上", "about once in a century or more"),
    ],
)
def test_how_rare_it_is_is_said_in_words_of_an_office(recurrence: float, zh: str, en: str) -> None:
    names = Names([], [], [("区", "Unit")] * 9)
    every = replace(HIT, matter=-1, category=-1, recurrence=recurrence, expected=3.4, count=12)
    said = told(folded(every)[0], names)
    assert said["reason_zh"].endswith("上报各类诉求 12 件，常态约 3.4 件；" + zh)
    english = "12 cases of all kinds within 150 m in an hour; usually 3.4; "
    unusual = "unusual here, but " if recurrence < 0 else ""
    assert said["reason_en"] == f"{english}{unusual}expected by chance {en}"
    few = told(folded(replace(every, expected=0.04))[0], names)
    assert "常态不足 1 件；" in few["reason_zh"]
    assert "; usually fewer than 1; " in few["reason_en"]


def test_a_flood_rests_on_all_that_was_put_together_whatever_comes_last() -> None:
    hits = [replace(HIT, moment=T0 + n * 300, x=2_000.0 * n, path=(0, 1, 4 + n)) for n in range(5)]
    last = replace(hits[2], moment=T0 + 3_000, recurrence=9.0, count=7)
    flood = folded(*hits, last, now=T0 + 2 * HOUR)[-1]
    assert (kind(flood), flood.hit.zone, flood.hit.count) == ("flood", 1, 25)
    assert flood.level == RED


def test_the_budget_of_reds_is_a_cap() -> None:
    """Each is stronger than all before it, so that ranks alone would let every one be red."""
    hits = [
        replace(HIT, moment=T0 + n * DAY, recurrence=5.0 + n / 10, x=9_000.0 * n, path=(0, n + 5))
        for n in range(10)
    ]
    levels = [alert.level for alert in folded(*hits)]
    assert levels.count(RED) == 2
    assert levels.count(ORANGE) == 8


def test_what_grows_into_the_place_of_another_is_one_alert_with_it() -> None:
    """A category and a syndrome of it began at two ends of a street and now both fill it."""
    wide, narrow = frozenset([1, 2, 3]), frozenset([1, 2])
    one = replace(HIT, matter=-1, topics=wide, path=(0, 1, 4))
    other = replace(HIT, matter=-1, topics=narrow, x=3_000.0, path=(0, 1, 5), moment=T0 + 60)
    street = {"zone": 1, "distance": 0.0, "recurrence": 5.0}
    grown = [
        replace(one, moment=T0 + 600, count=176, **street),
        replace(other, moment=T0 + 900, count=166, **street),
    ]
    still = [alert for alert in folded(one, other, *grown, now=T0 + HOUR) if not alert.cleared]
    assert len(still) == 1


def test_a_small_cluster_inside_a_large_one_stays_an_alert_of_its_own() -> None:
    street = replace(HIT, zone=1, distance=0.0, count=300, expected=200.0, window=DAY)
    small = replace(HIT, moment=T0 + 600, count=6, expected=0.3)
    assert len(folded(street, small)) == 2


def test_alerts_go_on_from_what_was_known_as_if_nothing_had_been() -> None:
    hits = [replace(HIT, moment=T0 + n * HOUR, x=40.0 * n, count=5 + n) for n in range(6)]
    whole = Folding(SETTINGS, frozenset())
    whole.add(hits)
    begun = Folding(SETTINGS, frozenset())
    begun.add(hits[:3])
    again = Folding(SETTINGS, frozenset())
    again.resume(begun.alerts(T0 + 2 * HOUR))
    again.add(hits[3:])
    assert again.alerts(T0 + DAY) == whole.alerts(T0 + DAY)


def test_a_flood_takes_in_nothing_that_comes_much_later() -> None:
    """Parking all over a district is one thing at noon; on other days it is another each time."""
    hits = [
        replace(HIT, moment=T0 + n * 300, x=2_000.0 * n, path=(0, n + 4, n + 40)) for n in range(6)
    ]
    kept_up = [replace(hits[n], moment=T0 + n * 4 * HOUR, window=DAY) for n in range(1, 6)]
    alerts = folded(*hits, *kept_up, now=T0 + DAY)
    assert sum(kind(alert) == "flood" for alert in alerts) == 1
    assert [alert for alert in alerts if kind(alert) != "flood" and alert.raised > T0 + 6 * HOUR]

"""Which stretches of time a request needs, worked out once before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geodata.model.periods import (
    DAY,
    HOUR,
    NORM_WEEKS,
    WEEK,
    Window,
    day_start,
    last_days,
    norm_windows,
    shift_weeks,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from geodata.engine.request import Request

HOURLY_UP_TO = 14 * DAY
SPARK_DAYS: Final = 14  # of the small lines
BACKLOG_S: Final = 90 * DAY


@dataclass(frozen=True)
class Plan:
    """The stretches of one request.

    window: the period, cut at `now`; before: the window just before, None where the data begin
    later; then: the moment as of which `before` is judged; earlier: windows of the norm; days:
    edges of the small lines; trend: what the trend shows; past: what must be counted for it all.
    """

    asof: int
    window: Window
    before: Window | None
    then: int
    earlier: tuple[Window, ...]
    days: tuple[int, ...]
    trend: Window
    trend_step_s: int
    past: Window
    first: int

    @property
    def present(self) -> Window:
        """What must be read case by case: the period and the days of the small lines."""
        return Window(min(self.window.start, self.days[0]), self.window.end)

    @property
    def windows(self) -> tuple[Window, ...]:
        """Every stretch of which anything is read."""
        held = Window(self.backlog_from, self.asof + 1)
        return (self.present, self.past, held, *([self.before] if self.before else []))

    @property
    def backlog_from(self) -> int:
        """Where the oldest case that may count as backlog was reported."""
        return min(self.asof, self.then) - BACKLOG_S

    def values(self) -> dict[str, Any]:
        """Parameters of the statements that depend on time alone."""
        nothing = Window(0, 0)
        before = self.before or nothing
        values: dict[str, Any] = {
            "start": self.window.start,
            "end": self.window.end,
            "then": self.then,
            "before_lo": before.start,
            "before_hi": before.end,
            "past_lo": self.past.start,
            "past_hi": self.past.end,
            "backlog_from": self.backlog_from,
        }
        values |= {f"day_{number}": edge for number, edge in enumerate(self.days)}
        for number in range(NORM_WEEKS):
            window = self.earlier[number] if number < len(self.earlier) else nothing
            values |= {f"from_{number}": window.start, f"to_{number}": window.end}
        return values


def plan(request: Request, first: int, zone: ZoneInfo) -> Plan:
    """Work out the stretches; `first` is the moment at which the data begin."""
    length = request.end - request.start
    end = max(request.start, min(request.end, request.now + 1))
    window = Window(request.start, end)
    known = request.start - length >= first
    earlier = norm_windows(window, first, zone)
    hourly = length <= HOURLY_UP_TO
    trend = Window(end - HOURLY_UP_TO if hourly else day_start(request.start, zone), end)
    # A day to spare: local clocks change, and a step begins before the moment it is shown for.
    band = shift_weeks(trend.start, -NORM_WEEKS, zone) - DAY
    return Plan(
        asof=request.now,
        window=window,
        before=Window(request.start - length, request.start) if known else None,
        then=request.now - length,
        earlier=earlier,
        days=last_days(max(end, request.start + 1), SPARK_DAYS, zone),
        trend=trend,
        trend_step_s=HOUR if hourly else DAY,
        past=Window(min([band, *(each.start for each in earlier)]), end),
        first=first,
    )


def steps_a_week(step_s: int) -> int:
    """How many steps of the trend a week has."""
    return WEEK // step_s

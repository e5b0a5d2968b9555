"""All detectors over a stretch of time, and what they find as a table of alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.model.periods import DAY
from geodata.model.schemas import WARNINGS
from geodata.warning.bands import Excess, bands
from geodata.warning.folding import Alert, Folding, Hit
from geodata.warning.rhythm import Rhythm
from geodata.warning.scan import ALL, CATEGORY, scan
from geodata.warning.texts import SAME_PLACE_M, kind, told
from geodata.warning.topics import about, resumed, topic

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.warning.cases import Cases
    from geodata.warning.city import Ground
    from geodata.warning.scan import Hits

    Ints = npt.NDArray[np.int64]

RANKED_DAYS: Final = 30  # before the first alert that is told: what it ranks with
SECOND_LOOK_S: Final = DAY  # what arrives later than it was reported is still judged for so long
KEPT_DAYS: Final = 400  # a cleared alert is told for so long
NEAR_M: Final = 150.0  # an alert no wider than this is shown at its site
HALF: Final = 0.5  # of a circle's area, which the unit that is named must have


def needed(ground: Ground, until: int) -> int:
    """The moment from which cases are needed to judge what was reported after `until`."""
    before = ground.profile.warning.baseline_days * DAY + SECOND_LOOK_S + DAY
    return max(until - before, 0)


class Judge:
    """Judges every case once, as cases arrive, and goes on from the alerts that were known.

    until: the moment up to which cases have been judged.
    """

    def __init__(self, ground: Ground, until: int) -> None:
        """Begin at a moment, without any alert."""
        self.ground, self.until = ground, until
        self._folding = Folding(ground.profile.warning, ground.urgent)
        self._seen: Ints | None = None

    @classmethod
    def before(cls, ground: Ground, since: int) -> Judge:
        """Begin so long before a moment that what is found from then on is ranked as usual."""
        return cls(ground, since - RANKED_DAYS * DAY)

    @classmethod
    def resumed(cls, ground: Ground, known: pd.DataFrame, until: int) -> Judge:
        """Go on from WARNINGS that held at a moment."""
        judge = cls(ground, until)
        rows = known.sort_values("raised", kind="stable").iterrows()
        judge._folding.resume(resumed(ground, row) for _, row in rows)
        return judge

    def look(self, cases: Cases, now: int) -> None:
        """Judge the cases not judged yet, up to a moment; cases: all from `needed` on."""
        cases = cases.upto(now)
        judged = cases.reported > self.until
        if self._seen is not None:
            late = np.flatnonzero(~judged & (cases.reported > self.until - SECOND_LOOK_S))
            judged[late[~np.isin(cases.id[late], self._seen)]] = True
        self._folding.add(self._found(cases, judged, now))
        self._folding.forget(now - KEPT_DAYS * DAY)
        self._seen = cases.id[cases.reported > now - SECOND_LOOK_S]
        self.until = now

    def table(self, since: int = 0) -> pd.DataFrame:
        """Make WARNINGS (without `alert`) of what stood at any moment after `since`."""
        alerts = [
            alert
            for alert in self._folding.alerts(self.until)
            if (not alert.cleared or alert.cleared > since) and alert.cleared != alert.raised
        ]
        return self._told(alerts)

    def _found(self, cases: Cases, judged: npt.NDArray[np.bool_], now: int) -> list[Hit]:
        """Hits of every detector among some cases, oldest first."""
        ground = self.ground
        found: list[Hit] = []
        if judged.any():
            rhythm = Rhythm.of(cases.reported, now, ground.profile.time_zone)
            settings = ground.profile.warning
            hits = scan(cases, ground.people, rhythm, settings, judged, ground.syndromes)
            found += self._scanned(cases, hits)
        root = np.zeros((1, len(cases)), dtype=np.int64)
        levels = np.concatenate([root, cases.zones[:1]])
        found += self._banded(bands(cases, levels, len(ground.places), self.until + 1, now))
        return sorted(found, key=lambda hit: (hit.moment, -hit.recurrence))

    def _scanned(self, cases: Cases, hits: Hits) -> list[Hit]:
        ground = self.ground
        unit = ground.sites["unit"].to_numpy()
        return [
            Hit(
                moment=int(cases.reported[row]),
                detector="scan",
                **about(ground, int(hits.kind[n]), int(hits.code[n]), int(cases.category[row])),
                x=float(cases.x[row]),
                y=float(cases.y[row]),
                site=int(cases.site[row]),
                path=ground.tree.path(int(unit[cases.site[row]])),
                zone=int(cases.zones[hits.zone[n], row]) if hits.zone[n] >= 0 else -1,
                distance=float(hits.distance[n]),
                window=int(hits.window[n]),
                count=int(hits.count[n]),
                expected=float(hits.expected[n]),
                recurrence=float(hits.recurrence[n]),
            )
            for n, row in enumerate(hits.row)
        ]

    def _banded(self, over: Excess) -> list[Hit]:
        ground = self.ground
        least = np.log10(ground.profile.warning.recurrence_days[-1])
        found = []
        for n in np.flatnonzero(over.recurrence >= least):
            unit = int(over.unit[n])
            point = (ground.places[name].iloc[unit] for name in ("label_lon", "label_lat"))
            x, y = ground.plane.metres(*(np.array([float(v)]) for v in point))
            found.append(
                Hit(
                    moment=int(over.moment[n]),
                    detector="band",
                    **about(ground, *self._band_kind(int(over.category[n]))),
                    x=float(x[0]),
                    y=float(y[0]),
                    site=-1,
                    path=ground.tree.path(unit),
                    zone=unit,
                    distance=0.0,
                    window=int(over.window[n]),
                    count=int(over.count[n]),
                    expected=float(over.expected[n]),
                    recurrence=float(over.recurrence[n]),
                )
            )
        return found

    @staticmethod
    def _band_kind(category: int) -> tuple[int, int, int]:
        return (CATEGORY if category >= 0 else ALL, category, category)

    def _told(self, alerts: list[Alert]) -> pd.DataFrame:
        rows = [self._row(alert) for alert in alerts]
        schema = {name: kind for name, kind in WARNINGS.items() if name != "alert"}
        frame = pd.DataFrame(rows, columns=list(schema))
        frame["cleared"] = frame["cleared"].where(frame["cleared"] > 0).astype("Float64")
        return frame.astype(schema)

    def _row(self, alert: Alert) -> dict[str, object]:
        hit = alert.hit
        lon, lat = self.ground.plane.degrees(hit.x, hit.y)
        near = hit.zone < 0 and hit.distance <= NEAR_M
        return {
            "level": alert.level,
            "unit": self._unit(hit),
            "site": hit.site if near else -1,
            "lon": lon,
            "lat": lat,
            "category": hit.category,
            "raised": alert.raised,
            "cleared": alert.cleared,
            "cases": hit.count,
            **told(alert, self.ground.names),
            "kind": kind(alert),
            "matter": hit.matter,
            "topic": topic(self.ground, hit),
            "since": hit.moment - hit.window,
            "until": hit.moment,
            "expected": hit.expected,
            "radius_m": 0.0 if hit.zone >= 0 else max(hit.distance, SAME_PLACE_M),
            "recurrence_days": 10.0 ** min(hit.recurrence, 9.0),
            "ends": alert.ends,
            "alike": alert.flood,
        }

    def _unit(self, hit: Hit) -> int:
        """The unit an alert is told of: its zone, or the smallest about as large as its circle."""
        if hit.zone >= 0:
            return hit.zone
        circle = HALF * np.pi * (hit.distance / 1000) ** 2
        area = self.ground.places["area_km2"].to_numpy(np.float64)
        fitting = [unit for unit in reversed(hit.path) if not area[unit] < circle]
        return fitting[0] if fitting else hit.path[0]

"""The words of an event: its stages, and the fields that each may bring."""

from __future__ import annotations

from typing import Final

from geodata.model.schemas import DEADLINES, STAGES

HAPPENED: Final = (*STAGES, "whistled", "whistle_arrived", "voided")  # each sets its own moment
COUNTED: Final = ("returned", "reopened", "extended", "appealed")  # each adds one to its column
# These say something without a moment of their own, and need a field to say it with.
SAYING: Final = {
    "due": "due",
    "suspended": "suspended_s",
    "rated": "satisfaction",
    "duplicate": "duplicate_of",
}
CORRECTED: Final = "corrected"
REPORTED: Final = "reported"
KNOWN: Final = frozenset({*HAPPENED, *COUNTED, *SAYING, CORRECTED})

CODES: Final = ("category", "department", "first_department", "matter")
PLACE: Final = ("lon", "lat", "building", "unit")  # one word on the place, taken as a whole
NUMBERS: Final = {  # field → least and most
    "floor": (-99, 999),
    "room": (0, 32_767),
    "settled_at": (0, 4),
    "satisfaction": (0, 5),
    "suspended_s": (0, 2**31 - 1),
}
MOMENTS: Final = ("occurred", *DEADLINES)
FIELDS: Final = frozenset({*CODES, *PLACE, "crs", *NUMBERS, *MOMENTS, "duplicate_of"})
# What a correction alone may set; None there means that it is not so.
CORRECTABLE: Final = FIELDS | {*HAPPENED, *COUNTED}
NEVER_NONE: Final = frozenset({"category", REPORTED, *NUMBERS, *COUNTED})
MOST_COUNTED: Final = 127
UNDONE: Final = ("resolved", "verified", "closed")  # by `reopened`

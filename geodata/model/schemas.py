"""Column names and types of every published table, each written once.

Geometry columns are WGS-84 (EPSG:4326, lon lat); moments are epoch seconds UTC (`UInt32`, null =
has not happened or is not known); references between tables are row numbers (int32, -1 = none).
"""

from typing import Final

Schema = dict[str, str]

PLACES: Final[Schema] = {  # one row per unit of a division, in depth-first order; row = `unit`
    "unit": "int32",
    "code": "string",  # opaque
    "parent": "int32",  # -1 for the root
    "level": "string",
    "name_zh": "string",
    "name_en": "string",
    "initials": "string",  # pinyin initials of name_zh, lower case: hwjd
    "kind": "string",
    "people": "int64",  # -1 where not known
    "households": "int64",
    "area_km2": "float64",
    "label_lon": "float64",  # a point inside the unit; NaN without geometry
    "label_lat": "float64",
    "site_from": "int32",  # the unit's sites are the half-open range [site_from, site_to)
    "site_to": "int32",
}  # + geometry (nullable)

SITES: Final[Schema] = {  # sorted so that every base unit is one range; row = `site`
    "site": "int32",
    "kind": "int8",  # one of the kinds below; from SITE_UNKNOWN on nobody knows where it lies
    "unit": "int32",  # deepest unit of the base division that is known
    "building": "int32",
    "lon": "float64",  # NaN for the unknown place
    "lat": "float64",
}
SITE_BUILDING, SITE_OUTDOOR, SITE_UNKNOWN = 0, 1, 2
SITE_FORMER = 3  # the unknown place of a unit that is no more, or of which only a part is here

BUILDINGS: Final[Schema] = {  # row = `building`
    "building": "int32",
    "code": "string",
    "name_zh": "string",
    "name_en": "string",
    "estate": "string",  # estate code or ""
    "kind": "string",
    "floors": "int16",
    "rooms_per_floor": "int16",  # 0 where there is no floor table
    "households": "int32",
    "people": "int32",
    "key_people": "int32",  # people in need of attention
    "organisations": "int32",
    "year": "int16",  # 0 where not known
    "unit": "int32",
    "site": "int32",
    "lon": "float64",
    "lat": "float64",
}  # + geometry

ESTATES: Final[Schema] = {
    "code": "string",
    "name_zh": "string",
    "name_en": "string",
    "unit": "int32",
    "kind": "string",
    "year": "int16",
    "households": "int32",
    "people": "int32",
}  # + geometry

INCIDENTS: Final[Schema] = {  # Parquet files of one month each, sorted by `reported`
    "id": "int64",
    "key": "string",  # the number under which the source knows it
    "site": "int32",
    "lon": "float32",  # where it happened; NaN = unknown
    "lat": "float32",
    "category": "int16",  # row of `categories`
    "matter": "int16",  # row of `matters`, -1 = none
    "department": "int16",  # row of `departments`, -1 = none yet
    "first_department": "int16",  # row of `departments`, first dispatched to; -1 = not known
    "source": "int8",  # row of `sources`
    "settled_at": "int8",  # 0 not yet/unknown, 1 grid or community, 2 street, 3 district, 4 city
    "occurred": "UInt32",
    "reported": "UInt32",
    "accepted": "UInt32",
    "dispatched": "UInt32",
    "taken": "UInt32",  # the department has signed for it
    "arrived": "UInt32",
    "resolved": "UInt32",
    "verified": "UInt32",
    "closed": "UInt32",
    "due": "UInt32",  # null = no limit
    "due_original": "UInt32",  # before any extension and suspension; null = as `due`
    "whistled": "UInt32",
    "whistle_arrived": "UInt32",
    "voided": "UInt32",
    "returned": "int8",  # how often a department sent it back
    "reopened": "int8",
    "extended": "int8",
    "suspended_s": "int32",
    "appealed": "int8",
    "satisfaction": "int8",  # 0 not asked, 1 very bad … 5 very good
    "duplicate_of": "int64",  # id of the first report, -1 = none
    "floor": "int16",  # 0 = none
    "room": "int16",
    "by_day": "int16",  # DAY_BITS of stages known by their day only; no minutes come of them
}
LATER_COLUMNS: Final = {"by_day": 0, "due_original": 0, "first_department": -1}  # if files lack it
STAGES = (
    "reported",
    "accepted",
    "dispatched",
    "taken",
    "arrived",
    "resolved",
    "verified",
    "closed",
)
DAY_BITS: Final = {stage: 1 << number for number, stage in enumerate(STAGES)}
MOMENTS = tuple(c for c, kind in INCIDENTS.items() if kind == "UInt32")

DEADLINES: Final = ("due", "due_original")  # moments that are known before they come

ALERTS: Final[Schema] = {
    "alert": "int32",
    "level": "int8",  # 1 red, 2 orange, 3 yellow, 4 blue
    "unit": "int32",
    "site": "int32",
    "lon": "float64",
    "lat": "float64",
    "category": "int16",
    "raised": "UInt32",
    "cleared": "UInt32",
    "cases": "int32",
    "title_zh": "string",
    "title_en": "string",
    "reason_zh": "string",
    "reason_en": "string",
}

WARNINGS: Final[Schema] = {  # alerts of our own detectors, with what they rest on
    **ALERTS,
    "kind": "string",  # scan | repeat | band | flood
    "matter": "int16",  # -1 = several
    "topic": "string",  # matter:KEY | syndrome:KEY | category:KEY | all: what was counted
    "since": "UInt32",  # the cases counted were reported from then …
    "until": "UInt32",  # … to then
    "expected": "float64",  # usual cases
    "radius_m": "float64",  # round lon, lat; 0 = in the whole unit
    "recurrence_days": "float64",  # as strong comes by chance once in so many
    "ends": "UInt32",  # when it is cleared unless a further case comes; null: an older table
    "alike": "UInt32",  # alerts put together, 1 = none
}

FINDINGS: Final[Schema] = {
    "file": "string",
    "row": "int64",  # its number in the file (`ingest.numbering`), 0 = the whole file
    "key": "string",
    "action": "string",  # read | repaired | kept | rejected | set_aside
    "reason": "string",  # stable key, e.g. "invalid_polygon"
    "detail": "string",
    "cure": "string",
    "rows": "int64",  # how many rows this finding covers
}

TOPOLOGY: Final[Schema] = {  # one row per place where borders do not meet, or do so oddly
    "level": "string",
    "kind": "string",  # overlap | gap | uncovered | outside_parent | exclave | multi_part | moved
    "unit": "string",  # code
    "other": "string",  # code of the unit overlapped, the parent left uncovered, the host …
    "area_m2": "float64",
    "width_m": "float64",  # mean width: area over half the perimeter
    "sliver": "bool",
    "lon": "float64",
    "lat": "float64",
}  # + geometry

DIVISIONS: Final[Schema] = {  # hierarchies over the same sites beside the one in force
    "key": "string",  # of a professional grid; of earlier boundaries the day that ended them
    "name_zh": "string",  # "" of earlier boundaries, which are called by their day
    "name_en": "string",
    "until": "string",  # 2025-03-01, the first day of those that followed; "" = not ended
}
LEVELS: Final[Schema] = {  # of such a hierarchy, top first
    "key": "string",
    "name_zh": "string",
    "name_en": "string",
    "plural_en": "string",
    "drill": "int8",
    "shaped": "int8",  # whether its units have borders
}
SITE_UNIT: Final[Schema] = {"site": "int32", "unit": "int32"}  # the deepest unit known there

CODE_LISTS: Final[dict[str, Schema]] = {
    "departments": {"key": "string", "name_zh": "string", "name_en": "string"},
    "categories": {"key": "string", "name_zh": "string", "name_en": "string"},
    "matters": {
        "key": "string",
        "name_zh": "string",
        "name_en": "string",
        "category": "int16",
        "department": "int16",
        "limit": "float64",  # 0 = none
        "limit_kind": "string",  # one of `calendar.KINDS`
    },
    "sources": {"key": "string", "name_zh": "string", "name_en": "string", "interval_s": "int64"},
}

# Who reported a case and in which words; masked for every reader, the words as they came lie apart.
PARTICULARS: Final[Schema] = {
    "id": "int64",  # of the case
    "reporter": "string",
    "phone": "string",
    "id_number": "string",
    "address": "string",
    "text": "string",
}
# Column → kind of `model.personal`, by table: nothing of these is stored or shown as it came.
PERSONAL: Final[dict[str, dict[str, str]]] = {
    "particulars": {
        "reporter": "name",
        "phone": "phone",
        "id_number": "id_number",
        "address": "address",
        "text": "text",
    },
    "rosters": {"name_masked": "name", "phone_masked": "phone"},
}
TOLD: Final = tuple(PERSONAL["particulars"])

ROSTERS: Final[Schema] = {  # who looks after a unit; personal fields are stored masked
    "unit": "int32",
    "role": "string",
    "name_masked": "string",
    "phone_masked": "string",
}
FULL_SCORE: Final = 100
RATINGS: Final[Schema] = {  # reverse evaluation: how streets rate departments
    "month": "string",  # 2026-10, of the city's calendar
    "unit": "int32",  # whose rating it is
    "department": "int16",  # who is rated
    "score": "float64",  # 0 to 100
    "cases": "int32",  # that it rests on
}
INSPECTIONS: Final[Schema] = {
    "building": "int32",
    "kind_zh": "string",
    "kind_en": "string",
    "last": "UInt32",
    "next": "UInt32",
}

"""JSON in all its shapes: GeoJSON, Esri JSON, bare arrays, lines of JSON, records of Open311."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geodata.formats import esri, geojson, strange, texts
from geodata.formats.cells import column, written
from geodata.formats.names import unique
from geodata.formats.sheet import GEOMETRY, FileRefusedError, Raw, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.formats.source import Source

_QUOTED: Final = 500
_WRAPPED: Final = 4  # a list of records may lie this deep: {"data": {"page": {"list": […]}}}
_MEMBERS: Final = frozenset({"type", "id", "bbox", "properties", GEOMETRY, "attributes"})


@dataclass
class _Found:
    """Features or records of a document, in the file's order."""

    items: list[Any]
    crs: str = ""
    is_esri: bool = False
    shaped: bool = False  # it is a list of features, even if of none
    numbers: list[int] = field(default_factory=list)
    moments: frozenset[str] = frozenset()  # properties that are a count of milliseconds
    cut_off: bool = False  # the server had more to say


def read(source: Source) -> Raw:
    """Read features or records."""
    text, encoding = texts.decode(source.content(), source.encoding)
    raw = Raw({}, encoding=encoding)
    found = _parsed(text.lstrip("\ufeff"), source, raw)
    if len(found.items) > source.limits.features:
        detail = f"holds {len(found.items):,} features"
        raise FileRefusedError(reason="too_many_rows", detail=detail, cure="split it")
    _keep_objects(found, raw)
    if found.shaped or any(_is_feature(item) for item in found.items):
        raw.crs = found.crs or ("" if found.is_esri else geojson.CRS84)
        shapes = esri.shapes if found.is_esri else geojson.shapes
        raw.shapes = shapes([_geometry(item) for item in found.items], raw)
    _columns([_properties(item) for item in found.items], found, source.limits.columns, raw)
    if found.cut_off:
        cure = "ask the server for the other pages (resultOffset, startIndex), and hand in all"
        raw.remarks.append(Remark("kept", "answer_cut_off", [], cure))
    strange.note(raw)
    return raw


def _parsed(text: str, source: Source, raw: Raw) -> _Found:
    try:
        bare = text.lstrip("\x1e \t\r\n")
        document = json.loads(bare)
        found = _found(document, source)
        if isinstance(document, dict):
            found.moments = esri.moments_of(document)
            found.cut_off = _cut_off(document)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" in bare[: error.pos + 2]:
            return _lines(text, raw)
        detail = f"breaks off being JSON at line {error.lineno} ({error.msg})"
        raise FileRefusedError(reason="damaged", detail=detail, cure="export it again") from error
    except RecursionError as error:
        detail = "is nested deeper than any real file"
        raise FileRefusedError(reason="too_deep", detail=detail, cure="export it again") from error
    return found


def _cut_off(document: dict[str, Any]) -> bool:
    """Say whether an answer is a page of a longer one, as ArcGIS and WFS servers tell it."""
    known, features = document.get("properties"), document.get("features")
    if any(
        isinstance(said, dict) and said.get("exceededTransferLimit") is True
        for said in (document, known)
    ):
        return True
    totals = (document.get(name) for name in ("numberMatched", "totalFeatures"))
    return isinstance(features, list) and any(
        isinstance(total, int) and total > len(features) for total in totals
    )


def _lines(text: str, raw: Raw) -> _Found:
    """Read a record or feature from every line."""
    found, broken = _Found([]), {}
    raw.of = "row"
    # Not by splitlines: a text in JSON may hold U+2028 and other ends of lines.
    for number, written_line in enumerate(text.split("\n"), start=1):
        if not (line := written_line.strip("\x1e \t\r")):
            continue
        try:
            found.items.append(json.loads(line))
            found.numbers.append(number)
        except (json.JSONDecodeError, RecursionError):
            broken[number] = line[:_QUOTED]
    if not found.items:
        raise FileRefusedError(
            reason="damaged", detail="is no JSON, as a whole or by line", cure="export it again"
        )
    if broken:
        cure = "export these lines again"
        rows, quoted = list(broken), tuple(broken.values())
        raw.remarks.append(Remark("rejected", "line_not_json", rows, cure, quoted))
    found.is_esri = _is_esri({}, found.items)
    return found


def _found(document: object, source: Source) -> _Found:
    if isinstance(document, list):
        return _Found(document, is_esri=_is_esri({}, document))
    if not isinstance(document, dict):
        raise FileRefusedError(
            reason="no_features", detail="holds no list of features", cure="export it again"
        )
    _refuse_others(document)
    if "features" in document:
        items = _listed(document["features"])
        if is_esri := _is_esri(document, items):
            return _Found(items, esri.crs_of(document), is_esri, shaped=True)
        return _Found(items, geojson.crs_of(document), shaped=True)
    if _is_feature(document):
        return _Found([document], geojson.crs_of(document), _is_esri({}, [document]))
    return _Found(_wrapped(document, source))


def _listed(features: object) -> list[Any]:
    """Take the features; one alone may stand without its list."""
    if isinstance(features, list):
        return features
    if isinstance(features, dict) and _is_feature(features):
        return [features]
    raise FileRefusedError(
        reason="no_features", detail="holds no list of features", cure="export it again"
    )


def _refuse_others(document: dict[str, Any]) -> None:
    kind = document.get("type")
    if kind == "Topology":
        detail = "is TopoJSON, whose borders are cut into arcs"
        raise FileRefusedError(reason="unknown_kind", detail=detail, cure="convert it to GeoJSON")
    if kind == "FeatureCollection" and "features" not in document:
        raise FileRefusedError(
            reason="no_features", detail="holds no list of features", cure="export it again"
        )
    fault = document.get("error")
    if isinstance(fault, dict) and "features" not in document:
        detail = f"is the error message of a server ({written(fault)[:200]})"
        raise FileRefusedError(reason="server_error", detail=detail, cure="ask the server again")


def _wrapped(document: dict[str, Any], source: Source) -> list[Any]:
    """Find the list of records in an answer that wraps it; without one, it is one record."""
    lists: dict[str, list[Any]] = {}
    level: dict[str, Any] = {"": document}
    for _ in range(_WRAPPED):
        below = {
            f"{path}.{key}".lstrip("."): value
            for path, holder in level.items()
            for key, value in holder.items()
        }
        lists |= {path: value for path, value in below.items() if _is_records(value)}
        level = {path: value for path, value in below.items() if isinstance(value, dict)}
        if lists or not level:
            break
    return lists[source.choose(list(lists))] if lists else [document]


def _is_records(value: object) -> bool:
    """Tell a list of records, in which an entry or two may be something else."""
    if not isinstance(value, list):
        return False
    records = sum(isinstance(item, dict) for item in value)
    return 2 * records > sum(item is not None for item in value)


def _is_esri(document: dict[str, Any], items: list[Any]) -> bool:
    first = next((item for item in items if isinstance(item, dict)), {})
    says = "spatialReference" in document or "geometryType" in document
    return "properties" not in first and (says or isinstance(first.get("attributes"), dict))


def _is_feature(item: dict[str, Any]) -> bool:
    """Tell a feature or a bare geometry from a record."""
    return (
        geojson.type_of(item) in {*geojson.TYPES, "Feature"}
        or (GEOMETRY in item and ("properties" in item or "attributes" in item))
        or isinstance(item.get("attributes"), dict)
    )


def _keep_objects(found: _Found, raw: Raw) -> None:
    """Leave out what is no object, and say which rows those were."""
    numbers = found.numbers or list(range(1, len(found.items) + 1))
    pairs = list(zip(numbers, found.items, strict=True))
    bad = [(number, item) for number, item in pairs if not isinstance(item, dict)]
    if bad:
        rows = [number for number, _ in bad]
        quoted = tuple(written(item)[:_QUOTED] for _, item in bad)
        cure = "write every feature as an object"
        raw.remarks.append(Remark("rejected", "feature_not_an_object", rows, cure, quoted))
    kept = [(number, item) for number, item in pairs if isinstance(item, dict)]
    if bad and not kept:
        raise FileRefusedError(
            reason="no_features", detail="holds no feature at all", cure="export it again"
        )
    found.items = [item for _, item in kept]
    raw.count = len(kept)
    if bad or found.numbers:
        raw.rows = geojson.row_numbers([number for number, _ in kept])


def _geometry(item: dict[str, Any]) -> object:
    return item if geojson.type_of(item) in geojson.TYPES else item.get(GEOMETRY)


def _properties(item: dict[str, Any]) -> dict[str, Any]:
    """Give the properties of a feature, its id among them; of a record, all of it."""
    if geojson.type_of(item) in geojson.TYPES:
        return {}
    if not _is_feature(item):
        return item
    key = "attributes" if "attributes" in item and "properties" not in item else "properties"
    given = item.get(key)
    if given is None:
        given = {}
    if not isinstance(given, dict):
        given = {key: given}
    others = {name: value for name, value in item.items() if name not in _MEMBERS}
    known = {"id": item["id"]} if "id" in item else {}
    return {**known, **others, **given}


def _columns(rows: list[dict[str, Any]], found: _Found, limit: int, raw: Raw) -> None:
    keys: dict[str, None] = {}
    for row in rows:
        if not row.keys() <= keys.keys():
            keys.update(dict.fromkeys(row))
            if len(keys) > limit:
                detail = f"has more than {limit:,} different properties"
                raise FileRefusedError(
                    reason="too_many_columns", detail=detail, cure="export it as rows"
                )
    for name, key in zip(unique(keys, raw.remarks), keys, strict=True):
        values: Iterable[object] = (row.get(key) for row in rows)
        if key in found.moments:
            values = esri.moments(list(values))
        raw.columns[name] = column(map(_plain, values))


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return written(value)
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair is legal in JSON and in nothing else
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value

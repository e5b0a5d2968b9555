"""XML that is a list of records, as Open311 and many another server write it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from geodata.formats import strange
from geodata.formats.cells import column, written
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw, Remark
from geodata.formats.xmls import guarded, local, root_of, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from geodata.formats.source import Source


# What an attribute says of the text in an element rather than of the matter: `type="integer"`.
_TYPES: Final = frozenset(
    {
        *("array", "binary", "boolean", "date", "datetime", "decimal", "double", "float"),
        *("integer", "string", "symbol", "time"),
    }
)
_OF_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_QUOTED: Final = 500


def read(source: Source) -> Raw:
    """Read the records; what is nested in one becomes JSON text."""
    safe, encoding = guarded(source)
    root = root_of(safe)
    _refuse_others(root)
    records, beside = _records(root, source)
    rows = [_record(record) for record in records]
    keys = dict.fromkeys(key for row in rows for key in row)
    raw = Raw({}, encoding=encoding, count=len(rows))
    if len(keys) > source.limits.columns:
        detail = f"has {len(keys):,} different elements"
        raise FileRefusedError(reason="too_many_columns", detail=detail, cure="export it as rows")
    for name, key in zip(unique(keys, raw.remarks), keys, strict=True):
        raw.columns[name] = column(written(row.get(key)) for row in rows)
    if said := tuple(filter(None, map(_said, beside))):
        cure = "look at what stands beside the rows; if it is data, hand it in as a file"
        raw.remarks.append(Remark("kept", "beside_the_rows", [], cure, said))
    strange.note(raw)
    return raw


def _refuse_others(root: Element) -> None:
    if local(root.tag) == "errors":
        said = "; ".join(" ".join(filter(None, map(str.strip, error.itertext()))) for error in root)
        detail = f"is the error message of a server ({said[:200]})"
        raise FileRefusedError(reason="server_error", detail=detail, cure="ask the server again")
    if not len(root) and text_of(root):
        detail = f"is XML of one element, {local(root.tag)}"
        raise FileRefusedError(
            reason="unknown_kind", detail=detail, cure="export it as a list of records"
        )


def _records(root: Element, source: Source) -> tuple[list[Element], list[Element]]:
    """Take the children of the root, or of the one list that wraps them, and what is beside them.

    Raises:
        FileRefusedError: there are records of several names, and none is chosen.
    """
    while len(root) == 1 and len(root[0]) > 1 and all(len(child) for child in root[0]):
        root = root[0]
    children = [(local(child.tag), child) for child in root]
    names = Counter(name for name, _ in children)
    if not names or (len(names) == 1 and any(_holds(child) for child in root)):
        return list(root), []
    kinds = _kinds(children, names)
    if not kinds:
        return [root], []
    chosen = source.choose(kinds)
    beside = [child for name, child in children if name not in kinds]
    return [child for name, child in children if name == chosen], beside


def _kinds(children: list[tuple[str, Element]], names: Counter[str]) -> list[str]:
    """Name what is a record: an element with content that comes again, or is like one that does."""
    fields: dict[str, set[str]] = {name: set() for name in names}
    for name, child in children:
        fields[name] |= {*map(local, child.attrib), *(local(part.tag) for part in child)}
    again = [name for name, times in names.items() if times > 1 and fields[name]]
    known = set().union(*(fields[name] for name in again))
    alike = [name for name in names if 2 * len(fields[name] & known) > len(fields[name])]
    return [name for name in names if name in again or name in alike]


def _said(element: Element) -> str:
    words = [*element.attrib.values(), *map(str.strip, element.itertext())]
    text = " ".join(filter(None, words))
    return f"{local(element.tag)}: {text}"[:_QUOTED] if text else ""


def _record(record: Element) -> dict[str, Any]:
    row = _attributes(record)
    for child in record:
        key, value = local(child.tag), _value(child)
        _add(row, key, value)
        if isinstance(value, str):
            for name, more in _attributes(child).items():
                _add(row, f"{key}.{name}", more)
    return row


def _add(row: dict[str, Any], key: str, value: object) -> None:
    if key in row:
        known = row[key]
        row[key] = [*known, value] if isinstance(known, list) else [known, value]
    else:
        row[key] = value


def _attributes(element: Element) -> dict[str, Any]:
    """Give the attributes, without those that only say how the text is to be taken."""
    return {
        local(name): value
        for name, value in element.attrib.items()
        if not (
            name.startswith(_OF_SCHEMA)
            or (name == "type" and value.lower() in _TYPES)
            or (name == "nil" and value in {"true", "false"})
        )
    }


def _holds(element: Element) -> bool:
    return bool(len(element) or _attributes(element))


def _value(element: Element) -> object:
    text = text_of(element)
    return _record(element) if len(element) or (not text and _attributes(element)) else text
